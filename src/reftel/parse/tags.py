"""The TAGS line: Traffic Analysis by Geography and Subject, the codes that file a cable (5 FAH-3).

Drafters put commas, blanks or nothing between the codes, name persons after the codes for visits, write
phrases and misspell. A code is mended only where one reading is left; all else is kept as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Repair, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.model import EditKind

_LONGEST_LINE = 5_000
_LONGEST_WORD = 120
_NEXT_LABEL = re.compile(
    r"\b(?:SUBJ(?:ECT)?|REF(?:S|TELS?|\(S\))?|CLASSIFIED\s+BY|REASONS?)\s*:|\bE\.?O\.?\s*\d{4,5}", re.IGNORECASE
)
_PAGE_LINE = re.compile(
    r"^[ \t]*(?:[A-Z][A-Z.]{1,14}[ \t]+){1,4}\d{5,8}[ \t]+\d{3}(?:\.\d)?[ \t]+OF[ \t]+\d{3}\b"
    r"|(?:\b(?:UNCLASSIFIED|UNCLAS|CONFIDENTIAL|SECRET)\s+)?\bPAGE\s+\d\d\s+(?:[A-Z]{1,8}\s+){1,3}\d{5,6}\b"
    r"(?:\s+\d\d\s+OF\s+\d\d\b)?(?:\s+\d{6}Z\b)?",
    re.IGNORECASE | re.MULTILINE,
)
_PIECE = re.compile(r"\((?P<inside>[^()]{1,300})\)|(?P<stop>[,;])|(?P<word>[^\s,;()]+)")
_EMPTY = re.compile(r"\s*(?:N\s*/\s*A|NONE|NIL)\s*\.?\s*", re.IGNORECASE)
_INNER_MARK = re.compile(r"[-/.&:+]")
# The fields of subject and program tags have these first letters.
_CODE_LIKE = re.compile(r"[ABCEKMOPST][A-Z]{3}")
_PORTION_MARK = re.compile(r"(?:TS|[USC]|SBU|LOU)(?:/{1,2}\w+)?")
_SEVERAL = re.compile(r"\s*(?:[;/]|\bAND\b)\s*")
_LABELS = frozenset({"TAG", "TAGS"})
_DISTRIBUTION = frozenset({"SIPDIS", "NOFORN", "EXDIS", "NODIS", "LIMDIS", "STADIS", "NOCONTRACT"})
# These are used with the name of the traveller on the line (circular STATE 150591 of 1974).
_NAMES_FOLLOW = frozenset({"OVIP", "OREP", "OTRA", "OEXC", "OCON"})
# So common that a code with one wrong letter most likely means them.
_COMMON = frozenset(
    [
        *("ASEC", "EAGR", "EAID", "ECON", "EFIN", "EINV", "ELAB", "ENRG", "EPET", "ETRD", "ETTC"),
        *("MARR", "MASS", "MCAP", "MNUC", "MOPS", "OVIP", "PARM", "PFOR", "PGOV", "PHUM", "PINR", "PINS", "PINT"),
        *("PREF", "PREL", "PTER", "SCUL", "SENV", "SNAR", "SOCI"),
    ]
)
# Countries' codes that are words inside a phrase ("TIP IN TURKEY"), and a word that two codes make up.
_CODES_AND_WORDS = frozenset({"AS", "IN", "IS", "NO", "TO"})
_WORD_AND_CODES = "SOCIAL"
_REDACTION = re.compile("X{4,}")
_NAME = re.compile(r"(?!X{4,}\Z)[^\W\d_]+(?:[.'’-][^\W\d_]*)*")
_WORD = re.compile(r"[^\W\d_]+")
_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV"})
# Stands for the last code where a person's name came after it.
_A_NAME = "()"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class TagsLine:
    """The tags of a TAGS line, each once, in order, and the repairs made on it."""

    tags: tuple[Tag, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(slots=True)
class _Reading:
    """The state of a line half read: `words` are those of which nothing is known yet, `last` the code before them."""

    tags: dict[str, Tag] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    last: str = ""

    def mend(self, kind: EditKind, before: str, after: str) -> None:
        self.repairs.append(Repair(kind, None, None, before, after))

    def add(self, codes: Sequence[str]) -> None:
        for code in codes:
            entry = tables.tag_entry(code)
            self.tags.setdefault(code, Tag(code, entry.kind, entry.name) if entry else Tag(code, "unknown"))
        self.last = codes[-1]

    def add_unknown(self, written: str) -> None:
        self.tags.setdefault(written, Tag(written, "unknown"))

    def add_person(self, written: str) -> None:
        name = None if _REDACTION.search(written) else _natural_name(written)
        self.tags.setdefault(written, Tag(written, "person", name))
        self.last = _A_NAME


def parse_tags(value: str) -> TagsLine:
    """The tags of the raw text after "TAGS:", which may run over lines; never raises.

    A person's code is the name as written, in capitals; its name is in natural order. Words that are no code are one
    tag of kind "unknown" for each run of them.
    """
    reading = _Reading()
    label = _NEXT_LABEL.search(value, 0, _LONGEST_LINE)
    line = _without_page_lines(value[: label.start() if label else _LONGEST_LINE], reading)
    if not _EMPTY.fullmatch(line):
        pieces = list(_PIECE.finditer(line.upper()))
        for piece, following in zip(pieces, [*pieces, None][1:], strict=True):
            if piece["inside"]:
                _read_bracket(piece["inside"], reading)
            elif piece["stop"]:
                _read_stop(reading)
            else:
                _read_word(piece["word"], (following and following["word"]) or "", reading)
        _settle(reading)
    return TagsLine(tuple(reading.tags.values()), tuple(reading.repairs))


def _without_page_lines(line: str, reading: _Reading) -> str:
    for page_line in _PAGE_LINE.finditer(line):
        reading.mend("page-line", page_line[0].strip(), "")
    return _PAGE_LINE.sub(" ", line)


def _read_word(written: str, following: str, reading: _Reading) -> None:
    """Adds the codes that a word is, or keeps it with the unknown words before it."""
    word = _bare(written)
    if word in _DISTRIBUTION:
        reading.mend("caption", word, "")
    elif any(c.isalpha() for c in word) and word not in _LABELS:
        codes = _codes(word, following, reading)
        if not codes:
            reading.words.append(word if len(word) > 1 else written)
            return
        _settle(reading)
        if codes != (word,) and list(codes) != _INNER_MARK.split(word):
            reading.mend("tag", word, " ".join(codes))
        reading.add(codes)


def _read_stop(reading: _Reading) -> None:
    """A comma ends a run of unknown words, but not between a traveller's surname and given name."""
    if reading.last in _NAMES_FOLLOW and len(reading.words) == 1:
        reading.words.append(",")
    else:
        _settle(reading)


def _read_bracket(inside: str, reading: _Reading) -> None:
    """What stands in brackets belongs to the code before: travellers' names, now and then codes."""
    _settle(reading)
    text = " ".join(inside.split())
    words = [word for part in text.replace(",", " ").split() if (word := _bare(part))]
    if not words or _PORTION_MARK.fullmatch(text):
        return
    if all(word in tables.tag_codes() for word in words):
        reading.add(words)
    elif reading.last in {*_NAMES_FOLLOW, _A_NAME} or ("," in text and all(map(_NAME.fullmatch, words))):
        for name in _SEVERAL.split(text):
            reading.add_person(name.strip(" ,"))
    else:
        reading.add_unknown(text)


def _settle(reading: _Reading) -> None:
    """Decides what the unknown words are: broken or garbled codes, a traveller, or a phrase."""
    words, reading.words = reading.words, []
    if words[-1:] == [","]:
        words.pop()
    if not words:
        return
    written = " ".join(words).replace(" ,", ",")
    codes = _mended(words)
    if codes:
        reading.mend("tag", written, " ".join(codes))
        reading.add(codes)
    elif reading.last in _NAMES_FOLLOW and _are_a_name(words):
        reading.add_person(written)
    elif all(map(_CODE_LIKE.fullmatch, words)):
        for word in words:
            reading.add_unknown(word)
    else:
        reading.add_unknown(written)


def _codes(word: str, following: str, reading: _Reading) -> tuple[str, ...]:
    """The known codes that a word is as it stands: one, several with marks between them, several glued."""
    in_phrase = bool(reading.words) and reading.words[-1] != ","
    code = tables.tag_code(word)
    if code == word:
        is_word = word in _CODES_AND_WORDS and in_phrase and _is_unknown(following)
        return () if is_word else (word,)
    parts = tuple(_INNER_MARK.split(word))
    if len(parts) > 1 and all(part in tables.tag_codes() for part in parts):
        return parts
    is_amid_words = in_phrase and _is_unknown(following)
    if code and reading.last not in _NAMES_FOLLOW and not is_amid_words:
        return (code,)
    glued = _glued(word)
    is_sure = len(word) > 6 or not (in_phrase or _is_unknown(following)) or all(part in reading.tags for part in glued)
    return glued if is_sure else ()


def _is_unknown(written: str) -> bool:
    word = _bare(written)
    return any(c.isalpha() for c in word) and not tables.tag_code(word) and not _glued(word)


@lru_cache(maxsize=1024)
def _glued(word: str) -> tuple[str, ...]:
    """The codes that make up a word without a letter left over: the fewest that do, if only one reading has so few."""
    if not 6 <= len(word) <= _LONGEST_WORD or word == _WORD_AND_CODES:
        return ()
    # For every length of the word's beginning: its readings by the fewest codes, two at the most.
    fewest: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        readings = [
            (*before, word[start:end])
            for start in range(max(0, end - 6), end - 1)
            if word[start:end] in _building_blocks()
            for before in fewest[start]
        ]
        count = min(map(len, readings), default=0)
        fewest.append([reading for reading in readings if len(reading) == count][:2])
    is_one = len(fewest[-1]) == 1 and any(code in _four_letter_codes() for code in fewest[-1][0])
    return fewest[-1][0] if is_one else ()


def _mended(words: Sequence[str]) -> tuple[str, ...]:
    """The codes meant by unknown words: one broken by a blank, or each with one slip."""
    joined = "".join(words)
    if len(words) > 1 and joined in _four_letter_codes():
        return (joined,)
    slips = tuple(code for word in words if (code := _slip(word)))
    return slips if len(slips) == len(words) else ()


@lru_cache(maxsize=1024)
def _slip(word: str) -> str | None:
    """The only code that differs from the word by one letter dropped, added, wrong or swapped with its neighbour.

    The first letter, which names the field, must be right unless one was added before it. Of wrong letters, one that
    is in the code too ("KNPP" for KNNP) counts as a swap; another is only mended to one of the most common codes.
    """
    if not (3 <= len(word) <= 12 and word.isascii() and word.isalpha()):
        return None
    near = {code for code in _one_slip_from(word) if code[0] == word[0] or code == word[1:]} & _codes_to_mend()
    wrong = {code for code in near if len(code) == len(word) and set(code) != set(word)}
    if len(near - wrong) == 1 and not wrong & _COMMON:
        return next(iter(near - wrong))
    return next(iter(wrong)) if len(near) == 1 and wrong <= _COMMON else None


def _one_slip_from(word: str) -> Iterator[str]:
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


@cache
def _four_letter_codes() -> frozenset[str]:
    """The subject and program codes."""
    return frozenset(c for c in tables.tag_codes() if (e := tables.tag_entry(c)) and e.kind in {"subject", "program"})


@cache
def _building_blocks() -> frozenset[str]:
    """Codes that are looked for in glued ones: all but those that mostly turn up by chance."""
    return frozenset(c for c in tables.tag_codes() if c.isalpha() and (len(c) != 3 and len(c) <= 6))


@cache
def _codes_to_mend() -> frozenset[str]:
    """Codes that a garbled one can mean; short names of organizations are too near to one another."""
    return _four_letter_codes() | frozenset(c for c in tables.tag_codes() if len(c) > 4)


def _are_a_name(words: Sequence[str]) -> bool:
    names = [word for word in words if word != ","]
    return 2 <= len(names) <= 4 and all(_NAME.fullmatch(name) for name in names)


def _natural_name(written: str) -> str:
    """A name in natural order and case: "DOE, JOHN B." and "DOE JOHN B." are "John B. Doe"."""
    surname, *given = [part.strip() for part in written.split(",")] if "," in written else written.split(maxsplit=1)
    suffixes = [part for part in given[1:] if part.strip(".") in _SUFFIXES]
    return " ".join(_cased(part) for part in [*given[:1], surname, *suffixes] if part)


def _cased(words: str) -> str:
    """Capitals to mixed case: "O'BRIEN MCCAIN II" is "O'Brien McCain II"."""
    return _WORD.sub(_cased_word, words)


def _cased_word(match: re.Match[str]) -> str:
    word = match[0]
    if word in _SUFFIXES and word not in {"JR", "SR"}:
        return word
    return "Mc" + word[2:].capitalize() if word.startswith("MC") and len(word) > 4 else word.capitalize()


def _bare(written: str) -> str:
    return written.strip(".:'\"*_-=¶\\")
