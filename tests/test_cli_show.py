"""`reftel show`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reftel import parse
from reftel.archive import open_archive
from reftel.archive.nearest import nearest_mrns, normal_mrn
from reftel.cli import main
from reftel.model import RawCable, Span

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def text(mrn: str, body: str) -> RawCable:
    head = "C O N F I D E N T I A L LILONGWE 000012\n\nSUBJECT: THE LAKE\n\n"
    return RawCable(f"{mrn}.txt", "text", f"{head}1. (C) {body}\nHALE", claimed_mrn=mrn)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with open_archive(path, create=True) as opened:
        for mrn, body in (
            ("09LILONGWE12", "The lake is low."),
            ("09LILONGWE12", "The lake is low, corrected."),
            ("09LILONGWE140", "Oda (strictly protect) left."),
            ("08LIMA12", "The port is open."),
        ):
            cable = parse(text(mrn, body))
            index = next(n for n, unit in enumerate(cable.units) if unit.kind == "body")
            spans = (Span(index, 0, 3),) if body.startswith("Oda") else ()
            with opened.transaction():
                opened.add(replace(cable, protected=spans), parsed_by="code 1")
    return path


def show(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["show", "-a", str(archive), *arguments])


def test_a_cable_is_shown_as_text_by_its_number(archive: Path) -> None:
    result = show(archive, "08LIMA12")
    assert result.exit_code == 0
    assert "The port is open." in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("typed", ["08lima12", "2008 LIMA 0012", "08-Lima-12", " 08LIMA012 "])
def test_a_number_is_found_however_it_is_typed(typed: str, archive: Path) -> None:
    assert "The port is open." in show(archive, typed).stdout


def test_of_several_versions_the_latest_is_shown_and_the_others_are_told_of(archive: Path) -> None:
    result = show(archive, "09LILONGWE12")
    assert "low, corrected." in result.stdout
    assert result.stderr == ("reftel: this is the latest of 2 versions of 09LILONGWE12; for the others: --version 1\n")
    first = show(archive, "09LILONGWE12", "--version", "1")
    assert "The lake is low." in first.stdout
    assert first.stderr == ""


def test_a_version_that_there_is_not_is_wrong_usage(archive: Path) -> None:
    result = show(archive, "08LIMA12", "--version", "2")
    assert result.exit_code == 2
    assert "08LIMA12 has 1 version, and no version 2" in result.stderr


def test_the_record_is_shown_as_json(archive: Path) -> None:
    assert json.loads(show(archive, "08LIMA12", "-f", "json").stdout)["mrn"] == "08LIMA12"


def test_the_raw_text_is_shown_in_the_bracket_layout(archive: Path) -> None:
    assert "The port is open ." in show(archive, "08LIMA12", "-f", "brackets").stdout


@pytest.mark.parametrize("form", ["text", "json", "brackets", "html", "tei", "conll"])
def test_protected_names_are_masked_in_every_format_unless_asked_for(form: str, archive: Path) -> None:
    assert "Oda" not in show(archive, "09LILONGWE140", "-f", form).stdout
    assert "Oda" in show(archive, "09LILONGWE140", "-f", form, "--protected", "show").stdout


def test_for_an_unknown_number_near_ones_are_named(archive: Path) -> None:
    result = show(archive, "09LILONGWE13")
    assert result.exit_code == 1
    assert result.stderr == "reftel: no cable 09LILONGWE13 in the archive; near are 09LILONGWE12, 09LILONGWE140\n"
    assert "find its number with reftel search" in show(archive, "nonsense").stderr


def test_near_are_numbers_of_the_same_post_and_of_posts_spelled_alike(archive: Path) -> None:
    with open_archive(archive) as opened:
        assert nearest_mrns(opened.connection, "08LIMMA12") == ["08LIMA12"]
        assert nearest_mrns(opened.connection, "07LIMA12") == ["08LIMA12"]
        assert nearest_mrns(opened.connection, "08ROME12") == []
        assert nearest_mrns(opened.connection, "0" * 100_000) == []
        assert nearest_mrns(opened.connection, "08" + "A" * 100_000) == []


def test_a_number_is_brought_to_the_form_that_archives_have() -> None:
    assert normal_mrn("1979 State 0274491") == "79STATE274491"
    assert normal_mrn("09 San Jose 7") == "09SANJOSE7"
    assert normal_mrn("what?") == "WHAT?"


def test_a_missing_archive_is_one_clear_line(tmp_path: Path) -> None:
    result = show(tmp_path / "none.db", "08LIMA12")
    assert result.exit_code != 0
    assert "none.db" in result.stderr
    assert "Traceback" not in result.output
