"""What links entities of cables to entities of the archive: rows to compare, their blocks, and the outcome.

Every function that writes expects an open transaction (`store.transaction`). Which blocks an entity of a cable is in,
and who is who, is decided by `reftel.resolve`; here it is read and written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from reftel import tables
from reftel.archive.rows import from_list

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

Row = dict[str, Any]

NO_BLOCK = ""
_KEYED = "="
_CHUNK = 500  # ids in one query
_CABLES = 200  # read together, and their names put into blocks together
_ROWS = 20_000  # held at a time, but for a block that has more
_SIZES = "SELECT block, count(*) FROM blocks"
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60
_ROW_IN = (
    "SELECT {} AS block, ce.id, ce.cable_id, ce.type, ce.name, ce.aliases, ce.role, ce.country, ce.key, ce.entity_id,"
    " c.post, c.post_code, c.sent FROM cable_entities ce JOIN cables c ON c.id = ce.cable_id"
)


def fresh_rows(connection: sqlite3.Connection, cables: Sequence[int]) -> Iterator[list[Row]]:
    """The entities of these cables that were never put into blocks, some cables at a time."""
    fresh = (
        " AND ce.entity_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.cable_entity_id = ce.id) ORDER BY ce.id"
    )
    for at in range(0, len(cables), _CABLES):
        part = cables[at : at + _CABLES]
        dress = _Dresser(connection)
        dress.load(part)
        yield dress.rows(_in_chunk(connection, _ROW_IN.format("NULL"), "ce.cable_id", part, order=fresh))


def last_id(connection: sqlite3.Connection) -> int:
    """The largest id of an entity of a cable; 0 where there is none."""
    return int(connection.execute("SELECT ifnull(max(id), 0) FROM cable_entities").fetchone()[0])


def fresh_cables(connection: sqlite3.Connection) -> list[int]:
    """The cables that have entities which were never put into blocks, in order."""
    query = (
        "SELECT DISTINCT ce.cable_id FROM cable_entities ce WHERE ce.entity_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.cable_entity_id = ce.id) ORDER BY 1"
    )
    return [id_ for (id_,) in connection.execute(query)]


def put_blocks(connection: sqlite3.Connection, placed: Iterable[tuple[str, int]]) -> None:
    """Say in which blocks entities of cables are compared; those blocks are to be compared anew."""
    listed = sorted(placed)
    named = {block for block, _ in listed if block != NO_BLOCK}
    connection.executemany("INSERT OR IGNORE INTO touched_blocks VALUES (?)", [(block,) for block in sorted(named)])
    connection.executemany(
        "INSERT OR IGNORE INTO blocks VALUES (?, ?)", [pair for pair in listed if not pair[0].startswith(_KEYED)]
    )


def unblock(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take entities of cables out of their blocks, to be put into blocks anew, as if their cable were new."""
    for id_ in ids:
        connection.execute(
            "INSERT OR IGNORE INTO touched_blocks SELECT block FROM blocks WHERE cable_entity_id = ? AND block <> ''",
            (id_,),
        )
        touch_entities(connection, entity_ids(connection, [id_]))
        connection.execute("DELETE FROM blocks WHERE cable_entity_id = ?", (id_,))
        connection.execute("UPDATE cable_entities SET entity_id = NULL WHERE id = ?", (id_,))


def touch(connection: sqlite3.Connection, block: str) -> None:
    """Have a block compared anew."""
    if block != NO_BLOCK:
        connection.execute("INSERT OR IGNORE INTO touched_blocks VALUES (?)", (block,))


def touch_entities(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Have the counts of entities made anew."""
    connection.executemany("INSERT OR IGNORE INTO touched_entities VALUES (?)", [(id_,) for id_ in ids])


def touched_blocks(connection: sqlite3.Connection) -> list[str]:
    """The blocks to compare anew, in order; those of keys begin with "="."""
    return [block for (block,) in connection.execute("SELECT block FROM touched_blocks ORDER BY block")]


def touched_entities(connection: sqlite3.Connection) -> list[int]:
    """The entities whose counts are to be made anew, in order."""
    return [id_ for (id_,) in connection.execute("SELECT entity_id FROM touched_entities ORDER BY entity_id")]


def untouch(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Leave the counts of entities as they are."""
    connection.executemany("DELETE FROM touched_entities WHERE entity_id = ?", [(id_,) for id_ in ids])


def uses_of_cable(connection: sqlite3.Connection, cable_id: int) -> dict[int, list[tuple[Any, ...]]]:
    """For each entity of the archive that a cable names, all that its row rests on in this cable."""
    query = (
        "SELECT ce.entity_id, ce.id, ce.type, ce.name, ce.role, ce.country, ce.key, m.text FROM cable_entities ce"
        " LEFT JOIN mentions m ON m.cable_entity_id = ce.id WHERE ce.cable_id = ? AND ce.entity_id IS NOT NULL"
    )
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for entity, *use in connection.execute(query, (cable_id,)):
        found[entity].append(tuple(use))
    return {entity: sorted(uses, key=repr) for entity, uses in found.items()}


def forget_touched(connection: sqlite3.Connection) -> None:
    """Nothing is to be done anew."""
    connection.execute("DELETE FROM touched_blocks")
    connection.execute("DELETE FROM touched_entities")


def touch_company(connection: sqlite3.Connection, cable_id: int) -> None:
    """Have the persons of a cable compared anew, since whom they appear with has changed."""
    connection.execute(
        "INSERT OR IGNORE INTO touched_blocks SELECT b.block FROM cable_entities ce JOIN blocks b"
        " ON b.cable_entity_id = ce.id WHERE ce.cable_id = ? AND ce.type = 'PER' AND b.block <> ''",
        (cable_id,),
    )


def every_key(connection: sqlite3.Connection) -> list[str]:
    """Every key by which the tables know an entity of a cable, in order."""
    query = "SELECT DISTINCT key FROM cable_entities WHERE key IS NOT NULL ORDER BY key"
    return [key for (key,) in connection.execute(query)]


def keys_of(connection: sqlite3.Connection, ids: Iterable[int]) -> set[str]:
    """The keys by which the tables know these entities of cables."""
    found = by_ids(connection, "SELECT DISTINCT key FROM cable_entities WHERE id IN ({}) AND key IS NOT NULL", ids)
    return {key for (key,) in found}


def entities_of_keys(connection: sqlite3.Connection, keys: Iterable[str]) -> set[int]:
    """The entities of the archive that have one of these keys now."""
    query = "SELECT id FROM entities WHERE key = ?"
    return {row[0] for key in keys if (row := connection.execute(query, (key,)).fetchone())}


def every_block(connection: sqlite3.Connection) -> list[str]:
    """Every block but those of keys, in order."""
    return [
        block for (block,) in connection.execute("SELECT DISTINCT block FROM blocks WHERE block <> '' ORDER BY block")
    ]


def rows_of_blocks(connection: sqlite3.Connection, blocks: Sequence[str]) -> Iterator[tuple[str, list[Row]]]:
    """Each block with the entities of cables that are in it, in the order of the blocks and of the ids.

    Blocks are read together up to some number of rows, so memory is bounded by the largest of them, and by the names of
    the persons of each cable, which are read once.
    """
    dress = _Dresser(connection)
    for part in _portions(connection, blocks):
        keys = [block[len(_KEYED) :] for block in part if block.startswith(_KEYED)]
        found = [
            *_in_chunk(
                connection, f"{_ROW_IN.format('b.block')} JOIN blocks b ON b.cable_entity_id = ce.id", "b.block", part
            ),
            *_in_chunk(connection, _ROW_IN.format("'=' || ce.key"), "ce.key", keys),
        ]
        held: defaultdict[str, list[Any]] = defaultdict(list)
        for row in found:
            held[row["block"]].append(row)
        several = {row["cable_id"] for rows in held.values() if len(rows) > 1 for row in rows if row["type"] == "PER"}
        dress.load(several)
        yield from ((block, dress.rows(held[block])) for block in part if block in held)


def _portions(connection: sqlite3.Connection, blocks: Sequence[str]) -> Iterator[list[str]]:
    """The blocks in lists that have so many rows together, or are of one block; a key's block counts as one row."""
    portion: list[str] = []
    held = 0
    for at in range(0, len(blocks), _CHUNK):
        part = blocks[at : at + _CHUNK]
        sizes = dict(map(tuple, _in_chunk(connection, _SIZES, "block", part, order="GROUP BY block")))
        for block in part:
            size = sizes.get(block, 1)
            if portion and (held + size > _ROWS or len(portion) == _CHUNK):
                yield portion
                portion, held = [], 0
            portion.append(block)
            held += size
    if portion:
        yield portion


def _in_chunk(
    connection: sqlite3.Connection,
    select: str,
    column: str,
    values: Sequence[str] | Sequence[int],
    *,
    order: str = "ORDER BY ce.id",
) -> list[Any]:
    marks = ",".join("?" * len(values))
    return connection.execute(f"{select} WHERE {column} IN ({marks}) {order}", values).fetchall() if values else []


def blocks_of(connection: sqlite3.Connection, ids: Iterable[int]) -> list[str]:
    """The blocks that entities of cables are in, in order."""
    found = by_ids(connection, "SELECT block FROM blocks WHERE cable_entity_id IN ({}) AND block <> ''", ids)
    keyed = by_ids(connection, "SELECT '=' || key FROM cable_entities WHERE id IN ({}) AND key IS NOT NULL", ids)
    return sorted({block for (block,) in [*found, *keyed]})


def entity_ids(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """The entities of the archive that entities of cables are linked to now."""
    found = by_ids(
        connection, "SELECT DISTINCT entity_id FROM cable_entities WHERE id IN ({}) AND entity_id IS NOT NULL", ids
    )
    return sorted({id_ for (id_,) in found})


def link_keyed(connection: sqlite3.Connection, keys: Iterable[str]) -> list[int]:
    """Link every entity of a cable that the tables know by one of these keys to that key's entity; returns these."""
    linked = []
    for key in keys:
        known = connection.execute("SELECT id FROM entities WHERE key = ?", (key,)).fetchone()
        entity = known[0] if known else _new_entity(connection, key)
        done = connection.execute(
            "UPDATE cable_entities SET entity_id = ? WHERE key = ? AND entity_id IS NOT ?", (entity, key, entity)
        )
        if done.rowcount or not known:
            linked.append(entity)
    return linked


def put_links(connection: sqlite3.Connection, links: Iterable[tuple[int, int, float, str]]) -> None:
    """Write why entities of cables are one; a pair has its latest reason."""
    connection.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", links)


def clear_links(connection: sqlite3.Connection, ids: Iterable[int] | None = None) -> None:
    """Forget why these entities of cables were one; all of them without ids."""
    if ids is None:
        connection.execute("DELETE FROM links")
        return
    listed = [(id_,) for id_ in ids]
    connection.executemany("DELETE FROM links WHERE cable_entity_id = ?", listed)
    connection.executemany("DELETE FROM links WHERE other_id = ?", listed)


def aliases_of_block(connection: sqlite3.Connection, block: str) -> list[tuple[int, str]]:
    """The entities of the archive that have members in a block, with each of their names."""
    query = (
        "SELECT entity_id, name FROM aliases WHERE entity_id IN (SELECT ce.entity_id FROM blocks b"
        " JOIN cable_entities ce ON ce.id = b.cable_entity_id WHERE b.block = ?) ORDER BY 1, 2"
    )
    return [(row[0], row[1]) for row in connection.execute(query, (block,))]


def slug(name: str) -> str:
    """A name as a key: "mowafaq-al-rubaie"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_SLUG.sub("-", letters).strip("-")[:_LONGEST_SLUG].strip("-") or "unnamed"


def _new_entity(connection: sqlite3.Connection, key: str | None = None) -> int:
    """A new entity's id; its name, key and counts follow from its members (`reftel.archive.describing`)."""
    number = 1 + (connection.execute("SELECT max(id) FROM entities").fetchone()[0] or 0)
    connection.execute(
        "INSERT INTO entities (id, key, type, name, cables, mentions) VALUES (?, ?, '', '', 0, 0)",
        (number, key or f"new {number}"),
    )
    return int(number)


def by_ids(connection: sqlite3.Connection, query: str, ids: Iterable[int]) -> Iterator[Any]:
    """The rows of a query whose {} takes ids, a few hundred at a time, as they come."""
    listed = sorted(set(ids))
    for at in range(0, len(listed), _CHUNK):
        part = listed[at : at + _CHUNK]
        yield from connection.execute(query.format(",".join("?" * len(part))), part)


class _Dresser:
    """Makes rows of some cables dictionaries with all that is compared."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._company: dict[int, tuple[str, ...]] = {}
        self._of_post: dict[int, Row] = {}

    def load(self, cables: Iterable[int]) -> None:
        """Have ready whom these cables name together, and who signed them."""
        missing = set(cables) - self._company.keys()
        if missing:
            self._company |= dict.fromkeys(missing, ())
            self._company |= _company(self._connection, missing)
            self._of_post |= _of_post(self._connection, missing)

    def rows(self, found: Iterable[Any]) -> list[Row]:
        """The rows with aliases as a tuple, home, year and company, and what a signature tells."""
        return [self._row(dict(row)) for row in found]

    def _row(self, row: Row) -> Row:
        row["aliases"] = from_list(row["aliases"])
        row["home"] = home(row["post"], row["post_code"])
        row["year"] = int(row["sent"][:4]) if row["sent"] else None
        row["company"] = self._company.get(row["cable_id"], ()) if row["type"] == "PER" else ()
        return row | self._of_post.get(row["id"], {})


@lru_cache(maxsize=2048)
def home(post: str | None, code: str | None) -> str | None:
    """The code of the country that a post stands in; None for the Department."""
    known = (tables.post_named(post) if post else None) or (tables.post(code) if code else None)
    return known.country_code if known and known.kind != "department" else None


def _company(connection: sqlite3.Connection, cables: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of the persons of each cable."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    query = "SELECT cable_id, name FROM cable_entities WHERE cable_id IN ({}) AND type = 'PER'"
    for cable_id, name in by_ids(connection, query, cables):
        names[cable_id].append(intern(name))
    return {cable_id: tuple(found) for cable_id, found in names.items()}


def _of_post(connection: sqlite3.Connection, cables: Iterable[int]) -> dict[int, Row]:
    """For the entity of a cable that signed or classified it, what that tells."""
    query = (
        "SELECT s.cable_entity_id, s.officer_id AS officer, o.name AS officer_name, s.role AS signed"
        " FROM cable_entities ce JOIN signers s ON s.cable_entity_id = ce.id"
        " LEFT JOIN officers o ON o.id = s.officer_id WHERE ce.cable_id IN ({})"
    )
    return {row["cable_entity_id"]: {**dict(row), "of_post": True} for row in by_ids(connection, query, cables)}
