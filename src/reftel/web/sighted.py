"""Entities of the archive as one reader sees them: with the names, counts and cables of what may be seen, and no more.

For who sees everything these are the archive's own; for others they are made from the mentions that they see. Keys tell
a name, so that others reach an entity by its id: `~12`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reftel.archive.describing import plain_name
from reftel.archive.linking import slug
from reftel.web.pages import entity_address

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reftel.web.visit import Visit

_MARK = "~"
_READ = 20_000  # mentions read, at most, to tell an entity's names


@dataclass(frozen=True, slots=True)
class Told:
    """An entity as the reader sees it. `names` are how it is written, the most frequent first, with counts."""

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

    @property
    def address(self) -> str:
        """Its page."""
        return entity_address(self.key)


def told(visit: Visit, entity_id: int) -> Told | None:
    """The entity, None where the reader sees no mention of it, or there is none."""
    row = visit.archive.execute("SELECT * FROM entities WHERE id = ?", (entity_id,)).fetchone()
    if row is None:
        return None
    if not visit.sight.is_full:
        return _in_part(visit, row)
    return _in_full(visit, row) if sees_all(visit, entity_id) else _without_masked(visit, _in_full(visit, row))


def sees_all(visit: Visit, entity_id: int) -> bool:
    """Whether nothing of an entity is kept from the reader: no text, no name protected in some cable."""
    if not visit.sight.is_full or visit.sight.protected:
        return visit.sight.is_full
    masked = "SELECT EXISTS (SELECT 1 FROM temp.masked WHERE entity_id = ?)"
    return not visit.archive.execute(masked, (entity_id,)).fetchone()[0]


def protects_any(visit: Visit) -> bool:
    """Whether names are kept from the reader because cables ask to protect them."""
    masked = "SELECT EXISTS (SELECT 1 FROM temp.masked)"
    return not visit.sight.protected and bool(visit.archive.execute(masked).fetchone()[0])


def entity_id(visit: Visit, written: str) -> int | None:
    """The id of the entity that an address or a filter names: by its key, one it had before, or `~` and its id."""
    if written.startswith(_MARK):
        number = written[len(_MARK) :]
        return int(number) if number.isdecimal() and len(number) < 16 else None
    row = visit.archive.execute(
        "SELECT id FROM entities WHERE key = ?1 UNION SELECT entity_id FROM former_keys WHERE key = ?1", (written,)
    ).fetchone()
    return int(row[0]) if row else None


def by_name(visit: Visit, written: str) -> Told | None:
    """The entity that an address names, as the reader sees it; a key that tells more than that leads nowhere."""
    found = entity_id(visit, written)
    view = told(visit, found) if found is not None else None
    if view is None or written.startswith(_MARK) or written == view.key or sees_all(visit, view.id):
        return view
    return None


def named(visit: Visit, written: str) -> list[Told]:
    """The entities that the reader sees under just this name, those in the most cables first."""
    rows = visit.archive.execute(
        "SELECT DISTINCT entities.id FROM aliases JOIN entities ON entities.id = entity_id"
        " WHERE aliases.name = ? COLLATE NOCASE ORDER BY entities.cables DESC, entities.id LIMIT 20",
        (written,),
    )
    views = [view for row in rows.fetchall() if (view := told(visit, row[0]))]
    return [
        view for view in views if _folded(written) in {_folded(view.name), *(_folded(name) for name, _ in view.names)}
    ]


def link(visit: Visit, entity_id: int | None) -> dict[str, Any] | None:
    """What a list shows of an entity: name, type, address; cheaper than `told` for who sees all of it."""
    if entity_id is None:
        return None
    row = visit.archive.execute("SELECT key, type, name FROM entities WHERE id = ?", (entity_id,)).fetchone()
    if row is None:
        return None
    if sees_all(visit, entity_id):
        return {"name": row["name"], "type": row["type"], "address": entity_address(row["key"]), "key": row["key"]}
    view = told(visit, entity_id)
    return {"name": view.name, "type": view.type, "address": view.address, "key": view.key} if view else None


def members(visit: Visit, entity_id: int) -> list[int]:
    """The ids of the cables in which the reader sees it, the latest first."""
    rows = visit.archive.execute(
        "SELECT DISTINCT cables.id FROM cable_entities AS own JOIN cables ON cables.id = own.cable_id"  # noqa: S608  # ours
        f" WHERE own.entity_id = ? AND {visit.sight.entity('own')} ORDER BY cables.sent DESC, cables.id",
        (entity_id,),
    )
    return [row[0] for row in rows]


def some_members(visit: Visit, entity_id: int, count: int) -> list[int]:
    """The ids of so many of them, those that came into the archive last."""
    rows = visit.archive.execute(
        "SELECT DISTINCT own.cable_id FROM cable_entities AS own"  # noqa: S608  # our own names
        f" WHERE own.entity_id = ? AND {visit.sight.entity('own')} ORDER BY own.cable_id DESC LIMIT ?",
        (entity_id, count),
    )
    return [row[0] for row in rows]


def roles(visit: Visit, told: Told) -> list[dict[str, Any]]:
    """Its roles with the first and the last cable that gives it; only from cables that the reader sees whole."""
    if sees_all(visit, told.id):
        query, values = "SELECT role, cables, first_sent, last_sent FROM roles WHERE entity_id = ?", (told.id,)
    else:
        query = (
            "SELECT own.role, count(DISTINCT cables.id), min(cables.sent), max(cables.sent) FROM cable_entities AS own"  # noqa: S608  # ours
            " JOIN cables ON cables.id = own.cable_id WHERE own.entity_id = ? AND own.role IS NOT NULL"
            f" AND {visit.sight.entity('own')} AND {visit.sight.whole('own.cable_id')} GROUP BY own.role COLLATE NOCASE"
        )
        values = (told.id,)
    rows = visit.archive.execute(query, values).fetchall()
    found = [{"role": r[0], "cables": r[1], "first": r[2], "last": r[3]} for r in rows]
    return sorted(found, key=lambda role: (-role["cables"], role["first"] or ""))


def _in_full(visit: Visit, row: sqlite3.Row) -> Told:
    names = visit.archive.execute(
        "SELECT name, mentions FROM aliases WHERE entity_id = ? ORDER BY mentions DESC, name", (row["id"],)
    )
    fields = {name: row[name] for name in row.keys()}  # noqa: SIM118  # a row's keys are its columns
    return Told(**fields, names=tuple((name, count) for name, count in names))


def _without_masked(visit: Visit, whole: Told) -> Told | None:
    """What is left for who sees every text but no protected name: the entity without the cables that protect it."""
    rows = visit.archive.execute(
        "SELECT mentions.text, own.cable_id FROM temp.masked JOIN cable_entities AS own ON own.id = masked.id"
        " JOIN mentions ON mentions.cable_entity_id = own.id WHERE masked.entity_id = ?",
        (whole.id,),
    ).fetchall()
    gone = Counter(_folded(plain_name(text)) for text, _ in rows)
    names = tuple((name, count - gone[_folded(name)]) for name, count in whole.names if count > gone[_folded(name)])
    cables, first, last = visit.archive.execute(
        "SELECT count(DISTINCT cables.id), min(cables.sent), max(cables.sent) FROM cable_entities AS own"  # noqa: S608  # ours
        f" JOIN cables ON cables.id = own.cable_id WHERE own.entity_id = ? AND {visit.sight.entity('own')}",
        (whole.id,),
    ).fetchone()
    if not names or not cables:
        return None
    knows = _folded(whole.name) in {_folded(name) for name, _ in names}
    return replace(
        whole,
        key=key_told(whole.id, whole.key, (name for name, _ in names)) if knows else f"{_MARK}{whole.id}",
        name=whole.name if knows else names[0][0],
        role=None,  # it may be the role that the cable gives who protects the name
        cables=cables,
        mentions=whole.mentions - len(rows),
        first_sent=first,
        last_sent=last,
        names=names,
    )


def _in_part(visit: Visit, row: sqlite3.Row) -> Told | None:
    """Made from the mentions that the reader sees; what the archive knows beside is told only with its own name."""
    seen = visit.archive.execute(
        "SELECT mentions.text, own.cable_id, cables.sent FROM cable_entities AS own"  # noqa: S608  # ours
        " JOIN mentions ON mentions.cable_entity_id = own.id JOIN units ON units.id = mentions.unit_id"
        " JOIN cables ON cables.id = own.cable_id"
        f" WHERE own.entity_id = ? AND {visit.sight.entity('own')} AND {visit.sight.units()} LIMIT ?",
        (row["id"], _READ),
    ).fetchall()
    if not seen:
        return None
    names = Counter(plain_name(text) for text, _, _ in seen)
    sent = sorted(each[2] for each in seen if each[2])
    knows = _folded(row["name"]) in map(_folded, names)
    return Told(
        row["id"],
        key_told(row["id"], row["key"], names) if knows else f"{_MARK}{row['id']}",
        row["type"],
        row["name"] if knows else max(names, key=lambda name: (names[name], len(name))),
        None,
        row["country"] if knows else None,
        row["latitude"] if knows else None,
        row["longitude"] if knows else None,
        len({each[1] for each in seen}),
        len(seen),
        sent[0] if sent else None,
        sent[-1] if sent else None,
        tuple(names.most_common()),
    )


def key_told(entity_id: int, key: str, names: Iterable[str]) -> str:
    """The key where it tells no other name than these, else `~` and the id. A key of the tables tells none."""
    known = {slug(name) for name in names}
    stem, _, number = key.rpartition("-")
    is_known = ":" in key or key in known or (number.isdecimal() and stem in known)
    return key if is_known else f"{_MARK}{entity_id}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def links(visit: Visit, ids: Iterable[int | None]) -> list[dict[str, Any]]:
    """The links of several, those that are not told left out."""
    return [found for each in ids if (found := link(visit, each))]
