"""Rows: the lines of the prose, cut where noise runs through them, with what stands above and below each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.parse.paragraph_numbers import NUMBER
from reftel.parse.portion_marks import MARK
from reftel.parse.titles import LONGEST, can_be_heading, is_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.parse.noise import Noise

# Rows that still belong to the head, where the prose was thought to begin a little early.
_HEAD_ROW = re.compile(
    r"DERIVED FROM|DERIVATIVELY|CLASSIFIED BY|REASONS?[ \t]*:|DECL(?:ASSIFY)?(?: ON)?[ \t]*:|E\.?O\.? ?\d"
    r"|TAGS?\b[ \t:]|SUBJ(?:ECT)?\b[ \t]*:|REF(?:S|TELS?|\(S\)|ERENCES?)?[ \t]*:"
    r"|(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS|SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS)"
    r"(?:/{1,2}[A-Z, ]{2,20})*[ \t]*(?=\n|\Z)",
    re.IGNORECASE,
)
_FIRST_INSIDE = re.compile(r"[ \t](?=¶?[ \t]?1\.[ \t]?\((?:TS|SBU|LOU|[SCU])[)/])")
_MOST_HEAD_ROWS = 12
_SENTENCE_END = re.compile(r"(?<=[a-z\d”\")][.!?])[”\")]*\s+(?=[A-Z“\"])|(?<=[.!?][”\")])\s+(?=[A-Z“\"])")
_LONG_LINE = 100
_CLOSERS = frozenset('.:;!?)]"”’…-=*')


@dataclass(slots=True)
class Row:
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


def find_rows(text: str, start: int, end: int, noise: Sequence[Noise]) -> list[Row]:
    """The rows of `text[start:end]`: lines, cut where noise runs through them."""
    rows: list[Row] = []
    between = _Between()
    at = start
    for n in noise:
        if n.end > start and n.start < end and text[n.start] != "¶":
            _add_lines(text, (at, max(at, n.start)), rows, between)
            between.pass_noise(text, n, rows)
            at = max(at, n.end)
    _add_lines(text, (at, end), rows, between)
    return rows


@dataclass(slots=True)
class _Between:
    """What stood between the last row and here."""

    newlines: int = 0
    blank: bool = True
    paged: bool = False
    rule: bool = False

    def pass_noise(self, text: str, noise: Noise, rows: list[Row]) -> None:
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


def _add_lines(text: str, span: tuple[int, int], rows: list[Row], between: _Between) -> None:
    """Appends the rows of a stretch without noise."""
    at, end = span
    while at < end:
        stop = text.find("\n", at, end)
        line = text[at : stop if stop >= 0 else end]
        bare = line.strip()
        if bare:
            first = at + len(line) - len(line.lstrip())
            apart = between.blank or (between.newlines > 0 and not between.paged and _is_unwrapped(text, rows))
            rows.append(Row(first, first + len(bare), apart, between.paged, between.rule and between.newlines <= 1))
            between.reset()
        if stop < 0:
            return
        between.newlines += 1
        between.blank = between.blank or between.newlines > 1
        at = stop + 1


def _is_unwrapped(text: str, rows: list[Row]) -> bool:
    """Whether the last row is a whole paragraph on one line: there every line feed ends a block."""
    return bool(rows) and len(rows[-1]) > _LONG_LINE and text[rows[-1].end - 1] in _CLOSERS


def _underline(text: str, rows: list[Row]) -> None:
    """Marks the last row as ruled below; a heading glued to the end of a sentence becomes a row of its own."""
    row = rows[-1]
    row.ruled_below = True
    stops = list(_SENTENCE_END.finditer(text, max(row.start, row.end - LONGEST), row.end))
    if not stops or stops[-1].start() - row.start <= 20:
        return
    glued = text[stops[-1].end() : row.end]
    is_whole = row.apart and len(row) < LONGEST and is_title(text[row.start : row.end])
    if not is_whole and is_title(glued) and can_be_heading(glued):
        rows.append(Row(stops[-1].end(), row.end, ruled_below=True))
        row.end, row.ruled_below = stops[-1].start(), False


def head_rows(text: str, rows: list[Row]) -> int:
    """How many rows at the start still belong to the head ("Derived from: Multiple sources")."""
    last = 0
    for k, row in enumerate(rows[:_MOST_HEAD_ROWS]):
        if not _HEAD_ROW.match(text, row.start, row.end):
            if row.apart or last != k or starts_paragraph(text, row):
                break
        elif inside := _FIRST_INSIDE.search(text, row.start, row.end):
            row.start = inside.end()
            return k
        last = k + 1
    return last


def starts_paragraph(text: str, row: Row) -> bool:
    """Whether a row begins as a paragraph does, with a number or portion mark."""
    return bool(NUMBER.match(text, row.start, row.end) or MARK.match(text, row.start, row.end))


def closes(text: str, row: Row) -> bool:
    """Whether a row ends as a sentence or label does, or holds a whole paragraph."""
    return text[row.end - 1] in '.!?:)]"”’…' or len(row) > _LONG_LINE
