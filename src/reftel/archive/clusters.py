"""Which entities of cables are one: what is being put together stands in tables of its own until it is linked.

The tables are temporary and the statements are about all rows at once, so memory does not grow with the archive. Every
function that writes expects an open transaction (`store.transaction`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.archive.linking import by_ids

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

# `taken`: entities of cables that are to be linked anew. `clusters`: the cluster of each, named by its smallest member.
# `heirs`: the entity that a cluster is. `moved`: what is linked otherwise than it was.
_TABLES = """
    DROP TABLE IF EXISTS temp.taken;
    DROP TABLE IF EXISTS temp.clusters;
    DROP TABLE IF EXISTS temp.heirs;
    DROP TABLE IF EXISTS temp.moved;
    CREATE TEMP TABLE taken (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE clusters (id INTEGER PRIMARY KEY, root INTEGER NOT NULL);
    CREATE TEMP TABLE heirs (root INTEGER PRIMARY KEY, entity_id INTEGER NOT NULL UNIQUE);
    CREATE TEMP TABLE moved (id INTEGER PRIMARY KEY, was INTEGER, entity_id INTEGER NOT NULL);
"""
# What is taken is mostly a few rows, of which SQLite has no statistics: CROSS JOIN and scalar subqueries keep it from
# scanning the other table.
_FELLOWS = (
    "SELECT ce.id FROM (SELECT DISTINCT (SELECT own.entity_id FROM cable_entities own WHERE own.id = taken.id)"
    " AS entity_id FROM taken) held CROSS JOIN cable_entities ce ON ce.entity_id = held.entity_id"
    " EXCEPT SELECT id FROM taken"
)
_SHARES = (
    "SELECT root, (SELECT ce.entity_id FROM cable_entities ce WHERE ce.id = clusters.id) AS was FROM clusters"
    " GROUP BY root, was HAVING was IS NOT NULL ORDER BY count(*) DESC, was, root"
)
_NEW_HEIRS = (
    "INSERT INTO heirs SELECT root, ? + row_number() OVER (ORDER BY root) FROM"
    " (SELECT DISTINCT root FROM clusters WHERE root NOT IN (SELECT root FROM heirs))"
)
_NEW_ENTITIES = (
    "INSERT INTO entities (id, key, type, name, cables, mentions)"
    " SELECT entity_id, 'new ' || entity_id, '', '', 0, 0 FROM heirs WHERE entity_id > ? ORDER BY entity_id"
)
_MOVES = (
    "INSERT INTO moved SELECT id, ce.entity_id, heirs.entity_id FROM clusters CROSS JOIN heirs USING (root)"
    " CROSS JOIN cable_entities ce USING (id) WHERE ce.entity_id IS NOT heirs.entity_id"
)
_LINK = "UPDATE cable_entities SET entity_id = moved.entity_id FROM moved WHERE moved.id = cable_entities.id"
_CHANGED = "SELECT entity_id FROM moved UNION SELECT was FROM moved WHERE was IS NOT NULL ORDER BY 1"
# Of those that took members of an ended entity, the one that took most.
_ENDED = (
    "SELECT was, entity_id FROM moved WHERE was IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cable_entities ce"
    " WHERE ce.entity_id = moved.was) GROUP BY was, entity_id ORDER BY was, count(*), entity_id DESC"
)


def begin(connection: sqlite3.Connection) -> None:
    """Nothing is taken yet."""
    for statement in filter(str.strip, _TABLES.split(";")):
        connection.execute(statement)


def take(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Have entities of cables linked anew."""
    connection.executemany("INSERT OR IGNORE INTO taken VALUES (?)", [(id_,) for id_ in ids])


def taken_of(connection: sqlite3.Connection, ids: Iterable[int]) -> set[int]:
    """Those of some entities of cables that are taken."""
    return {id_ for (id_,) in by_ids(connection, "SELECT id FROM taken WHERE id IN ({})", ids)}


def fellows(connection: sqlite3.Connection) -> list[int]:
    """What is linked now to an entity of the archive of which something is taken, and is not taken itself."""
    return [id_ for (id_,) in connection.execute(_FELLOWS)]


def link(connection: sqlite3.Connection, root_of: Callable[[int], int], *, kept: Iterable[int] = ()) -> list[int]:
    """Link what is taken to entities of the archive; returns the ids of those that are not what they were.

    `root_of` gives the smallest id of the cluster of an entity of a cable. An entity goes on, under its id and key, as
    the cluster that has most of its members; the others are new. One that has none left is gone, and its key leads to
    where most of its members went. `kept` are entities that no cluster goes on as: those that the tables know by a key,
    whose members are linked by it.
    """
    taken = (id_ for (id_,) in connection.execute("SELECT id FROM taken ORDER BY id"))
    connection.executemany("INSERT INTO clusters VALUES (?, ?)", ((id_, root_of(id_)) for id_ in taken))
    _put_heirs(connection, kept)
    connection.execute(_MOVES)
    connection.execute(_LINK)
    _follow(connection)
    return [id_ for (id_,) in connection.execute(_CHANGED)]


def _put_heirs(connection: sqlite3.Connection, kept: Iterable[int]) -> None:
    """Say which entity each cluster is."""
    heirs: dict[int, int] = {}
    given = set(kept)
    for root, entity in connection.execute(_SHARES):
        if root not in heirs and entity not in given:
            heirs[root] = entity
            given.add(entity)
    connection.executemany("INSERT INTO heirs VALUES (?, ?)", heirs.items())
    last = connection.execute("SELECT ifnull(max(id), 0) FROM entities").fetchone()[0]
    connection.execute(_NEW_HEIRS, (last,))
    connection.execute(_NEW_ENTITIES, (last,))


def _follow(connection: sqlite3.Connection) -> None:
    """Let the keys of entities that end lead to the entity that took most of their members."""
    heirs: dict[int, Any] = dict(map(tuple, connection.execute(_ENDED)))  # the last of each is the one that took most
    for ended, heir in heirs.items():
        connection.execute("UPDATE former_keys SET entity_id = ? WHERE entity_id = ?", (heir, ended))
        connection.execute(
            "INSERT OR REPLACE INTO former_keys SELECT key, ? FROM entities WHERE id = ? AND name <> ''", (heir, ended)
        )
