"""Units: the prose of a cable cut into headings, paragraphs, quotations and the signature; no prose is lost.

The way: lines become rows (`rows`), rows become pieces (`pieces`: a heading, or what one number and one mark
cover), pieces get their kind from labels ("Summary: ... End summary.") and headings, and each piece is cleaned
into a unit. What belongs to no paragraph is a unit without a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reftel.model import Doubt, Marking, Unit, UnitKind
from reftel.parse.marking import parse_marking
from reftel.parse.paragraph_numbers import Numbering
from reftel.parse.pieces import Piece, find_pieces, opened, skip_blanks
from reftel.parse.portion_marks import entire_text_at
from reftel.parse.repairs import clean
from reftel.parse.rows import find_rows, head_rows
from reftel.parse.section_labels import END, QUOTE_ENDS, heading_kind
from reftel.parse.signature import Signature, find_signature
from reftel.parse.titles import LONGEST, can_be_heading, is_title, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.parse.noise import Noise

_BODY: UnitKind = "body"
_LOOKAHEAD, _FIRST_PIECES = 60, 4
_OTHER_LABEL = re.compile(r"\bcomment\b|\bnote:", re.IGNORECASE)


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
    rows = find_rows(text, start, signature.tail_start, noise)
    numbering = Numbering()
    pieces = find_pieces(text, rows[head_rows(text, rows) :], numbering)
    pieces, whole = _without_entire_text(text, pieces, entire_text)
    units = [*_units(text, _with_kinds(text, pieces), noise, whole), *_signature_unit(text, signature, noise)]
    written = units[-1].text if signature.written else None
    return UnitsFound(tuple(units), written, signature.tail_start, tuple(numbering.doubts))


def _without_entire_text(text: str, pieces: list[Piece], given: str | None) -> tuple[list[Piece], Marking | None]:
    """The pieces without the mark that counts for the entire text, and that mark."""
    whole = parse_marking(given) if given else None
    for piece in pieces[:_FIRST_PIECES]:
        found = entire_text_at(text, piece.start, piece.end) if piece.kind != "heading" else None
        if found:
            whole = found[0] or whole
            piece.start = skip_blanks(text, found[1], piece.end)
            opened(text, piece)
    return [piece for piece in pieces if piece.start < piece.end], whole


def _with_kinds(text: str, pieces: list[Piece]) -> Iterator[Piece]:
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
    heading: Piece | None = None

    def under(self, text: str, heading: Piece, k: int, count: int) -> None:
        """A heading begins: "SUMMARY" rules to its end mark or the next heading; inside a quotation none rules."""
        self.heading = heading
        if self.kind == "quotation" and k < self.until:
            return
        kind = heading_kind(joined(text, heading.start, heading.end))
        self.kind, self.until = (kind, count) if kind else (_BODY, 0)

    def enter(self, text: str, pieces: list[Piece], k: int) -> None:
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


def _is_glued_heading(text: str, rest: Piece) -> bool:
    """Whether what follows an end mark on its line is the next section's heading."""
    line = joined(text, rest.start, min(rest.end, rest.start + 2 * LONGEST))
    return rest.end - rest.start < LONGEST and can_be_heading(line) and is_title(line)


def _label_late_summary(text: str, pieces: list[Piece]) -> None:
    """A summary that only its end mark shows to be one: what stands before the mark, from the first paragraph on."""
    for k, piece in enumerate(pieces[:_FIRST_PIECES]):
        if piece.kind == "heading" or piece.label == "summary":
            return
        if _end_mark(text, piece, "summary"):
            for before in pieces[: k + 1]:
                before.label = "summary" if before.number == 1 or before is piece else before.label
            return


def _last_of(text: str, pieces: list[Piece], k: int, kind: UnitKind) -> int:
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


def _end_mark(text: str, piece: Piece, kind: UnitKind) -> re.Match[str] | None:
    """The end mark ("End summary.") of that kind in the piece, if it is not inside brackets of the text."""
    pattern = QUOTE_ENDS if kind == "quotation" else END
    for match in pattern.finditer(text, piece.start, piece.end):
        fits = kind == "quotation" or kind[:4] in match[0].lower() or _closes_summary(text, piece, match, kind)
        if fits and not (match[0].rstrip(" .")[-1:] == ")" and _is_open(text, piece.start, match.start())):
            return match
    return None


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a round bracket is open at `end`."""
    return text.rfind("(", start, end) > text.rfind(")", start, end)


def _closes_summary(text: str, piece: Piece, match: re.Match[str], kind: UnitKind) -> bool:
    """Whether another end mark closes a summary by a slip: at its very end, where nothing else was begun."""
    if kind != "summary" or piece.label != "summary" or text[match.end() : piece.end].strip():
        return False
    return not _OTHER_LABEL.search(text, piece.start, match.start())


def _cut_at_end_mark(text: str, piece: Piece) -> Piece | None:
    """Cuts the piece behind its end mark; returns what follows (perhaps nothing), None where there is no mark."""
    match = _end_mark(text, piece, piece.kind) if piece.kind != _BODY else None
    if not match:
        return None
    start = skip_blanks(text, match.end(), piece.end)
    rest = Piece(start, piece.end, marking=piece.marking, heading=piece.heading)
    piece.end = match.end() if text[piece.start : match.start()].strip() else piece.start
    return opened(text, rest) if rest.start < rest.end else rest


def _units(text: str, pieces: Iterator[Piece], noise: Sequence[Noise], whole: Marking | None) -> Iterator[Unit]:
    """Each piece with something in it, cleaned."""
    headings: dict[int, str] = {}
    rules = [n for n in noise if n.kind == "rule"]
    others = [n for n in noise if n.kind != "rule"]
    before = 0
    for piece in pieces:
        is_heading = piece.kind == "heading"
        made = clean(text, piece.start, piece.end, noise, keep_breaks=not is_heading)
        if not any(c.isalnum() for c in made.text):
            continue
        under = headings.get(piece.heading.start) if piece.heading else None
        if is_heading:
            under = headings[piece.start] = made.text
            made = clean(text, *_ruled(text, (piece.start, piece.end), rules, before), others)
        marking = piece.marking or (None if is_heading else whole)
        before = made.raw_end
        yield Unit(piece.kind, made.text, piece.number, marking, under, made.raw_start, made.raw_end, made.edits)


def _ruled(text: str, span: tuple[int, int], rules: Sequence[Noise], before: int) -> tuple[int, int]:
    """The span of a heading with the rules right above and below it; none that ends by `before` is another's."""
    start, end = span
    k = below = bisect_left(rules, end, key=lambda n: n.start)
    while k < len(rules) and not text[end : rules[k].start].strip():
        end = rules[k].end
        k += 1
    k = below - 1
    while k >= 0 and before <= rules[k].start and rules[k].end <= start and not text[rules[k].end : start].strip():
        start = rules[k].start
        k -= 1
    return start, end


def _signature_unit(text: str, signature: Signature, noise: Sequence[Noise]) -> Iterator[Unit]:
    if signature.start < signature.end:
        made = clean(text, signature.start, signature.end, noise)
        yield Unit("signature", made.text, raw_start=made.raw_start, raw_end=made.raw_end, edits=made.edits)
