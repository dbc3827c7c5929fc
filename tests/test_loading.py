"""`reftel load`: a Parquet export back into an archive, without losing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyarrow", reason="needs the extra: pip install 'reftel[parquet]'")
from click.testing import CliRunner

from reftel.archive import open_archive
from reftel.cli import main
from reftel.pipeline import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def built(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("loading") / "a.db"
    with open_archive(path, create=True) as archive:
        build([str(examples)], archive)
    return path


@pytest.fixture(scope="module")
def exported(built: Path) -> Path:
    folder = built.with_name("parquet")
    run("decide", "rename", "-a", str(built), "chantal-rochat-grandjean", "Chantal Rochat")
    run("export", "-a", str(built), "-f", "parquet", "--protected", "show", "-o", str(folder))
    return folder


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_cable_comes_back_as_it_was(built: Path, exported: Path, tmp_path: Path) -> None:
    assert run("load", str(exported), "-a", str(tmp_path / "b.db")) == "added 18, skipped 0, failed 0\n"
    with open_archive(built) as before, open_archive(tmp_path / "b.db") as after:
        hashes = dict(before.connection.execute("SELECT content_hash, id FROM cables").fetchall())
        for row in after.connection.execute("SELECT content_hash, id FROM cables").fetchall():
            assert after.cable(row["id"]) == before.cable(hashes[row["content_hash"]])
        assert list(after.check()) == []
        assert after.search("ballast").total == before.search("ballast").total


def test_who_is_who_and_what_people_decided_comes_along(built: Path, exported: Path, tmp_path: Path) -> None:
    run("load", str(exported), "-a", str(tmp_path / "b.db"))
    with open_archive(built) as before, open_archive(tmp_path / "b.db") as after:
        query = "SELECT name, type, cables, mentions FROM entities ORDER BY name, type, mentions"
        rows = [list(map(tuple, each.connection.execute(query))) for each in (before, after)]
        assert rows[0] == rows[1]
        assert "Chantal Rochat" in {row[0] for row in rows[1]}


def test_loading_again_adds_nothing(exported: Path, tmp_path: Path) -> None:
    run("load", str(exported), "-a", str(tmp_path / "b.db"))
    assert run("load", str(exported), "-a", str(tmp_path / "b.db")) == "added 0, skipped 18, failed 0\n"


def test_a_slice_is_loaded_by_year_and_post(exported: Path, tmp_path: Path) -> None:
    assert run("load", str(exported), "-a", str(tmp_path / "b.db"), "--year", "2007").startswith("added 4,")
    assert run("load", str(exported), "-a", str(tmp_path / "c.db"), "--post", "Bern").startswith("added 1,")


def test_a_masked_export_is_not_taken_for_the_cables(built: Path, tmp_path: Path) -> None:
    run("export", "-a", str(built), "-f", "parquet", "-o", str(tmp_path / "masked"))
    done = CliRunner().invoke(main, ["load", str(tmp_path / "masked"), "-a", str(tmp_path / "b.db")])
    assert done.exit_code == 1
    assert "export with --protected show" in done.stderr


def test_a_folder_that_is_no_export_is_one_clear_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["load", str(tmp_path), "-a", str(tmp_path / "b.db")])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "not a Parquet export of reftel" in done.stderr
