"""Cables to train on: texts with the names that were marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.evaluate import GoldFile

# What the parser takes off a paragraph before the tagger sees it: the portion mark and a label.
_OPENING = re.compile(
    r"""(?:\((?:TS|SECRET|S|CONFIDENTIAL|C|SBU|U|LOU)(?:\s*/{1,2}[A-Z ,/]+)?\)\s*)?
    (?:(?:BEGIN\ )?(?:SUMMARY|COMMENT|NOTE|ACTION\ REQUEST)(?:\ AND\ (?:COMMENT|ACTION\ REQUEST))?\s*[:.]\s*)?""",
    re.IGNORECASE | re.VERBOSE,
)

Mark = tuple[int, int, str]
"""A name: half-open offsets in its text, and PER, LOC, ORG or MISC."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A text and the names in it."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Neighbouring units of one cable; `misc` is False where MISC was not annotated; `weight` of its loss."""

    name: str
    units: tuple[Unit, ...]
    misc: bool = True
    weight: float = 1.0


def document(file: GoldFile) -> Document:
    """Return a gold file as a document."""
    units = (Unit(unit.text, tuple((m.start, m.end, m.type) for m in unit.mentions)) for unit in file.units)
    return Document(file.name, tuple(units))


def opening(text: str) -> int:
    """Return where a paragraph's text begins after its portion mark and its label, "(C) Summary: "."""
    match = _OPENING.match(text)
    return match.end() if match else 0


def unmarked(given: Document) -> Document:
    """Return the document as the parser hands it on: paragraphs without portion mark and label."""
    return replace(given, units=tuple(map(_unmarked, given.units)))


def _unmarked(unit: Unit) -> Unit:
    at = opening(unit.text)
    if at in {0, len(unit.text)} or any(start < at for start, _, _ in unit.marks):
        return unit
    return Unit(unit.text[at:], tuple((start - at, end - at, kind) for start, end, kind in unit.marks))
