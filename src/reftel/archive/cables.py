"""Cables out of the archive: the records as they went in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reftel.archive.rows import addressees, cable_fields, edits_of, from_list, outer_repairs, raw_cable
from reftel.model import Cable, Doubt, Entity, Marking, Meeting, Mention, Reference, Span, Statement, Tag, Unit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def cable_ids(connection: sqlite3.Connection, mrn: str, *, seen: str = "1") -> list[int]:
    """The ids of the cables with this number, in the order they came in; `seen` is a condition of SQL on `cables`."""
    rows = connection.execute(f"SELECT id FROM cables WHERE mrn = ? AND {seen} ORDER BY id", (mrn.upper(),))  # noqa: S608  # ours
    return [row[0] for row in rows]


def read_cable(connection: sqlite3.Connection, cable_id: int, *, with_raw: bool = True) -> Cable:
    """The cable with this id, names and all. Raises KeyError where there is none.

    Without `with_raw`, which is twice as fast, it has no raw text, and its units no edits.
    """
    row = connection.execute("SELECT * FROM cables WHERE id = ?", (cable_id,)).fetchone()
    if row is None:
        raise KeyError(cable_id)
    places = _Places(connection, cable_id)
    cable = Cable(
        **cable_fields(row),
        **addressees(_rows(connection, "addressees", cable_id, order="list, position")),
        tags=tuple(Tag(r["code"], r["kind"], r["name"]) for r in _rows(connection, "tags", cable_id)),
        references=tuple(
            Reference(r["label"], r["kind"], r["mrn"], r["text"]) for r in _rows(connection, '"references"', cable_id)
        ),
        doubts=tuple(Doubt(r["kind"], r["text"]) for r in _rows(connection, "doubts", cable_id)),
        units=tuple(_unit(r) for r in _rows(connection, "units", cable_id)),
        redactions=places.spans("redactions"),
        protected=places.spans("protected"),
        mentions=places.mentions(),
        entities=places.entities(),
        statements=places.statements(),
        **places.meetings(),
    )
    return _with_raw(connection, cable_id, cable) if with_raw else cable


def _with_raw(connection: sqlite3.Connection, cable_id: int, cable: Cable) -> Cable:
    row = connection.execute("SELECT * FROM raw_cables WHERE cable_id = ?", (cable_id,)).fetchone()
    if row is None:
        return cable
    edits = edits_of(row)
    units = tuple(replace(unit, edits=edits.get(position, ())) for position, unit in enumerate(cable.units))
    return replace(cable, units=units, raw=raw_cable(row), outer_repairs=outer_repairs(row))


def _rows(connection: sqlite3.Connection, table: str, cable_id: int, *, order: str = "position") -> Iterator[Any]:
    query = f"SELECT * FROM {table} WHERE cable_id = ? ORDER BY {order}"  # noqa: S608  # our own names
    return connection.execute(query, (cable_id,))


def _unit(row: sqlite3.Row) -> Unit:
    marking = None if row["captions"] is None else Marking(row["classification"], from_list(row["captions"]))
    return Unit(
        row["kind"],
        row["text"],
        row["number"],
        marking,
        row["heading"],
        raw_start=row["raw_start"],
        raw_end=row["raw_end"],
    )


class _Places:
    """What points into one cable's units: rows with ids of units and entities, made records with indexes and labels."""

    def __init__(self, connection: sqlite3.Connection, cable_id: int) -> None:
        self._connection = connection
        self._cable_id = cable_id
        labels = connection.execute("SELECT id, label FROM cable_entities WHERE cable_id = ?", (cable_id,))
        self._labels: dict[int | None, str] = dict(labels)

    def entities(self) -> tuple[Entity, ...]:
        rows = _rows(self._connection, "cable_entities", self._cable_id, order="id")
        return tuple(
            Entity(r["label"], r["type"], r["name"], from_list(r["aliases"]), r["role"], r["country"], r["key"])
            for r in rows
        )

    def spans(self, table: str) -> tuple[Span, ...]:
        return tuple(Span(r["position"], r["start"], r["end"]) for r in self._in_units(table, "start"))

    def mentions(self) -> tuple[Mention, ...]:
        origins = dict(self._connection.execute("SELECT id, name FROM origins").fetchall())
        return tuple(
            Mention(
                r["position"],
                r["start"],
                r["end"],
                r["type"],
                r["text"],
                self._labels.get(r["cable_entity_id"]),
                r["score"],
                origins[r["origin_id"]],
            )
            for r in self._in_units("mentions", "start")
        )

    def meetings(self) -> dict[str, Any]:
        made = [self._meeting(row) for row in self._in_units("meetings", "id")]
        return {
            "meetings": tuple(each for each in made if each.status == "held"),
            "meetings_not_held": tuple(each for each in made if each.status != "held"),
        }

    def statements(self) -> tuple[Statement, ...]:
        plain = ("start", "end", "cue", "cue_start", "content_start", "content_end", "voice", "score")
        return tuple(
            Statement(
                unit=r["position"],
                **{name: r[name] for name in plain},
                source=self._labels[r["source_id"]],
                addressee=self._labels.get(r["addressee_id"], r["addressee"]),
                quoted=bool(r["quoted"]),
                denied=bool(r["denied"]),
                within=self._labels.get(r["within_id"]),
            )
            for r in self._in_units("statements", "id")
        )

    def _meeting(self, row: sqlite3.Row) -> Meeting:
        participants = self._connection.execute(
            "SELECT cable_entity_id FROM participants WHERE meeting_id = ? ORDER BY position", (row["id"],)
        )
        plain: dict[str, Any] = {
            name: row[name] for name in ("start", "end", "date", "until", "kind", "status", "score")
        }
        return Meeting(
            unit=row["position"],
            **plain,
            participants=tuple(self._labels[found] for (found,) in participants),
            place=self._labels.get(row["place_id"]),
            staff=from_list(row["staff"]),
        )

    def _in_units(self, table: str, order: str) -> Iterator[Any]:
        """The rows of a table by the units of the cable, with the unit's position, in order."""
        by = f"{table}.id" if order == "id" else f"units.position, {table}.{order}"
        query = (
            f"SELECT units.position, {table}.* FROM units JOIN {table} ON {table}.unit_id = units.id"  # noqa: S608  # same
            f" WHERE units.cable_id = ? ORDER BY {by}"
        )
        return self._connection.execute(query, (self._cable_id,))
