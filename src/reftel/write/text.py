"""Plain text for reading in a terminal: a card of the header, then the paragraphs, wrapped at 80 columns.

A paragraph's number and portion mark stand in the margin, so that its text is as wide as a telegram's line; a quoted
document has a bar there. Protected names read "[protected]"; control characters, which could change what a terminal
shows, are replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.write.masks import MASK, mask
from reftel.write.paragraphs import portion_mark, titled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.model import Addressee, Cable, Reference, Unit

_WIDTH = 80
_MARGIN = " " * 12
_OUTDENT = " " * 4
_LABEL = " " * 17
_NAMED = 6  # so many addressees are named before "and 12 more"
_THICK, _THIN = "━" * _WIDTH, "─" * _WIDTH

_MASKED = re.compile(rf"{MASK}++(?:\s++{MASK}++)*+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def to_text(cable: Cable, *, masked: bool = True) -> str:
    """The cable as plain text; it ends in a line feed."""
    cable = mask(cable) if masked else cable
    lines = [*_card(cable), *_body(cable.units), *_doubts(cable)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _card(cable: Cable) -> Iterator[str]:
    """What, from where, when, how secret, about what; then the rest, labelled."""
    sent = f"{cable.sent:%Y-%m-%d %H:%M} UTC" if cable.sent else cable.dtg
    sections = f"{cable.sections} sections" if (cable.sections or 1) > 1 else None
    yield from _left_and_right(cable.mrn or "(no number)", _dotted(cable.post, sent))
    yield _THICK
    yield from _left_and_right(_dotted(cable.classification, *cable.captions), _dotted(cable.precedence, sections))
    if cable.subject:
        yield ""
        yield from _wrapped(cable.subject, "  ", "  ")
    yield ""
    for label, items in _fields(cable):
        if items:
            yield from _hung(f"  {label}".ljust(len(_LABEL)), _filled(items, _WIDTH - len(_LABEL)), _LABEL)
    yield _THIN


def _fields(cable: Cable) -> Iterator[tuple[str, list[str]]]:
    """The labelled fields, each as the items that its lines are filled with."""
    officer = cable.classified_by
    yield "to", _addressees(cable.action)
    yield "info", _addressees(cable.info)
    yield "not to", _addressees(cable.exempt)
    yield "tags", _listed([f"{tag.code} ({tag.name})" if tag.name else tag.code for tag in cable.tags], ",")
    yield "references", _listed([_reference(reference) for reference in cable.references], ";")
    yield (
        "classified by",
        _listed([part for part in (officer and officer.name, officer and officer.title) if part], ","),
    )
    yield "reasons", _listed(cable.reasons, ",")
    yield "declassify on", _listed([cable.declassify_on] if cable.declassify_on else [], "")
    yield "pass", _listed(cable.passing, ";")
    yield "corrected", _listed([cable.corrected] if cable.corrected else [], "")
    yield "note", ["a partial extract of the original cable"] if cable.partial else []


def _listed(items: Sequence[str], mark: str) -> list[str]:
    shown = [" ".join(_shown(item).split()) for item in items]
    return [item + mark for item in shown[:-1]] + shown[-1:]


def _addressees(addressees: Sequence[Addressee]) -> list[str]:
    more = len(addressees) - _NAMED
    names = _listed([each.name for each in addressees[:_NAMED]], ",")
    return [*names, f"and {more} more"] if more > 0 else names


def _reference(reference: Reference) -> str:
    label = f"{reference.label}. " if reference.label else ""
    number = f" [{reference.mrn}]" if reference.mrn and reference.mrn != reference.text else ""
    return f"{label}{reference.text}{number}"


def _body(units: Sequence[Unit]) -> Iterator[str]:
    """The paragraphs, each run of them right under its heading, then the signature."""
    under_a_heading = False
    for _, unit, title in titled(units):
        if title or not under_a_heading:
            yield ""
        if title:
            yield from _wrapped(title, _OUTDENT, _OUTDENT)
        under_a_heading = unit.kind == "heading"
        if not under_a_heading:
            yield from _unit(unit)


def _unit(unit: Unit) -> list[str]:
    """A paragraph with its number and mark in the margin; those too long for the margin stand over it."""
    if unit.kind == "signature":
        return _wrapped(unit.text, _MARGIN + " " * 40, _MARGIN + " " * 40)
    number = "" if unit.number is None else f"{unit.number}."
    label = f"{number:>3} {portion_mark(unit.marking)}"
    over = [] if len(label) < len(_MARGIN) else [label]
    bar = "│ " if unit.kind == "quotation" else ""
    margin = _MARGIN[len(bar) :] + bar
    return over + _wrapped(unit.text, margin if over else label + margin[len(label) :], margin)


def _doubts(cable: Cable) -> Iterator[str]:
    if cable.doubts:
        yield _THIN
        yield from _wrapped("; ".join(doubt.text for doubt in cable.doubts), "  in doubt".ljust(len(_LABEL)), _LABEL)


def _dotted(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _left_and_right(left: str, right: str) -> list[str]:
    """Two texts at the two ends of a line, or under each other where both do not fit."""
    left, right = _shown(left), _shown(right)
    gap = _WIDTH - len(left) - len(right)
    return [left + " " * gap + right] if gap > 1 else [*_wrapped(left, "", ""), *_wrapped(right, "", "")]


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """The text's lines, each wrapped; `first` and `others` are what the first and all the other lines begin with."""
    lines = (_filled(line.split(), _WIDTH - len(others)) or [""] for line in _shown(text).split("\n"))
    return _hung(first, [row for line in lines for row in line], others)


def _hung(first: str, rows: list[str], others: str) -> list[str]:
    return [first + rows[0], *(others + row for row in rows[1:])]


def _filled(items: Iterable[str], width: int) -> list[str]:
    """The items in lines of at most `width`; one that is longer than a line is broken at its blanks, if it has any."""
    rows: list[str] = []
    for item in items:
        if rows and len(rows[-1]) + 1 + len(item) <= width:
            rows[-1] += f" {item}"
        elif len(item) <= width or " " not in item:
            rows.append(item)
        else:
            rows += _filled(item.split(), width)
    return rows


def _shown(text: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _MASKED.sub("[protected]", text))
