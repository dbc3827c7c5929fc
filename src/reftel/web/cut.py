"""A cable as its reader may see it: units that the clearance does not allow are out, protected names masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.archive.cables import read_cable
from reftel.archive.visible import visible
from reftel.export import cleared

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from reftel.model import Cable, Entity
    from reftel.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Seen:
    """A cable as it may be shown, its row, and the position in the archive of each unit that is left.

    `names` are the entities' names before anything was cut or masked, to tell whose is not shown in full; `is_whole`
    says whether nothing was cut, so that the raw text may be shown.
    """

    row: sqlite3.Row
    cable: Cable
    positions: tuple[int, ...]
    names: Mapping[str, str]
    is_whole: bool

    @property
    def id(self) -> int:
        """The cable's id."""
        return int(self.row["id"])

    def tells(self, entity: Entity) -> bool:
        """Whether it may be said who the entity is in the archive: not where its name here is masked or cut."""
        return self.names.get(entity.id) == entity.name


def see(visit: Visit, cable_id: int, *, with_raw: bool = False) -> Seen | None:
    """The cable, cut to the reader's clearance; None where nothing of it may be seen, or there is none."""
    row = visit.archive.execute("SELECT * FROM cables WHERE id = ?", (cable_id,)).fetchone()
    positions = _positions(visit, cable_id) if row else ()
    if not positions:
        return None
    held = read_cable(visit.archive, cable_id, with_raw=with_raw)
    names = {entity.id: entity.name for entity in held.entities}
    is_whole = visible(held, visit.clearance) is held
    return Seen(row, cleared(held, visit.clearance), positions, names, is_whole)


def _positions(visit: Visit, cable_id: int) -> tuple[int, ...]:
    rows = visit.archive.execute(
        f"SELECT position FROM units WHERE cable_id = ? AND {visit.sight.units()} ORDER BY position",  # noqa: S608  # ours
        (cable_id,),
    )
    return tuple(row[0] for row in rows)
