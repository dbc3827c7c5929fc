"""The tables of an export, for csv and Parquet alike: their columns are those of the archive's schema, but for row ids.

What the archive points to by a row id is named here by what it is, so that rows made on several machines can be put
together: a cable by its `content_hash`, a unit by that and its position (`unit`), a cable's entity by its label
("e3"), an entity across cables by its key. Lists and truth values are such, and the raw text is text.
"""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_type_hints

from reftel import model

Kind = Literal["text", "integer", "real", "list", "truth"]

# A column of the schema -> the columns that stand for it, by their kinds.
_INSTEAD: dict[str, dict[str, Kind]] = {
    "cable_id": {"content_hash": "text"},
    "other_id": {"other_content_hash": "text"},
    "unit_id": {"content_hash": "text", "unit": "integer"},
    "meeting_id": {"content_hash": "text", "meeting": "integer"},
    "cable_entity_id": {"entity": "text"},
    "entity_id": {"entity_key": "text"},
    "place_id": {"place": "text"},
    "source_id": {"source": "text"},
    "within_id": {"within": "text"},
    "addressee_id": {},  # `addressee` has the label as well as the words for who has none
    "origin_id": {"origin": "text"},
    "id": {},
}
# Tables whose rows have an order, or are pointed to, that only the row id gives: it becomes a count within the cable.
_COUNTED = frozenset({"cable_entities", "meetings", "statements"})
_KINDS: dict[str, Kind] = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "text"}
_LISTS = frozenset({"controls"})  # besides those that are tuples of strings in the model
_OF_CABLE = (
    "cables", "raw_cables", "provenance", "versions", "addressees", "tags", "references", "doubts", "units",
    "redactions", "protected", "mentions", "cable_entities", "meetings", "participants", "statements",
)  # fmt: skip
LEFT_OUT = frozenset(
    {"origins"}  # `origin` is a name here
    | {"word_counts", "uncounted", "spellings"}  # search makes them from the text
    | {
        "blocks",
        "touched_blocks",
        "touched_entities",
        "links",
        "former_keys",
        "overruled_mentions",
        "signers",
    }  # resolve
    | {"officers", "tenures"}  # a list that was imported, and can be again
)
"""The tables of the schema that an export has not, since they follow from those that it has."""
OF_ARCHIVE = ("entities", "aliases", "roles", "decisions", "failures")
"""The tables whose rows belong to no one cable."""


class Column(NamedTuple):
    """A column of a table of the export."""

    name: str
    kind: Kind


@cache
def tables() -> dict[str, tuple[Column, ...]]:
    """Every table of an export with its columns, in the schema's order."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(files("reftel").joinpath("archive", "schema.sql").read_text(encoding="utf-8"))
    found = schema_tables(connection)
    columns = {name: connection.execute("SELECT name, type FROM pragma_table_info(?)", (name,)) for name in found}
    made = {name: _columns(name, columns[name].fetchall()) for name in found if name in {*_OF_CABLE, *OF_ARCHIVE}}
    connection.close()
    return made


def schema_tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of an archive in the schema's order, but for the full-text index and SQLite's own."""
    query = (
        "SELECT name FROM pragma_table_list JOIN sqlite_master USING (name) WHERE schema = 'main'"
        " AND sqlite_master.type = 'table' AND pragma_table_list.type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY sqlite_master.rowid"
    )
    return [name for (name,) in connection.execute(query)]


def _columns(table: str, columns: list[tuple[str, str]]) -> tuple[Column, ...]:
    instead: dict[str, dict[str, Kind]] = _INSTEAD | ({"id": {"position": "integer"}} if table in _COUNTED else {})
    made: dict[str, Kind] = {}
    for name, declared in columns:
        made.update(instead[name] if name in instead else {name: _kind(table, name, declared)})
    first = {"content_hash": made.pop("content_hash")} if "content_hash" in made else {}
    return tuple(Column(name, kind) for name, kind in {**first, **made}.items())


def _kind(table: str, name: str, declared: str) -> Kind:
    hint = _hints().get(name)
    if name in _LISTS or (hint == "list" and table != "raw_cables"):
        return "list"
    return "truth" if hint == "truth" else _KINDS[declared]


@cache
def _hints() -> dict[str, Kind]:
    """The fields of the model that are lists of strings, or truth values; SQLite has a type for neither."""
    records = (model.Cable, model.Marking, model.Addressee, model.Entity, model.Meeting, model.Statement)
    found: dict[str, Kind] = {}
    for record in records:
        hints = get_type_hints(record)
        for each in fields(record):
            if hints[each.name] == tuple[str, ...]:
                found[each.name] = "list"
            elif hints[each.name] is bool:
                found[each.name] = "truth"
    return found
