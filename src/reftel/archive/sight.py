"""What a reader may see, as conditions of SQL: on units, and on cables, which are there if any unit of them is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.archive.postings import snapshot
from reftel.archive.remembered import remembered

if TYPE_CHECKING:
    import sqlite3

    from reftel.archive.clearance import Clearance


_APART = "replace(replace(replace({}, char(10), ' '), '-', ' '), char(34), ' ')"
_PLAIN = f"' ' || lower(replace({_APART}, char(39) || 's', '')) || ' '"
# The other entities of a cable one of whose names has the words of a name that the cable protects.
_SAME_WORDS = f"""
    SELECT own.id, own.entity_id FROM (
        SELECT cable_id, words, replace(words, ' ', '%') AS pattern FROM (
            SELECT DISTINCT units.cable_id, {_PLAIN.format("substr(units.text, start + 1, end - start)")} AS words
            FROM protected JOIN units ON units.id = protected.unit_id WHERE end > start
        )
    ) AS guarded CROSS JOIN cable_entities AS own ON own.cable_id = guarded.cable_id
    WHERE (own.name LIKE pattern OR own.aliases LIKE pattern)
    AND instr({_PLAIN.format("own.name || ' ' || own.aliases")}, words)
"""  # noqa: S608  # our own text
_PROTECTED = """
    SELECT own.id, own.entity_id FROM protected JOIN mentions
    ON mentions.unit_id = protected.unit_id AND mentions.start < protected.end AND protected.start < mentions.end
    JOIN cable_entities AS own ON own.id = mentions.cable_entity_id WHERE mentions.type = 'PER'
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """Conditions to stand behind WHERE or AND. `units` and `cables` are always true for who may see all."""

    is_full: bool
    level: int
    hidden: tuple[str, ...]  # the controls of units that the reader is not cleared for
    protected: bool

    @property
    def sees_all(self) -> bool:
        """Whether nothing at all is kept from the reader."""
        return self.is_full and self.protected

    def units(self, name: str = "units") -> str:
        """Whether the unit in the table or alias of that name may be seen."""
        if self.is_full:
            return "1"
        kept = [f"instr({name}.controls, {_quoted(control)}) = 0" for control in self.hidden]
        return f"({' AND '.join([f'{name}.level <= {self.level}', *kept])})"

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

    def signature(self) -> str:
        """Whether the signature of a row of `cables` may be seen: it is a unit as others are."""
        if self.is_full:
            return "1"
        signed = "FROM units AS signed WHERE signed.cable_id = cables.id AND signed.kind = 'signature'"
        return f"EXISTS (SELECT 1 {signed} AND {self.units('signed')})"

    def entity(self, name: str = "cable_entities") -> str:
        """Whether the entity of a cable in that table or alias is told to the reader: in text seen, and not masked."""
        conditions = [self.unmasked(name)]
        if not self.is_full:
            told = f"told.cable_entity_id = {name}.id AND {self.units('place')}"
            conditions.append(
                f"EXISTS (SELECT 1 FROM mentions AS told JOIN units AS place ON place.id = told.unit_id WHERE {told})"  # noqa: S608  # our own names
            )
        return f"({' AND '.join(conditions)})"

    def unmasked(self, name: str = "cable_entities") -> str:
        """Whether the name of the entity of a cable in that table or alias is not protected there, or may be seen."""
        return "1" if self.protected else f"{name}.id NOT IN (SELECT id FROM temp.masked)"  # noqa: S608  # our own names

    def party(self, name: str, unit_id: str) -> str:
        """Whether the unit itself tells who the entity of a cable in that table or alias is, and it is told.

        Who takes part in what a unit tells may be known from elsewhere in the cable: the reader is told it where the
        unit names it, or nothing that names it is hidden.
        """
        if self.is_full:
            return self.entity(name)
        own = f"here.cable_entity_id = {name}.id AND here.unit_id = {unit_id}"
        return f"({self.entity(name)} AND (EXISTS (SELECT 1 FROM mentions AS here WHERE {own}) OR {self.wholly(name)}))"  # noqa: S608  # ours

    def wholly(self, name: str = "cable_entities") -> str:
        """Whether every mention of the entity of a cable in that table or alias may be seen."""
        if self.is_full:
            return "1"
        hidden = f"far.cable_entity_id = {name}.id AND NOT {self.units('kept')}"
        return f"NOT EXISTS (SELECT 1 FROM mentions AS far JOIN units AS kept ON kept.id = far.unit_id WHERE {hidden})"  # noqa: S608  # ours


def sight_of(connection: sqlite3.Connection, clearance: Clearance) -> Sight:
    """The conditions for a clearance."""
    if not clearance.protected:
        _know_masked(connection)
    captions = clearance.captions
    hidden = () if captions is None else tuple(sorted(snapshot(connection).controls - captions))
    return Sight(clearance.is_full, clearance.level, hidden, clearance.protected)


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
    rows = remembered(connection, "masked", lambda: _masked(connection))
    connection.executemany("INSERT OR IGNORE INTO temp.masked VALUES (?, ?)", rows)
    changes = connection.total_changes + 1  # with the row that says so
    connection.execute("INSERT INTO temp.masked_at VALUES (?, ?)", (version, changes))


def _masked(connection: sqlite3.Connection) -> list[tuple[int, int | None]]:
    """The entities of cables whose names are protected there, with the archive's entity of each."""
    return [tuple(row) for query in (_PROTECTED, _SAME_WORDS) for row in connection.execute(query)]


def _quoted(control: str) -> str:
    """A control as it stands in a cell of them, as SQL has it."""
    held = json.dumps(control, ensure_ascii=False).replace("'", "''")
    return f"'{held}'"
