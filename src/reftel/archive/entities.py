"""Entities as a search names them: by key, by id, or by any of their names; and the cables that mention them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.archive.remembered import remembered
from reftel.archive.told import called, fully_counted, known_as, only_masked, sees_all, short, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from reftel.archive.postings import Mask
    from reftel.archive.reader import Reader
    from reftel.archive.sight import Sight

_BITS = 32  # of a cable's id, behind its entity's
_COLUMNS = "entities.id, entities.key, entities.type, entities.name, entities.cables"


class NamedEntity(NamedTuple):
    """An entity of the archive; `cables` is how many mention it, whoever may read them."""

    id: int
    key: str
    type: str
    name: str
    cables: int


def entities_named(connection: sqlite3.Connection, written: str) -> list[NamedEntity]:
    """The entity with this key (or a key it had before a merge) or id, or all of this name, the most frequent first."""
    number = int(written) if written.isdecimal() and len(written) < 16 else -1
    by_key = (
        f"SELECT {_COLUMNS} FROM entities WHERE key = ?1 OR id = ?2"  # noqa: S608  # our own names
        " OR id = (SELECT entity_id FROM former_keys WHERE former_keys.key = ?1)"
    )
    found = connection.execute(by_key, (written, number)).fetchall()
    if not found:
        by_name = (
            f"SELECT {_COLUMNS} FROM entities WHERE id IN (SELECT entity_id FROM aliases"  # noqa: S608  # same
            " WHERE name = ?1 COLLATE NOCASE UNION SELECT id FROM entities WHERE name = ?1)"  # a list's, or given
            " ORDER BY cables DESC, id"
        )
        found = connection.execute(by_name, (written,)).fetchall()
    return [NamedEntity(*row) for row in found]


def entities_known(connection: sqlite3.Connection, sight: Sight, written: str) -> list[NamedEntity]:
    """The same as far as a reader is told of them: by the keys and names that he sees, and with those."""
    if sight.is_full:
        found = entities_named(connection, written)
        if sight.protected or (found and all(sees_all(connection, sight, each.id) for each in found)):
            return found
    view = known_as(connection, sight, written)
    views = [
        fully_counted(connection, sight, each) for each in ([view] if view else called(connection, sight, written))
    ]
    return [NamedEntity(each.id, each.key, each.type, each.name, each.cables) for each in views]


def names_known(connection: sqlite3.Connection, sight: Sight, entities: Sequence[NamedEntity]) -> list[str]:
    """All names of these entities that the reader sees."""
    if sight.sees_all:
        return names_of(connection, entities)
    views = [view for each in entities if (view := told(connection, sight, each.id))]
    return sorted({name for view in views for name, _ in view.names})


def names_near(connection: sqlite3.Connection, sight: Sight, written: str) -> list[str]:
    """Up to three names of entities that begin so and that the reader sees."""
    near = entity_suggestions(connection, written)
    return near if sight.sees_all else [name for name in near if entities_known(connection, sight, name)]


def names_of(connection: sqlite3.Connection, entities: Iterable[NamedEntity]) -> list[str]:
    """All names of these entities."""
    listed = ", ".join(str(entity.id) for entity in entities)
    rows = connection.execute(
        f"SELECT DISTINCT name FROM aliases WHERE entity_id IN ({listed}) ORDER BY name"  # noqa: S608  # numbers
    )
    return [name for (name,) in rows]


def entity_suggestions(connection: sqlite3.Connection, written: str) -> list[str]:
    """Up to three names of entities that begin so."""
    rows = connection.execute(
        "SELECT aliases.name FROM aliases WHERE name >= ?1 COLLATE NOCASE AND name < ?1 || char(1114111) COLLATE NOCASE"
        " GROUP BY name COLLATE NOCASE ORDER BY sum(cables) DESC LIMIT 3",
        (written,),
    )
    return [row[0] for row in rows]


def entity_mask(reader: Reader, entities: Iterable[NamedEntity]) -> Mask:
    """The cables in which the reader can see a mention of any of these entities."""
    mask = np.zeros(reader.snapshot.size, np.bool_)
    for entity in entities:
        query = "SELECT group_concat(cable_id) FROM cable_entities WHERE entity_id = ?"
        own = np.zeros_like(mask)
        own[_numbers(reader.connection.execute(query, (entity.id,)).fetchone()[0])] = True
        mask |= _seen(reader, entity, own)
    return mask


def frequent_entities(reader: Reader, cables: Sequence[int], most: int) -> list[tuple[int, int]]:
    """The entities (their ids) that most of these cables mention where the reader sees it, each with their number."""
    entities, counts = _runs(entities_in(reader.connection, reader.sight, cables)[0])
    best = np.argsort(-counts, kind="stable")[:most]
    return list(zip(entities[best].tolist(), counts[best].tolist(), strict=True))


def entities_in(
    connection: sqlite3.Connection, sight: Sight, cables: Sequence[int], *, which: str = "1"
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Who is in these cables, as far as a reader is told: ids of entities and of cables, each pair once, in order.

    `which` is a condition of SQL on rows of cable_entities.
    """
    listed = ", ".join(map(str, cables))
    told = sight.entity() if cables else "0"
    row = connection.execute(
        "SELECT group_concat(entity_id), group_concat(cable_id) FROM cable_entities"  # noqa: S608  # numbers, our own names
        f" WHERE cable_id IN ({listed}) AND entity_id IS NOT NULL AND {which} AND {told}"
    ).fetchone()
    pairs, _ = _runs(_numbers(row[0]) << _BITS | _numbers(row[1]))  # an entity counts once in a cable
    return pairs >> _BITS, pairs & (1 << _BITS) - 1


def named_shares(reader: Reader, counted: Sequence[tuple[int, int]]) -> list[tuple[str, str, int]]:
    """Entities with their numbers as key, name and number; for who is not told its key, by its id."""
    views = [(short(reader.connection, reader.sight, entity), number) for entity, number in counted]
    return [(view.key, view.name, number) for view, number in views if view]


def _runs(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different numbers in order, and how often each is there: np.unique, three times as fast on few."""
    ordered = np.sort(numbers)
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[first], np.diff(first, append=len(ordered))


def _numbers(listed: str | None) -> NDArray[np.int64]:
    """The numbers of a group_concat, which is faster than as many rows."""
    return np.fromstring(listed or "", np.int64, sep=",")


def _seen(reader: Reader, entity: NamedEntity, mask: Mask) -> Mask:
    """Without the cables that have it only where the reader may not look: in other units, or as a protected name."""
    mask &= reader.view.visible
    if reader.sight.sees_all:
        return mask
    if reader.clearance.is_full:
        mask[list(only_masked(reader.connection, reader.sight, entity.id))] = False
        return mask
    told = np.zeros_like(mask)
    told[remembered(reader.connection, ("seen", reader.sight, entity.id), partial(_seen_in, reader, entity.id))] = True
    return mask & told


def _seen_in(reader: Reader, entity_id: int) -> NDArray[np.int32]:
    """The cables in which the reader sees a mention of it."""
    query = f"SELECT group_concat(cable_id) FROM cable_entities WHERE entity_id = ? AND {reader.sight.entity()}"  # noqa: S608  # ours
    return _numbers(reader.connection.execute(query, (entity_id,)).fetchone()[0]).astype(np.int32)
