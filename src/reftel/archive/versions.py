"""The same cable twice: versions are linked, none is overwritten, and a redaction is never filled from a twin.

Two cables are linked where they have the same number, or where the same words make up most of the shorter one.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from reftel.archive.sight import Sight
    from reftel.model import Cable

VersionKind = Literal["corrected", "extract", "misfiled", "retransmitted", "same number"]
_COMMON = 12  # cables that share a unit's words: more of them, and it is a stock phrase
_LINKED = 0.5  # of the shorter cable's words stand in the other
_SAME = 0.8  # of both cables' words are the same


class _Facts(NamedTuple):
    """What the kind of a link is told by."""

    mrn: str | None
    sent: str | None
    corrected: bool
    partial: bool
    names_another: bool  # a doubt says that the text bears another number


class Change(NamedTuple):
    """One step of a diff of two cables: a stretch of units of the one against a stretch of the other, by position."""

    kind: Literal["equal", "replaced", "removed", "added"]
    first: range
    second: range


def link(connection: sqlite3.Connection, cable_id: int, *, linked_by: str) -> None:
    """Link a cable with its copies and versions among the cables that are linked already. Expects a transaction."""
    connection.execute("DELETE FROM versions WHERE ? IN (cable_id, other_id)", (cable_id,))
    shared = dict(_shared(connection, cable_id))
    for other in sorted({*shared, *_of_same_number(connection, cable_id)}):
        found = _link(connection, cable_id, other, shared.get(other, 0))
        if found:
            connection.execute(
                "INSERT INTO versions (cable_id, other_id, kind, similarity) VALUES (?, ?, ?, ?)",
                (max(cable_id, other), min(cable_id, other), *found),
            )
    connection.execute("UPDATE cables SET linked_by = ? WHERE id = ?", (linked_by, cable_id))


def versions_of(connection: sqlite3.Connection, cable_id: int) -> list[tuple[int, VersionKind, float]]:
    """The other versions of a cable: id, kind of the link, similarity from 0 to 1; the most alike first."""
    rows = connection.execute(
        "SELECT CASE cable_id WHEN :id THEN other_id ELSE cable_id END AS id, kind, similarity FROM versions"
        " WHERE :id IN (cable_id, other_id) ORDER BY similarity DESC, 1",
        {"id": cable_id},
    )
    return [(row["id"], row["kind"], row["similarity"]) for row in rows]


def versions_told(
    connection: sqlite3.Connection, sight: Sight, cable_id: int
) -> list[tuple[int, VersionKind, float | None]]:
    """The versions of a cable as far as a reader is told of them, as `versions_of` has them.

    That two cables share words is told where all of both may be seen; that they have one number, where anything may.
    Without the right to all of both, their likeness is None.
    """
    found = versions_of(connection, cable_id)
    if sight.is_full or not found:
        return list(found)
    ids = ", ".join(str(number) for number in (cable_id, *(other for other, _, _ in found)))
    query = f"SELECT id, mrn, {sight.whole()} AS is_whole FROM cables WHERE id IN ({ids}) AND {sight.cables()}"  # noqa: S608  # numbers
    seen = {row["id"]: row for row in connection.execute(query)}
    return list(_as_told(found, seen, seen.get(cable_id)))


def diff(first: Cable, second: Cable) -> list[Change]:
    """How the units of one cable became those of the other, stretch by stretch, in order, white space apart."""
    kinds = {"equal": "equal", "replace": "replaced", "delete": "removed", "insert": "added"}
    one, other = ([" ".join(unit.text.split()) for unit in cable.units] for cable in (first, second))
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [Change(kinds[tag], range(a, b), range(c, d)) for tag, a, b, c, d in steps]  # type: ignore[arg-type]  # difflib's words


def _as_told(
    found: Iterable[tuple[int, VersionKind, float]], seen: Mapping[int, sqlite3.Row], own: sqlite3.Row | None
) -> Iterator[tuple[int, VersionKind, float | None]]:
    """Those of the links that may be told, by what is seen of the cables."""
    for other, kind, similarity in found:
        row = seen.get(other)
        if row is None or own is None:
            continue
        if row["is_whole"] and own["is_whole"]:
            yield other, kind, similarity
        elif row["mrn"] and row["mrn"] == own["mrn"]:
            yield other, kind if kind == "corrected" else "same number", None


def _link(connection: sqlite3.Connection, cable_id: int, other: int, shared: int) -> tuple[VersionKind, float] | None:
    sizes = sorted((_size(connection, cable_id), _size(connection, other)))
    held, alike = shared / max(sizes[0], 1), shared / max(sizes[1], 1)
    facts = _facts(connection, cable_id), _facts(connection, other)
    if facts[0].mrn == facts[1].mrn and facts[0].mrn:
        return _kind_of_same_number(*facts, held, alike), round(alike, 3)
    if held < _LINKED:
        return None
    return _kind_of_other_number(*facts, alike), round(alike, 3)


def _kind_of_same_number(one: _Facts, other: _Facts, held: float, alike: float) -> VersionKind:
    if one.corrected or other.corrected:
        return "corrected"
    if one.partial != other.partial or (held >= _SAME and alike <= _SAME * held):
        return "extract"
    return "same number"


def _kind_of_other_number(one: _Facts, other: _Facts, alike: float) -> VersionKind:
    if one.names_another or other.names_another:
        return "misfiled"
    if one.corrected or other.corrected:
        return "corrected"
    return "retransmitted" if alike >= _SAME and one.sent and other.sent else "extract"


def _shared(connection: sqlite3.Connection, cable_id: int) -> Iterator[tuple[int, int]]:
    """The linked cables that have units with the same words, and how many characters of units they share."""
    rows = connection.execute(
        "SELECT other.cable_id, sum(length(own.text)) FROM units AS own"
        " JOIN units AS other ON other.fingerprint = own.fingerprint AND other.cable_id <> own.cable_id"
        " JOIN cables ON cables.id = other.cable_id AND cables.linked_by IS NOT NULL"
        " WHERE own.cable_id = ? AND own.fingerprint IS NOT NULL"
        " AND (SELECT count(*) FROM (SELECT 1 FROM units WHERE fingerprint = own.fingerprint LIMIT ?)) < ?"
        " GROUP BY other.cable_id",
        (cable_id, _COMMON, _COMMON),
    )
    yield from map(tuple, rows)


def _of_same_number(connection: sqlite3.Connection, cable_id: int) -> list[int]:
    rows = connection.execute(
        "SELECT other.id FROM cables AS own JOIN cables AS other ON other.mrn = own.mrn AND other.id <> own.id"
        " WHERE own.id = ? AND other.linked_by IS NOT NULL",
        (cable_id,),
    )
    return [row[0] for row in rows]


def _size(connection: sqlite3.Connection, cable_id: int) -> int:
    """Characters in the units that have a fingerprint."""
    query = "SELECT coalesce(sum(length(text)), 0) FROM units WHERE cable_id = ? AND fingerprint IS NOT NULL"
    size: int = connection.execute(query, (cable_id,)).fetchone()[0]
    return size


def _facts(connection: sqlite3.Connection, cable_id: int) -> _Facts:
    row = connection.execute(
        "SELECT mrn, sent, corrected IS NOT NULL, partial,"
        " EXISTS (SELECT 1 FROM doubts WHERE cable_id = cables.id AND kind IN ('body', 'header'))"
        " FROM cables WHERE id = ?",
        (cable_id,),
    ).fetchone()
    return _Facts(row[0], row[1], *map(bool, tuple(row)[2:]))
