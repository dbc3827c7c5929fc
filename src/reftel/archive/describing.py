"""Entities of the archive as their members make them: name, key, other names, roles with dates, country, place, counts.

Every function expects an open transaction (`store.transaction`). Nothing here is decided: all of it follows from who is
linked to whom, and is made anew at will.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel import tables
from reftel.archive.linking import by_ids, slug

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

_CHUNK = 200  # entities made anew together
_BLANKS = re.compile(r"\s+")
_OUTER = ' \t"“”«»()[]{}<>,;:*_=|'
_POSSESSIVE = re.compile(r"(?<=[^\W_])(?:['’`]s|['’`])\Z", re.IGNORECASE)


class Uses(NamedTuple):
    """In how many mentions a name stands, and in how many cables."""

    mentions: int
    cables: int


class Held(NamedTuple):
    """A role as it is shown, in how many cables it stands, and from when to when (ISO 8601, UTC)."""

    role: str
    cables: int
    first_sent: str | None
    last_sent: str | None


class Told(NamedTuple):
    """What the members of an entity say, counted; `roles` by the role without its capitals."""

    cables: int
    types: Counter[str]
    countries: Counter[str]
    keys: Counter[str]
    names: Counter[str]
    roles: Mapping[str, Held]
    first_sent: str | None
    last_sent: str | None


@dataclass(slots=True)
class _Members:
    """What the entities of cables that are linked to an entity say."""

    cables: set[int] = field(default_factory=set)
    types: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    roles: defaultdict[str, dict[int, str | None]] = field(default_factory=lambda: defaultdict(dict))
    spelt: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sent: set[str] = field(default_factory=set)

    def told(self) -> Told:
        """All that, counted."""
        roles = {
            low: Held(best_case(self.spelt[low]), len(sent), *_span(sent.values())) for low, sent in self.roles.items()
        }
        return Told(len(self.cables), self.types, self.countries, self.keys, self.names, roles, *_span(self.sent))


def describe(connection: sqlite3.Connection, ids: Iterable[int], *, names: Mapping[int, str] | None = None) -> None:
    """Make the rows of these entities anew, their other names and roles with them; those without members go.

    `names` are those that decisions gave, by the entity's id.
    """
    listed = sorted(set(ids))
    for at in range(0, len(listed), _CHUNK):
        part = listed[at : at + _CHUNK]
        found = _members(connection, part)
        aliases = _aliases(connection, part)
        officers = _officers(connection, part)
        for id_ in part:
            if id_ in found:
                given = (names or {}).get(id_) or officers.get(id_)
                _put(connection, id_, found[id_].told(), aliases.get(id_, {}), given)
            else:
                connection.execute("DELETE FROM entities WHERE id = ?", (id_,))
    _name_keys(connection)


def plain_name(text: str) -> str:
    """A mention's words on one line, without possessive and what stands around them."""
    return _POSSESSIVE.sub("", _BLANKS.sub(" ", text).strip(_OUTER)) or text.strip()


def _span(sent: Iterable[str | None]) -> tuple[str | None, str | None]:
    times = [each for each in sent if each]
    return min(times, default=None), max(times, default=None)


def _members(connection: sqlite3.Connection, ids: list[int]) -> dict[int, _Members]:
    query = (
        "SELECT ce.entity_id, ce.cable_id, ce.type, ce.name, ce.role, ce.country, ce.key, c.sent, s.role AS signed"
        " FROM cable_entities ce JOIN cables c ON c.id = ce.cable_id LEFT JOIN signers s ON s.cable_entity_id = ce.id"
        " WHERE ce.entity_id IN ({})"
    )
    found: defaultdict[int, _Members] = defaultdict(_Members)
    for row in by_ids(connection, query, ids):
        of = found[row["entity_id"]]
        of.cables.add(row["cable_id"])
        of.types[row["type"]] += 1
        of.names[row["name"]] += 1
        of.sent.update(filter(None, [row["sent"]]))
        of.countries.update(filter(None, [row["country"]]))
        of.keys.update(filter(None, [row["key"]]))
        role = row["signed"] or row["role"]
        if role:
            of.roles[role.casefold()][row["cable_id"]] = row["sent"]
            of.spelt[role.casefold()][role] += 1
    return found


def _aliases(connection: sqlite3.Connection, ids: list[int]) -> dict[int, dict[str, Uses]]:
    """Each entity's names as they are written, those that differ in capitals only as one."""
    query = (
        "SELECT ce.entity_id, ce.cable_id, m.text, count(*) FROM cable_entities ce JOIN mentions m"
        " ON m.cable_entity_id = ce.id WHERE ce.entity_id IN ({}) GROUP BY 1, 2, 3"
    )
    counts: defaultdict[int, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    cables: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for id_, cable, text, n in by_ids(connection, query, ids):
        name = plain_name(text)
        counts[id_][name.casefold()][name] += n
        cables[id_, name.casefold()].add(cable)
    return {
        id_: {best_case(spelt): Uses(spelt.total(), len(cables[id_, low])) for low, spelt in names.items()}
        for id_, names in counts.items()
    }


def best_case(spelt: Counter[str]) -> str:
    """Which of a name's spellings to show, by how often each stands: one in capitals only where there is no other."""
    return max(spelt, key=lambda name: (not _is_shouted(name), not name.islower(), spelt[name], name))


def _is_shouted(name: str) -> bool:
    return name.isupper() and (len(name) > 5 or " " in name)


def _officers(connection: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    """The names that the list of officers has for those who signed."""
    query = (
        "SELECT ce.entity_id, o.name FROM cable_entities ce JOIN signers s ON s.cable_entity_id = ce.id"
        " JOIN officers o ON o.id = s.officer_id WHERE ce.entity_id IN ({}) ORDER BY o.name"
    )
    return dict(map(tuple, by_ids(connection, query, ids)))


def _put(connection: sqlite3.Connection, id_: int, of: Told, aliases: Mapping[str, Uses], given: str | None) -> None:
    row = entity_row(of, aliases, given=given)
    columns = ", ".join(f"{column} = :{column}" for column in row)
    connection.execute(f"UPDATE entities SET {columns} WHERE id = :id", {**row, "id": id_})  # noqa: S608  # our own names
    connection.execute("DELETE FROM aliases WHERE entity_id = ?", (id_,))
    connection.executemany(
        "INSERT INTO aliases (entity_id, name, mentions, cables) VALUES (?, ?, ?, ?)",
        [(id_, name, *uses) for name, uses in sorted(aliases.items())],
    )
    connection.execute("DELETE FROM roles WHERE entity_id = ?", (id_,))
    connection.executemany(
        "INSERT INTO roles (entity_id, role, cables, first_sent, last_sent) VALUES (?, ?, ?, ?, ?)",
        [(id_, *held) for _, held in sorted(of.roles.items())],
    )


def entity_row(of: Told, aliases: Mapping[str, Uses], *, given: str | None = None) -> dict[str, Any]:
    """The columns of `entities` but for id and key, as an entity's members and the names they use make them.

    `given` is the name that a decision or the list of officers has.
    """
    kind = max(of.types, key=lambda each: (of.types[each], each))
    known = max(of.keys, key=lambda key: (of.keys[key], key), default=None)
    name = (
        given or _known_name(known, aliases) or _fullest(kind, aliases) or max(of.names, key=lambda n: (of.names[n], n))
    )
    place = _place(known)
    low = max(of.roles, key=lambda role: (of.roles[role].cables, role), default=None)
    return {
        "type": kind,
        "name": name,
        "role": None if low is None else of.roles[low].role,
        "country": max(of.countries, key=lambda code: (of.countries[code], code), default=None),
        "latitude": place[0],
        "longitude": place[1],
        "cables": of.cables,
        "mentions": sum(uses.mentions for uses in aliases.values()),
        "first_sent": of.first_sent,
        "last_sent": of.last_sent,
    }


def _fullest(kind: str, aliases: Mapping[str, Uses]) -> str | None:
    """The name to show: of a person the most used full one; of others the most used that is no acronym."""
    full = [name for name in aliases if (_is_full(name) if kind == "PER" else not name.isupper())]
    best = max(
        full or aliases, key=lambda name: (not _is_shouted(name), aliases[name].mentions, len(name), name), default=None
    )
    return best.title() if best and kind == "PER" and (best.isupper() or best.islower()) and len(best) > 3 else best


def _is_full(name: str) -> bool:
    """Whether a person's name has two parts beside particles."""
    return sum(not tables.is_particle(part) for part in re.split(r"[\s-]+", name)) > 1


def _known_name(key: str | None, aliases: Mapping[str, Uses]) -> str | None:
    """The name that the tables have for a key."""
    kind, _, of = (key or "").partition(":")
    if kind in {"country", "people"}:
        country = tables.country_of_code(of)
        return None if country is None else country.name if kind == "country" else next(iter(country.peoples), None)
    if kind == "post":
        post = tables.post(of)
        return post.name if post else None
    if kind == "place":
        return of.partition("/")[2] or of or None
    for name in sorted(aliases, key=lambda name: -aliases[name].mentions)[:8] if key else ():
        known = tables.organization(name, country=of.rpartition(":")[2] or None)
        if known and known.key == key:
            return known.name
    return None


def _place(key: str | None) -> tuple[float | None, float | None]:
    """Degrees of latitude and longitude of what the tables place."""
    kind, _, of = (key or "").partition(":")
    found: Any = None
    if kind == "country":
        found = tables.country_of_code(of)
    elif kind == "place":
        code, _, name = of.partition("/")
        found = tables.place(name or code, country=code if name else None)
    elif kind == "post":
        found = tables.post(of)
    return (found.latitude, found.longitude) if found else (None, None)


def _name_keys(connection: sqlite3.Connection) -> None:
    """Give entities that are new their keys, the most frequent first, so that it has the name without a number."""
    query = "SELECT id, name FROM entities WHERE key LIKE 'new %' ORDER BY cables DESC, mentions DESC, name, id"
    for id_, name in connection.execute(query).fetchall():
        connection.execute("UPDATE entities SET key = ? WHERE id = ?", (_unused_key(connection, slug(name)), id_))


def _unused_key(connection: sqlite3.Connection, key: str) -> str:
    """The key, with a number where it is or was another entity's."""
    query = "SELECT 1 FROM entities WHERE key = ? UNION SELECT 1 FROM former_keys WHERE key = ?"
    return next(free for free in numbered(key) if not connection.execute(query, (free, free)).fetchone())


def numbered(key: str) -> Iterator[str]:
    """The keys that an entity may have, the first that is free: "ali-reza", "ali-reza-2" and so on."""
    return chain([key], (f"{key}-{number}" for number in count(2)))
