"""A cable as rows of the tables of `layout.py`, and the cable of such rows again.

Cells are strings, numbers, truth values, lists of strings, or None. Nothing here needs an archive: a run on a cluster
makes the same rows.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, replace
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from reftel.archive.rows import (
    addressee_rows,
    addressees,
    cable_fields,
    cable_row,
    edits_of,
    outer_repairs,
    positioned_rows,
    raw_cable,
    raw_row,
    unit_rows,
)
from reftel.archive.writing import plain
from reftel.export.layout import tables
from reftel.model import Cable, Doubt, Entity, Marking, Meeting, Mention, Reference, Span, Statement, Tag, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_UNIT = ("kind", "text", "number", "heading", "raw_start", "raw_end")

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def rows_of(
    cable: Cable, *, content_hash: str, done_by: Mapping[str, str | None], keys: Mapping[str, str] | None = None
) -> Rows:
    """The rows of one cable, by their table; each row has every column of its table.

    `done_by` gives the columns `parsed_by`, `linked_by`, `tagged_by`, `resolved_by`, `related_by`; `keys` the archive's
    key of each entity that has one. Where it was found (`provenance`) and its versions are not the cable's to tell.
    """
    made: dict[str, Iterable[Row]] = {
        "cables": [{**cable_row(cable), **done_by}],
        "raw_cables": [_raw(cable)] if cable.raw else [],
        "addressees": addressee_rows(cable),
        "tags": positioned_rows(cable.tags),
        "references": positioned_rows(cable.references),
        "doubts": positioned_rows(cable.doubts),
        "units": unit_rows(cable),
        "redactions": map(_shallow, cable.redactions),
        "protected": map(_shallow, cable.protected),
        "mentions": map(_shallow, cable.mentions),
        "cable_entities": _entities(cable.entities, keys or {}),
        "meetings": _meetings(cable),
        "participants": _participants(cable),
        "statements": ({"position": n, **_shallow(each)} for n, each in enumerate(cable.statements)),
    }
    return {
        table: [_cells(table, {**row, "content_hash": content_hash}) for row in rows] for table, rows in made.items()
    }


def cable_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Cable:
    """The cable of the rows that `rows_of` made, in any order; without `raw_cables` it has no raw text and no edits."""
    (own,) = rows["cables"]
    ordered = {table: sorted(found, key=_in_order(table)) for table, found in rows.items()}
    cable = Cable(
        **cable_fields(_packed_lists(own)),
        **addressees(map(_packed_lists, ordered.get("addressees", ()))),
        tags=_records(Tag, ordered.get("tags")),
        references=_records(Reference, ordered.get("references")),
        doubts=_records(Doubt, ordered.get("doubts")),
        units=tuple(map(_unit, ordered.get("units", ()))),
        redactions=_records(Span, ordered.get("redactions")),
        protected=_records(Span, ordered.get("protected")),
        mentions=_records(Mention, ordered.get("mentions")),
        entities=_records(Entity, [{**row, "id": row["label"]} for row in ordered.get("cable_entities", ())]),
        statements=_records(Statement, ordered.get("statements")),
        **_meetings_of(ordered.get("meetings", ()), ordered.get("participants", ())),
    )
    return _with_raw(cable, rows["raw_cables"][0]) if rows.get("raw_cables") else cable


def _shallow(record: Any) -> Row:
    return {name: getattr(record, name) for name in _names(type(record))}  # type: ignore[arg-type]  # mypy takes the instances' __hash__ for the class's


@cache
def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


def _cells(table: str, row: Row) -> Row:
    """The row with the table's columns, each of its kind."""
    cells: Row = {}
    for name, kind in tables()[table]:
        cell = row.get(name)
        if kind == "list" and cell is not None:
            cell = [plain(each) for each in (json.loads(cell) if isinstance(cell, str) else cell)]
        elif kind == "truth" and cell is not None:
            cell = bool(cell)
        cells[name] = plain(cell) if isinstance(cell, str) else cell
    return cells


def _raw(cable: Cable) -> Row:
    assert cable.raw is not None
    row = raw_row(cable, cable.raw)
    return {**row, "text": cable.raw.text, "edits": zlib.decompress(row["edits"]).decode("utf-8", "surrogatepass")}


def _entities(entities: Iterable[Entity], keys: Mapping[str, str]) -> Iterator[Row]:
    for position, each in enumerate(entities):
        yield {**_shallow(each), "position": position, "label": each.id, "entity_key": keys.get(each.id)}


def _meetings(cable: Cable) -> Iterator[Row]:
    for position, each in enumerate((*cable.meetings, *cable.meetings_not_held)):
        yield {"position": position, **_shallow(each)}


def _participants(cable: Cable) -> Iterator[Row]:
    for meeting, each in enumerate((*cable.meetings, *cable.meetings_not_held)):
        for position, entity in enumerate(each.participants):
            yield {"meeting": meeting, "position": position, "entity": entity}


@cache
def _in_order(table: str) -> Callable[[Mapping[str, Any]], Any]:
    """The key that puts the rows of one cable in order."""
    names = [column.name for column in tables()[table]]
    by_place = (
        ("unit", "start") if table in {"mentions", "redactions", "protected"} else ("list", "meeting", "position")
    )
    return itemgetter(*[name for name in by_place if name in names] or ["content_hash"])


def _records(record: type[Any], rows: Iterable[Mapping[str, Any]] | None) -> tuple[Any, ...]:
    names = _names(record)  # type: ignore[arg-type]  # see above
    return tuple(record(**{name: _tupled(row[name]) for name in names if name in row}) for row in rows or ())


def _tupled(cell: Any) -> Any:
    return tuple(cell) if isinstance(cell, list) else cell


def _packed_lists(row: Mapping[str, Any]) -> Row:
    """Lists as the archive has them."""
    return {name: json.dumps(cell) if isinstance(cell, list) else cell for name, cell in row.items()}


def _unit(row: Mapping[str, Any]) -> Unit:
    marking = None if row["captions"] is None else Marking(row["classification"], tuple(row["captions"]))
    return Unit(**{name: row[name] for name in _UNIT}, marking=marking)


def _meetings_of(meetings: Iterable[Mapping[str, Any]], participants: Iterable[Mapping[str, Any]]) -> Row:
    present: dict[int, list[str]] = {}
    for row in participants:
        present.setdefault(row["meeting"], []).append(row["entity"])
    made = _records(Meeting, [{**row, "participants": present.get(row["position"], [])} for row in meetings])
    return {
        "meetings": tuple(each for each in made if each.status == "held"),
        "meetings_not_held": tuple(each for each in made if each.status != "held"),
    }


def _with_raw(cable: Cable, row: Mapping[str, Any]) -> Cable:
    packed = {**row, "text": _packed(row["text"]), "edits": _packed(row["edits"])}
    edits = edits_of(packed)
    units = tuple(replace(unit, edits=edits.get(position, ())) for position, unit in enumerate(cable.units))
    return replace(cable, units=units, raw=raw_cable(packed), outer_repairs=outer_repairs(packed))


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
