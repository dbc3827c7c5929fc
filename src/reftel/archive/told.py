"""Entities of the archive as one reader sees them: with the names, counts and cables of what may be seen, and no more.

For who sees everything these are the archive's own; for others they are made from the mentions that they see. A key
tells a name: where that is not among those names, the entity is addressed by its id, `~12`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.describing import best_case, plain_name
from reftel.archive.linking import slug
from reftel.archive.remembered import remembered

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

    from reftel.archive.sight import Sight

MARK = "~"
_READ = 5_000  # mentions read, at most, to tell an entity's names
_LONGEST_ID = 15  # digits
_BEARERS = 20  # entities of one name that are looked at


@dataclass(frozen=True, slots=True)
class Told:
    """An entity as the reader sees it. `names` are how it is written, the most frequent first, with counts.

    `is_sample` says that not all of its mentions that the reader sees were read: the numbers are at least so high.
    """

    id: int
    key: str
    type: str
    name: str
    role: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    cables: int
    mentions: int
    first_sent: str | None
    last_sent: str | None
    names: tuple[tuple[str, int], ...]
    is_sample: bool = False


class _Seen(NamedTuple):
    """What is seen of an entity: its names with counts, the most frequent first; in how many cables, and when."""

    names: tuple[tuple[str, int], ...]
    cables: int
    first_sent: str | None
    last_sent: str | None
    is_sample: bool = False


class Named(NamedTuple):
    """The least that is told of an entity."""

    id: int
    key: str
    type: str
    name: str


class Brief(NamedTuple):
    """What is told of an entity in a list. `cables` is None where counting them for this reader would take long."""

    id: int
    key: str
    type: str
    name: str
    role: str | None
    latitude: float | None
    longitude: float | None
    cables: int | None


def told(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> Told | None:
    """The entity, None where the reader sees no mention of it, or there is none."""
    row = connection.execute("SELECT * FROM entities WHERE id = ?", (entity_id,)).fetchone()
    if row is None:
        return None
    if sees_all(connection, sight, entity_id):
        return _in_full(connection, row)
    tell = _but_for_masked if sight.is_full else _in_part
    return remembered(connection, ("told", sight, entity_id), lambda: tell(connection, sight, row))


def short(connection: sqlite3.Connection, sight: Sight, entity_id: int | None) -> Named | None:
    """Key, type and name as `told` tells them; cheaper, above all where the reader sees the name that is used most."""
    if entity_id is None:
        return None
    row = connection.execute("SELECT id, key, type, name FROM entities WHERE id = ?", (entity_id,)).fetchone()
    if row is None:
        return None
    if sees_all(connection, sight, entity_id):
        return Named(*row)
    return remembered(connection, ("short", sight, entity_id), lambda: _short_in_part(connection, sight, row))


def brief(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> Brief | None:
    """The entity as a list tells of it, None where the reader sees no mention of it, or there is none."""
    query = "SELECT id, key, type, name, role, latitude, longitude, cables FROM entities WHERE id = ?"
    row = connection.execute(query, (entity_id,)).fetchone()
    if row is None:
        return None
    if sees_all(connection, sight, entity_id):
        return Brief(*row)
    view = short(connection, sight, entity_id)
    if view is None:
        return None
    is_placed = ":" in view.key
    latitude, longitude = (row[name] if is_placed else None for name in ("latitude", "longitude"))
    return Brief(view.id, view.key, view.type, view.name, None, latitude, longitude, None)


def _short_in_part(connection: sqlite3.Connection, sight: Sight, row: sqlite3.Row) -> Named | None:
    if _sees_name(connection, sight, row) and key_told(connection, sight, row, (row["name"],)) == row["key"]:
        return Named(*row)
    view = told(connection, sight, row["id"])
    return Named(view.id, view.key, view.type, view.name) if view else None


def sees_all(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> bool:
    """Whether nothing of an entity is kept from the reader: no text, no name protected in some cable."""
    if not sight.is_full or sight.protected:
        return sight.is_full
    masked = "SELECT EXISTS (SELECT 1 FROM temp.masked WHERE entity_id = ?)"
    return not connection.execute(masked, (entity_id,)).fetchone()[0]


def known_as(connection: sqlite3.Connection, sight: Sight, written: str) -> Told | None:
    """The entity of this key, of one that it had before, of `~` and its id, or of its id alone.

    A key that tells a name that the reader does not see leads nowhere, as one that is not there.
    """
    found = _id_of(connection, written)
    view = told(connection, sight, found) if found is not None else None
    digits = written.removeprefix(MARK).isdecimal()
    if view is None or digits or written == view.key or sees_all(connection, sight, view.id):
        return view
    row = {"id": view.id, "key": written}
    return view if key_told(connection, sight, row, [name for name, _ in view.names]) == written else None


def called(connection: sqlite3.Connection, sight: Sight, written: str) -> list[Told]:
    """The entities that the reader sees under just this name, those in the most cables first."""
    rows = connection.execute(
        "SELECT DISTINCT entities.id FROM aliases JOIN entities ON entities.id = entity_id"
        " WHERE aliases.name = ? COLLATE NOCASE ORDER BY entities.cables DESC, entities.id LIMIT ?",
        (written, _BEARERS),
    )
    views = [view for row in rows.fetchall() if (view := told(connection, sight, row[0]))]
    wanted = _folded(written)
    bearers = [
        view
        for view in views
        if wanted in {_folded(view.name), *(_folded(name) for name, _ in view.names)}
        or (view.is_sample and _sees_name(connection, sight, {"id": view.id, "name": written}))
    ]
    return sorted(bearers, key=lambda view: -view.cables)


def key_told(connection: sqlite3.Connection, sight: Sight, row: Any, names: Iterable[str]) -> str:
    """The key of an entity where it tells no other name than these, else `~` and the id.

    A key of the tables is told where a cable shows the name that the tables know it by. `row` has `id` and `key`.
    """
    key: str = row["key"]
    if ":" in key:
        is_known = _sees_table_key(connection, sight, row["id"], key)
    else:
        known = {slug(name) for name in names}
        stem, _, number = key.rpartition("-")
        is_known = key in known or (number.isdecimal() and stem in known)
    return key if is_known else f"{MARK}{row['id']}"


def sees_any(connection: sqlite3.Connection, sight: Sight, entity_id: int, names: Collection[str]) -> bool:
    """Whether the reader sees the entity under one of these names, which are casefolded."""
    if sees_all(connection, sight, entity_id):
        return True
    view = told(connection, sight, entity_id)
    return view is not None and any(name.casefold() in names for name, _ in view.names)


def former_keys(connection: sqlite3.Connection, sight: Sight, view: Told) -> tuple[str, ...]:
    """The keys that the entity had before, those that tell a name that is not seen left out."""
    rows = connection.execute("SELECT key FROM former_keys WHERE entity_id = ? ORDER BY key", (view.id,)).fetchall()
    keys = tuple(key for (key,) in rows)
    if sees_all(connection, sight, view.id):
        return keys
    names = [name for name, _ in view.names]
    return tuple(key for key in keys if key_told(connection, sight, {"id": view.id, "key": key}, names) == key)


def members(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> list[int]:
    """The ids of the cables in which the reader sees it, the latest first."""
    rows = connection.execute(
        "SELECT DISTINCT cables.id FROM cable_entities AS own JOIN cables ON cables.id = own.cable_id"  # noqa: S608  # ours
        f" WHERE own.entity_id = ? AND {sight.entity('own')} ORDER BY cables.sent DESC, cables.id",
        (entity_id,),
    )
    return [row[0] for row in rows]


def some_members(connection: sqlite3.Connection, sight: Sight, entity_id: int, count: int) -> list[int]:
    """The ids of so many of them, those that came into the archive last."""
    rows = connection.execute(
        "SELECT DISTINCT own.cable_id FROM cable_entities AS own"  # noqa: S608  # our own names
        f" WHERE own.entity_id = ? AND {sight.entity('own')} ORDER BY own.cable_id DESC LIMIT ?",
        (entity_id, count),
    )
    return [row[0] for row in rows]


def only_masked(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> dict[int, str | None]:
    """The ids of the cables that have it as a protected name only, each with when it was sent."""
    rows = connection.execute(
        "SELECT DISTINCT cables.id, cables.sent FROM temp.masked JOIN cable_entities AS own ON own.id = masked.id"  # noqa: S608  # ours
        " JOIN cables ON cables.id = own.cable_id WHERE masked.entity_id = ? AND NOT EXISTS (SELECT 1"
        " FROM cable_entities AS other WHERE other.cable_id = cables.id AND +other.entity_id = own.entity_id"
        f" AND {sight.unmasked('other')})",
        (entity_id,),
    )
    return {cable: sent for cable, sent in rows}  # noqa: C416  # dict() takes rows for keys


def roles(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> list[dict[str, Any]]:
    """Its roles with the first and the last cable that gives it; only from cables that the reader sees whole."""
    if sees_all(connection, sight, entity_id):
        query = "SELECT role, cables, first_sent, last_sent FROM roles WHERE entity_id = ?"
    else:
        query = (
            "SELECT own.role, count(DISTINCT cables.id), min(cables.sent), max(cables.sent) FROM cable_entities AS own"  # noqa: S608  # ours
            " JOIN cables ON cables.id = own.cable_id WHERE own.entity_id = ? AND own.role IS NOT NULL"
            f" AND {sight.entity('own')} AND {sight.whole('own.cable_id')} GROUP BY own.role COLLATE NOCASE"
        )
    rows = connection.execute(query, (entity_id,)).fetchall()
    found = [{"role": r[0], "cables": r[1], "first": r[2], "last": r[3]} for r in rows]
    return sorted(found, key=lambda role: (-role["cables"], role["first"] or ""))


def _id_of(connection: sqlite3.Connection, written: str) -> int | None:
    digits = written.removeprefix(MARK)
    if digits.isdecimal() and len(digits) <= _LONGEST_ID:
        return int(digits)
    row = connection.execute(
        "SELECT id FROM entities WHERE key = ?1 UNION SELECT entity_id FROM former_keys WHERE key = ?1", (written,)
    ).fetchone()
    return int(row[0]) if row else None


def _in_full(connection: sqlite3.Connection, row: sqlite3.Row) -> Told:
    names = connection.execute(
        "SELECT name, mentions FROM aliases WHERE entity_id = ? ORDER BY mentions DESC, name", (row["id"],)
    )
    fields = {name: row[name] for name in row.keys()}  # noqa: SIM118  # a row's keys are its columns
    return Told(**fields, names=tuple((name, count) for name, count in names))


def _but_for_masked(connection: sqlite3.Connection, sight: Sight, row: sqlite3.Row) -> Told | None:
    """All that the archive has of it but for what is masked, which is little: that is taken off, the rest not read.

    Without a role, which may be one that a protecting cable gives.
    """
    masked = "SELECT id FROM temp.masked WHERE entity_id = ?"
    texts = connection.execute(f"SELECT text FROM mentions WHERE cable_entity_id IN ({masked})", (row["id"],))  # noqa: S608  # ours
    gone = Counter(plain_name(text).casefold() for (text,) in texts)
    left = ((name, count - gone[name.casefold()]) for name, count in _in_full(connection, row).names)
    names = tuple(sorted((pair for pair in left if pair[1] > 0), key=_by_use))
    if not names:
        return None
    lost = only_masked(connection, sight, row["id"])
    span = (row["first_sent"], row["last_sent"])
    if not set(span).isdisjoint(lost.values()):
        span = _counted(connection, sight, row["id"])[1:]
    knows = _folded(row["name"]) in {_folded(name) for name, _ in names}
    name = row["name"] if knows else names[0][0]
    seen = _Seen(names, row["cables"] - len(lost), *span)
    return _told(connection, sight, row, name, seen)


def fully_counted(connection: sqlite3.Connection, sight: Sight, view: Told) -> Told:
    """The entity with all its cables counted, where only some were, and with the first and last of them."""
    if not view.is_sample:
        return view
    counts = remembered(connection, ("counted", sight, view.id), lambda: _counted(connection, sight, view.id))
    return replace(view, cables=counts[0], first_sent=counts[1], last_sent=counts[2])


def _counted(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> tuple[int, str | None, str | None]:
    """In how many cables the reader sees it, and when the first and the last of them were sent."""
    query = (
        "SELECT count(DISTINCT cables.id), min(cables.sent), max(cables.sent) FROM cable_entities AS own"  # noqa: S608  # ours
        f" JOIN cables ON cables.id = own.cable_id WHERE own.entity_id = ? AND {sight.entity('own')}"
    )
    count, first, last = connection.execute(query, (entity_id,)).fetchone()
    return count, first, last


def _in_part(connection: sqlite3.Connection, sight: Sight, row: sqlite3.Row) -> Told | None:
    """Made from the mentions that the reader sees; without a role, which may be one that hidden text gives."""
    seen = connection.execute(
        "SELECT mentions.text, own.cable_id, cables.sent FROM cable_entities AS own"  # noqa: S608  # ours
        " JOIN mentions ON mentions.cable_entity_id = own.id JOIN units ON units.id = mentions.unit_id"
        " JOIN cables ON cables.id = own.cable_id"
        f" WHERE own.entity_id = ? AND {sight.unmasked('own')} AND {sight.units()} LIMIT ?",
        (row["id"], _READ),
    ).fetchall()
    if not seen:
        return None
    names = tuple(sorted(_spelt(text for text, _, _ in seen), key=_by_use))
    is_sample = len(seen) == _READ
    knows = _folded(row["name"]) in {_folded(name) for name, _ in names}
    if not knows and is_sample:
        knows = _sees_name(connection, sight, row)
    name = row["name"] if knows else names[0][0]
    sent = sorted(each[2] for each in seen if each[2])
    first, last = (sent[0], sent[-1]) if sent else (None, None)
    return _told(connection, sight, row, name, _Seen(names, len({each[1] for each in seen}), first, last, is_sample))


def _told(connection: sqlite3.Connection, sight: Sight, row: sqlite3.Row, name: str, seen: _Seen) -> Told:
    """The entity by this name, with what is seen of it."""
    key = key_told(connection, sight, row, [name, *(each for each, _ in seen.names)])
    is_placed = ":" in key
    return Told(
        row["id"],
        key,
        row["type"],
        name,
        None,
        _country(connection, sight, row["id"]) if row["country"] else None,
        row["latitude"] if is_placed else None,
        row["longitude"] if is_placed else None,
        seen.cables,
        sum(count for _, count in seen.names),
        seen.first_sent,
        seen.last_sent,
        seen.names,
        seen.is_sample,
    )


def _by_use(name: tuple[str, int]) -> tuple[int, int, str]:
    """The most frequent name first, of names alike the longer."""
    return -name[1], -len(name[0]), name[0]


def _spelt(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Names as they are mostly written, capitals aside, with counts."""
    spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in map(plain_name, texts):
        spelt[name.casefold()][name] += 1
    return ((best_case(names), names.total()) for names in spelt.values())


def _country(connection: sqlite3.Connection, sight: Sight, entity_id: int) -> str | None:
    """The country that a cable gives it whose every mention of it is seen."""
    row = connection.execute(
        "SELECT own.country FROM cable_entities AS own WHERE own.entity_id = ? AND own.country IS NOT NULL"  # noqa: S608  # ours
        f" AND {sight.entity('own')} AND {sight.wholly('own')} LIMIT 1",
        (entity_id,),
    ).fetchone()
    return row[0] if row else None


def _sees_name(connection: sqlite3.Connection, sight: Sight, row: Any) -> bool:
    """Whether the name that the archive has for the entity stands in text that the reader sees."""
    query = (
        "SELECT 1 FROM cable_entities AS own JOIN mentions ON mentions.cable_entity_id = own.id"  # noqa: S608  # ours
        " JOIN units ON units.id = mentions.unit_id WHERE own.entity_id = ? AND mentions.text = ? COLLATE NOCASE"
        f" AND {sight.unmasked('own')} AND {sight.units()} LIMIT 1"
    )
    return connection.execute(query, (row["id"], row["name"])).fetchone() is not None


def _sees_table_key(connection: sqlite3.Connection, sight: Sight, entity_id: int, key: str) -> bool:
    """Whether a cable shows the reader the name by which the tables know the entity."""
    query = (
        "SELECT 1 FROM cable_entities AS own WHERE own.entity_id = ? AND own.key = ?"  # noqa: S608  # our own names
        f" AND {sight.entity('own')} AND ({sight.wholly('own')} OR EXISTS (SELECT 1 FROM mentions JOIN units"
        f" ON units.id = mentions.unit_id WHERE mentions.cable_entity_id = own.id AND {sight.units()}"
        " AND mentions.text = own.name COLLATE NOCASE)) LIMIT 1"
    )
    return connection.execute(query, (entity_id, key)).fetchone() is not None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
