"""Classification and captions: portion marks, the body's classification line, caption lines (5 FAH-2 H-442).

Letters may be spaced ("S E C R E T"), slip ("CSE C R E T"), stand in lower case or lack a bracket. What is no
mark ("(a)", "(S/SRAP)", "(C-130)") is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Classification, Marking

if TYPE_CHECKING:
    from collections.abc import Sequence

_I = re.IGNORECASE

# No mark, classification line or caption line is longer.
_LONGEST_MARK, _LONGEST_LINE = 160, 600
_MOST_WORDS = 6

_LEVELS: dict[str, tuple[Classification, tuple[str, ...]]] = {
    "U": ("UNCLASSIFIED", ()),
    "UNCLAS": ("UNCLASSIFIED", ()),
    "UNCLASSIFIED": ("UNCLASSIFIED", ()),
    "SBU": ("UNCLASSIFIED", ("SBU",)),
    "LOU": ("LIMITED OFFICIAL USE", ()),
    "LIMITED OFFICIAL USE": ("LIMITED OFFICIAL USE", ()),
    "C": ("CONFIDENTIAL", ()),
    "CONFIDENTIAL": ("CONFIDENTIAL", ()),
    "S": ("SECRET", ()),
    "SECRET": ("SECRET", ()),
    "TS": ("TOP SECRET", ()),
    "TOP SECRET": ("TOP SECRET", ()),
}
_MARK = re.compile(r"[(\[]?\s*([A-Za-z/][A-Za-z/ ,;-]*?)\s*[)\]]?[.:]?\Z")
_ENTIRE_TEXT = re.compile(r"[\s-]*\bENTIRE TEXT\Z")
_LEVEL = re.compile(r"(LIMITED OFFICIAL USE|TOP SECRET|[A-Z]+)(?=[/, -]|\Z)[/, -]*|(?=/ ?REL)/ ?")
_GLUED = re.compile(r"(SBU|TS|[SCU])(NF|NOFORN)\Z")
_CUT_NOFORN = re.compile(r"(SBU|C)/N\Z")
_SWAPPED = re.compile(r"([NR])/([SC])([FE].*)\Z")
_RELEASABLE = re.compile(r"REL(?:EASABLE)?(?: TO)? (.*)")
_BETWEEN_COUNTRIES = re.compile(r"\s*(?:,|/|\bAND\b|&)\s*")
_BETWEEN_CAPTIONS = re.compile(r"[\s/,;-]+")


def _spaced(word: str) -> str:
    """A pattern for a word whose letters may stand apart."""
    return r"[ \t]{0,3}".join(word.replace(" ", ""))


def _spaced_level(word: str) -> str:
    """A pattern for a level: whole, with a letter too many in front, or spaced without its first letter."""
    first, rest = word[0], word[1:]
    without_first = r"[ \t]{1,3}".join(rest.replace(" ", ""))
    return rf"(?:{first}?|[A-Z][ \t]?(?={first}[A-Z]?[ \t])){_spaced(word)}|{without_first}"


_LEVEL_WORDS: tuple[tuple[str, Classification, tuple[str, ...]], ...] = (
    ("TOP SECRET", "TOP SECRET", ()),
    ("SECRET", "SECRET", ()),
    ("CONFIDENTIAL", "CONFIDENTIAL", ()),
    ("LIMITED OFFICIAL USE", "LIMITED OFFICIAL USE", ()),
    ("SENSITIVE BUT UNCLASSIFIED", "UNCLASSIFIED", ("SENSITIVE",)),
    ("UNCLASSIFIED", "UNCLASSIFIED", ()),
    ("UNCLAS", "UNCLASSIFIED", ()),
)
_SPELLED_LEVELS = tuple(
    (level, captions, re.compile(rf"\W*(?:{_spaced_level(word)})(?![A-Z])", _I))
    for word, level, captions in _LEVEL_WORDS
)
_LETTERS_APART = re.compile(r"\W*((?:[A-Z]{1,2}[ \t]{1,3}){4,12}[A-Z]{1,2})(?![A-Z])", _I)
_SECTION = re.compile(r"S?E?C?T?ION +(\d{1,2}) *OF *(\d{1,2})\b|SECT?\.? +(\d{1,2}) *OF *(\d{1,2})\b", _I)
_POST = re.compile(
    r"(?!E\.? ?O\b|TAGS?\b|SUBJ|REF|DECL|PAGE\b)([A-Z][A-Z .'-]{0,30}?)(?:\s[\s#]*0*|0+|(?=\d{5}))(\d{1,8})\b"
    r"(?:/\d+\b)?(?:[ \t]+TOSEC[ \t]*\d+)?",
    _I,
)
_REDACTED_POST = re.compile(r"X{5,}", _I)
_WORD = re.compile(r"[^\s/,;]+")
_BETWEEN = re.compile(r"(?:[\s/,;:.-]|(?<= )E ?F ?T ?O(?= ))+", _I)
_LABEL = re.compile(r"\s*CLASSIFICATION[ \t]*:", _I)
_COPY = "|".join(map(_spaced, ("COPY", "CABLE", "VERSION")))
_CORRECTED = re.compile(rf"\W*{_spaced('CORRECT')}[ \t]*(?:E[ \t]*D)?[ \t]*({_COPY})(?![A-Z])([^\n]*)", _I)


@dataclass(frozen=True, slots=True)
class ClassificationLine:
    """The first line of a body: "S E C R E T SECTION 01 OF 02 BAGHDAD 000197".

    `section` and `sections` are the numbers of "SECTION n OF m"; `post` is as written; `corrected` is the note of a
    corrected copy. `classification` is None where the text is no such line.
    """

    classification: Classification | None = None
    captions: tuple[str, ...] = ()
    section: int | None = None
    sections: int | None = None
    post: str | None = None
    number: int | None = None
    corrected: str | None = None


def parse_marking(written: str) -> Marking | None:
    """A portion mark, with or without its brackets; None for what is none.

    SBU is UNCLASSIFIED with the caption SBU, and a release is written "REL TO UK, NATO". `classification` is None where
    the level was lost ("(/Rel UK)"). A letter alone is taken for a mark in lower case too, "(c)"; only its place tells.
    """
    match = _MARK.match(written.strip()) if len(written) <= _LONGEST_MARK else None
    if not match:
        return None
    text = _ENTIRE_TEXT.sub("", " ".join(match[1].upper().split())).strip()
    text = _SWAPPED.sub(r"\2/\1\3", _CUT_NOFORN.sub(r"\1/NF", _GLUED.sub(r"\1/\2", text)))
    level = _LEVEL.match(text)
    if not level or (level[1] and level[1] not in _LEVELS):
        return None
    classification, implied = _LEVELS[level[1]] if level[1] else (None, ())
    captions = _captions(text[level.end() :])
    return None if captions is None else Marking(classification, tuple(dict.fromkeys((*implied, *captions))))


def parse_classification_line(text: str) -> ClassificationLine:
    """The classification line that `text` begins with; captions and a correction note may follow on further lines.

    Without a classification all fields are empty. Words after the number that are no captions are left alone.
    """
    text = text[:_LONGEST_LINE]
    level, implied, at = _level(text)
    if level is None:
        return ClassificationLine()
    line = first = ClassificationLine(level, implied)
    while True:
        line, after = _take(text, at, line)
        if after == at:
            break
        at = after
    rest = text[at:].split("\n", 1)[0].split()
    is_line = line != first or not rest or (len(rest) == 1 and not rest[0].isalpha()) or _LETTERS_APART.match(text)
    return line if is_line else ClassificationLine()


def caption_line(line: str) -> tuple[str, ...] | None:
    """The captions of a line made only of captions ("NOFORN, SIPDIS", "SECRET//FGI//NOFORN//MR"), None for another."""
    text = _LABEL.sub("", " ".join(line.upper().split())).strip(" .()")
    if not text or len(text) > _LONGEST_LINE // 4:
        return None
    _, implied, at = (None, (), 0) if tables.caption(text) else _level(text)
    captions = _captions(text[at:])
    return tuple(dict.fromkeys((*implied, *captions))) or None if captions is not None else None


def leading_captions(line: str) -> tuple[tuple[str, ...], int]:
    """The captions that a line begins with ("SIPDIS, DEPT FOR EAP/K"), and the offset at which other words begin."""
    captions: list[str] = []
    at, end = 0, 0
    while True:
        caption, end = _caption_at(line, _past_blanks(line, at))
        if caption is None:
            return tuple(dict.fromkeys(captions)), _past_blanks(line, at)
        captions.append(caption)
        at = end


def corrected_copy(text: str) -> str | None:
    """The note of a line that says it is a corrected copy, letters put together: "CORRECTED COPY (ADDED TAGS)"."""
    match = _CORRECTED.match(text[:_LONGEST_LINE])
    if not match:
        return None
    note = " ".join(match[2].split()).rstrip("/ ")
    note = note.rstrip(")") if "(" not in note else note
    gap = "" if not note or note[0] in "/:,." else " "
    return "CORRECTED " + "".join(match[1].split()).upper() + gap + note


def _past_blanks(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def _level(text: str) -> tuple[Classification | None, tuple[str, ...], int]:
    """The level that `text` begins with, captions it implies, and where it ends."""
    label = _LABEL.match(text)
    for level, captions, pattern in _SPELLED_LEVELS:
        if match := pattern.match(text, label.end() if label else 0):
            return level, captions, match.end()
    return _garbled_level(text)


def _garbled_level(text: str) -> tuple[Classification | None, tuple[str, ...], int]:
    """A level in spaced letters of which one or two were lost or changed: "C O N F I E N T I A L"."""
    apart = _LETTERS_APART.match(text)
    letters = re.sub(r"\s", "", apart[1]).upper() if apart else ""
    for level in ("CONFIDENTIAL", "SECRET"):
        if len(letters) >= 5 and _is_near(letters, level, 2 if level == "CONFIDENTIAL" else 1):
            return ("CONFIDENTIAL" if level == "CONFIDENTIAL" else "SECRET"), (), apart.end() if apart else 0
    return None, (), 0


def _is_near(written: str, meant: str, slips: int) -> bool:
    """Whether at most so many letters, lost, added or changed in one or two places, make `written` out of `meant`."""
    if abs(len(written) - len(meant)) > slips:
        return False
    row = list(range(len(meant) + 1))
    for i, a in enumerate(written, 1):
        before, row = row, [i]
        for j, b in enumerate(meant, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1] <= slips


def _take(text: str, at: int, line: ClassificationLine) -> tuple[ClassificationLine, int]:
    """Reads the next part of the line; returns the line with it and where it ends, `at` where nothing is known."""
    start = _past_blanks(text, at)
    if match := _SECTION.match(text, start):
        section, sections = (int(n) for n in match.groups() if n)
        return replace(line, section=section, sections=sections), match.end()
    if match := _CORRECTED.match(text, start):
        return replace(line, corrected=corrected_copy(match[0])), match.end()
    caption, end = _caption_at(text, start)
    if caption:
        return replace(line, captions=tuple(dict.fromkeys((*line.captions, caption)))), end
    if line.number is None and "\n" not in text[:start].lstrip() and (match := _POST.match(text, start)):
        post = None if _REDACTED_POST.match(match[1]) else " ".join(match[1].split())
        return replace(line, post=post, number=int(match[2])), match.end()
    return line, at


def _caption_at(text: str, start: int) -> tuple[str | None, int]:
    """The longest caption at `start`, of up to six words on one line, and where it ends."""
    line = text[start : start + _LONGEST_MARK].split("\n", 1)[0]
    ends = [word.end() for word in _WORD.finditer(line)][:_MOST_WORDS]
    known = ((tables.caption(line[:end]), start + end) for end in reversed(ends))
    return next(((caption, end) for caption, end in known if caption), (None, start))


def _captions(text: str) -> list[str] | None:
    """The captions that `text` consists of, None where something else stands in it."""
    released = re.search(r"\bREL(?:EASABLE)?\b", text)
    plain = text[: released.start()] if released else text
    found = _plain_captions([word for word in _BETWEEN_CAPTIONS.split(plain) if word])
    if found is None or not released:
        return found
    to, slashes, more = text[released.start() :].partition("//")
    further = _captions(more) if slashes else []
    match = _RELEASABLE.match(to)
    if to.strip() == "REL" and further is not None:
        return [*found, "REL", *further]
    if not match or further is None:
        return None
    return [*found, "REL TO " + ", ".join(filter(None, _BETWEEN_COUNTRIES.split(match[1].strip(" /,")))), *further]


def _plain_captions(words: Sequence[str]) -> list[str] | None:
    """Captions out of words, the longest first: "NOT FOR INTERNET DISTRIBUTION" is one."""
    found: list[str] = []
    at = 0
    while at < len(words):
        lengths = range(min(_MOST_WORDS, len(words) - at), 0, -1)
        taken = next(((n, known) for n in lengths if (known := tables.caption(" ".join(words[at : at + n])))), None)
        if taken is None:
            return None
        at += taken[0]
        found.append(taken[1])
    return found
