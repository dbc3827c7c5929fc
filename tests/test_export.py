"""Exports of an archive, each opened with the library that its users have."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import textwrap
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from reftel import parse, read
from reftel.archive import FULL, Clearance, open_archive
from reftel.archive.cables import read_cable
from reftel.archive.store import open_file, transaction
from reftel.archive.writing import add_cable, add_provenance, put_names
from reftel.errors import UsageError
from reftel.export import FORMATS, Selection, View, export
from reftel.export.ftm import _country_code
from reftel.export.layout import LEFT_OUT, OF_ARCHIVE, schema_tables, tables
from reftel.export.rows import cable_of, rows_of
from reftel.model import Cable, Entity, Marking, Meeting, Mention, RawCable, Span, Statement, Tag, Unit
from reftel.pipeline import build
from reftel.tables import all_countries
from reftel.tokens import sentences
from reftel.write import mask

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

NAME = re.compile(r"\[(PER|LOC|ORG|MISC) ([^|\]]*)(?:\|(\w+))?\]")
OPEN, SECRET = Marking("UNCLASSIFIED"), Marking("SECRET")
DONE = {"tagged_by": "model 1", "resolved_by": "code 1", "related_by": "code 1"}
LOW = Clearance("UNCLASSIFIED", frozenset())
# How each format is told where to go.
PATHS = {"jsonl": "a.jsonl", "ftm": "a.ftm.json", "gexf": "a.gexf", "bibtex": "a.bib"}


def made(*units: tuple[str, str, Marking | None], **known: Any) -> Cable:
    """A cable of these units, whose names are marked `[PER Kenji Oda|e1]`."""
    texts, mentions, raw_units, at = [], [], [], 0
    for index, (kind, marked, marking) in enumerate(units):
        text, begin = "", 0
        for match in NAME.finditer(marked):
            text += marked[begin : match.start()]
            begin = match.end()
            mentions.append(
                Mention(index, len(text), len(text) + len(match[2]), match[1], match[2], match[3], 0.9, "model 1")  # type: ignore[arg-type]  # the pattern's types
            )
            text += match[2]
        text += marked[begin:]
        texts.append(text)
        number = index if kind == "body" else None
        raw_units.append(Unit(kind, text, number, marking, None, at, at + len(text)))  # type: ignore[arg-type]  # a kind
        at += len(text) + 1
    raw = RawCable(f"{known.get('mrn')}.txt", "text", "\n".join(texts))
    return Cable(units=tuple(raw_units), mentions=tuple(mentions), raw=raw, **known)


LAKE = made(
    ("subject", "[PER ODA|e1] AND THE LAKE", None),
    ("summary", "The lake is low.", OPEN),
    ("body", "Minister [PER Kenji Oda|e1] (strictly protect) met [PER Tina Berg|e2] in [LOC Zomba|e3].", SECRET),
    (
        "body",
        "[PER Berg|e2] of the [ORG Fish & Boat Board|e4] said the [LOC Malawi|e5]\nlake \U0001f41f is low. <b>",
        OPEN,
    ),
    ("body", "[PER Xu Lind] spoke of the [MISC Shire Accord|e6]. Oda left.", OPEN),
    ("signature", "HALE", None),
    mrn="09LILONGWE12",
    sent=datetime(2009, 2, 3, 16, 57, tzinfo=UTC),
    post="Embassy Lilongwe",
    classification="SECRET",
    captions=("NOFORN",),
    subject="ODA AND THE LAKE",
    tags=(Tag("PREL", "subject", "External Political Relations"), Tag("MI", "geography", "Malawi")),
    protected=(Span(2, 9, 18),),
    entities=(
        Entity("e1", "PER", "Kenji Oda", ("ODA",), "Minister", "MI"),
        Entity("e2", "PER", "Tina Berg", ("Berg",), "director", "MI"),
        Entity("e3", "LOC", "Zomba", (), None, "MI"),
        Entity("e4", "ORG", "Fish & Boat Board", (), None, "MI", "government:MI"),
        Entity("e5", "LOC", "Malawi", (), None, "MI", "country:MI"),
        Entity("e6", "MISC", "Shire Accord"),
    ),
    meetings=(Meeting(2, 0, 50, ("e1", "e2"), "e3", "2009-02-02", score=0.7),),
    meetings_not_held=(Meeting(3, 0, 20, ("e2",), status="planned", staff=("poloff",)),),
    statements=(
        Statement(3, 0, 40, "e2", "said", 31, 36, 60, addressee="poloff", quoted=True),
        Statement(2, 0, 40, "e1", "met", addressee="e2", denied=True, within="e2", score=0.5),
    ),
)
SHORE = made(
    ("subject", "THE SHORE", OPEN),
    ("body", "[PER Tina H. Berg|e1] left [LOC Malawi|e2]; [PER Kenji Oda|e3] stayed.", OPEN),
    mrn="08LILONGWE7",
    sent=datetime(2008, 5, 1, tzinfo=UTC),
    post="Embassy Lilongwe",
    classification="UNCLASSIFIED",
    subject="THE SHORE",
    entities=(
        Entity("e1", "PER", "Tina H. Berg", (), "chair", "MI"),
        Entity("e2", "LOC", "Malawi", (), None, "MI", "country:MI"),
        Entity("e3", "PER", "Kenji Oda"),
    ),
    meetings=(Meeting(1, 0, 30, ("e1", "e3"), "e2", "2008-04-01", "2008-04-03"),),
)
AGAIN = replace(SHORE, raw=replace(SHORE.raw or RawCable("", "text", ""), source="again.txt", text="again"))
LOOSE = made(("body", "A leaf with no name.", None))
# Who is who across the cables: the key, then the cables' numbers and labels.
ACROSS = {
    "tina-h-berg": ("PER", "Tina H. Berg", [(1, "e2"), (2, "e1"), (3, "e1")]),
    "kenji-oda": ("PER", "Kenji Oda", [(1, "e1"), (2, "e3"), (3, "e3")]),
    "country:MI": ("LOC", "Malawi", [(1, "e5"), (2, "e2"), (3, "e2")]),
}


def fill(connection: sqlite3.Connection, cables: list[Cable]) -> None:
    for number, cable in enumerate(cables, 1):
        with transaction(connection):
            cable_id = add_cable(connection, cable, content_hash=f"{number:032x}", parsed_by="code 1")
            put_names(connection, cable_id, cable, done_by=DONE)
            assert cable.raw is not None
            add_provenance(connection, cable_id, cable.raw)


@pytest.fixture
def archive(tmp_path: Path) -> sqlite3.Connection:
    connection = open_file(tmp_path / "archive.db", create=True)
    fill(connection, [LAKE, SHORE, AGAIN, LOOSE])
    with transaction(connection):
        connection.execute(
            "INSERT INTO failures (source, stage, reason, at) VALUES ('bad.txt', 'read', 'empty', '2020')"
        )
        connection.execute(
            "INSERT INTO decisions (uid, kind, subject, by, at) VALUES ('d1', 'merge', 'Kenji Oda', 'me', '2020-01-01')"
        )
        connection.execute("INSERT INTO versions VALUES (3, 2, 'same number', 1.0)")
        for key, (kind, name, where) in ACROSS.items():
            place = (-13.9, 33.7) if kind == "LOC" else (None, None)
            (number,) = connection.execute(
                "INSERT INTO entities (key, type, name, latitude, longitude, cables, mentions)"
                " VALUES (?, ?, ?, ?, ?, 3, 3) RETURNING id",
                (key, kind, name, *place),
            ).fetchone()
            for cable_id, label in where:
                connection.execute(
                    "UPDATE cable_entities SET entity_id = ? WHERE cable_id = ? AND label = ?",
                    (number, cable_id, label),
                )
    return connection


def place(tmp_path: Path, form: str) -> Path:
    return tmp_path / PATHS.get(form, form)


def contents(path: Path) -> dict[str, bytes]:
    """Every file of an export by its path, those of a zip file by their names."""
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def all_text(form: str, path: Path) -> str:
    """Everything that can be read in an export, with the files' names."""
    if form == "parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        return repr([pq.read_table(file).to_pylist() for file in sorted(path.rglob("*.parquet"))])
    if form == "docbin":
        docs = [doc for file in path.rglob("*.spacy") for doc in read_docs(file)]
        return repr([(doc.text, [(span.text, span.kb_id_) for span in doc.ents], doc.user_data) for doc in docs])
    return repr({name: data.decode() for name, data in contents(path).items()})


def read_docs(file: Path) -> list[Any]:
    spacy = pytest.importorskip("spacy")
    return list(spacy.tokens.DocBin().from_disk(file).get_docs(spacy.blank("en").vocab))


# Every format


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    needed = {"parquet": "pyarrow", "docbin": "spacy"}.get(request.param)
    if needed:
        pytest.importorskip(needed)
    return str(request.param)


def test_a_protected_name_is_in_no_export_unless_it_is_asked_for(
    form: str, archive: sqlite3.Connection, tmp_path: Path
) -> None:
    only = Selection(ids=(1,))
    export(View(archive, selection=only), form, place(tmp_path, form))
    masked = all_text(form, place(tmp_path, form))
    assert not re.search(r"\boda\b", masked, re.IGNORECASE)
    shown = tmp_path / "shown" / place(tmp_path, form).name
    export(View(archive, Clearance(protected=True), only), form, shown)
    assert re.search(r"\boda\b", all_text(form, shown), re.IGNORECASE)


def test_what_a_clearance_hides_is_in_no_export(form: str, archive: sqlite3.Connection, tmp_path: Path) -> None:
    view = View(archive, replace(LOW, protected=True), Selection(ids=(1,)))
    export(view, form, place(tmp_path, form))
    text = all_text(form, place(tmp_path, form))
    for hidden in ("Zomba", "Kenji", "Minister", "ODA AND", "strictly", "2009-02-02", "Tina"):
        assert hidden not in text, hidden
    if form not in {"gexf", "bibtex"}:
        assert "Board" in text


def test_the_same_archive_makes_the_same_export(form: str, archive: sqlite3.Connection, tmp_path: Path) -> None:
    one, other = (tmp_path / name / place(tmp_path, form).name for name in ("one", "other"))
    for path in (one, other):
        export(View(archive), form, path)
    assert contents(one) == contents(other)


def test_only_what_is_selected_is_exported(form: str, archive: sqlite3.Connection, tmp_path: Path) -> None:
    done = export(View(archive, selection=Selection(tags=("prel",))), form, place(tmp_path, form))
    assert done.cables == 1
    assert "LILONGWE7" not in all_text(form, place(tmp_path, form))


def test_an_export_that_fails_leaves_nothing_that_looks_whole(
    form: str, archive: sqlite3.Connection, tmp_path: Path
) -> None:
    def fail(done: int) -> None:
        if done == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export(View(archive, on_cable=fail), form, place(tmp_path, form))
    assert not (place(tmp_path, form).exists() and (form != "parquet" or (tmp_path / form / "_SUCCESS").exists()))


def test_an_empty_archive_can_be_exported(form: str, tmp_path: Path) -> None:
    connection = open_file(tmp_path / "empty.db", create=True)
    assert export(View(connection), form, place(tmp_path, form)).cables == 0
    assert place(tmp_path, form).exists()


def test_a_folder_with_something_in_it_is_left_alone(form: str, archive: sqlite3.Connection, tmp_path: Path) -> None:
    path = place(tmp_path, form)
    path.mkdir()
    (path / "mine.txt").write_text("notes")
    with pytest.raises(UsageError, match=path.name):
        export(View(archive), form, path)
    assert [file.name for file in path.iterdir()] == ["mine.txt"]


def test_a_format_that_there_is_not_is_named_with_those_that_there_are(archive: sqlite3.Connection) -> None:
    with pytest.raises(UsageError, match="no format 'docx'; there are jsonl, csv"):
        export(View(archive), "docx", "x")


@pytest.mark.parametrize(
    ("selection", "mrns"),
    [
        (Selection(posts=("Lilongwe",), until="2008-12-31"), ["08LILONGWE7", "08LILONGWE7"]),
        (Selection(since="2009-02-03", until="2009-02-03"), ["09LILONGWE12"]),
        (Selection(classifications=("SECRET",)), ["09LILONGWE12"]),
        (Selection(posts=("Rome",)), []),
        (Selection(ids=(4,)), [None]),
    ],
)
def test_a_selection_narrows_by_post_day_and_classification(
    selection: Selection, mrns: list[str | None], archive: sqlite3.Connection, tmp_path: Path
) -> None:
    export(View(archive, selection=selection), "jsonl", tmp_path / "a")
    assert [record["mrn"] for record in lines(tmp_path / "a")] == mrns


# JSON lines


def test_jsonl_has_the_record_of_each_cable_and_who_is_who_across_them(
    archive: sqlite3.Connection, tmp_path: Path
) -> None:
    export(View(archive), "jsonl", tmp_path / "a.jsonl")
    records = lines(tmp_path / "a.jsonl")
    assert [record["mrn"] for record in records] == ["09LILONGWE12", "08LILONGWE7", "08LILONGWE7", None]
    assert records[1]["archive_keys"] == {"e1": "tina-h-berg", "e2": "country:MI", "e3": "kenji-oda"}
    assert records[1]["meetings"][0]["until"] == "2008-04-03"


def test_a_masked_name_is_not_given_away_by_who_it_is_in_other_cables(
    archive: sqlite3.Connection, tmp_path: Path
) -> None:
    export(View(archive), "jsonl", tmp_path / "a.jsonl")
    assert "e1" not in lines(tmp_path / "a.jsonl")[0]["archive_keys"]


# Interrupted and gone on with

DRIVER = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    import reftel.export.jsonl, reftel.export.parquet
    from reftel.archive.store import open_file
    from reftel.export import View, export
    reftel.export.jsonl._CHUNK = 3
    reftel.export.parquet._CHUNK = 4
    form, archive, path, stop = sys.argv[1:]
    def on_cable(done):
        if done == int(stop):
            os.kill(os.getpid(), signal.SIGKILL)
    print(export(View(open_file(archive), on_cable=on_cable), form, path).cables)
    """
)


def run(form: str, archive: Path, path: Path, *, stop: int) -> int:
    command = [sys.executable, "-c", DRIVER, form, str(archive), str(path), str(stop)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def grown(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "grown.db"
    connection = open_file(path, create=True)
    fill(
        connection, [replace(cable, mrn=f"0{n % 3 + 7}LIMA{n}") for n, cable in enumerate([LAKE, SHORE] * (count // 2))]
    )
    connection.close()
    return path


@pytest.mark.parametrize("resumed", ["jsonl", "parquet"])
def test_an_export_killed_at_any_cable_and_run_again_is_as_if_undisturbed(resumed: str, tmp_path: Path) -> None:
    if resumed == "parquet":
        pytest.importorskip("pyarrow")
    archive = grown(tmp_path, 20)
    whole, path = tmp_path / "whole", tmp_path / "killed"
    assert run(resumed, archive, whole, stop=-1) == 0
    for stop in (5, 19):
        assert run(resumed, archive, path, stop=stop) == -signal.SIGKILL
        assert not (path / "_SUCCESS").exists()
    assert run(resumed, archive, path, stop=-1) == 0
    assert [*contents(path).values()] == [*contents(whole).values()]
    assert {file.name for file in tmp_path.iterdir()} <= {"whole", "killed", "grown.db", "grown.db-wal", "grown.db-shm"}


def test_an_interrupted_jsonl_does_not_write_again_what_is_there(
    archive: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reftel.export.jsonl._CHUNK", 1)
    interrupted(archive, tmp_path / "a", at=3)
    seen: list[int] = []
    export(View(archive, on_cable=seen.append), "jsonl", tmp_path / "a")
    assert seen == [4]
    assert len(lines(tmp_path / "a")) == 4


def test_an_interrupted_jsonl_begins_anew_where_the_archive_has_changed(
    archive: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reftel.export.jsonl._CHUNK", 1)
    interrupted(archive, tmp_path / "a", at=3)
    with transaction(archive):
        put_names(archive, 1, replace(LAKE, mentions=(), statements=()), done_by={"tagged_by": "model 2"})
    export(View(archive), "jsonl", tmp_path / "a")
    assert lines(tmp_path / "a")[0]["mentions"] == []


def interrupted(archive: sqlite3.Connection, path: Path, *, at: int) -> None:
    def stop(done: int) -> None:
        if done == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(View(archive, on_cable=stop), "jsonl", path)


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    long = made(*[("body", f"[PER Tina Berg|e1] said {'so ' * 2000}.", None)] * 5, entities=LAKE.entities[1:2])
    connections = {count: open_file(tmp_path / f"{count}.db", create=True) for count in (4, 40)}
    for count, connection in connections.items():
        fill(connection, [replace(long, mrn=f"09LIMA{n}") for n in range(count)])
    for form in ("jsonl", "csv", "ftm", "tei", "gexf"):
        small, large = (peak(connection, form, tmp_path / str(count)) for count, connection in connections.items())
        assert large < 1.5 * small, form


def peak(connection: sqlite3.Connection, form: str, folder: Path) -> int:
    tracemalloc.start()
    export(View(connection), form, folder / form)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


# Tables


def test_every_table_of_the_schema_is_exported_or_left_out_on_purpose(archive: sqlite3.Connection) -> None:
    assert set(schema_tables(archive)) - LEFT_OUT == set(tables())
    assert set(OF_ARCHIVE) == {table for table in tables() if tables()[table][0].name != "content_hash"} | {"failures"}


def test_csv_has_one_file_a_table_with_the_schemas_columns(archive: sqlite3.Connection, tmp_path: Path) -> None:
    export(View(archive), "csv", tmp_path / "csv")
    found = {
        file.stem: list(csv.DictReader(file.read_text(encoding="utf-8").splitlines(keepends=True)))
        for file in (tmp_path / "csv").iterdir()
    }
    assert set(found) == set(tables())
    assert len(found["units"]) == 6 + 2 + 2 + 1
    assert found["cables"][0]["captions"] == '["NOFORN"]'
    assert found["tags"][0] == {
        "content_hash": f"{1:032x}",
        "position": "0",
        "code": "PREL",
        "kind": "subject",
        "name": "External Political Relations",
    }
    assert [row["entity"] for row in found["participants"] if row["content_hash"][-1] == "1"] == ["e1", "e2", "e2"]
    assert found["versions"][0]["other_content_hash"] == f"{2:032x}"
    assert found["raw_cables"][1]["text"].startswith("THE SHORE\n")


def test_decisions_and_failures_are_exported_only_where_nothing_is_masked(
    archive: sqlite3.Connection, tmp_path: Path
) -> None:
    export(View(archive), "csv", tmp_path / "masked")
    export(View(archive, Clearance(protected=True)), "csv", tmp_path / "shown")
    for table in ("decisions", "failures"):
        counts = [len((tmp_path / name / f"{table}.csv").read_text().splitlines()) for name in ("masked", "shown")]
        assert counts == [1, 2]


def test_parquet_is_a_dataset_a_table_partitioned_by_year(archive: sqlite3.Connection, tmp_path: Path) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    export(View(archive), "parquet", tmp_path / "out")
    found = dataset.dataset(tmp_path / "out" / "cables", partitioning="hive").to_table()
    assert sorted(zip(found["mrn"].to_pylist(), found["year"].to_pylist(), strict=True), key=str) == [
        *[("08LILONGWE7", 2008)] * 2,
        ("09LILONGWE12", 2009),
        (None, None),
    ]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {*tables(), "_reftel", "_SUCCESS"}
    for table, columns in tables().items():
        names = dataset.dataset(tmp_path / "out" / table, partitioning="hive").schema.names
        assert [name for name in names if name != "year"] == [column.name for column in columns]


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    pq = pytest.importorskip("pyarrow.parquet")
    return {
        table: [
            row for file in sorted((path / table).rglob("*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()
        ]
        for table in tables()
    }


def test_from_parquet_every_cable_comes_back_as_it_is(archive: sqlite3.Connection, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    export(View(archive, Clearance(protected=True)), "parquet", tmp_path / "out")
    found = rows(tmp_path / "out")
    for cable_id in range(1, 5):
        own = {
            table: [row for row in listed if row.get("content_hash") == f"{cable_id:032x}"]
            for table, listed in found.items()
            if table not in OF_ARCHIVE
        }
        assert cable_of(own) == read_cable(archive, cable_id)
    assert {row["key"]: row["name"] for row in found["entities"]}["tina-h-berg"] == "Tina H. Berg"


def test_real_cables_come_back_from_their_rows_as_they_are(shared: Path) -> None:
    for raw in read(str(shared / "specimen" / "09BAGHDAD197.html")):
        cable = parse(raw)
        done_by = dict.fromkeys(("parsed_by", "linked_by", "tagged_by", "resolved_by", "related_by"))
        assert cable_of(rows_of(cable, content_hash="x", done_by=done_by)) == cable


def test_a_parquet_export_of_a_grown_archive_has_each_row_once(archive: sqlite3.Connection, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "out"
    export(View(archive), "parquet", path)
    before = contents(path)
    export(View(archive), "parquet", path)
    assert contents(path) == before
    with transaction(archive):
        add_cable(archive, replace(SHORE, mrn="08LIMA9"), content_hash="9" * 32, parsed_by="code 1")
    export(View(archive), "parquet", path)
    found = rows(path)
    assert sorted(row["content_hash"][-1] for row in found["cables"]) == ["1", "2", "3", "4", "9"]
    part = next(name for name in before if name.startswith("units/year=2009/"))
    assert contents(path)[part] == before[part]


ACROSS_TABLES = {
    "entities": "SELECT * FROM entities",
    "aliases": "SELECT aliases.*, key AS entity_key FROM aliases JOIN entities ON entities.id = entity_id",
    "roles": "SELECT roles.*, key AS entity_key FROM roles JOIN entities ON entities.id = entity_id",
}


def test_who_is_who_is_as_the_archive_has_it_where_all_is_shown(examples: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with open_archive(tmp_path / "a.db", create=True) as built:
        build([str(examples)], built)
        export(View(built.connection, Clearance(protected=True)), "parquet", tmp_path / "out")
        for table, query in ACROSS_TABLES.items():
            names = [column.name for column in tables()[table]]
            held = {tuple(row[name] for name in names) for row in built.connection.execute(query)}
            assert held
            assert {tuple(row.values()) for row in rows(tmp_path / "out")[table]} == held


@pytest.mark.parametrize("clearance", [FULL, LOW, Clearance(protected=True)])
def test_the_entities_of_an_export_are_those_that_its_cables_point_to(
    clearance: Clearance, archive: sqlite3.Connection, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    export(View(archive, clearance), "parquet", tmp_path / "out")
    found = rows(tmp_path / "out")
    pointed_to = {row["entity_key"] for row in found["cable_entities"] if row["entity_key"]}
    keys = {row["key"] for row in found["entities"]}
    assert keys == pointed_to & keys
    assert keys >= {"tina-h-berg", "kenji-oda", "country:MI"}


def test_names_and_roles_that_differ_in_capitals_only_are_one(tmp_path: Path) -> None:
    known = ((), "Minister", "MI", "kenji-oda")
    texts = {"09LIMA1": ("KENJI ODA", "Kenji Oda's"), "09LIMA2": ("KENJI ODA", "KENJI ODA")}
    cables = [
        made(
            *[("body", f"[PER {text}|e1] left.", None) for text in two],
            mrn=mrn,
            entities=(Entity("e1", "PER", two[0], *known),),
        )
        for mrn, two in texts.items()
    ]
    connection = open_file(tmp_path / "archive.db", create=True)
    fill(connection, cables)
    export(View(connection, selection=Selection(ids=(1, 2))), "csv", tmp_path / "out")
    found = {
        table: list(csv.DictReader((tmp_path / "out" / f"{table}.csv").read_text().splitlines()))
        for table in ("entities", "aliases", "roles")
    }
    assert [(row["name"], row["mentions"], row["cables"]) for row in found["aliases"]] == [("Kenji Oda", "4", "2")]
    assert [(row["role"], row["cables"]) for row in found["roles"]] == [("Minister", "2")]
    assert [row["name"] for row in found["entities"]] == ["Kenji Oda"]


def test_the_office_of_who_signed_is_among_the_roles(archive: sqlite3.Connection, tmp_path: Path) -> None:
    with transaction(archive):
        archive.execute(
            "INSERT INTO signers (cable_entity_id, role) SELECT id, 'consul' FROM cable_entities"
            " WHERE cable_id = 2 AND label = 'e1'"
        )
    export(View(archive), "ftm", tmp_path / "a.json")
    berg = next(
        each
        for each in lines(tmp_path / "a.json")
        if "position" in each["properties"] and "Tina H. Berg" in each["properties"]["name"]
    )
    assert set(berg["properties"]["position"]) == {"director", "chair", "consul"}


# FollowTheMoney


def test_ftm_entities_have_the_properties_of_their_schemas(archive: sqlite3.Connection, tmp_path: Path) -> None:
    followthemoney = pytest.importorskip("followthemoney")
    export(View(archive, Clearance(protected=True)), "ftm", tmp_path / "a.json")
    for data in lines(tmp_path / "a.json"):
        proxy = followthemoney.model.get_proxy(data, cleaned=False)
        again = proxy.to_dict()["properties"]
        cleaned = {name: sorted(values) for name, values in again.items()}
        assert cleaned == {name: sorted(values) for name, values in data["properties"].items()}
        for prop, value in proxy.itervalues():
            assert prop.type.validate(value), (prop, value)


def test_ftm_links_mentions_documents_and_events_to_entities(archive: sqlite3.Connection, tmp_path: Path) -> None:
    export(View(archive), "ftm", tmp_path / "a.json")
    found = lines(tmp_path / "a.json")
    by_id = {data["id"]: data for data in found}
    assert len(by_id) == len(found)
    for data in found:
        for name in ("document", "resolved", "proof", "involved"):
            assert all(number in by_id for number in data["properties"].get(name, ()))
    documents = [data["properties"] for data in found if data["schema"] == "PlainText"]
    assert documents[1]["title"] == ["THE SHORE"]
    assert documents[1]["country"] == ["mw"]
    assert [document["fileName"][0] for document in documents][:3] == [
        *("09LILONGWE12.txt", "08LILONGWE7.txt", "08LILONGWE7-2.txt"),
    ]
    person = next(
        data for data in found if data["properties"].get("name") == ["Tina H. Berg"] and data["schema"] == "Person"
    )
    assert person["properties"]["alias"] == ["Tina Berg", "Berg"] or set(person["properties"]["alias"]) == {
        "Tina Berg",
        "Berg",
    }
    assert set(person["properties"]["position"]) == {"chair", "director"}
    assert person["properties"]["country"] == ["mw"]
    schemas = {data["properties"]["name"][0]: data["schema"] for data in found if data["id"].startswith("entity-")}
    assert schemas["Fish & Boat Board"] == "PublicBody"
    assert schemas["Malawi"] == "Address"
    unresolved = [d["properties"] for d in found if d["schema"] == "Mention" and "resolved" not in d["properties"]]
    assert [each["name"] for each in unresolved] == [["Xu Lind"]]
    event = next(data for data in found if data["schema"] == "Event" and "startDate" in data["properties"])
    assert event["properties"]["endDate"] == ["2008-04-03"]


def test_ftm_names_are_of_one_line(tmp_path: Path) -> None:
    split = made(
        ("body", "[PER Tina\nBerg|e1] left [LOC Cape\n Town].", None), entities=(Entity("e1", "PER", "Tina\nBerg"),)
    )
    connection = open_file(tmp_path / "archive.db", create=True)
    fill(connection, [split])
    export(View(connection), "ftm", tmp_path / "a.json")
    found = [data["properties"] for data in lines(tmp_path / "a.json")]
    assert found[0]["bodyText"] == ["Tina\nBerg left Cape\n Town."]
    assert [each.get("name") for each in found] == [None, ["Tina Berg"], ["Cape Town"], ["Tina Berg"]]


def test_ftm_has_one_mention_where_two_entities_of_a_cable_are_one_across_cables(tmp_path: Path) -> None:
    oda = [Entity(label, "PER", name, (), None, "JA", "kenji-oda") for label, name in (("e1", "Oda"), ("e2", "K. Oda"))]
    twice = made(("body", "[PER Oda|e1] wrote; [PER K. Oda|e2] called.", None), entities=tuple(oda))
    connection = open_file(tmp_path / "archive.db", create=True)
    fill(connection, [twice])
    export(View(connection), "ftm", tmp_path / "a.json")
    mentions = [data["properties"] for data in lines(tmp_path / "a.json") if data["schema"] == "Mention"]
    assert [(each["name"], each["contextCountry"]) for each in mentions] == [(["Oda", "K. Oda"], ["jp"])]


def test_ftm_country_codes_are_those_that_followthemoney_knows() -> None:
    types = pytest.importorskip("followthemoney.types")
    codes = [_country_code(each.code) for each in all_countries()]
    assert all(types.registry.country.clean(code) == code for code in codes if code)
    assert (_country_code("IZ"), _country_code("UK"), _country_code("KWBG")) == ("iq", "gb", "ps")


# GEXF


def test_gexf_is_a_network_of_who_stands_together_with_whom(archive: sqlite3.Connection, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    export(View(archive), "gexf", tmp_path / "a.gexf")
    graph = networkx.read_gexf(tmp_path / "a.gexf")
    number = {data["label"]: node for node, data in graph.nodes(data=True)}
    assert graph.nodes[number["Tina H. Berg"]]["cables"] == 3
    assert graph.nodes[number["Fish & Boat Board"]]["type"] == "ORG"
    assert graph.edges[number["Tina H. Berg"], number["Malawi"]]["weight"] == 3
    assert graph.edges[number["Tina H. Berg"], number["Kenji Oda"]]["weight"] == 2
    assert not graph.has_edge(number["Fish & Boat Board"], number["Kenji Oda"])


def test_gexf_leaves_out_what_is_in_fewer_cables_than_asked_for(archive: sqlite3.Connection, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    export(View(archive), "gexf", tmp_path / "a.gexf", least=3)
    graph = networkx.read_gexf(tmp_path / "a.gexf")
    assert {data["label"] for _, data in graph.nodes(data=True)} == {"Tina H. Berg", "Malawi"}
    assert graph.number_of_edges() == 1


# TEI

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# The elements of TEI P5 4.9 that are used, each with the elements that may stand right inside it.
INSIDE = {
    "teiCorpus": "teiHeader TEI",
    "TEI": "teiHeader standOff text",
    "teiHeader": "fileDesc encodingDesc profileDesc",
    "fileDesc": "titleStmt publicationStmt notesStmt sourceDesc",
    "titleStmt": "title",
    "publicationStmt": "p",
    "notesStmt": "note",
    "sourceDesc": "bibl p",
    "bibl": "author title idno date",
    "author": "orgName",
    "encodingDesc": "editorialDecl",
    "editorialDecl": "p",
    "profileDesc": "langUsage textClass correspDesc",
    "langUsage": "language",
    "textClass": "keywords",
    "keywords": "term",
    "correspDesc": "correspAction correspContext note",
    "correspAction": "orgName persName date",
    "correspContext": "ref",
    "standOff": "listPerson listPlace listOrg listNym",
    "listPerson": "person",
    "listPlace": "place",
    "listOrg": "org",
    "listNym": "nym",
    "person": "persName note",
    "place": "placeName location note",
    "org": "orgName note",
    "nym": "form",
    "form": "orth",
    "location": "geo",
    "text": "body",
    "body": "head div closer",
    "div": "head p quote note",
    "quote": "p",
    "note": "p persName roleName orgName",
    "p": "label lb gap persName placeName orgName name",
    "head": "persName placeName orgName name gap lb",
    "closer": "signed",
    "signed": "persName placeName orgName name gap lb",
    "gap": "desc",
}


def assert_tei(root: Any) -> None:
    for element in root.iter():
        name = element.tag.removeprefix(TEI)
        for child in element:
            assert child.tag.removeprefix(TEI) in INSIDE.get(name, "lb gap").split(), (name, child.tag)
    ids = [element.get(XML_ID) for element in root.iter() if element.get(XML_ID)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", each) for each in ids)
    links = [element.get("ref") for element in root.iter() if element.get("ref")]
    assert all(link.removeprefix("#") in ids for link in links)


def test_tei_has_a_file_a_cable_that_points_to_who_is_who(archive: sqlite3.Connection, tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    export(View(archive), "tei", tmp_path / "tei")
    found = {
        str(file.relative_to(tmp_path / "tei")): etree.parse(file).getroot()
        for file in (tmp_path / "tei").rglob("*.xml")
    }
    assert set(found) == {
        *("entities.xml", "2009/09LILONGWE12.xml", "2008/08LILONGWE7.xml", "2008/08LILONGWE7-2.xml"),
        f"no-year/{4:032x}.xml",
    }
    for root in found.values():
        assert_tei(root)
    persons = {person.get(XML_ID): person for person in found["entities.xml"].iter(f"{TEI}person")}
    berg = found["2008/08LILONGWE7.xml"].find(f".//{TEI}person[@corresp]")
    assert berg.get("corresp").startswith("../entities.xml#")
    assert persons[berg.get("corresp").partition("#")[2]].findtext(f"{TEI}persName") == "Tina H. Berg"


def test_tei_is_one_corpus_for_a_path_that_ends_in_xml(archive: sqlite3.Connection, tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    export(View(archive), "tei", tmp_path / "a.xml")
    root = etree.parse(tmp_path / "a.xml").getroot()
    assert_tei(root)
    assert len(root.findall(f"{TEI}TEI")) == 5
    ids = {element.get(XML_ID) for element in root.iter()}
    links = [element.get("corresp") for element in root.iter() if element.get("corresp")]
    assert links
    assert all(link.removeprefix("#") in ids for link in links)


# Annotation tools


def test_xmi_is_a_cas_with_names_sentences_and_tokens(archive: sqlite3.Connection, tmp_path: Path) -> None:
    cassis = pytest.importorskip("cassis")
    export(View(archive), "xmi", tmp_path / "xmi")
    with (tmp_path / "xmi" / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    with (tmp_path / "xmi" / "2009" / "09LILONGWE12.xmi").open("rb") as file:
        cas = cassis.load_cas_from_xmi(file, typesystem=types)
    names = cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    assert [(name.value, name.get_covered_text()) for name in names] == [
        *(("PER", "███"), ("PER", "█████ ███"), ("PER", "Tina Berg"), ("LOC", "Zomba"), ("PER", "Berg")),
        *(("ORG", "Fish & Boat Board"), ("LOC", "Malawi"), ("PER", "Xu Lind"), ("MISC", "Shire Accord")),
    ]
    tokens = [
        each.get_covered_text() for each in cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token")
    ]
    assert "\U0001f41f" in tokens
    assert tokens[-1] == "HALE"
    expected = sum(len(sentences(unit.text)) for unit in mask(read_cable(archive, 1)).units)
    assert len(cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence")) == expected
    assert cas.sofa_string.count("\n") == 11


def test_docbin_has_the_text_and_the_names_of_each_cable(archive: sqlite3.Connection, tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    export(View(archive, Clearance(protected=True)), "docbin", tmp_path / "docs")
    docs = read_docs(tmp_path / "docs" / "cables-00001.spacy")
    for cable_id, doc in enumerate(docs, 1):
        cable = read_cable(archive, cable_id)
        assert doc.text == "\n\n".join(unit.text for unit in cable.units)
        assert [(span.label_, span.text) for span in doc.ents] == [(each.type, each.text) for each in cable.mentions]
        assert doc.user_data["mrn"] == cable.mrn
    berg = {span.kb_id_ for doc in docs for span in doc.ents if "Berg" in span.text}
    assert len(berg) == 1


def test_brat_text_and_annotations_fit(archive: sqlite3.Connection, tmp_path: Path) -> None:
    export(View(archive), "brat", tmp_path / "brat")
    text = (tmp_path / "brat" / "2009" / "09LILONGWE12.txt").read_text()
    annotations = (tmp_path / "brat" / "2009" / "09LILONGWE12.ann").read_text().splitlines()
    names = [line.split("\t") for line in annotations if line.startswith("T")]
    assert len(names) == 9
    for _, where, name in names:
        _, start, end = where.split()
        assert text[int(start) : int(end)] == name


def test_texts_can_be_put_into_one_zip_file(archive: sqlite3.Connection, tmp_path: Path) -> None:
    export(View(archive), "text", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as zipped:
        assert zipped.testzip() is None
        assert len(zipped.namelist()) == 4
        assert "[protected] (strictly protect)" in " ".join(zipped.read("2009/09LILONGWE12.txt").decode().split())


def test_bibtex_has_an_entry_a_cable(archive: sqlite3.Connection, tmp_path: Path) -> None:
    export(View(archive), "bibtex", tmp_path / "a.bib")
    assert (tmp_path / "a.bib").read_text().splitlines()[:4] == [
        "@misc{09LILONGWE12,",
        "  author = {{Embassy Lilongwe}},",
        "  title = {{███ AND THE LAKE}},",
        "  date = {2009-02-03},",
    ]


def test_the_number_of_a_hostile_cable_leads_nowhere(tmp_path: Path) -> None:
    connection = open_file(tmp_path / "archive.db", create=True)
    fill(connection, [replace(LOOSE, mrn="../../etc/passwd"), replace(SHORE, mrn="09" + "A" * 5000)])
    export(View(connection), "text", tmp_path / "out")
    assert sorted(str(file.relative_to(tmp_path))[:30] for file in (tmp_path / "out").rglob("*.txt")) == [
        *("out/2008/09AAAAAAAAAAAAAAAAAAA", "out/no-year/_etc_passwd.txt"),
    ]


def test_the_archive_is_as_it_was(archive: sqlite3.Connection, tmp_path: Path) -> None:
    before = archive.execute("PRAGMA main.data_version").fetchone()[0], archive.total_changes
    tables_before = archive.execute("SELECT name FROM sqlite_master").fetchall()
    export(View(archive, FULL), "gexf", tmp_path / "a")
    assert archive.execute("SELECT name FROM sqlite_master").fetchall() == tables_before
    assert archive.execute("SELECT count(*) FROM sqlite_temp_master WHERE name LIKE 'across%'").fetchone()[0] == 0
    assert archive.execute("PRAGMA main.data_version").fetchone()[0] == before[0]
