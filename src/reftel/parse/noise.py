"""Noise: spans of the raw text that are not the author's.

Transmission put page lines and whole headers in the middle of sentences, distribution captions at the
start of lines; typists drew rules under headings; publishers and archives added stamps and marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.model import EditKind

_I = re.IGNORECASE

_CLASS = (
    r"(?:T ?O ?P {0,2})?(?:C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|S ?E ?C ?R ?E ?T|U ?N ?C ?L ?A ?S(?: ?S ?I ?F ?I ?E ?D)?"
    r"|L ?I ?M ?I ?T ?E ?D {1,2}O ?F ?F ?I ?C ?I ?A ?L {1,2}U ?S ?E)"
)
_CLASS_LINE = re.compile(rf"\n[ \t]*+{_CLASS}(?: +PTQ\d{{4}})?[ \t]*(?=\n|\Z)")
_CLASS_BEFORE = re.compile(rf"(?:\n|[ \t]{{2}})[ \t]*{_CLASS}(?: +PTQ\d{{4}})?\Z")
_CLASS_AFTER = re.compile(rf"[ \t]*{_CLASS}[ \t]*(?=\n|\Z)")

# Page lines: "BAGHDAD 00000197  002.2 OF 003" (1990s on), "PAGE 02        BONN  08226  01 OF 03  121643Z" (before),
# "PAGE 02 RUEHFRA0170 S E C R E T".
_OF_PAGES = re.compile(r"[Oo][Ff]\s{1,4}\d{1,3}(?!\d)")
_PAGE_COUNT = re.compile(r"(?<!\d)\d{5,8}\s{1,8}\d{3}(?:\.\s{0,2}\d)?\s{1,4}\Z")
_REDACTED_PAGE_LINE = re.compile(r"[ \t]*x{5,}[ \t]+(?:\d{5,8}[ \t]+)?\d{3}(?:\.\d)?[ \t]+\Z", _I)
_OLD_PAGE_LINE = re.compile(
    r"PAGE[ \t]{1,4}(\d{1,2})[ \t]{1,12}"
    rf"(?:RU[A-Z]{{4,6}}\d{{4}}(?:[ \t]+{_CLASS}(?:[ \t]+[A-Z]+(?: [A-Z]+)?[ \t]+\d{{5,6}})?)?"
    r"|[A-Z][A-Z. ]{0,18}[ \t]{1,12}\d{3,6}(?:[ \t]+TOSEC[ \t]+\d+)?"
    r"(?:[ \t]{1,6}\d\d[ \t]OF[ \t]\d\d)?(?:[ \t]{1,6}\d{6}Z)?)"
)
_POST_WORD = re.compile(r"[A-Z][A-Z.'’-]*\Z")
_POST_AT_HEAD = r"(?:AMEMBASSY|AMCONSUL|USMISSION|EMBASSY|CONSULATE|OF \d\d?|FM) "
_PAGE_REACH, _HEAD_REACH, _LONGEST_LINE = 60, 8000, 400

# Where the prose surely has begun.
_PROSE = re.compile(
    r"^[ \t]*(?:¶[ \t]*\d|1[ \t]*[.)][ \t]*(?=[^\W\d_]|[\"“]|\((?:[CSU]|SBU|LOU|TS)\b[^)\n]{0,25}\))"
    r"|\((?:S|C|U|SBU|LOU|TS|S//?NF|C//?NF)\)"
    r"|(?:BEGIN +)?(?:SUMMARY|COMMENT)\b)",
    _I | re.MULTILINE,
)

# Headers: the lines that can open one, and those that can stand in one.
_SECTION_LINE = rf"{_CLASS}\b.{{0,40}}?SECTION[ \t]+\d+[ \t]+OF[ \t]+\d+"
_DTG = r"(?:[ZOPRMY] ?){1,3}\d{6}Z[ \t]+[A-Z]{3}[ \t]+\d\d"
_TIME_STAMP = r"-{8,}[ \t]*(?:[0-9A-F]{6}(?:[ \t]+\d{6}Z)?|\d{6}Z[ \t]+[0-9A-F]{6})"
_ADDRESS = (
    r"(?:FM|TO|INFO|XMT)[ \t]+(?:[A-Z]{3,}|RU\w+/)|(?:A?M?EMBASSY|AMCONSUL|USMISSION)[ \t]+[A-Z]"
    r"|(?:USUN|SECSTATE|SECDEF|USINT|USLO|USDEL|USDOC|CINC[A-Z]{3,}|US[A-Z]{2,}COM)\b|(?:RU|RH)[A-Z]{4,6}/"
    r"|NSC[ \t]+WASH|ZEN/"
)
_OFFICES = (
    r"(?:ACTION|ORIGIN|INFO)[ \t]+[A-Z]{1,6}-\d\d|(?:[A-Z]{1,6}-\d\d[ \t]+){2}|[A-Z]{1,6}-\d\d[ \t]+/\d{3}"
    r"|/\d{3}[ \t]?[WR]\b"
)
_CAPTION = r"(?:SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS|STADIS|NOCONTRACT|ORCON)"
_HEADER_OPENS = re.compile(
    rf"\n[ \t]*+(?:{_SECTION_LINE}|{_DTG}|{_TIME_STAMP}|(?:ACTION|ORIGIN)[ \t]+[A-Z]{{1,6}}-\d\d"
    r"|INFO[ \t]+(?:LOG|OCT)-\d\d|FM[ \t]+(?:AM|US|SEC)[A-Z]{3,}|VZCZC|TO[ \t]+(?:RU\w+/)?SECSTATE[ \t]+WASHDC)"
)
_HEADER_LINE = re.compile(
    rf"(?:{_SECTION_LINE}|{_CLASS}[ \t]*(?:PTQ\d+)?$|{_DTG}|{_TIME_STAMP}|{_OFFICES}|{_ADDRESS}|{_CAPTION}[ \t,]*$"
    r"|VZCZC|DE[ \t]+RU|ZN[YR][ \t]|E\.?O\.?[ \t]*:?\d{4,5}|TAGS?\b[ \t]*:?|SUBJ(?:ECT)?\b[ \t]*:"
    r"|REF(?:S|TELS?)?[ \t]*:|CLASSIFIED BY\b)",
    _I,
)
# "S E C R E T SECTION 2 OF 2 BONN 3173 AND THE SENTENCE GOES ON": no caption, no note of correction.
_GLUED_TO_SECTION = re.compile(
    rf"[ \t]*{_SECTION_LINE}[ \t]+[A-Z][A-Z. ]{{1,20}}?[ \t]+\d{{3,6}}[ \t]+"
    rf"(?=[A-Z(“\"]\S*[ \t]+\S+[ \t]+\S)(?!(?:C ?O ?R ?R ?E ?C ?T|{_CAPTION}|TOSEC|ACTION|INFO|{_CLASS}))"
)
_SUBJECT_LINE = re.compile(r"SUBJ(?:ECT)?\b[ \t]*:", _I)
_SUBJECT_PARAGRAPH = re.compile(r"SUBJ(?:ECT)?\b[ \t]*:[^\n]*(?:\n(?![ \t]*(?:\n|¶|\d+\.))[^\n]*){0,5}", _I)
_LINE_COUNT = re.compile(r"\d\d")  # under the page line of an incoming telegram of the 1970s
_BARE_CLASS = re.compile(_CLASS)
_NUMBERED = re.compile(r"\d{1,2}\.[ \t]")
# So many short lines in capitals can stand between two header lines: passing instructions, a subject's second line.
_FEW, _SHORT = 5, 66

# Single lines. Patterns for whole lines begin with the line feed before them: that is quick to look for.
_STREWN = re.compile(rf"\n[ \t]*+(?:SIPDIS\b|{_CAPTION}(?:[ \t,/]+{_CAPTION})*[ \t]*(?=\n|\Z))", _I)
_RULE_LINE = re.compile(r"\n[ \t]*+(?:([-‐‑–—=_*~#])(?:[ \t]*\1){2,}|[-.])[ \t]*(?=\n|\Z)")
_RULES_IN_LINE = (
    ("-----", re.compile(r"(?<!-)(?:-{45} -+|(?<!\w)-{5,}|-{12,})(?![-\w])")),
    ("=====", re.compile(r"(?<![=\w])={5,}(?![=\w])")),
    ("*****", re.compile(r"(?<![*\w])\*{5,}(?![*\w])")),
    ("________", re.compile(r"(?<![_\w])_{8,}(?![_\w])")),
    ("- - - - ", re.compile(r"(?<![-\w])(?:- ){4,}-?(?![-\w])")),
)
_PUBLISHER = re.compile(
    r"""
    \n[ \t]*+(?:
        Declassified/Released[ ]+US[ ]+Department[ ]+of[ ]+State[ ]+EO\s+Systematic[ ]+Review[ ]+\d\d[ ]+[A-Z]{3}[ ]+
        \d{4}
      | \*{3}[ \t]*Current[ ](?:Handling[ ]Restrictions|Classification)[ \t]*\*{3}[^\n]*
      | Track[ ]impresi[oó]n:[^\n]*
      | EPET[ ]@[^\n]*
      | NOTE[ ]-[ ]DO[ ]NOT[ ]PUBLISH[^\n]*
      | Copy[ ]from[ ]the[ ]National[ ]Archives[ \t]*(?:\n[ \t]*RG[ ]\d+[^\n]*)?
      | Original[ ]Telegram[ ]was[ ][^\n]*
      | N{3,5}(?:MAFVVZCZ)?[ \t]*$ | NMAFVVZCZ[ \t]*(?:\*\*\*[^\n]{0,200})?$ | Nnnn[ \t]*$
      | <<[ ]*END[ ]OF[ ]DOCUMENT[ ]*>>
      | SELECT[ ]\*[ ]FROM[^\n]*
      | [^\n]{0,80}\bFrom[ ]+DB/Inbox[^\n]*
      | (?:19|20)\d\d[A-Z]{3,8}\d{5}[ ]-[ ][A-Z ]+$
      | \#[ ]source:[^\n]*
      | NOTE[ ]BY[ ]OC/T:[^\n]*
      | End[ ]Cable[ ]Text[ \t]*$
      | >[ \t]*$
      | (?:\.\.\.|…)\s*\Z
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_LINE_TWICE = re.compile(r"\n([^\n]{40,100})\n\1(?=\n|\Z)")
_GARBLE_WINDOW, _SEED, _SHORTEST_GARBLE = 220, 12, 20
_BLANKS = " \t\n\r\f\v\xa0"


@dataclass(frozen=True, slots=True)
class Noise:
    """A half-open span of the raw text that is not the author's, and what it is."""

    kind: EditKind
    start: int
    end: int


def find_noise(text: str, start: int, end: int) -> tuple[Noise, ...]:
    """The noise in `text[start:end]`, sorted, non-overlapping, in offsets of `text`.

    Page lines, repeated headers and strewn captions take the white space around them with them, so that
    what is left, joined by one blank, is the running sentence; rules and pilcrows do not. The first header
    and the first head of the body are never noise.
    """
    found = [*_page_lines(text, start, end)]
    prose = _prose_start(text, start, end)
    found += _headers(text, prose, end, found)
    found += _captions(text, prose, end)
    found += _publisher(text, start, end)
    found += _garbles(text, start, end)
    found += _rules(text, start, end)
    return _disjoint(found)


def _disjoint(found: list[Noise]) -> tuple[Noise, ...]:
    """Sorted; of two that overlap the later one is cut, and dropped where nothing is left of it."""
    out: list[Noise] = []
    for noise in sorted(found, key=lambda n: (n.start, -n.end)):
        at = out[-1].end if out else noise.start
        if noise.end > max(at, noise.start):
            out.append(noise if noise.start >= at else Noise(noise.kind, at, noise.end))
    return tuple(out)


def _swallow(text: str, at: int, to: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """The span with the white space on both sides of it, within `bounds`."""
    low, high = bounds
    while at > low and text[at - 1] in _BLANKS:
        at -= 1
    while to < high and text[to] in _BLANKS:
        to += 1
    return at, to


def _page_lines(text: str, start: int, end: int) -> Iterator[Noise]:
    bounds = (start, end)
    for match in _OF_PAGES.finditer(text, start, end):
        at = _page_line_start(text, match.start(), start)
        if at is not None:
            yield Noise("page-line", *_swallow(text, at, match.end(), bounds))
    for match in _OLD_PAGE_LINE.finditer(text, start, end):
        if int(match[1]) > 1 and not text[match.start() - 1 : match.start()].isalnum():
            at, to = _with_class_lines(text, match.start(), match.end(), bounds)
            yield Noise("page-line", *_swallow(text, at, to, bounds))


def _page_line_start(text: str, at: int, start: int) -> int | None:
    """Where the page line begins whose "OF 003" stands at `at`; None where it is no page line."""
    low = max(start, at - _PAGE_REACH)
    before = text[low:at]
    count = _PAGE_COUNT.search(before)
    if count:
        return _post_start(text, low + count.start(), start)
    line = before.rfind("\n") + 1
    return low + line if _REDACTED_PAGE_LINE.match(before, line) else None


def _on_lines(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of lines that match a pattern with the line feed before them; the first line counts as after one."""
    if start == 0 or text[start - 1] != "\n":
        line = text.find("\n", start, end)
        first = pattern.match("\n" + text[start : min(line if line >= 0 else end, start + 300)])
        if first:
            yield start, start + first.end() - 1
    for match in pattern.finditer(text, max(0, start - 1), end):
        yield match.start() + 1, match.end()


def _post_start(text: str, at: int, low: int) -> int:
    """Where the post's name before a page count begins: the line's start, or in a glued line the last words."""
    line = max(text.rfind("\n", low, at) + 1, low, at - _PAGE_REACH)
    words = list(re.finditer(r"\S+", text[line:at]))
    is_whole_line = line == low or text[line - 1] == "\n"
    if is_whole_line and 0 < len(words) <= 3 and len(text[line:at].strip()) <= 14:
        return line
    k = 0
    while k < min(4, len(words)) and _is_post_word(words[-1 - k][0]):
        k += 1
    if not k:
        return at
    while k > 1 and not _stands_at_head(text, " ".join(w[0] for w in words[-k:])):
        k -= 1
    return line + words[-k].start()


def _is_post_word(word: str) -> bool:
    return bool(_POST_WORD.match(word)) or (len(word) >= 5 and not word.strip("xX"))


def _stands_at_head(text: str, name: str) -> bool:
    return bool(re.search(_POST_AT_HEAD + re.escape(name), text[:_HEAD_REACH]))


def _with_class_lines(text: str, at: int, to: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """The span with the classification lines that old page lines have before and after them."""
    low, high = bounds
    while True:
        at, to = _swallow(text, at, to, bounds)
        window = max(low, at - 80)
        before = _CLASS_BEFORE.search(("\n" if window == low else " ") + text[window:at])
        after = _CLASS_AFTER.match(text, to, high)
        if before:
            at = max(window, window - 1 + before.start())
        if after:
            to = after.end()
        if not before and not after:
            return at, to


def _prose_start(text: str, start: int, end: int) -> int:
    """The first offset that surely lies in the prose: noise that looks like a head counts only from there on."""
    match = _PROSE.search(text, start, end)
    if match:
        return match.start()
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if stop - at >= _SHORT and not _HEADER_LINE.match(text[at : at + 80].lstrip()):
            return at
        at = stop + 1
    return end


def _headers(text: str, prose: int, end: int, pages: list[Noise]) -> Iterator[Noise]:
    """Headers repeated at a section's start, from their first line to their last, and subjects at a page's top."""
    for page in pages:
        match = _SUBJECT_PARAGRAPH.match(text, page.end, end) if page.start >= prose else None
        if match:
            yield Noise("header", *_swallow(text, match.start(), match.end(), (prose, end)))
    known: frozenset[str] | None = None
    done = prose
    for start, _ in _on_lines(_HEADER_OPENS, text, prose, end):
        if start < done:
            continue
        known = known or _head_lines(text, prose)
        at, to = _header_extent(text, start, end, known)
        done = max(done, to)
        if to:
            yield Noise("header", *_with_class_lines(text, _header_top(text, at, prose, known), to, (prose, end)))


def _head_lines(text: str, prose: int) -> frozenset[str]:
    """The lines of the cable's own head, to know them again."""
    head = text[max(0, prose - _HEAD_REACH) : prose]
    return frozenset(line for line in map(_plain, head.split("\n")) if len(line) > 3)


def _plain(line: str) -> str:
    """A line as heads are compared: without a page line, in capitals, blanks single."""
    return " ".join(_OLD_PAGE_LINE.sub(" ", line[:_LONGEST_LINE]).upper().split())


def _header_extent(text: str, at: int, end: int, known: frozenset[str]) -> tuple[int, int]:
    """The run of header lines that begins at `at`: its bounds, or (at, 0) where it is no header."""
    to, weak, strong, cursor = 0, 0, 0, at
    is_subject = False
    while cursor < end and weak <= _FEW:
        stop = text.find("\n", cursor, end)
        stop = end if stop < 0 else stop
        raw = text[cursor : min(stop, cursor + _LONGEST_LINE)]
        line = _plain(raw)
        # Below running text a class line is a page's, and a number opens a paragraph.
        is_page_end = weak > 0 and _BARE_CLASS.fullmatch(line)
        if line and not is_page_end and (line in known or _HEADER_LINE.match(line)):
            to, weak, strong = stop, 0, strong + 1
            glued = _GLUED_TO_SECTION.match(text, cursor, stop)
            if glued and line not in known:
                return at, glued.end()
        elif line and len(line) <= _SHORT and raw.isupper() and not _NUMBERED.match(line):
            weak += 1
            # A subject's second line; running text would go on.
            to = stop if is_subject and not text[stop : stop + 2].strip() else to
        elif line:
            break
        is_subject = bool(_SUBJECT_LINE.match(line))
        cursor = stop + 1
    return (at, to) if strong > 1 or "SECTION" in text[at:to] else (at, 0)


def _header_top(text: str, at: int, prose: int, known: frozenset[str]) -> int:
    """Where the header that was recognised at `at` begins: address lines above it belong to it."""
    while at > prose:
        line = text.rfind("\n", prose, at - 1) + 1 if at - 1 > prose else prose
        plain = _plain(text[max(line, prose) : at])
        if plain and not (plain in known or _HEADER_LINE.match(plain) or _LINE_COUNT.fullmatch(plain)):
            return at
        at = max(line, prose)
    return at


def _captions(text: str, prose: int, end: int) -> Iterator[Noise]:
    for pattern in (_STREWN, _CLASS_LINE):
        for at, to in _on_lines(pattern, text, prose, end):
            yield Noise("caption", *_swallow(text, at, to, (prose, end)))


def _rules(text: str, start: int, end: int) -> Iterator[Noise]:
    for at, to in _on_lines(_RULE_LINE, text, start, end):
        yield Noise("rule", at, to)
    for sign, pattern in _RULES_IN_LINE:
        if text.find(sign, start, end) >= 0:
            for match in pattern.finditer(text, start, end):
                yield Noise("rule", match.start(), match.end())


def _publisher(text: str, start: int, end: int) -> Iterator[Noise]:
    at = text.find("¶", start, end)
    while at >= 0:
        yield Noise("publisher", at, at + 1)
        at = text.find("¶", at + 1, end)
    for first, last in _on_lines(_PUBLISHER, text, start, end):
        yield Noise("publisher", first, last)


def _garbles(text: str, start: int, end: int) -> Iterator[Noise]:
    """Text that was sent twice: a "Q" and then, word for word, what stands just before it; or a whole line again."""
    for match in _LINE_TWICE.finditer(text, start, end):
        if match[1].count(" ") > 4 and sum(c.isalpha() for c in match[1]) > _SHORTEST_GARBLE:
            yield Noise("garble", match.end(1), match.end())
    at = text.find("Q", start + _SHORTEST_GARBLE, end)
    while at >= 0:
        length = _repeat(text, at, start, end) if not text[at - 1].isalnum() else 0
        if length:
            yield Noise("garble", *_swallow(text, at, at + 1 + length, (start, at + 1 + length)))
        at = text.find("Q", at + 1 + length, end)


def _repeat(text: str, at: int, start: int, end: int) -> int:
    """The length of what stands after the "Q" at `at` if the same stands right before it, else 0."""
    before = text[max(start, at - _GARBLE_WINDOW) : at].rstrip(_BLANKS)
    seed = text[at + 1 : min(end, at + 1 + _SEED)]
    begin = before.rfind(seed) if len(seed) == _SEED else -1
    length = len(before) - begin
    same = begin >= 0 and length >= _SHORTEST_GARBLE and text.startswith(before[begin:], at + 1)
    return length if same and at + 1 + length <= end else 0
