"""The archive as it is exported: the cables that are selected, each as the clearance shows it, one at a time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.cables import read_cable
from reftel.archive.clearance import FULL, Clearance
from reftel.archive.sight import sight_of
from reftel.archive.told import short
from reftel.export.cleared import changed_entities, cleared
from reftel.export.selection import ALL, Chosen, Selection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from reftel.archive.sight import Sight
    from reftel.model import Cable, Entity

_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST_NAME = 100


class Shown(NamedTuple):
    """A cable as it is exported, and the archive's key for each of its entities that has one, by the entity's id.

    Those whose name is masked or cut have none: who they are in the archive would tell the name. `signed` has by the
    same ids the offices of those who signed, where these are known.
    """

    chosen: Chosen
    cable: Cable
    keys: Mapping[str, str]
    signed: Mapping[str, str]

    def key(self, entity: Entity) -> str:
        """What tells that two entities of the export are the same: the archive's key, or one of its own."""
        return self.keys.get(entity.id) or f"{self.chosen.content_hash}/{entity.id}"

    @property
    def name(self) -> str:
        """The name of the cable's own file, without its ending: its number; of several with one number, `-2`, `-3`."""
        number = _NOT_IN_A_FILE_NAME.sub("_", self.chosen.mrn or "")[:_LONGEST_NAME] or self.chosen.content_hash
        return f"{number}-{self.chosen.twins + 1}" if self.chosen.mrn and self.chosen.twins else number

    @property
    def folder(self) -> str:
        """The name of the folder that the file stands in: the cable's year."""
        return str(self.chosen.year or "no-year")


@dataclass(frozen=True, slots=True)
class View:
    """What of an archive is exported, and for whom. `on_cable` is called after each cable with how many are done."""

    connection: sqlite3.Connection
    clearance: Clearance = FULL
    selection: Selection = ALL
    on_cable: Callable[[int], None] = field(default=lambda _: None, compare=False)

    def cables(self, *, with_raw: bool = False) -> Iterator[Shown]:
        """Every cable, in the order they came in."""
        yield from self.shown(self.chosen(), with_raw=with_raw)

    def chosen(self, *, by_year: bool = False) -> Iterator[Chosen]:
        """The cables that are selected and of which anything may be seen, in order; see `Selection.chosen`."""
        return self.selection.chosen(self.connection, self._sight, by_year=by_year)

    def count(self) -> int:
        """How many these are."""
        return self.selection.count(self.connection, self._sight)

    def shown(self, chosen: Iterable[Chosen], *, with_raw: bool = False, done: int = 0) -> Iterator[Shown]:
        """These cables as they are shown; `done` is how many came before them."""
        keys = _Keys(self.connection, self._sight)
        for number, each in enumerate(chosen, done + 1):
            yield self._shown(each, keys, with_raw=with_raw)
            self.on_cable(number)

    @property
    def shows_all(self) -> bool:
        """Whether nothing is left out or masked: no clearance cuts, and no name is protected, or all are shown."""
        if not self.clearance.is_full or self.selection != ALL:
            return False
        one = "SELECT EXISTS (SELECT 1 FROM protected)"
        return self.clearance.protected or not self.connection.execute(one).fetchone()[0]

    @property
    def _sight(self) -> Sight:
        return sight_of(self.connection, self.clearance)

    def _shown(self, chosen: Chosen, archive_keys: _Keys, *, with_raw: bool) -> Shown:
        cable = read_cable(self.connection, chosen.id, with_raw=with_raw)
        shown = cleared(cable, self.clearance)
        changed = changed_entities(cable, shown)
        known = {entity.id for entity in shown.entities} - changed
        rows = self.connection.execute(
            "SELECT label, entity_id, cable_entities.key, signers.role FROM cable_entities"
            " LEFT JOIN signers ON cable_entity_id = cable_entities.id WHERE cable_id = ?",
            (chosen.id,),
        ).fetchall()
        told = {row[0]: archive_keys.key(row[1]) if row[1] else row[2] for row in rows if row[0] in known}
        has_signature = shown.signature == cable.signature
        signed = {row[0]: row[3] for row in rows if row[3] and row[0] in known and has_signature}
        return Shown(chosen, shown, {label: key for label, key in told.items() if key}, signed)


class _Keys:
    """The archive's keys for its entities, as far as they may be told; each is looked up once."""

    def __init__(self, connection: sqlite3.Connection, sight: Sight) -> None:
        self._connection = connection
        self._sight = sight
        self._known: dict[int, str | None] = {}

    def key(self, entity_id: int) -> str | None:
        """The key, `~` and the id where it would tell a name that is not shown, None where nothing is told."""
        if entity_id not in self._known:
            found = short(self._connection, self._sight, entity_id)
            self._known[entity_id] = found.key if found else None
        return self._known[entity_id]


def identifier(kind: str, *parts: object) -> str:
    """A name for a thing that is the same in every export: the kind and 20 hex digits, `entity-0f3c...`."""
    held = "\x00".join(map(str, parts)).encode("utf-8", "replace")
    return f"{kind}-{hashlib.blake2b(held, digest_size=10).hexdigest()}"
