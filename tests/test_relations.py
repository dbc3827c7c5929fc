"""`reftel meetings` and `reftel statements`: lists of who met whom and who said what."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from made_archives import Made, archive_of
from reftel.archive import Clearance
from reftel.archive.relations import Wanted, meetings, statements
from reftel.archive.store import open_file
from reftel.cli import main
from reftel.errors import InputError
from reftel.pipeline.resolving import resolve

if TYPE_CHECKING:
    from pathlib import Path

CABLES = (
    Made(
        "08OSLO1",
        "Foreign Minister [PER Karim Danesh] met [PER Petra Quill] in [LOC Bergen] on April 28. [PER Danesh] said that"
        " the strait would stay open.\n[PER Petra Quill] plans to meet [PER Karim Danesh] again in June.",
    ),
    Made("08PARIS3", "[PER Petra Quill] told poloff that the ferry had sunk.", sent="2008-06-02", post="Embassy Paris"),
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    connection = archive_of(CABLES, path)
    resolve(connection)
    connection.close()
    return path


def run(archive: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, [arguments[0], "-a", str(archive), *arguments[1:]])
    assert done.exit_code == 0, done.output
    return done.output


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_meeting_is_told_with_who_where_and_when(archive: Path) -> None:
    (row,) = lines(run(archive, "meetings", "-f", "json"))
    assert [party["name"] for party in row["participants"]] == ["Karim Danesh", "Petra Quill"]
    assert (row["mrn"], row["date"], row["status"], row["place"]["name"]) == ("08OSLO1", "2008-04-28", "held", "Bergen")
    assert row["text"].startswith("Foreign Minister Karim Danesh met")


def test_what_was_only_planned_is_told_when_it_is_asked_for(archive: Path) -> None:
    (row,) = lines(run(archive, "meetings", "-f", "json", "--status", "planned"))
    assert row["status"] == "planned"


def test_statements_are_those_that_the_entity_made(archive: Path) -> None:
    said = lines(run(archive, "statements", "-f", "json", "--entity", "Karim Danesh"))
    assert [(row["source"]["name"], row["cue"]) for row in said] == [("Karim Danesh", "said")]
    assert said[0]["content"].startswith("the strait would stay open") or "strait" in said[0]["content"]


def test_lists_are_narrowed_by_post_and_day(archive: Path) -> None:
    assert [row["mrn"] for row in lines(run(archive, "statements", "-f", "json", "--post", "paris"))] == ["08PARIS3"]
    assert {row["mrn"] for row in lines(run(archive, "statements", "-f", "json", "--to", "2008-05"))} == {"08OSLO1"}
    assert lines(run(archive, "meetings", "-f", "json", "--from", "2009")) == []


def test_a_table_and_csv_tell_the_same(archive: Path) -> None:
    assert "2008-04-28  meeting: Karim Danesh, Petra Quill in Bergen" in run(archive, "meetings")
    assert "Petra Quill: told to poloff" in run(archive, "statements")
    (row,) = csv.DictReader(io.StringIO(run(archive, "meetings", "-f", "csv")))
    assert (row["participants"], row["place"]) == ("Karim Danesh; Petra Quill", "Bergen")


@pytest.mark.parametrize("asked", [("--entity", "Nobody Atall"), ("--post", "Atlantis"), ("--from", "yesterday")])
def test_what_is_not_known_is_one_clear_line(archive: Path, asked: tuple[str, str]) -> None:
    done = CliRunner().invoke(main, ["meetings", "-a", str(archive), *asked])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"reftel: {asked[1]}: ")
    assert done.stderr.count("\n") == 1


def test_nothing_above_the_clearance_is_told(archive: Path) -> None:
    connection = open_file(archive)
    connection.execute("UPDATE cables SET classification = 'SECRET', level = 3")
    connection.execute("UPDATE units SET level = 3")
    low = Clearance("CONFIDENTIAL")
    assert list(meetings(connection, Wanted(), clearance=low)) == []
    assert list(statements(connection, Wanted(), clearance=low)) == []
    assert len(list(statements(connection, Wanted(), clearance=Clearance("SECRET")))) == 3


def test_cables_that_protect_a_name_are_left_out_without_the_right(archive: Path) -> None:
    connection = open_file(archive)
    connection.execute("INSERT INTO protected SELECT id, 0, 5 FROM units WHERE text LIKE '%ferry%'")
    assert {row.mrn for row in statements(connection, Wanted())} == {"08OSLO1"}
    shown = statements(connection, Wanted(), clearance=Clearance(protected=True))
    assert {row.mrn for row in shown} == {"08OSLO1", "08PARIS3"}


def test_an_unknown_entity_is_an_input_error(archive: Path) -> None:
    with pytest.raises(InputError, match="no entity"):
        list(meetings(open_file(archive), Wanted(entity="Nobody Atall")))
