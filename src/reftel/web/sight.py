"""What a reader may see, as conditions of SQL: on units, and on cables, which are there if any unit of them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel.archive.rows import from_list

if TYPE_CHECKING:
    import sqlite3

    from reftel.archive.clearance import Clearance


@dataclass(frozen=True, slots=True)
class Sight:
    """Conditions to stand behind WHERE or AND. `units` and `cables` are always true for who may see all."""

    is_full: bool
    level: int
    controls: tuple[str, ...]
    protected: bool

    def units(self, name: str = "units") -> str:
        """Whether the unit in the table or alias of that name may be seen."""
        if self.is_full:
            return "1"
        cells = ", ".join(_quoted(cell) for cell in self.controls)
        return f"({name}.level <= {self.level} AND {name}.controls IN ({cells}))"

    def cables(self, cable_id: str = "cables.id") -> str:
        """Whether anything of the cable with that id may be seen."""
        if self.is_full:
            return "1"
        seen = self.units("seen")
        return f"EXISTS (SELECT 1 FROM units AS seen WHERE seen.cable_id = {cable_id} AND {seen})"  # noqa: S608  # ours

    def whole(self, cable_id: str = "cables.id") -> str:
        """Whether all of the cable may be seen."""
        if self.is_full:
            return "1"
        seen = self.units("hidden")
        return f"NOT EXISTS (SELECT 1 FROM units AS hidden WHERE hidden.cable_id = {cable_id} AND NOT {seen})"  # noqa: S608  # ours

    def entity(self, name: str = "cable_entities") -> str:
        """Whether the entity of a cable in that table or alias is told to the reader: in text seen, and not masked."""
        masked = f"{name}.id NOT IN (SELECT id FROM temp.masked)"  # noqa: S608  # our own names
        conditions = ["1"] if self.protected else [masked]
        if not self.is_full:
            told = f"told.cable_entity_id = {name}.id AND {self.units('place')}"
            conditions.append(
                f"EXISTS (SELECT 1 FROM mentions AS told JOIN units AS place ON place.id = told.unit_id WHERE {told})"  # noqa: S608  # our own names
            )
        return f"({' AND '.join(conditions)})"


def sight_of(connection: sqlite3.Connection, clearance: Clearance) -> Sight:
    """The conditions for a clearance."""
    if not clearance.protected:
        _know_masked(connection)
    cells = () if clearance.is_full else _controls(connection)
    allowed = tuple(cell for cell in cells if clearance.allows(0, from_list(cell)))
    return Sight(clearance.is_full, clearance.level, allowed, clearance.protected)


def _know_masked(connection: sqlite3.Connection) -> None:
    """Keep, on this connection, the entities of cables whose names are protected there; anew where anything changed."""
    connection.execute("CREATE TABLE IF NOT EXISTS temp.masked (id INTEGER PRIMARY KEY, entity_id INTEGER)")
    connection.execute("CREATE INDEX IF NOT EXISTS temp.masked_by_entity ON masked (entity_id)")
    connection.execute("CREATE TABLE IF NOT EXISTS temp.masked_at (version INTEGER, changes INTEGER)")
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    known = connection.execute("SELECT version, changes FROM temp.masked_at").fetchone()
    if known is not None and tuple(known) == (version, connection.total_changes):
        return
    connection.execute("DELETE FROM temp.masked")
    connection.execute("DELETE FROM temp.masked_at")
    connection.execute(
        "INSERT OR IGNORE INTO temp.masked SELECT own.id, own.entity_id FROM protected JOIN mentions"
        " ON mentions.unit_id = protected.unit_id AND mentions.start < protected.end AND protected.start < mentions.end"
        " JOIN cable_entities AS own ON own.id = mentions.cable_entity_id WHERE mentions.type = 'PER'"
    )
    changes = connection.total_changes + 1  # with the row that says so
    connection.execute("INSERT INTO temp.masked_at VALUES (?, ?)", (version, changes))


def _controls(connection: sqlite3.Connection) -> tuple[str, ...]:
    """All cells of controls that units have. A scan of the units, so it is kept until units are added."""
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    last = connection.execute("SELECT max(id) FROM units").fetchone()[0]
    return _controls_until(_Held(connection, file, last))


class _Held:
    """A connection that is alike to another to the same state of the same file."""

    def __init__(self, connection: sqlite3.Connection, file: str, last: int | None) -> None:
        self.connection = connection
        self._key = (file, last)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=8)
def _controls_until(held: _Held) -> tuple[str, ...]:
    return tuple(row[0] for row in held.connection.execute("SELECT DISTINCT controls FROM units"))


def _quoted(cell: str) -> str:
    return "'" + cell.replace("'", "''") + "'"
