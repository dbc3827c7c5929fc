"""Who is who across the cables of an export: gathered while the cables pass, from no more than what they show.

The rows stand in temporary tables of SQLite, which go to disk when they are many: memory stays small. Names and roles
are told apart as the archive does it: what differs in capitals only is one. Where all is shown, they are the archive's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.describing import best_case, plain_name
from reftel.archive.rows import to_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from reftel.export.view import Shown, View
    from reftel.model import Entity

_TABLES = """
CREATE TEMP TABLE across_entities (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, is_linked INTEGER NOT NULL, type TEXT NOT NULL, country TEXT,
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
    "INSERT INTO temp.across_entities (key, is_linked, type, country, cables, mentions, first_sent, last_sent)"  # noqa: S608  # ours
    " VALUES (?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET cables = cables + 1,"
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
    """An entity of the export: `names` and `roles` with the most frequent first.

    `is_linked` is whether its key is the archive's; else it is one of this export, for an entity of one cable.
    """

    number: int
    key: str
    is_linked: bool
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
        linked = set(shown.keys.values())
        for key, told in _told(shown).items():
            number = self._add((key, key in linked, told.type, told.country, told.mentions.total(), sent, sent))
            names = [(number, best_case(spelt), spelt.total()) for spelt in _spellings(told.mentions)]
            self._connection.executemany(_ADD_NAME, names)
            roles = [(number, best_case(spelt), sent, sent) for spelt in _spellings(Counter(told.roles))]
            self._connection.executemany(_ADD_ROLE, roles)
            if self._in_cables:
                self._connection.execute("INSERT INTO temp.across_cables VALUES (?, ?)", (number, shown.chosen.id))

    def entities(self, *, least: int = 1) -> Iterator[AcrossEntity]:
        """The entities that stand in at least so many cables, in the order in which they came up."""
        query = (
            "SELECT found.*, known.id, known.name, known.role, known.latitude, known.longitude"
            " FROM temp.across_entities AS found"
            " LEFT JOIN entities AS known USING (key) WHERE found.cables >= ? ORDER BY found.id"
        )
        for (
            number,
            key,
            linked,
            kind,
            country,
            *uses,
            known,
            name,
            role,
            latitude,
            longitude,
        ) in self._connection.execute(query, (least,)):
            names, roles = self._names(number, known), self._roles(number, known)
            is_shown = self._is_whole or any(name == each.name for each in names)
            place = (latitude, longitude) if is_shown else (None, None)
            yield AcrossEntity(
                number, key, bool(linked), kind, name if is_shown and name else names[0].name, names, roles,
                role if self._is_whole and role else next((each.role for each in roles), None),
                country, *place, *uses,
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

    def _add(self, row: tuple[object, ...]) -> int:
        (number,) = self._connection.execute(_ADD_ENTITY, row).fetchone()
        return int(number)

    def _names(self, number: int, known: int | None) -> tuple[Name, ...]:
        if self._is_whole and known is not None:
            query = "SELECT name, mentions, cables FROM aliases WHERE entity_id = ?"
            names = [Name(*row) for row in self._connection.execute(query, (known,))]
        else:
            names = []
        query = "SELECT name, mentions, cables FROM temp.across_names WHERE entity_id = ?"
        names = names or [*_folded_names(Name(*row) for row in self._connection.execute(query, (number,)))]
        return tuple(sorted(names, key=lambda each: (-each.mentions, -len(each.name), each.name)))

    def _roles(self, number: int, known: int | None) -> tuple[Role, ...]:
        columns = "role, cables, first_sent, last_sent"
        if self._is_whole and known is not None:
            query = f"SELECT {columns} FROM roles WHERE entity_id = ?"  # noqa: S608  # our own names
            roles = [Role(*row) for row in self._connection.execute(query, (known,))]
        else:
            query = f"SELECT {columns} FROM temp.across_roles WHERE entity_id = ?"  # noqa: S608  # our own names
            roles = [*_folded_roles(Role(*row) for row in self._connection.execute(query, (number,)))]
        return tuple(sorted(roles, key=lambda each: (-each.cables, -len(each.role), each.role)))


def _spellings(counts: Counter[str]) -> Iterable[Counter[str]]:
    """The counts apart by what is written, whatever its capitals."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, count in counts.items():
        found[text.casefold()][text] += count
    return found.values()


def _folded_names(names: Iterable[Name]) -> Iterator[Name]:
    """One for those that differ in capitals only; a cable has brought no more than one of them."""
    by_text: defaultdict[str, list[Name]] = defaultdict(list)
    for each in names:
        by_text[each.name.casefold()].append(each)
    for same in by_text.values():
        name = best_case(Counter({each.name: each.mentions for each in same}))
        yield Name(name, sum(each.mentions for each in same), sum(each.cables for each in same))


def _folded_roles(roles: Iterable[Role]) -> Iterator[Role]:
    by_text: defaultdict[str, list[Role]] = defaultdict(list)
    for each in roles:
        by_text[each.role.casefold()].append(each)
    for same in by_text.values():
        role = best_case(Counter({each.role: each.cables for each in same}))
        first = min((each.first_sent for each in same if each.first_sent), default=None)
        last = max((each.last_sent for each in same if each.last_sent), default=None)
        yield Role(role, sum(each.cables for each in same), first, last)


def _told(shown: Shown) -> dict[str, _InCable]:
    """What the cable tells of each entity, by the entity's key; names without a mention count 0."""
    found: dict[str, _InCable] = {}
    by_id: dict[str | None, _InCable] = {}
    for entity in shown.cable.entities:
        by_id[entity.id] = found.setdefault(shown.key(entity), _InCable(entity.type))
        _add_entity(by_id[entity.id], entity, shown.signed.get(entity.id))
    for mention in shown.cable.mentions:
        if mention.entity in by_id:
            by_id[mention.entity].mentions[plain_name(mention.text)] += 1
    return found


def _add_entity(told: _InCable, entity: Entity, signed: str | None) -> None:
    told.country = told.country or entity.country
    told.mentions.update(dict.fromkeys(map(plain_name, (entity.name, *entity.aliases)), 0))
    if role := signed or entity.role:
        told.roles.add(role)
