"""Pieces: the stretches of the prose that become one unit each: a heading, or what one number and one mark cover.

A paragraph is numbered ("1.", in published copies "¶1."), then bears its portion mark and perhaps a label
("Summary:"); it may begin inside a line. What belongs to no paragraph is a piece without a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reftel.parse.headings import heading_end, is_numbered_heading
from reftel.parse.line_breaks import BULLET
from reftel.parse.paragraph_numbers import HIGHEST_NUMBER, NUMBER, NUMBER_INSIDE, Numbering, follows
from reftel.parse.portion_marks import mark_at
from reftel.parse.rows import Row, closes
from reftel.parse.section_labels import END, QUOTE_BEGINS, QUOTE_ENDS, label_at

if TYPE_CHECKING:
    from reftel.model import Marking, UnitKind

_REMOVED = re.compile(r"[\[(]?[xX]{5,}[\])]?\.?")
_GOES_ON = frozenset("abcdefghijklmnopqrstuvwxyz)&")
_ORNAMENTS = frozenset("/-*= \t\n")


@dataclass(slots=True)
class Piece:
    """A stretch of the raw text that becomes one unit; `label` is the kind that its own label gives it."""

    start: int
    end: int
    kind: UnitKind = "body"
    number: int | None = None
    marking: Marking | None = None
    label: UnitKind | None = None
    heading: Piece | None = None


def find_pieces(text: str, rows: list[Row], numbering: Numbering) -> list[Piece]:
    """Headings and paragraphs, in order; `numbering` keeps count of the numbers, and of the doubts about them."""
    pieces: list[Piece] = []
    k = 0
    while k < len(rows):
        fresh = not pieces or pieces[-1].kind == "heading"
        start = _numbered_start(text, rows[k], numbering, after_heading=fresh)
        stop = k if start else heading_end(text, rows, k, after_heading=fresh, is_numbered=numbering.last > 0)
        if start or stop > k:
            _split_removed(text, rows[:k], pieces)
        if stop > k:
            _add_heading(text, rows[k:stop], pieces, goes_on=k > 0 and rows[k - 1].ruled_below)
            k = stop
            continue
        if start and is_numbered_heading(text, rows, k, start.start):
            start.marking, at = mark_at(text, start.start, start.end)
            pieces.append(Piece(at, rows[k].end, "heading"))
            k += 1
            start = replace(start, start=rows[k].start, end=rows[k].end)
        if start:
            pieces.append(start)
        elif fresh or _opens_block(text, rows[k - 1 : k + 1], pieces[-1], numbering):
            pieces.append(Piece(rows[k].start, rows[k].end))
        _extend(text, rows[k], pieces, numbering)
        k += 1
    _split_removed(text, rows, pieces)
    return _carried_over([opened(text, piece) for piece in pieces])


def _add_heading(text: str, rows: list[Row], pieces: list[Piece], *, goes_on: bool) -> None:
    """A heading of its own, or the second line of one whose lines are underlined one by one."""
    if goes_on and pieces and pieces[-1].kind == "heading" and text[rows[0].start] in _GOES_ON:
        pieces[-1].end = rows[-1].end
    else:
        pieces.append(Piece(rows[0].start, rows[-1].end, "heading"))


def _split_removed(text: str, rows: list[Row], pieces: list[Piece]) -> None:
    """Cuts a paragraph that the publisher took out, number and all, from the end of the last piece ("XXXXXXXXXXXX")."""
    k = len(rows)
    while k and rows[k - 1].apart and rows[k - 1].start > pieces[-1].start and _is_removed(text, rows[k - 1]):
        k -= 1
    if 0 < k < len(rows) and pieces[-1].kind != "heading" and closes(text, rows[k - 1]):
        removed = Piece(rows[k].start, pieces[-1].end)
        pieces[-1].end = rows[k - 1].end
        pieces.append(removed)


def _is_removed(text: str, row: Row) -> bool:
    return bool(_REMOVED.fullmatch(text, row.start, row.end))


def _carried_over(pieces: list[Piece]) -> list[Piece]:
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


def _numbered_start(text: str, row: Row, numbering: Numbering, *, after_heading: bool) -> Piece | None:
    """The numbered paragraph that begins with this row, or an item with a mark of its own (a piece without number)."""
    marking, at = mark_at(text, row.start, row.end)  # "(C) 1. Text"
    match = NUMBER.match(text, skip_blanks(text, at, row.end), row.end)
    if not match or (text[match.end() - 1].isdigit() and not match[1]):
        return None
    number = int(match[2])
    marked = bool(marking or mark_at(text, match.end(), row.end)[0])
    if not numbering.accepts(number, marked=marked, pilcrow=bool(match[1]), after_heading=after_heading):
        return Piece(match.end(), row.end, marking=marking) if marked and row.apart else None
    numbering.open(number, marked=marked)
    again = NUMBER.match(text, match.end(), row.end)
    numbering.twice = numbering.twice or bool(again and int(again[2]) == number == 1)
    is_twice = again and (numbering.twice or int(again[2]) == number)
    return Piece(again.end() if again and is_twice else match.end(), row.end, number=number, marking=marking)


def _extend(text: str, row: Row, pieces: list[Piece], numbering: Numbering) -> None:
    """Adds a row to the last piece; paragraphs that begin inside the row become pieces of their own."""
    at = max(pieces[-1].start, row.start)
    while 0 < numbering.last < HIGHEST_NUMBER and (found := _number_inside(text, at, row.end, numbering)):
        pieces[-1].end, piece, marked = found
        at = piece.start
        numbering.open(piece.number or 0, marked=marked)
        pieces.append(piece)
    pieces[-1].end = row.end


def _number_inside(text: str, start: int, end: int, numbering: Numbering) -> tuple[int, Piece, bool] | None:
    """Where the next paragraph begins within a row: the blank before its number, the piece, whether it is marked."""
    for number in range(numbering.last + 1, numbering.last + 4):
        at = text.find(str(number), start + 2, end)
        while at >= 0:
            first = at - (text[at - 1] == "¶")
            match = NUMBER_INSIDE.match(text, at + len(str(number)), end)
            if match and text[first - 1] in " \t":
                marked = mark_at(text, match.end(), end)[0] is not None
                if follows(text[max(start, first - 12) : first].rstrip(), number, numbering, marked=marked):
                    return first - 1, Piece(match.end(), end, number=number), marked
            at = text.find(str(number), at + 1, end)
    return None


def _opens_block(text: str, rows: list[Row], piece: Piece, numbering: Numbering) -> bool:
    """Whether the second of two rows, which has no number, begins a unit of its own."""
    above, row = rows
    begins = text[row.start] in "(/Bb" and QUOTE_BEGINS.match(text, row.start, row.end)
    if begins or (text[above.start] in "(/Ee" and QUOTE_ENDS.match(text, above.start, above.end)):
        return True
    if not (row.apart or row.ruled_above) or text[row.start].islower() or (piece.number and _is_empty(text, piece)):
        return False
    if label_at(text, row.start, row.end) or mark_at(text, row.start, row.end)[0]:
        return True
    ended = END.search(text, max(above.start, above.end - 60), above.end)
    if ended and ended.end() == above.end and piece.number is None:
        return True
    return numbering.last == 0 and not BULLET.match(text, row.start, row.end)


def _is_empty(text: str, piece: Piece) -> bool:
    """Whether nothing of the piece stands behind its mark and label yet."""
    bare = opened(text, replace(piece))
    return bare.start >= bare.end


def opened(text: str, piece: Piece) -> Piece:
    """The piece without what stands before its text: portion mark and label, in either order; a heading's ornaments."""
    if piece.kind == "heading":
        while piece.start < piece.end and text[piece.start] in _ORNAMENTS:
            piece.start += 1
        while piece.end > piece.start and text[piece.end - 1] in _ORNAMENTS:
            piece.end -= 1
    _take_off(text, piece)
    again = NUMBER.match(text, piece.start, piece.end) if piece.number else None
    if again and int(again[2]) == piece.number and mark_at(text, again.end(), piece.end)[0]:
        # "1. (C) Summary. 1. (C) Summary. He said": the opening is given twice.
        piece.start, piece.marking, piece.label = again.end(), None, None
        _take_off(text, piece)
    return piece


def _take_off(text: str, piece: Piece) -> None:
    """Takes portion mark and label off the start of a piece, whichever comes first."""
    for _ in range(3):
        marking, at = (None, piece.start) if piece.marking else mark_at(text, piece.start, piece.end)
        if marking:
            piece.marking = marking
        elif piece.kind != "heading" and piece.label is None:
            piece.label, at = label_at(text, piece.start, piece.end) or (None, piece.start)
        if at == piece.start:
            break
        piece.start = skip_blanks(text, at, piece.end)


def skip_blanks(text: str, start: int, end: int) -> int:
    """The first place from `start` on that is no blank and no line feed, `end` where all are."""
    while start < end and text[start] in " \t\n":
        start += 1
    return start
