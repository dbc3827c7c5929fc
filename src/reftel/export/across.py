"""Who is who across the cables of an export: gathered while the cables pass, from no more than what they show.

The rows stand in temporary tables of SQLite, which go to disk when they are many: memory stays small.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.rows import to_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from reftel.export.view import Shown, View
    from reftel.model import Entity

_TABLES = """
CREATE TEMP TABLE across_entities (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, country TEXT,
    cables INTEGER NOT NULL, mentions INTEGER NOT NULL, first_sent TEXT, last_sent TEXT
);
CREATE TEMP TABLE across_names (
    entity_id INTEGER NOT NULL, name TEXT NOT NULL, mentions INTEGER NOT NULL, cables INTEGER NOT NULL,
    PRIMARY KEY (entity_id, name)
) WITHOUT ROWID;
CREATE TEMP TABLE across_roles (
    entity_id INTEGER NOT NULL, role TEXT NOT NULL, cables INTEGER NOT NULL, first_sent TEXT, last_sent TEXT,
    PRIMARY KEY (entity_id, role)
) WITHOUT ROWID;
CREATE TEMP TABLE across_cables (entity_id INTEGER NOT NULL, cable_id INTEGER NOT NULL);
"""
_DROP = "".join(f"DROP TABLE IF EXISTS temp.across_{name};" for name in ("entities", "names", "roles", "cables"))
_SEEN = (
    "first_sent = coalesce(min(first_sent, excluded.first_sent), first_sent, excluded.first_sent),"
    " last_sent = coalesce(max(last_sent, excluded.last_sent), last_sent, excluded.last_sent)"
)

_ADD_ENTITY = (
    "INSERT INTO temp.across_entities (key, type, country, cables, mentions, first_sent, last_sent)"  # noqa: S608  # ours
    " VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET cables = cables + 1,"
    f" mentions = mentions + excluded.mentions, country = coalesce(country, excluded.country), {_SEEN} RETURNING id"
)
_ADD_NAME = (
    "INSERT INTO temp.across_names VALUES (?, ?, ?, 1)"
    " ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions, cables = cables + 1"
)
_ADD_ROLE = (
    "INSERT INTO temp.across_roles VALUES (?, ?, 1, ?, ?)"  # noqa: S608  # our own text
    f" ON CONFLICT DO UPDATE SET cables = cables + 1, {_SEEN}"
)


class Name(NamedTuple):
    """A name that an entity bears: in how many mentions and in how many cables."""

    name: str
    mentions: int
    cables: int


class Role(NamedTuple):
    """What cables call a person: in how many of them, and from when to when (ISO 8601, UTC)."""

    role: str
    cables: int
    first_sent: str | None
    last_sent: str | None


@dataclass(frozen=True, slots=True)
class AcrossEntity:
    """An entity of the export: `names` and `roles` with the most frequent first; `name` is one of the names."""

    number: int
    key: str
    type: str
    name: str
    names: tuple[Name, ...]
    roles: tuple[Role, ...]
    role: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    cables: int
    mentions: int
    first_sent: str | None
    last_sent: str | None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its names but for `name`."""
        return tuple(each.name for each in self.names if each.name != self.name)


@dataclass(slots=True)
class _InCable:
    """What one cable tells of an entity, which may have several ids there."""

    type: str
    country: str | None = None
    mentions: Counter[str] = field(default_factory=Counter)
    roles: set[str] = field(default_factory=set)


class Across:
    """The entities of an export, in a `with` block. `in_cables` keeps which cables each is in."""

    def __init__(self, view: View, *, in_cables: bool = False) -> None:
        self._connection, self._view, self._in_cables = view.connection, view, in_cables
        self._is_whole = view.shows_all

    def __enter__(self) -> Self:
        for statement in (_DROP + _TABLES).split(";"):  # executescript would end the transaction
            self._connection.execute(statement)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:  # else cursors are open, and tables that are being read cannot go: they do at the next `with`
            for statement in _DROP.split(";"):
                self._connection.execute(statement)

    def add(self, shown: Shown) -> None:
        """Take in what a cable shows of its entities."""
        sent = to_time(shown.cable.sent)
        for key, told in _told(shown).items():
            number = self._add(key, told, sent)
            self._connection.executemany(
                _ADD_NAME,
                [(number, name, mentions) for name, mentions in told.mentions.items()],
            )
            self._connection.executemany(
                _ADD_ROLE,
                [(number, role, sent, sent) for role in told.roles],
            )
            if self._in_cables:
                self._connection.execute("INSERT INTO temp.across_cables VALUES (?, ?)", (number, shown.chosen.id))

    def entities(self, *, least: int = 1) -> Iterator[AcrossEntity]:
        """The entities that stand in at least so many cables, in the order in which they came up."""
        query = (
            "SELECT found.*, known.name, known.role, known.latitude, known.longitude FROM temp.across_entities AS found"
            " LEFT JOIN entities AS known USING (key) WHERE found.cables >= ? ORDER BY found.id"
        )
        for number, key, kind, country, cables, mentions, first, last, name, role, *place in self._connection.execute(
            query, (least,)
        ):
            names, roles = self._names(number), self._roles(number)
            is_shown = self._is_whole or any(name == each.name for each in names)
            latitude, longitude = place if is_shown else (None, None)
            yield AcrossEntity(
                number, key, kind, name if is_shown and name else names[0].name, names, roles,
                role if self._is_whole and role else next((each.role for each in roles), None),
                country, latitude, longitude, cables, mentions, first, last,
            )  # fmt: skip

    def pairs(self, *, least: int = 1) -> Iterator[tuple[int, int, int]]:
        """The numbers of two entities, and in how many cables they stand together, if in at least so many."""
        execute = self._connection.execute
        execute("CREATE INDEX IF NOT EXISTS temp.across_by_entity ON across_cables (entity_id, cable_id)")
        execute("CREATE INDEX IF NOT EXISTS temp.across_by_cable ON across_cables (cable_id, entity_id)")
        query = (
            "SELECT other.entity_id, count(*) FROM temp.across_cables AS own INDEXED BY across_by_entity"
            " JOIN temp.across_cables AS other INDEXED BY across_by_cable"
            " ON other.cable_id = own.cable_id AND other.entity_id > own.entity_id"
            " WHERE own.entity_id = ? GROUP BY other.entity_id HAVING count(*) >= ? ORDER BY other.entity_id"
        )
        for (number,) in execute("SELECT id FROM temp.across_entities WHERE cables >= ? ORDER BY id", (least,)):
            for other, together in execute(query, (number, least)):
                yield number, other, together

    def _add(self, key: str, told: _InCable, sent: str | None) -> int:
        (number,) = self._connection.execute(
            _ADD_ENTITY,
            (key, told.type, told.country, told.mentions.total(), sent, sent),
        ).fetchone()
        return int(number)

    def _names(self, number: int) -> tuple[Name, ...]:
        query = (
            "SELECT name, mentions, cables FROM temp.across_names WHERE entity_id = ?"
            " ORDER BY mentions DESC, length(name) DESC, name"
        )
        return tuple(Name(*row) for row in self._connection.execute(query, (number,)))

    def _roles(self, number: int) -> tuple[Role, ...]:
        query = (
            "SELECT role, cables, first_sent, last_sent FROM temp.across_roles WHERE entity_id = ?"
            " ORDER BY cables DESC, length(role) DESC, role"
        )
        return tuple(Role(*row) for row in self._connection.execute(query, (number,)))


def _told(shown: Shown) -> dict[str, _InCable]:
    """What the cable tells of each entity, by the entity's key; names without a mention count 0."""
    found: dict[str, _InCable] = {}
    by_id: dict[str | None, _InCable] = {}
    for entity in shown.cable.entities:
        by_id[entity.id] = found.setdefault(shown.key(entity), _InCable(entity.type))
        _add_entity(by_id[entity.id], entity)
    for mention in shown.cable.mentions:
        if mention.entity in by_id:
            by_id[mention.entity].mentions[_one_line(mention.text)] += 1
    return found


def _add_entity(told: _InCable, entity: Entity) -> None:
    told.country = told.country or entity.country
    told.mentions.update(dict.fromkeys(map(_one_line, (entity.name, *entity.aliases)), 0))
    if entity.role:
        told.roles.add(entity.role)


def _one_line(name: str) -> str:
    """The name without the line breaks and runs of blanks that the text has in it."""
    return " ".join(name.split())
