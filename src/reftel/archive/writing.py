"""Cables into the archive: their text when they are parsed, their names when they are tagged.

Every function writes what belongs to one cable and expects an open transaction (`store.transaction`). Nothing of
another cable is touched, so the order of cables alone decides what the archive holds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reftel.archive import fulltext
from reftel.archive.fulltext import Piece
from reftel.archive.rows import addressee_rows, cable_row, from_list, positioned_rows, raw_row, to_list, unit_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reftel.model import Cable, Entity, Meeting, RawCable, Span, Statement

_OF_CABLE = ("raw_cables", "addressees", "tags", '"references"', "doubts")

_ENTITY = ("type", "name", "aliases", "role", "country", "key")
_UPSERT_ENTITY = (
    f"INSERT INTO cable_entities (cable_id, label, {', '.join(_ENTITY)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # our own names
    f" ON CONFLICT (cable_id, label) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _ENTITY)},"
    f" entity_id = CASE WHEN ({', '.join(_ENTITY)}) IS ({', '.join(f'excluded.{name}' for name in _ENTITY)})"
    " THEN entity_id END"
)


def add_cable(connection: sqlite3.Connection, cable: Cable, *, content_hash: str, parsed_by: str) -> int:
    """Write a parsed cable, its text searchable at once; returns its id. `cable.raw` must be there."""
    row = {**cable_row(cable), "content_hash": content_hash, "parsed_by": parsed_by}
    cable_id = _insert(connection, "cables", [row])
    _write_parts(connection, cable_id, cable)
    return cable_id


def replace_cable(connection: sqlite3.Connection, cable_id: int, cable: Cable, *, parsed_by: str) -> None:
    """Write a cable that was parsed anew over what was there; its names are to be found anew."""
    fulltext.remove(connection, cable_id, _pieces(connection, cable_id))
    _clear_names(connection, cable_id)
    connection.execute("DELETE FROM cable_entities WHERE cable_id = ?", (cable_id,))
    for table in _OF_CABLE:
        connection.execute(f"DELETE FROM {table} WHERE cable_id = ?", (cable_id,))  # noqa: S608  # our own names
    again = dict.fromkeys(("linked_by", "tagged_by", "resolved_by", "related_by"))
    row = {**cable_row(cable), "parsed_by": parsed_by, **again}
    places = ", ".join(f"{name} = :{name}" for name in row)
    connection.execute(f"UPDATE cables SET {places} WHERE id = :id", {**row, "id": cable_id})  # noqa: S608  # same
    _write_parts(connection, cable_id, cable)


def add_provenance(
    connection: sqlite3.Connection,
    cable_id: int,
    raw: RawCable,
    *,
    source: str | None = None,
    reader: str | None = None,
) -> None:
    """Say where the cable was found, as the raw cable says or as is given; said once only."""
    connection.execute(
        "INSERT OR IGNORE INTO provenance (cable_id, source, reader, added) VALUES (?, ?, ?, ?)",
        (cable_id, plain(source or raw.source), reader or raw.reader, now()),
    )


def add_failure(  # the columns of a row
    connection: sqlite3.Connection, source: str, stage: str, reason: str, *, path: str | None, cable_id: int | None
) -> None:
    """Keep what failed and why; the latest reason of a source and stage counts."""
    connection.execute(
        "INSERT OR REPLACE INTO failures (source, path, cable_id, stage, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
        (plain(source), path and plain(path), cable_id, stage, plain(reason), now()),
    )


def forget_failure(connection: sqlite3.Connection, source: str) -> None:
    """Take a source that has been read after all off the list."""
    connection.execute("DELETE FROM failures WHERE source = ? AND cable_id IS NULL", (plain(source),))


def put_names(connection: sqlite3.Connection, cable_id: int, cable: Cable, *, done_by: Mapping[str, str]) -> None:
    """Write mentions, entities, meetings, statements and protected names over those that the cable had.

    `done_by` gives the versions for the columns `tagged_by`, `resolved_by`, `related_by`.
    """
    units = _unit_ids(connection, cable_id)
    _clear_names(connection, cable_id)
    entities = _write_entities(connection, cable_id, cable)
    _write_mentions(connection, cable, units, entities)
    _write_spans(connection, "protected", cable.protected, units)
    _write_meetings(connection, (*cable.meetings, *cable.meetings_not_held), units, entities)
    _write_statements(connection, cable.statements, units, entities)
    places = ", ".join(f"{name} = :{name}" for name in done_by)
    connection.execute(f"UPDATE cables SET {places} WHERE id = :id", {**done_by, "id": cable_id})  # noqa: S608  # ours


def now() -> str:
    """The time now to the second, ISO 8601 in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """The text without lone surrogates, which SQLite cannot hold; no longer and no shorter."""
    return text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= c <= "\udfff" for c in text) else text


def _write_parts(connection: sqlite3.Connection, cable_id: int, cable: Cable) -> None:
    if cable.raw is not None:
        _insert(connection, "raw_cables", [{"cable_id": cable_id, **raw_row(cable, cable.raw)}])
    _insert(connection, "addressees", _of(cable_id, addressee_rows(cable)))
    _insert(connection, "tags", _of(cable_id, positioned_rows(cable.tags)))
    _insert(connection, '"references"', _of(cable_id, positioned_rows(cable.references)))
    _insert(connection, "doubts", _of(cable_id, positioned_rows(cable.doubts)))
    units = list(_of(cable_id, unit_rows(cable)))
    _write_units(connection, cable_id, units)
    places = _unit_ids(connection, cable_id)
    _write_spans(connection, "redactions", cable.redactions, places)
    _write_spans(connection, "protected", cable.protected, places)
    pieces = [Piece(row["kind"], plain(row["text"]), row["level"], from_list(row["controls"])) for row in units]
    fulltext.index(connection, cable_id, pieces)


def _write_units(connection: sqlite3.Connection, cable_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The units' rows, over those of the same position, which keep their ids."""
    connection.execute("DELETE FROM units WHERE cable_id = ? AND position >= ?", (cable_id, len(rows)))
    of_units = "(SELECT id FROM units WHERE cable_id = ?)"
    connection.execute(f"DELETE FROM redactions WHERE unit_id IN {of_units}", (cable_id,))  # noqa: S608  # our own names
    _insert(connection, "units", rows, over="cable_id, position")


def _clear_names(connection: sqlite3.Connection, cable_id: int) -> None:
    for table in ("mentions", "meetings", "statements", "protected"):
        own = "SELECT id FROM units WHERE cable_id = ?"
        connection.execute(f"DELETE FROM {table} WHERE unit_id IN ({own})", (cable_id,))  # noqa: S608  # our own names


def _write_entities(connection: sqlite3.Connection, cable_id: int, cable: Cable) -> dict[str, int]:
    """The entities' rows; returns the row's id for each label.

    A row of the same label keeps its id, and its place in the archive where nothing of it has changed.
    """
    labels = to_list(entity.id for entity in cable.entities)
    connection.execute(
        "DELETE FROM cable_entities WHERE cable_id = ? AND label NOT IN (SELECT value FROM json_each(?))",
        (cable_id, labels),
    )
    connection.executemany(_UPSERT_ENTITY, [_entity_row(cable_id, entity) for entity in cable.entities])
    rows = connection.execute("SELECT label, id FROM cable_entities WHERE cable_id = ?", (cable_id,))
    return {label: number for label, number in rows}  # noqa: C416  # dict() takes rows for keys


def _entity_row(cable_id: int, entity: Entity) -> tuple[Any, ...]:
    aliases = plain(to_list(entity.aliases))
    return (cable_id, entity.id, entity.type, plain(entity.name), aliases, entity.role, entity.country, entity.key)


def _write_mentions(
    connection: sqlite3.Connection, cable: Cable, units: Sequence[int], entities: Mapping[str, int]
) -> None:
    origins = {name: _origin_id(connection, name) for name in {mention.origin for mention in cable.mentions}}
    connection.executemany(
        "INSERT INTO mentions (unit_id, start, end, type, text, cable_entity_id, score, origin_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (units[m.unit], m.start, m.end, m.type, plain(m.text), _id(entities, m.entity), m.score, origins[m.origin])
            for m in cable.mentions
        ],
    )


def _origin_id(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT OR IGNORE INTO origins (name) VALUES (?)", (name,))
    found: int = connection.execute("SELECT id FROM origins WHERE name = ?", (name,)).fetchone()[0]
    return found


def _write_spans(connection: sqlite3.Connection, table: str, spans: Iterable[Span], units: Sequence[int]) -> None:
    rows = [(units[span.unit], span.start, span.end) for span in spans]
    connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608  # our own names


def _write_meetings(
    connection: sqlite3.Connection, meetings: Iterable[Meeting], units: Sequence[int], entities: Mapping[str, int]
) -> None:
    for meeting in meetings:
        row = {
            "unit_id": units[meeting.unit],
            **{name: getattr(meeting, name) for name in ("start", "end", "date", "until", "kind", "status", "score")},
            "place_id": _id(entities, meeting.place),
            "staff": to_list(meeting.staff),
        }
        number = _insert(connection, "meetings", [row])
        participants = [(number, place, _id(entities, each)) for place, each in enumerate(meeting.participants)]
        connection.executemany("INSERT INTO participants VALUES (?, ?, ?)", participants)


def _write_statements(
    connection: sqlite3.Connection, statements: Iterable[Statement], units: Sequence[int], entities: Mapping[str, int]
) -> None:
    plain_columns = ("start", "end", "cue", "cue_start", "content_start", "content_end", "voice", "score")
    rows = [
        {
            "unit_id": units[each.unit],
            **{name: getattr(each, name) for name in plain_columns},
            "source_id": _id(entities, each.source),
            "addressee_id": _id(entities, each.addressee),
            "addressee": None if each.addressee in entities else each.addressee,
            "quoted": int(each.quoted),
            "denied": int(each.denied),
            "within_id": _id(entities, each.within),
        }
        for each in statements
    ]
    _insert(connection, "statements", rows)


def _id(entities: Mapping[str, int], label: str | None) -> int | None:
    return entities.get(label) if label is not None else None


def _unit_ids(connection: sqlite3.Connection, cable_id: int) -> list[int]:
    """The ids of the cable's units, by position."""
    rows = connection.execute("SELECT id FROM units WHERE cable_id = ? ORDER BY position", (cable_id,))
    return [row[0] for row in rows]


def _pieces(connection: sqlite3.Connection, cable_id: int) -> list[Piece]:
    """What the full-text index holds of a cable."""
    rows = connection.execute(
        "SELECT kind, text, level, controls FROM units WHERE cable_id = ? ORDER BY position", (cable_id,)
    )
    return [Piece(kind, text, level, from_list(controls)) for kind, text, level, controls in rows]


def _of(cable_id: int, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"cable_id": cable_id, **row}


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]], *, over: str = "") -> int:
    """Insert rows that have the same keys, which are the columns; returns the id of the last.

    A row that is the same in the columns `over` is written over.
    """
    listed = [{name: plain(cell) if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]
    if not listed:
        return 0
    names = ", ".join(listed[0])
    marks = ", ".join(f":{name}" for name in listed[0])
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
    if over:
        statement += (
            f" ON CONFLICT ({over}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in listed[0])}"
        )
    cursor = connection.cursor()
    if len(listed) == 1:
        cursor.execute(statement, listed[0])
        return int(cursor.lastrowid or 0)
    cursor.executemany(statement, listed)
    return 0
