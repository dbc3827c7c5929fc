"""Entities as a search names them: by key, by id, or by any of their names; and the cables that mention them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.archive.rows import from_list

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from reftel.archive.postings import Mask
    from reftel.archive.reader import Reader

_BITS = 32  # of an entity's id, beside its cable's
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
            f"SELECT DISTINCT {_COLUMNS} FROM aliases JOIN entities ON entities.id = entity_id"  # noqa: S608  # same
            " WHERE aliases.name = ? COLLATE NOCASE ORDER BY entities.cables DESC, entities.id"
        )
        found = connection.execute(by_name, (written,)).fetchall()
    return [NamedEntity(*row) for row in found]


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
    if not reader.clearance.is_full:
        counted = Counter(_shown_entities(reader, cables))
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    hidden = ", ".join(map(str, sorted(_protected_entities(reader, cables))))
    listed = ", ".join(map(str, cables))
    row = reader.connection.execute(
        "SELECT group_concat(cable_id), group_concat(entity_id) FROM cable_entities"  # noqa: S608  # numbers
        f" WHERE cable_id IN ({listed}) AND id NOT IN ({hidden}) AND entity_id IS NOT NULL"
    ).fetchone()
    pairs, _ = _runs(_numbers(row[0]) << _BITS | _numbers(row[1]))  # an entity counts once in a cable
    entities, counts = _runs(pairs & (1 << _BITS) - 1)
    best = np.argsort(-counts, kind="stable")[:most]
    return list(zip(entities[best].tolist(), counts[best].tolist(), strict=True))


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
    doubtful = mask & _partly_seen(reader, persons=entity.type == "PER")
    shown = _cables_showing(reader, entity, np.flatnonzero(doubtful).tolist())
    mask[doubtful] = False
    mask[shown] = True
    return mask


def _cables_showing(reader: Reader, entity: NamedEntity, cables: Sequence[int]) -> list[int]:
    """Those of the cables in which the reader sees a mention of the entity."""
    hidden = _protected_forms(reader, entity, cables)
    seen = "own.cable_id, own.id FROM cable_entities AS own"
    if not reader.clearance.is_full:
        seen = (
            "own.cable_id, own.id, level, controls FROM cable_entities AS own"
            " JOIN mentions ON cable_entity_id = own.id JOIN units ON units.id = unit_id"
        )
    listed = ", ".join(map(str, cables))
    query = f"SELECT {seen} WHERE entity_id = ? AND own.cable_id IN ({listed})"
    may = reader.clearance.allows
    rows = [row for row in reader.connection.execute(query, (entity.id,)) if row[1] not in hidden]
    return sorted({row[0] for row in rows if len(row) == 2 or may(row[2], from_list(row[3]))})


def _protected_forms(reader: Reader, entity: NamedEntity, cables: Sequence[int]) -> set[int]:
    """The ids that the entity has in those cables that protect its name."""
    if reader.clearance.protected or entity.type != "PER":
        return set()
    protecting = reader.snapshot.protects(reader.connection)
    listed = ", ".join(str(cable) for cable in cables if protecting[cable])
    rows = reader.connection.execute(
        "SELECT DISTINCT own.id FROM cable_entities AS own JOIN mentions ON cable_entity_id = own.id"  # noqa: S608  # same
        " JOIN protected ON protected.unit_id = mentions.unit_id"
        " AND mentions.start < protected.end AND protected.start < mentions.end"
        f" WHERE entity_id = ? AND own.cable_id IN ({listed})",
        (entity.id,),
    )
    return {row[0] for row in rows}


def _partly_seen(reader: Reader, *, persons: bool) -> Mask:
    """The cables of which the reader does not see every unit, or every person's name."""
    mask = np.zeros(reader.snapshot.size, np.bool_)
    if not reader.clearance.is_full:
        mask |= reader.snapshot.hidden_from(reader.connection, reader.view)
    if persons and not reader.clearance.protected:
        mask |= reader.snapshot.protects(reader.connection)
    return mask


def _shown_entities(reader: Reader, cables: Sequence[int]) -> list[int]:
    """The ids of the entities that the reader can see a mention of in these cables, once for each cable."""
    listed = ", ".join(map(str, cables))
    rows = reader.connection.execute(
        "SELECT DISTINCT own.cable_id, entity_id, level, controls, own.id FROM cable_entities AS own"  # noqa: S608  # numbers
        " JOIN mentions ON cable_entity_id = own.id JOIN units ON units.id = unit_id"
        f" WHERE own.cable_id IN ({listed}) AND entity_id IS NOT NULL"  # numbers
    )
    hidden = _protected_entities(reader, cables)
    may = reader.clearance.allows
    seen = {(r[0], r[1]) for r in rows if r[4] not in hidden and may(r[2], from_list(r[3]))}
    return [entity for _, entity in sorted(seen)]


def _protected_entities(reader: Reader, cables: Sequence[int]) -> set[int]:
    """The ids, within their cables, of the persons whose names are protected there."""
    if reader.clearance.protected:
        return set()
    protecting = reader.snapshot.protects(reader.connection)
    listed = ", ".join(str(cable) for cable in cables if protecting[cable])
    rows = reader.connection.execute(
        "SELECT DISTINCT cable_entity_id FROM protected JOIN units ON units.id = protected.unit_id"  # noqa: S608  # same
        " JOIN mentions ON mentions.unit_id = protected.unit_id AND mentions.start < protected.end"
        f" AND protected.start < mentions.end WHERE cable_id IN ({listed}) AND mentions.type = 'PER'"
    )
    return {row[0] for row in rows}
