"""`reftel search`, and the examples of its documentation, on the example cables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from reftel.archive import open_archive
from reftel.archive.search import search
from reftel.archive.spellings import index_spellings
from reftel.archive.word_counts import count_words
from reftel.cli import main
from reftel.parse import parse
from reftel.read import read

DOCS = Path(__file__).resolve().parent.parent / "docs" / "search.md"
NAMES = {"Khalid bin Rashid": "person:khalid", "Shaikh Khaled": "person:khalid", "Sulaimonov": "person:sulaimonov"}
EXAMPLES = re.findall(r"^\| `(.+?)` \| .+? \| ?(.*?) ?\|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """The example cables in an archive, with a few names as a tagger would find them."""
    path = tmp_path_factory.mktemp("archive") / "examples.db"
    with open_archive(path, create=True) as opened:
        with opened.transaction():
            for file in sorted(examples.iterdir()):
                for raw in read(file):
                    opened.add(parse(raw), parsed_by="p")
            sql = opened.connection.execute
            sql("INSERT INTO origins (id, name) VALUES (1, 'test')")
            for written, key in NAMES.items():
                sql("INSERT OR IGNORE INTO entities (key, type, name, cables, mentions) VALUES (?, 'PER', ?, 1, 1)",
                    (key, written))  # fmt: skip
                entity = sql("SELECT id FROM entities WHERE key = ?", (key,)).fetchone()[0]
                sql("INSERT INTO aliases VALUES (?, ?, 1, 1)", (entity, written))
                rows = sql("SELECT id, cable_id, instr(text, ?1) - 1 FROM units WHERE instr(text, ?1)", (written,))
                for unit, cable, at in rows.fetchall():
                    own = sql(
                        "INSERT INTO cable_entities (cable_id, label, type, name, aliases, entity_id)"
                        " VALUES (?, 'e' || abs(random()), 'PER', ?, '[]', ?) RETURNING id",
                        (cable, written, entity),
                    ).fetchone()[0]
                    place = (unit, at, at + len(written), written, own)
                    sql("INSERT INTO mentions VALUES (?, ?, ?, 'PER', ?, ?, 1.0, 1)", place)
        count_words(opened.connection)
        index_spellings(opened.connection)
    return path


def run(archive: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["search", "-a", str(archive), *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_documentation_has_examples() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(("query", "numbers"), EXAMPLES)
def test_an_example_of_the_documentation_finds_what_it_says(archive: Path, query: str, numbers: str) -> None:
    with open_archive(archive) as opened:
        hits = search(opened.connection, query).hits
    expected = numbers.split(", ") if numbers else []
    found = [hit.mrn for hit in hits]
    assert sorted(map(str, found)) == sorted(expected)
    if ":" not in query:
        assert found == expected


def test_the_table_shows_the_header_the_subject_and_the_paragraph_with_marks(archive: Path) -> None:
    code, out, err = run(archive, "coffee railway")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "1 cable"
    assert lines[2] == "07ADDISABABA2187  2007-08-01  Embassy Addis Ababa  UNCLASSIFIED"
    assert "*COFFEE*" in lines[3]
    assert "¶1" in lines[4]


def test_json_is_one_object_with_offsets_of_the_marks(archive: Path) -> None:
    code, out, _ = run(archive, "coffee", "-f", "json", "-n", "1", "--facets")
    record = json.loads(out)
    assert code == 0
    assert (record["total"], record["order"], len(record["hits"])) == (2, "relevance", 1)
    hit = record["hits"][0]
    assert hit["mrn"] == "07ADDISABABA2187"
    start, end = hit["subject_marks"][0]
    assert hit["subject"][start:end] == "COFFEE"
    excerpt = hit["excerpts"][0]
    assert {excerpt["text"][start:end].lower() for start, end in excerpt["marks"]} == {"coffee"}
    assert {share["value"] for share in record["facets"]["posts"]} == {"ADDISABABA", "MANAMA"}
    following = json.loads(run(archive, "coffee", "-f", "json", "--after", record["next"])[1])
    assert [hit["mrn"] for hit in following["hits"]] == ["06MANAMA1633"]
    assert following["next"] is None


def test_the_options_narrow_the_search(archive: Path) -> None:
    assert run(archive, "coffee", "--post", "manama")[1].startswith("1 cable\n\n06MANAMA1633")
    assert run(archive, "--from", "1977", "--to", "1977-09")[1].splitlines()[2].startswith("77STATE214406")
    assert run(archive, "--tag", "SENV", "--tag", "EWWT")[1].startswith("5 cables")
    assert run(archive, "--classification", "secret", "--entity", "Shaikh Khaled")[1].startswith("1 cable\n")


def test_a_query_that_cannot_be_read_exits_with_2_and_points_at_the_place(archive: Path) -> None:
    code, out, err = run(archive, "coffee (tea")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        'reftel: the query, character 8: "(" is never closed; add a ")", or put it in quotes',
        "  coffee (tea",
        "         ^",
    ]
    assert run(archive, "--post", "Xyzzyx")[0] == 2
    assert run(archive, "--after", "elsewhere")[0] == 2


def test_a_file_that_is_no_archive_exits_with_1(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "none.db", "tea")
    assert code == 1
    assert "no such archive" in err


def test_a_clearance_and_protection_are_kept(archive: Path) -> None:
    assert run(archive, "manar")[1].startswith("1 cable")
    assert run(archive, "manar", "--clearance", "CONFIDENTIAL")[1].startswith("0 cables")
    assert "MAJLIS" in run(archive, "manar", "--captions", "EXDIS,NOFORN")[1]
    assert "MAJLIS" not in run(archive, "manar", "--captions", "EXDIS")[1]  # the subject is as the cable, NOFORN
    assert run(archive, "paulouskaya")[1].startswith("0 cables")
    assert run(archive, "paulouskaya", "--protected", "show")[1].startswith("1 cable")
    assert "Paulouskaya" not in run(archive, "lamplight", "--excerpts", "20")[1]


def test_a_search_without_a_query_lists_the_newest_cables(archive: Path) -> None:
    out = run(archive, "-n", "2")[1].splitlines()
    assert out[0] == "18 cables"
    assert out[2].startswith("10WELLINGTON91")
    assert out[-1].startswith("more with --after ")
