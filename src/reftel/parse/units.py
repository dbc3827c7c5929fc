"""Units: the prose of a cable cut into headings, paragraphs, quotations and the signature.

A paragraph is numbered ("1.", in published copies "¶1."), then bears its portion mark and perhaps a label
("Summary:"). Numbers are lost, doubled and skipped; a paragraph may begin inside a line; headings are underlined,
stand between rules or slashes, or are known only by standing alone. What belongs to no paragraph is a unit
without a number: no prose is lost.

The way: lines become rows (cut where noise runs through them), rows become pieces (a heading, or what one number
and one mark cover), pieces get their kind from labels ("Summary: ... End summary.") and headings, and each piece
is cleaned into a unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel.model import Doubt, Marking, Unit, UnitKind
from reftel.parse.marking import parse_marking
from reftel.parse.repairs import BULLET, clean
from reftel.parse.signature import Signature, find_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.parse.noise import Noise

_I = re.IGNORECASE
_BODY: UnitKind = "body"

# Paragraph numbers: "¶1.", "1.", "1)", "¶ 1 .", "12, (C)", "1 (C)".
_NUMBER = re.compile(
    r"(?:\((?=¶))?(¶)?[ \t]*(\d{1,3})(?!\d)[ \t]*"
    r"(?:[.):]{1,2}(?!\d)|,(?=[ \t]*\([A-Z])|(?=\()|(?<=¶\d)|(?<=¶\d\d)|(?<=¶ \d))[ \t]*"
)
_NUMBER_INSIDE = re.compile(r"(?:[ \t]?[.)](?!\d)[ \t]*|[ \t](?=\())(?=[(A-Z\"“])")
_NUMBERED_WORD = re.compile(
    r"\b(?:no|nos|para|paras|ref|art|sec|vol|ch|pp?|item|point|option|annex|phase|tier|unscr)\.?\Z", _I
)
_HIGHEST_NUMBER = 999

# Portion marks, whole or with half their brackets: "(S/NF)", "[C]", "C) Text".
_MARK = re.compile(
    r"\(([^()]{1,120})\)|\[([^\[\]\n]{1,20})\]|(?:TS|[SCU]|SBU|LOU)(?:/{1,2}[A-Z]{1,6})?\)(?=[ \t]*[A-Z])"
)
_MARK_WORD = re.compile(
    r"[(\[]?\s*(?:TOP SECRET|TS|SBU|LOU|FOUO|SECRET|CONFIDENTIAL|UNCLAS\w*|LIMITED|[SCUN]\b|/\s*REL)", _I
)
_AFTER_MARK = re.compile(r"[ \t]*[:.](?=\s)")
_REFERENCE = re.compile(r"[ \t]*(?:\d{2}[ \t]+)?[A-Z][A-Z .]{2,24}[ \t]+\d{1,6}[ \t;,]*(?=\n|\Z)")
_ENTIRE_TEXT = re.compile(
    r"[(\[]?[ \t]*((?:TOP SECRET|SECRET|CONFIDENTIAL|SENSITIVE BUT UNCLASSIFIED|UNCLASSIFIED|LIMITED OFFICIAL USE"
    r"|LOU|SBU|TS|[SCU])(?:/[A-Z]+)?)[ \t]*(?:[-–—]{0,2}|:)[ \t]*"
    r"(?:THIS |THE )?ENTIRE[ \t]+(?:TEXT|MESSAGE|CABLE|TELEGRAM)[ \t]*\.?[ \t]*[)\]]?[ \t]*\.?",
    _I,
)
_SBU = re.compile("SENSITIVE BUT UNCLASSIFIED", _I)

# Labels: "Summary:", "BEGIN SUMMARY", "Summary and Comment.", "Embassy comment:", "COMMENT (CONT'D):".
_KINDS: dict[str, UnitKind] = {"summ": "summary", "comm": "comment", "note": "note"}
_WHO = (
    r"(?:(?:EMBASSY|EMB|POST(?:['’]S)?|MISSION|AMBASSADOR['’]S|CONGEN|CONSULATE|EXECUTIVE|BIO|MORE|OUR|FINAL|BRIEF"
    r"|DEPARTMENT|DRAFTER['’]S|EDITOR['’]S|INTRODUCTION[ \t]*(?:AND|&|/))[ \t]*)"
)
_WORD = r"(SUMM|COMM|NOTE)(?:A?R?R?Y|ENTS?|S)?\b"
_MORE = (
    r"(?:[ \t]*(?:AND|&|/|,|-)[ \t]*[\w’']+(?:[ \t]+[\w’']+){0,2}?)?"
    r"(?:[ \t]*[,(]?[ \t]*CON['’]?T(?:['’]?D|INUED)?\.?\)?)?"
)
_LABEL = re.compile(
    rf"(?:BEGIN[ \t]+)?(?:{_WHO}{{1,2}}(?=[^.\n]{{0,60}}[:.])|(?-i:(?:[A-Z][\w’'/]*[ \t]+){{1,2}})(?=COMMENT:))?"
    rf"{_WORD}{_MORE}[ \t]*(?:\([^()\n]{{1,20}}\)[ \t]*)?(?:[:.;](?!\w)|-{{1,2}}(?=\s)|—|(?=\n))[-.: \t]*",
    _I,
)
_LABEL_WITHOUT_STOP = re.compile(r"(?:BEGIN[ \t]+)?(SUMM|COMM)(?:ARY|ENT)[ \t]+(?=[A-Z])")
_LABEL_REACH = 160
_HEADING_LABEL = re.compile(rf"\W*(?:BEGIN[ \t]+)?{_WHO}{{0,2}}{_WORD}(?:[ \t]*(?:AND|&|/|,|[-:–—.(]).*)?\W*\Z", _I)
_END = re.compile(
    r"[(\[]{0,2}\s*\bEND(?:[ \t]+OF)?\s+(?:[\w’'/]{2,12}\s+){0,2}?(?:SUMM|C?O?MMENT|NOTE|INTRO)\w*"
    r"(?:\s*(?:AND|&|/|,)\s*[\w’']+(?:\s+REQUEST\w*)?)?\s*[.!]*\s*[)\]]*[ \t]*\.?",
    _I,
)
_ONLY_END = re.compile(r"\bEND(?: OF)?\Z", _I)
_OTHER_LABEL = re.compile(r"\bcomment\b|\bnote:", _I)
_QUOTED = (
    r"(?:(?:[\w/’'-]+[ \t]+){0,2}?(?:TEXT|TALKING[ \t]+POINTS?|POINTS|LETTER|NON-?PAPER|STATEMENT|QUOTE|TRANSLATION"
    r"|TRANSCRIPT|DEMARCHE|MESSAGE|LIST|QUOTATION))"
)
_QUOTE_BEGINS = re.compile(
    rf"[(/]*BEGIN[ \t]+(?:OF[ \t]+)?{_QUOTED}\b(?:[^:.\n]{{0,80}}(?:\n[^:.\n]{{1,60}})?:"
    rf"|(?-i:[A-Z0-9 ,’'/-]{{0,80}}(?=[ ][A-Z][a-z]))|[^:.\n]{{0,80}}(?:[.)/]+|(?=\n)|\Z))[ \t]*",
    _I,
)
_QUOTE_ENDS = re.compile(rf"[(/]*\bEND(?:[ \t]+OF)?\s+{_QUOTED}\b[^.\n]{{0,60}}(?:[.:)/]+|(?=\n)|\Z)[ \t]*", _I)
_LOOKAHEAD, _FIRST_PIECES = 60, 4

# Rows that still belong to the head, where the prose was thought to begin a little early.
_HEAD_ROW = re.compile(
    r"DERIVED FROM|DERIVATIVELY|CLASSIFIED BY|REASONS?[ \t]*:|DECL(?:ASSIFY)?(?: ON)?[ \t]*:|E\.?O\.? ?\d"
    r"|TAGS?\b[ \t:]|SUBJ(?:ECT)?\b[ \t]*:|REF(?:S|TELS?|\(S\)|ERENCES?)?[ \t]*:"
    r"|(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS|SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS)"
    r"(?:/{1,2}[A-Z, ]{2,20})*[ \t]*(?=\n|\Z)",
    _I,
)
_FIRST_INSIDE = re.compile(r"[ \t](?=¶?[ \t]?1\.[ \t]?\((?:TS|SBU|LOU|[SCU])[)/])")
_MOST_HEAD_ROWS = 12

# Headings.
_SLASHED = re.compile(r"/{2,}[ \t]*\S")
_BETWEEN_DASHES = re.compile(r"([-*=]{2,4})[ \t]*[A-Z][^*=\n]{2,70}?[ \t]*\1\Z")
_SECTION_NAME = re.compile(r"(?:introduction|background|overview|action requests?|key points|objectives?)\b", _I)
_NO_HEADING = re.compile(
    r"[xX]{5,}|https?:|www\.|@|\A[\d/:. ()-]+\Z|\A[(/]*END\b|\AThis (?:is|cable|message)\b|\bcleared\b", _I
)
_ENDS_SENTENCE = re.compile(r"[.!?][”\")]*\Z")
_SENTENCE_END = re.compile(r"(?<=[a-z\d”\")][.!?])[”\")]*\s+(?=[A-Z“\"])|(?<=[.!?][”\")])\s+(?=[A-Z“\"])")
_OPEN_END = re.compile(r"\.\.\.\Z|\b[A-Z]\.[A-Z]\.\Z")
_REDACTED = re.compile(r"[xX]{5,}")
_REMOVED = re.compile(r"[\[(]?[xX]{5,}[\])]?\.?")
_TITLE_WORD = re.compile(r"[^\W\d_][\w’']+")
_SMALL_WORDS = (
    "al an and as at but by de del for from goes has in into is its la le not of off on or over out the to up via with"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_LONG_LINE, _MOST_ROWS, _LONGEST, _SHORT_TITLE = 100, 3, 95, 60
_CLOSERS = frozenset('.:;!?)]"”’…-=*')
_GOES_ON = frozenset("abcdefghijklmnopqrstuvwxyz)&")
_ORNAMENTS = frozenset("/-*= \t\n")


@dataclass(frozen=True, slots=True)
class UnitsFound:
    """The units in order of the text; the signature as written; where the tail begins; what did not fit."""

    units: tuple[Unit, ...]
    signature: str | None
    tail_start: int
    doubts: tuple[Doubt, ...] = ()


def parse_units(
    text: str, start: int, end: int, noise: Sequence[Noise], *, entire_text: str | None = None
) -> UnitsFound:
    """The units of the prose region `text[start:end]`; `noise` is what `find_noise` gave for it.

    `entire_text` is a mark of the head ("C") that counts for every paragraph without one of its own, as the first
    paragraph's "(C - ENTIRE TEXT)" does. Never fails; paragraphs doubled, skipped or out of order are doubts.
    """
    signature = find_signature(text, start, end, noise)
    rows = _rows(text, start, signature.tail_start, noise)
    numbering = _Numbering()
    pieces = _pieces(text, rows[_head_rows(text, rows) :], numbering)
    pieces, whole = _without_entire_text(text, pieces, entire_text)
    units = [*_units(text, _with_kinds(text, pieces), noise, whole), *_signature_unit(text, signature, noise)]
    written = units[-1].text if signature.written else None
    return UnitsFound(tuple(units), written, signature.tail_start, tuple(numbering.doubts))


# Rows


@dataclass(slots=True)
class _Row:
    """A line, or a part of one between noise, without the blanks around it, and what stands above and below it.

    `apart`: a blank line stands above; `paged`: a page line does; `ruled_above`, `ruled_below`: a rule directly.
    """

    start: int
    end: int
    apart: bool = False
    paged: bool = False
    ruled_above: bool = False
    ruled_below: bool = False

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(slots=True)
class _Between:
    """What stood between the last row and here."""

    newlines: int = 0
    blank: bool = True
    paged: bool = False
    rule: bool = False

    def pass_noise(self, text: str, noise: Noise, rows: list[_Row]) -> None:
        if noise.kind == "rule":
            if rows and not (self.rule or self.blank or self.paged) and self.newlines <= 1:
                _underline(text, rows)
            self.rule, self.newlines = True, 0
            return
        written = text[noise.start : noise.end]
        above = written[: len(written) - len(written.lstrip())].count("\n")
        below = written[len(written.rstrip()) :].count("\n")
        self.paged = self.paged or noise.kind in {"page-line", "header", "caption"}
        # Two blank lines follow a page line; a third is the author's, as is a second one before it.
        authors = above > 2 or below > 3 or (noise.kind == "caption" and below > 1)
        self.blank = self.blank or authors or noise.kind == "publisher"
        self.newlines = 1 if "\n" in written else self.newlines

    def reset(self) -> None:
        self.newlines, self.blank, self.paged, self.rule = 0, False, False, False


def _rows(text: str, start: int, end: int, noise: Sequence[Noise]) -> list[_Row]:
    """The rows of `text[start:end]`: lines, cut where noise runs through them."""
    rows: list[_Row] = []
    between = _Between()
    at = start
    for n in noise:
        if n.end > start and n.start < end and text[n.start] != "¶":
            _add_lines(text, (at, max(at, n.start)), rows, between)
            between.pass_noise(text, n, rows)
            at = max(at, n.end)
    _add_lines(text, (at, end), rows, between)
    return rows


def _add_lines(text: str, span: tuple[int, int], rows: list[_Row], between: _Between) -> None:
    """Appends the rows of a stretch without noise."""
    at, end = span
    while at < end:
        stop = text.find("\n", at, end)
        line = text[at : stop if stop >= 0 else end]
        bare = line.strip()
        if bare:
            first = at + len(line) - len(line.lstrip())
            apart = between.blank or (between.newlines > 0 and not between.paged and _is_unwrapped(text, rows))
            rows.append(_Row(first, first + len(bare), apart, between.paged, between.rule and between.newlines <= 1))
            between.reset()
        if stop < 0:
            return
        between.newlines += 1
        between.blank = between.blank or between.newlines > 1
        at = stop + 1


def _is_unwrapped(text: str, rows: list[_Row]) -> bool:
    """Whether the last row is a whole paragraph on one line: there every line feed ends a block."""
    return bool(rows) and len(rows[-1]) > _LONG_LINE and text[rows[-1].end - 1] in _CLOSERS


def _underline(text: str, rows: list[_Row]) -> None:
    """Marks the last row as ruled below; a heading glued to the end of a sentence becomes a row of its own."""
    row = rows[-1]
    row.ruled_below = True
    stops = list(_SENTENCE_END.finditer(text, max(row.start, row.end - _LONGEST), row.end))
    if not stops or stops[-1].start() - row.start <= 20:
        return
    glued = text[stops[-1].end() : row.end]
    is_whole = row.apart and len(row) < _LONGEST and _is_title(text[row.start : row.end])
    if not is_whole and _is_title(glued) and _can_be_heading(glued):
        rows.append(_Row(stops[-1].end(), row.end, ruled_below=True))
        row.end, row.ruled_below = stops[-1].start(), False


def _head_rows(text: str, rows: list[_Row]) -> int:
    """How many rows at the start still belong to the head ("Derived from: Multiple sources")."""
    last = 0
    for k, row in enumerate(rows[:_MOST_HEAD_ROWS]):
        if not _HEAD_ROW.match(text, row.start, row.end):
            if row.apart or last != k or _starts_paragraph(text, row):
                break
        elif inside := _FIRST_INSIDE.search(text, row.start, row.end):
            row.start = inside.end()
            return k
        last = k + 1
    return last


def _starts_paragraph(text: str, row: _Row) -> bool:
    return bool(_NUMBER.match(text, row.start, row.end) or _MARK.match(text, row.start, row.end))


# Pieces


@dataclass(slots=True)
class _Piece:
    """A stretch of the raw text that becomes one unit; `label` is the kind that its own label gives it."""

    start: int
    end: int
    kind: UnitKind = _BODY
    number: int | None = None
    marking: Marking | None = None
    label: UnitKind | None = None
    heading: _Piece | None = None


@dataclass(slots=True)
class _Numbering:
    """Which paragraph number comes next, and whether a list with numbers of its own runs inside the paragraph.

    `item` is that list's last number; `twice` says that the copy has numbers of its own before the author's.
    """

    last: int = 0
    marked: bool = False
    item: int = 0
    twice: bool = False
    doubts: list[Doubt] = field(default_factory=list)

    def accepts(self, number: int, *, marked: bool, pilcrow: bool, after_heading: bool) -> bool:
        """Whether this number opens a paragraph; else it is an item of a list."""
        if self.last == 0:
            return marked or number <= 3 or (pilcrow and number < 40)
        is_item = number == 1 or (self.item and number == self.item + 1)
        if is_item and not after_heading and (self.marked or number <= self.last):
            self.item = number
            return False
        reach = range(self.last - 1, self.last + 12) if pilcrow else range(self.last, self.last + 4)
        return number == self.last + 1 or marked or (number in reach and not self.marked and not self.item)

    def open(self, number: int, *, marked: bool) -> None:
        """Takes the number as the paragraph's; what does not follow on the last one is a doubt."""
        if self.last and number != self.last + 1:
            what = "doubled" if number == self.last else "skipped" if number > self.last else "out of order"
            self.doubts.append(Doubt("paragraphs", f"paragraph number {what}: {number} after {self.last}"))
        self.last, self.item = number, 0
        self.marked = self.marked or marked


def _pieces(text: str, rows: list[_Row], numbering: _Numbering) -> list[_Piece]:
    """Headings and paragraphs, in order."""
    pieces: list[_Piece] = []
    k = 0
    while k < len(rows):
        fresh = not pieces or pieces[-1].kind == "heading"
        start = _numbered_start(text, rows[k], numbering, after_heading=fresh)
        stop = k if start else _heading_end(text, rows, k, pieces, is_numbered=numbering.last > 0)
        if start or stop > k:
            _split_removed(text, rows[:k], pieces)
        if stop > k:
            _add_heading(text, rows[k:stop], pieces, goes_on=k > 0 and rows[k - 1].ruled_below)
            k = stop
            continue
        if start and _is_numbered_heading(text, rows, k, start):
            start.marking, at = _marking(text, start.start, start.end)
            pieces.append(_Piece(at, rows[k].end, "heading"))
            k += 1
            start = replace(start, start=rows[k].start, end=rows[k].end)
        if start:
            pieces.append(start)
        elif fresh or _opens_block(text, rows[k - 1 : k + 1], pieces[-1], numbering):
            pieces.append(_Piece(rows[k].start, rows[k].end))
        _extend(text, rows[k], pieces, numbering)
        k += 1
    _split_removed(text, rows, pieces)
    return _carried_over([_opened(text, piece) for piece in pieces])


def _add_heading(text: str, rows: list[_Row], pieces: list[_Piece], *, goes_on: bool) -> None:
    """A heading of its own, or the second line of one whose lines are underlined one by one."""
    if goes_on and pieces and pieces[-1].kind == "heading" and text[rows[0].start] in _GOES_ON:
        pieces[-1].end = rows[-1].end
    else:
        pieces.append(_Piece(rows[0].start, rows[-1].end, "heading"))


def _split_removed(text: str, rows: list[_Row], pieces: list[_Piece]) -> None:
    """Cuts a paragraph that the publisher took out, number and all, from the end of the last piece ("XXXXXXXXXXXX")."""
    k = len(rows)
    while k and rows[k - 1].apart and rows[k - 1].start > pieces[-1].start and _is_removed(text, rows[k - 1]):
        k -= 1
    if 0 < k < len(rows) and pieces[-1].kind != "heading" and _closes(text, rows[k - 1]):
        removed = _Piece(rows[k].start, pieces[-1].end)
        pieces[-1].end = rows[k - 1].end
        pieces.append(removed)


def _is_removed(text: str, row: _Row) -> bool:
    return bool(_REMOVED.fullmatch(text, row.start, row.end))


def _carried_over(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with something in them; a number and label alone before a heading go to the text after it."""
    for k, piece in enumerate(pieces):
        following = pieces[k + 1 : k + 4]
        if piece.kind == "heading" or piece.start < piece.end or not following or following[0].kind != "heading":
            continue
        heir = next((p for p in following if p.kind != "heading"), None)
        if heir and heir.number is None:
            heir.number, heir.marking = piece.number, heir.marking or piece.marking
            heir.label = heir.label or piece.label
    return [p for p in pieces if p.kind == "heading" or p.start < p.end]


def _numbered_start(text: str, row: _Row, numbering: _Numbering, *, after_heading: bool) -> _Piece | None:
    """The numbered paragraph that begins with this row, or an item with a mark of its own (a piece without number)."""
    marking, at = _marking(text, row.start, row.end)  # "(C) 1. Text"
    match = _NUMBER.match(text, _skip_blanks(text, at, row.end), row.end)
    if not match or (text[match.end() - 1].isdigit() and not match[1]):
        return None
    number = int(match[2])
    marked = bool(marking or _marking(text, match.end(), row.end)[0])
    if not numbering.accepts(number, marked=marked, pilcrow=bool(match[1]), after_heading=after_heading):
        return _Piece(match.end(), row.end, marking=marking) if marked and row.apart else None
    numbering.open(number, marked=marked)
    again = _NUMBER.match(text, match.end(), row.end)
    numbering.twice = numbering.twice or bool(again and int(again[2]) == number == 1)
    is_twice = again and (numbering.twice or int(again[2]) == number)
    return _Piece(again.end() if again and is_twice else match.end(), row.end, number=number, marking=marking)


def _extend(text: str, row: _Row, pieces: list[_Piece], numbering: _Numbering) -> None:
    """Adds a row to the last piece; paragraphs that begin inside the row become pieces of their own."""
    at = max(pieces[-1].start, row.start)
    while 0 < numbering.last < _HIGHEST_NUMBER and (found := _number_inside(text, at, row.end, numbering)):
        pieces[-1].end, piece, marked = found
        at = piece.start
        numbering.open(piece.number or 0, marked=marked)
        pieces.append(piece)
    pieces[-1].end = row.end


def _number_inside(text: str, start: int, end: int, numbering: _Numbering) -> tuple[int, _Piece, bool] | None:
    """Where the next paragraph begins within a row: the blank before its number, the piece, whether it is marked."""
    for number in range(numbering.last + 1, numbering.last + 4):
        at = text.find(str(number), start + 2, end)
        while at >= 0:
            first = at - (text[at - 1] == "¶")
            match = _NUMBER_INSIDE.match(text, at + len(str(number)), end)
            if match and text[first - 1] in " \t":
                marked = _marking(text, match.end(), end)[0] is not None
                if _follows(text[max(start, first - 12) : first].rstrip(), number, numbering, marked=marked):
                    return first - 1, _Piece(match.end(), end, number=number), marked
            at = text.find(str(number), at + 1, end)
    return None


def _follows(before: str, number: int, numbering: _Numbering, *, marked: bool) -> bool:
    """Whether a number inside a row opens a paragraph: the next one with a mark, or after the end of a sentence."""
    is_named = bool(_NUMBERED_WORD.search(before.rstrip(".")))  # "para 2."
    closes = before[-1:] in tuple('.?!")”’')
    if number != numbering.last + 1:
        return marked and closes and not is_named
    if marked:
        return closes or not is_named
    return closes and not is_named and not numbering.marked and not numbering.item


def _opens_block(text: str, rows: list[_Row], piece: _Piece, numbering: _Numbering) -> bool:
    """Whether the second of two rows, which has no number, begins a unit of its own."""
    above, row = rows
    begins = text[row.start] in "(/Bb" and _QUOTE_BEGINS.match(text, row.start, row.end)
    if begins or (text[above.start] in "(/Ee" and _QUOTE_ENDS.match(text, above.start, above.end)):
        return True
    if not (row.apart or row.ruled_above) or text[row.start].islower() or (piece.number and _is_empty(text, piece)):
        return False
    if _label(text, row.start, row.end) or _marking(text, row.start, row.end)[0]:
        return True
    ended = _END.search(text, max(above.start, above.end - 60), above.end)
    if ended and ended.end() == above.end and piece.number is None:
        return True
    return numbering.last == 0 and not BULLET.match(text, row.start, row.end)


def _is_empty(text: str, piece: _Piece) -> bool:
    """Whether nothing of the piece stands behind its mark and label yet."""
    opened = _opened(text, replace(piece))
    return opened.start >= opened.end


# Headings


def _is_numbered_heading(text: str, rows: list[_Row], k: int, start: _Piece) -> bool:
    """Whether a paragraph's number stands before an underlined heading instead of text."""
    row = rows[k]
    if not row.ruled_below or k + 1 == len(rows) or _starts_paragraph(text, rows[k + 1]):
        return False
    return _can_be_heading(text[_marking(text, start.start, start.end)[1] : row.end].strip())


def _heading_end(text: str, rows: list[_Row], k: int, pieces: list[_Piece], *, is_numbered: bool) -> int:
    """Where the heading that begins with row `k` ends, in rows; `k` where there is none."""
    row = rows[k]
    after_heading = not pieces or pieces[-1].kind == "heading"
    opens = after_heading or row.apart or row.paged or row.ruled_above
    if not (opens or row.ruled_below or text[row.start] == "/"):
        return k
    if _SLASHED.match(text, row.start, row.end):
        return next((j + 1 for j in range(k, min(k + 3, len(rows))) if text.endswith("//", 0, rows[j].end)), k)
    if opens and _BETWEEN_DASHES.match(text, row.start, row.end):
        return k + 1
    stop = _block_end(text, rows, k)
    if stop == k or _is_running_text(text, rows, k, stop):
        return k
    block = _joined(text, row.start, rows[stop - 1].end)
    above = None if after_heading else rows[k - 1]
    if rows[stop - 1].ruled_below:
        is_one = _is_ruled_heading(block, opens=opens, glued=stop == k + 1 and bool(above and _closes(text, above)))
    else:
        is_one = opens and stop < len(rows) and _can_be_heading(block)
        is_one = is_one and _is_bare_heading(text, rows[k : stop + 1], above, block, is_numbered=is_numbered)
    return stop if is_one else k


def _is_ruled_heading(block: str, *, opens: bool, glued: bool) -> bool:
    """Whether a short block with a rule below is a heading: between blank line and rule also one in lower case."""
    shown = _REDACTED.sub("X", block[:1].upper() + block[1:] if opens else block)
    return (opens or glued) and _can_be_heading(shown)


def _block_end(text: str, rows: list[_Row], k: int) -> int:
    """The end of the short block that begins with row `k`: a rule, blank line or paragraph; `k` where it is long."""
    for j in range(k, min(k + _MOST_ROWS, len(rows))):
        if len(rows[j]) > _LONGEST:
            return k
        following = rows[j + 1] if j + 1 < len(rows) else None
        if rows[j].ruled_below or following is None:
            return j + 1
        if following.apart or following.ruled_above or following.paged or _starts_paragraph(text, following):
            return j + 1
    return k


def _is_running_text(text: str, rows: list[_Row], k: int, stop: int) -> bool:
    """Whether a sentence ends within the block of rows `k` to `stop`, or one goes on below it."""
    if any(_ENDS_SENTENCE.search(text, max(row.start, row.end - 4), row.end) for row in rows[k : stop - 1]):
        return True
    return stop < len(rows) and text[rows[stop].start].islower() and not _REDACTED.match(text, rows[stop].start)


def _is_bare_heading(text: str, rows: list[_Row], above: _Row | None, block: str, *, is_numbered: bool) -> bool:
    """Whether a short block without a rule below it (all of `rows` but the last) is a heading: a label or a title."""
    following = rows[-1]
    if len(rows) > 3 or _QUOTE_BEGINS.match(block):
        return False
    if len(rows) == 2 and _HEADING_LABEL.match(block):
        return not (above and _ONLY_END.search(text, max(above.start, above.end - 8), above.end))
    is_first = above is None and not is_numbered
    is_alone = len(rows) == 2 and rows[0].apart and following.apart and len(block) < _SHORT_TITLE
    is_plain_title = is_alone and is_numbered and (block[-1].isalnum() or block[-1] == ":")
    if (is_first and not _opens_prose(text, block, following)) or (above and _is_list_row(text, above)):
        return False
    if not (_is_title(block) or is_plain_title):
        return False
    if _starts_paragraph(text, following):
        return not BULLET.match(text, following.start, following.end)
    return not is_numbered and len(following) > 50 and block.isupper() and " " in block


def _opens_prose(text: str, block: str, following: _Row) -> bool:
    """Whether the first line of the prose is a heading; an instruction in capitals above paragraph 1 is none."""
    if _SECTION_NAME.match(block) or _MARK.match(text, following.start):
        return True
    return bool(_NUMBER.match(text, following.start)) and not block.isupper()


def _is_list_row(text: str, row: _Row) -> bool:
    """Whether a row looks like one of a list of names or titles, so that the next may be another."""
    is_redacted = _REDACTED.match(text, row.start, row.end)
    return len(row) < 60 and not is_redacted and not _closes(text, row) and not row.ruled_below


def _closes(text: str, row: _Row) -> bool:
    return text[row.end - 1] in '.!?:)]"”’…' or len(row) > _LONG_LINE


def _can_be_heading(block: str) -> bool:
    """Whether a short block, without its portion mark, is no sentence, item, address or redaction."""
    block = block[_marking(block, 0, len(block))[1] :].strip() or block
    if sum(c.isalpha() for c in block) < 2 or BULLET.match(block) or _NO_HEADING.search(block) or block[-1] in ",;":
        return False
    if block[0].islower() or _ENTIRE_TEXT.match(block):
        return False
    bare = block.rstrip("\"”’')]")
    is_sentence = bare[-1:] == "." and not _OPEN_END.search(bare) and len(block.split()) > 3
    return not is_sentence and len(block) <= 2 * _LONGEST


def _is_title(block: str) -> bool:
    """Whether a block is written as a title: in capitals, with capitals, or as a question or exclamation."""
    words = [w for w in _TITLE_WORD.findall(block) if w.lower() not in _SMALL]
    high = sum(w[0].isupper() for w in words)
    is_open = block[-1] != "." or bool(_OPEN_END.search(block))
    return bool(words) and is_open and (5 * high >= 3 * len(words) or block[-1] in "?!")


def _joined(text: str, start: int, end: int) -> str:
    """A short stretch on one line."""
    return " ".join(text[start:end].split())


# Marks and labels


def _opened(text: str, piece: _Piece) -> _Piece:
    """The piece without what stands before its text: portion mark and label, in either order; a heading's ornaments."""
    if piece.kind == "heading":
        while piece.start < piece.end and text[piece.start] in _ORNAMENTS:
            piece.start += 1
        while piece.end > piece.start and text[piece.end - 1] in _ORNAMENTS:
            piece.end -= 1
    for _ in range(3):
        marking, at = (None, piece.start) if piece.marking else _marking(text, piece.start, piece.end)
        if marking:
            piece.marking = marking
        elif piece.kind != "heading" and piece.label is None:
            piece.label, at = _label(text, piece.start, piece.end) or (None, piece.start)
        if at == piece.start:
            break
        piece.start = _skip_blanks(text, at, piece.end)
    return piece


def _marking(text: str, start: int, end: int) -> tuple[Marking | None, int]:
    """The portion mark at `start`, and where it ends; "(C) OSLO 123" is a reference."""
    if not _MARK_WORD.match(text, start, min(end, start + 24)) or _ENTIRE_TEXT.match(text, start, end):
        return None, start
    match = _MARK.match(text, start, end)
    marking = _mark(match[0]) if match else None
    if not match or not marking or _REFERENCE.match(text, match.end(), end):
        return None, start
    stop = _AFTER_MARK.match(text, match.end(), end)
    return marking, stop.end() if stop else match.end()


@lru_cache(maxsize=512)
def _mark(written: str) -> Marking | None:
    return parse_marking(" ".join(written.split()))


def _label(text: str, start: int, end: int) -> tuple[UnitKind, int] | None:
    """The label at `start` ("Summary:", "BEGIN TEXT"), as the kind it stands for and its end."""
    if quote := _QUOTE_BEGINS.match(text, start, end):
        return "quotation", quote.end()
    end = min(end, start + _LABEL_REACH)
    match = _LABEL.match(text, start, end) or _LABEL_WITHOUT_STOP.match(text, start, end)
    return (_KINDS[match[1].lower()], match.end()) if match else None


def _skip_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " \t\n":
        start += 1
    return start


def _without_entire_text(text: str, pieces: list[_Piece], given: str | None) -> tuple[list[_Piece], Marking | None]:
    """The pieces without the mark that counts for the entire text, and that mark."""
    whole = parse_marking(given) if given else None
    for piece in pieces[:_FIRST_PIECES]:
        match = _ENTIRE_TEXT.match(text, piece.start, piece.end) if piece.kind != "heading" else None
        if match:
            whole = parse_marking(_SBU.sub("SBU", match[1])) or whole
            piece.start = _skip_blanks(text, match.end(), piece.end)
            _opened(text, piece)
    return [piece for piece in pieces if piece.start < piece.end], whole


# Kinds


def _with_kinds(text: str, pieces: list[_Piece]) -> Iterator[_Piece]:
    """The pieces with their heading, and the kind that it, or a label of their own or before, gives them."""
    _label_late_summary(text, pieces)
    reign = _Reign()
    for k, piece in enumerate(pieces):
        if piece.kind == "heading":
            reign.under(text, piece, k, len(pieces))
            yield piece
            continue
        reign.enter(text, pieces, k)
        rest = _cut_at_end_mark(text, piece)
        if piece.start < piece.end:
            yield piece
        if rest:
            reign.leave(k, len(pieces))
        if rest and rest.start < rest.end:
            if k + 1 < len(pieces) and pieces[k + 1].number and _is_glued_heading(text, rest):
                rest = reign.heading = replace(rest, kind="heading", marking=None, heading=None)
            yield rest


@dataclass(slots=True)
class _Reign:
    """The kind that a heading or label gives, up to which piece; and the heading that stands above."""

    kind: UnitKind = _BODY
    until: int = 0
    heading: _Piece | None = None

    def under(self, text: str, heading: _Piece, k: int, count: int) -> None:
        """A heading begins: "SUMMARY" rules to its end mark or the next heading; inside a quotation none rules."""
        self.heading = heading
        if self.kind == "quotation" and k < self.until:
            return
        match = _HEADING_LABEL.match(_joined(text, heading.start, heading.end))
        self.kind, self.until = (_KINDS[match[1].lower()], count) if match else (_BODY, 0)

    def enter(self, text: str, pieces: list[_Piece], k: int) -> None:
        """A piece gets its heading and kind."""
        piece = pieces[k]
        goes_on = self.kind == piece.label and (
            self.until == len(pieces) or (k < self.until and self.kind == "quotation")
        )
        if piece.label and not goes_on:
            self.kind, self.until = piece.label, _last_of(text, pieces, k, piece.label)
        piece.kind = self.kind if k < self.until else _BODY
        piece.heading = self.heading

    def leave(self, k: int, count: int) -> None:
        """An end mark stood in piece `k`: a heading that was the label has ended with it."""
        if self.until == count:
            self.heading = None
        if not (self.kind == "quotation" and k + 1 < self.until):
            self.kind, self.until = _BODY, 0


def _is_glued_heading(text: str, rest: _Piece) -> bool:
    """Whether what follows an end mark on its line is the next section's heading."""
    line = _joined(text, rest.start, min(rest.end, rest.start + 2 * _LONGEST))
    return rest.end - rest.start < _LONGEST and _can_be_heading(line) and _is_title(line)


def _label_late_summary(text: str, pieces: list[_Piece]) -> None:
    """A summary that only its end mark shows to be one: what stands before the mark, from the first paragraph on."""
    for k, piece in enumerate(pieces[:_FIRST_PIECES]):
        if piece.kind == "heading" or piece.label == "summary":
            return
        if _end_mark(text, piece, "summary"):
            for before in pieces[: k + 1]:
                before.label = "summary" if before.number == 1 or before is piece else before.label
            return


def _last_of(text: str, pieces: list[_Piece], k: int, kind: UnitKind) -> int:
    """Up to which piece a label counts: to its end mark, if no heading or label stands before that; else for one."""
    depth = 0
    for j in range(k, min(k + _LOOKAHEAD, len(pieces))):
        is_other = j > k and (pieces[j].kind == "heading" or pieces[j].label)
        if is_other and kind != "quotation":
            break
        depth += j > k and pieces[j].label == "quotation"
        if _end_mark(text, pieces[j], kind):
            if not depth:
                return j + 1
            depth -= 1
    return k + 1


def _end_mark(text: str, piece: _Piece, kind: UnitKind) -> re.Match[str] | None:
    """The end mark ("End summary.") of that kind in the piece, if it is not inside brackets of the text."""
    pattern = _QUOTE_ENDS if kind == "quotation" else _END
    for match in pattern.finditer(text, piece.start, piece.end):
        fits = kind == "quotation" or kind[:4] in match[0].lower() or _closes_summary(text, piece, match, kind)
        if fits and not (match[0].rstrip(" .")[-1:] == ")" and _is_open(text, piece.start, match.start())):
            return match
    return None


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a round bracket is open at `end`."""
    return text.rfind("(", start, end) > text.rfind(")", start, end)


def _closes_summary(text: str, piece: _Piece, match: re.Match[str], kind: UnitKind) -> bool:
    """Whether another end mark closes a summary by a slip: at its very end, where nothing else was begun."""
    if kind != "summary" or piece.label != "summary" or text[match.end() : piece.end].strip():
        return False
    return not _OTHER_LABEL.search(text, piece.start, match.start())


def _cut_at_end_mark(text: str, piece: _Piece) -> _Piece | None:
    """Cuts the piece at its end mark; returns what follows the mark (perhaps nothing), None where there is no mark."""
    match = _end_mark(text, piece, piece.kind) if piece.kind != _BODY else None
    if not match:
        return None
    start = _skip_blanks(text, match.end(), piece.end)
    rest = _Piece(start, piece.end, marking=piece.marking, heading=piece.heading)
    piece.end = match.start()
    return _opened(text, rest) if rest.start < rest.end else rest


# Units


def _units(text: str, pieces: Iterator[_Piece], noise: Sequence[Noise], whole: Marking | None) -> Iterator[Unit]:
    """Each piece with something in it, cleaned."""
    headings: dict[int, str] = {}
    for piece in pieces:
        is_heading = piece.kind == "heading"
        made = clean(text, piece.start, piece.end, noise, keep_breaks=not is_heading)
        if not any(c.isalnum() for c in made.text):
            continue
        if is_heading:
            headings[piece.start] = made.text
        under = headings.get(piece.heading.start) if piece.heading else None
        marking = piece.marking or (None if is_heading else whole)
        yield Unit(piece.kind, made.text, piece.number, marking, under, made.raw_start, made.raw_end, made.edits)


def _signature_unit(text: str, signature: Signature, noise: Sequence[Noise]) -> Iterator[Unit]:
    if signature.start < signature.end:
        made = clean(text, signature.start, signature.end, noise)
        yield Unit("signature", made.text, raw_start=made.raw_start, raw_end=made.raw_end, edits=made.edits)
