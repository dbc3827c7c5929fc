"""The units of a cable as one reader may read them: those above his clearance left out, protected names masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.protection import hidden_spans, mask
from reftel.archive.rows import from_list

if TYPE_CHECKING:
    from reftel.archive.reader import Reader
    from reftel.model import UnitKind


class ReadableUnit(NamedTuple):
    """A unit with its text as the reader may read it, as long as the text itself."""

    position: int
    kind: str
    number: int | None
    text: str
    level: int
    controls: str


def readable_units(reader: Reader, cable_id: int, *, kind: UnitKind | None = None) -> list[ReadableUnit]:
    """The units of a cable that the reader may see, in order; all, or those of a kind."""
    rows = reader.connection.execute(
        "SELECT position, kind, number, text, level, controls FROM units WHERE cable_id = ?1 AND ?2 IN (kind, '')"
        " ORDER BY position",
        (cable_id, kind or ""),
    )
    units = [ReadableUnit(*row) for row in rows]
    if not reader.clearance.is_full:
        units = [unit for unit in units if reader.clearance.allows(unit.level, from_list(unit.controls))]
    if reader.clearance.protected or not reader.snapshot.protects(reader.connection)[cable_id]:
        return units
    hidden = hidden_spans(reader.connection, cable_id)
    return [unit._replace(text=mask(unit.text, hidden.get(unit.position, ()))) for unit in units]
