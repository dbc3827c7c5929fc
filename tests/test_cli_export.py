"""`reftel export`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reftel import parse
from reftel.archive import open_archive
from reftel.cli import main
from reftel.export import FORMATS
from reftel.model import RawCable

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

HEAD = (
    "R {day}1200Z JAN {year}\nFM AMEMBASSY {post}\nTO SECSTATE WASHDC\n\n{mark}\n\nTAGS: {tag}\nSUBJECT: THE LAKE\n\n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with open_archive(path, create=True) as opened:
        for mrn, post, mark, day, tag in (
            ("09LIMA12", "LIMA", "S E C R E T LIMA 000012", "03", "PREL, PE"),
            ("09ROME3", "ROME", "UNCLAS ROME 000003", "20", "ECON, IT"),
        ):
            head = HEAD.format(mark=mark, day=day, year=mrn[:2], post=post, tag=tag)
            body = "1. (U) The lake is low.\n\n2. (S) The fish are few.\nHALE"
            raw = RawCable(f"{mrn}.txt", "text", head + body, claimed_mrn=mrn)
            with opened.transaction():
                opened.add(parse(raw), parsed_by="code 1")
        opened.index_words()
    return path


def run(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", "-a", str(archive), *arguments])


def mrns(path: Path) -> list[str]:
    return [json.loads(line)["mrn"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_archive_is_written_and_how_many_cables_is_told(archive: Path, tmp_path: Path) -> None:
    result = run(archive, "-f", "jsonl", "-o", str(tmp_path / "a.jsonl"))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"reftel: 2 cables in {tmp_path / 'a.jsonl'}\n"
    assert mrns(tmp_path / "a.jsonl") == ["09LIMA12", "09ROME3"]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (["--post", "Lima"], ["09LIMA12"]),
        (["--post", "Embassy Rome", "--post", "LIMA"], ["09LIMA12", "09ROME3"]),
        (["--from", "2009-01-04"], ["09ROME3"]),
        (["--from", "2009-02"], []),
        (["--to", "2009"], ["09LIMA12", "09ROME3"]),
        (["--query", "fish post:lima"], ["09LIMA12"]),
        (["--query", "lake", "--tag", "economic", "--from", "2009-01"], ["09ROME3"]),
        (["--query", "fish", "--clearance", "UNCLASSIFIED"], []),
        (["--query", ""], ["09LIMA12", "09ROME3"]),
        (["--to", "2009-01-03"], ["09LIMA12"]),
        (["--tag", "econ"], ["09ROME3"]),
        (["--classification", "SECRET"], ["09LIMA12"]),
    ],
)
def test_the_options_narrow_what_is_written(
    narrowed: list[str], found: list[str], archive: Path, tmp_path: Path
) -> None:
    assert run(archive, "-f", "jsonl", "-o", str(tmp_path / "a"), *narrowed).exit_code == 0
    assert mrns(tmp_path / "a") == found


def test_what_is_above_the_clearance_is_left_out(archive: Path, tmp_path: Path) -> None:
    run(archive, "-f", "jsonl", "-o", str(tmp_path / "a"), "--clearance", "UNCLASSIFIED")
    text = (tmp_path / "a").read_text()
    assert "lake is low" in text
    assert "fish" not in text


def test_every_format_can_be_named(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("spacy")
    for form in FORMATS:
        assert run(archive, "-f", form, "-o", str(tmp_path / form)).exit_code == 0, form


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--post", "Atlantis"], "no post is called 'Atlantis'"),
        (["--caption", "NOFORN"], "--caption goes with --clearance"),
        (["--from", "yesterday"], "yesterday"),
        (["--query", "(fish"], "never closed"),
    ],
)
def test_options_that_do_not_go_are_wrong_usage(arguments: list[str], said: str, archive: Path, tmp_path: Path) -> None:
    result = run(archive, "-f", "jsonl", "-o", str(tmp_path / "a"), *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_folder_with_something_in_it_is_one_clear_line(archive: Path, tmp_path: Path) -> None:
    result = run(archive, "-f", "csv", "-o", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"reftel: {tmp_path} is there already")


def test_an_interruption_says_how_to_go_on(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reftel.cli.export.export", stop)
    for form, said in (("jsonl", "it goes on"), ("csv", "it begins anew")):
        result = run(archive, "-f", form, "-o", str(tmp_path / "a"))
        assert result.exit_code == 1
        assert said in result.stderr


def test_a_full_disk_is_one_clear_line(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reftel.cli.export.export", fail)
    result = run(archive, "-f", "csv", "-o", str(tmp_path / "a"))
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
