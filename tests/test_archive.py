"""The archive's schema, and cables going in and coming out of it."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import fields, replace
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

import reftel
from reftel import model
from reftel.archive import open_archive, store
from reftel.archive.fingerprints import content_hash, fingerprint
from reftel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive import Archive

DONE = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
# Fields of a record that stand in the archive under another name, in a table of their own, or in several columns.
ELSEWHERE = {
    "Cable": {
        "classified_by", "action", "info", "exempt", "tags", "references", "units", "redactions", "protected", "doubts",
        "outer_repairs", "mentions", "entities", "meetings", "meetings_not_held", "statements", "raw",
    },
    "Unit": {"marking", "edits"},
    "Mention": {"unit", "entity", "origin"},
    "Entity": {"id"},
    "Meeting": {"unit", "participants", "place"},
    "Statement": {"unit", "source", "within"},
    "RawCable": set(),
}  # fmt: skip
TABLES = {
    "Cable": "cables", "Unit": "units", "Addressee": "addressees", "Tag": "tags", "Reference": "references",
    "Doubt": "doubts", "Mention": "mentions", "Entity": "cable_entities", "Meeting": "meetings",
    "Statement": "statements", "RawCable": "raw_cables",
}  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", create=True) as opened:
        yield opened


def columns(archive: Archive, table: str) -> set[str]:
    return {row["name"] for row in archive.connection.execute(f'PRAGMA table_info("{table}")')}


@pytest.mark.parametrize(("record", "table"), TABLES.items())
def test_the_columns_are_the_fields_of_the_record(archive: Archive, record: str, table: str) -> None:
    names = {field.name for field in fields(getattr(model, record))}
    assert ELSEWHERE.get(record, set()) <= names
    assert names - ELSEWHERE.get(record, set()) <= columns(archive, table)


def test_every_table_of_the_schema_is_strict_and_its_keys_are_enforced(archive: Archive) -> None:
    script = files("reftel").joinpath("archive", "schema.sql").read_text(encoding="utf-8")
    tables = re.findall(r"^CREATE TABLE ", script, re.MULTILINE)
    assert len(re.findall(r"^\) STRICT", script, re.MULTILINE)) == len(tables)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        archive.connection.execute("INSERT INTO tags VALUES (99, 0, 'PREL', 'subject', NULL)")


def test_a_cable_comes_out_as_it_went_in(archive: Archive, examples: Path) -> None:
    for raw in reftel.read(examples):
        cable = named(reftel.parse(raw))
        with archive.transaction():
            cable_id = archive.add(cable, parsed_by="p")
            archive.put_names(cable_id, cable, done_by=DONE)
        assert archive.cable(cable_id) == cable


def named(cable: model.Cable) -> model.Cable:
    """The cable with a mention, an entity, a meeting and statements of every shape in its first unit."""
    length = len(cable.units[0].text)
    entities = (
        model.Entity("e1", "PER", "Ada Vance", ("Vance",), "Ambassador", "UK", None),
        model.Entity("e2", "LOC", "Bern", (), None, "SZ", "place:bern"),
    )
    mention = model.Mention(0, 0, 3, "PER", cable.units[0].text[0:3], "e1", 0.5, "test")
    meeting = model.Meeting(0, 0, length, ("e1",), "e2", "2009-01-22", "2009-01-23", "visit", "held", ("poloff",), 0.75)
    statement = model.Statement(0, 0, length, "e1", "said", 0, 1, length, "e1", quoted=True, within="e1", score=0.25)
    return replace(
        cable,
        mentions=(mention,),
        entities=entities,
        meetings=(meeting,),
        meetings_not_held=(replace(meeting, status="planned", place=None, date=None),),
        statements=(statement, replace(statement, addressee="poloff", within=None, denied=True, voice="comment")),
    )


def test_names_written_again_take_the_place_of_the_old_ones(archive: Archive, examples: Path) -> None:
    raw = next(reftel.read(examples / "10BERN77.html"))
    cable = reftel.parse(raw)
    with archive.transaction():
        cable_id = archive.add(cable, parsed_by="p")
        archive.put_names(cable_id, named(cable), done_by=DONE)
        archive.put_names(cable_id, cable, done_by=DONE)
    assert archive.cable(cable_id) == cable


def test_a_lone_surrogate_costs_one_character_and_no_cable(archive: Archive) -> None:
    raw = model.RawCable("x", "text", "UNCLAS BERN 000077\n\nSUBJECT: A \ud800 DAY\n\n1. Nothing was said.\n")
    with archive.transaction():
        cable_id = archive.add(reftel.parse(raw), parsed_by="p")
    assert "?" in archive.cable(cable_id).units[0].text


def test_the_hash_of_a_cable_does_not_depend_on_where_it_was_found() -> None:
    raw = model.RawCable("here", "text", "UNCLAS")
    assert content_hash(raw) == content_hash(replace(raw, source="there"))
    assert content_hash(raw) != content_hash(replace(raw, claimed_mrn="09BERN1"))
    assert content_hash(raw) != content_hash(replace(raw, text="UNCLAS "))


def test_a_fingerprint_is_of_letters_alone_and_short_units_have_none() -> None:
    text = "The Consul General reported that the harbour had been closed since Friday, and that no ship had left it."
    assert fingerprint(text) == fingerprint(text.upper().replace(" ", "\n"))
    assert fingerprint(text) != fingerprint(text.replace("Friday", "Monday"))
    assert fingerprint("End summary.") is None


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such archive"):
        open_archive(tmp_path / "none.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match="cannot be opened as an archive"):
        open_archive(tmp_path / "a.db")


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path, archive: Archive) -> None:
    archive.connection.execute(f"PRAGMA user_version = {store.SCHEMA_VERSION + 1}")
    with pytest.raises(InputError, match="a later reftel"):
        open_archive(tmp_path / "a.db")


def test_an_older_schema_is_brought_forward_step_by_step(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.close()
    package = tmp_path / "package"
    (package / "archive" / "migrations").mkdir(parents=True)
    for version in (store.SCHEMA_VERSION + 1, store.SCHEMA_VERSION + 2):
        (package / "archive" / "migrations" / f"{version}.sql").write_text(f"CREATE TABLE step_{version} (id);")
    monkeypatch.setattr(store, "files", lambda _: package)
    monkeypatch.setattr(store, "SCHEMA_VERSION", store.SCHEMA_VERSION + 2)
    with open_archive(tmp_path / "a.db") as opened:
        assert {f"step_{store.SCHEMA_VERSION - 1}", f"step_{store.SCHEMA_VERSION}"} <= {
            row[0] for row in opened.connection.execute("SELECT name FROM sqlite_master")
        }
        assert opened.connection.execute("PRAGMA user_version").fetchone()[0] == store.SCHEMA_VERSION


def test_a_migration_that_fails_leaves_the_archive_as_it_was(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.close()
    package = tmp_path / "package"
    (package / "archive" / "migrations").mkdir(parents=True)
    step = package / "archive" / "migrations" / f"{store.SCHEMA_VERSION + 1}.sql"
    step.write_text("CREATE TABLE half (id); SELECT * FROM no_such_table;")
    with monkeypatch.context() as patched:
        patched.setattr(store, "files", lambda _: package)
        patched.setattr(store, "SCHEMA_VERSION", store.SCHEMA_VERSION + 1)
        with pytest.raises(InputError):
            open_archive(tmp_path / "a.db")
    with open_archive(tmp_path / "a.db") as opened:
        assert "half" not in {row[0] for row in opened.connection.execute("SELECT name FROM sqlite_master")}
