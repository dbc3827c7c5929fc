"""`reftel load`: a Parquet export back into an archive, without losing anything."""

from __future__ import annotations

import shutil
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyarrow", reason="needs the extra: pip install 'reftel[parquet]'")
from click.testing import CliRunner

from reftel.archive import Clearance, open_archive
from reftel.cli import main
from reftel.export import View, export
from reftel.export.loading import load
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
    assert not (tmp_path / "b.db").exists()


def test_an_export_that_is_not_whole_is_not_loaded(exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported, tmp_path / "part")
    (tmp_path / "part" / "_SUCCESS").unlink()
    done = CliRunner().invoke(main, ["load", str(tmp_path / "part"), "-a", str(tmp_path / "b.db")])
    assert done.exit_code == 1
    assert "not whole; run the same `reftel export` again" in done.stderr
    assert not (tmp_path / "b.db").exists()


@pytest.mark.parametrize("content", [b"", b"PAR1 no more"])
def test_a_damaged_part_is_one_clear_line_and_an_export_mends_it(
    content: bytes, built: Path, exported: Path, tmp_path: Path
) -> None:
    folder, loading = tmp_path / "damaged", ["load", str(tmp_path / "damaged"), "-a", str(tmp_path / "b.db")]
    shutil.copytree(exported, folder)
    part = next((folder / "mentions" / "year=2007").iterdir())
    part.write_bytes(content)
    done = CliRunner().invoke(main, loading)
    assert done.exit_code == 1
    assert done.stderr == f"reftel: {part}: cannot be read; remove it, and run the same `reftel export` again\n"
    part.unlink()
    run("export", "-a", str(built), "-f", "parquet", "--protected", "show", "-o", str(folder))
    run(*loading)
    with open_archive(built) as before, open_archive(tmp_path / "b.db") as after:
        query = "SELECT count(*) FROM mentions"
        assert after.connection.execute(query).fetchone()[0] == before.connection.execute(query).fetchone()[0]


def test_a_part_of_another_layout_is_one_clear_line(exported: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    shutil.copytree(exported, tmp_path / "other")
    part = next((tmp_path / "other" / "units" / "year=2007").iterdir())
    pq.write_table(pq.ParquetFile(part).read().drop_columns(["heading"]), part)
    done = CliRunner().invoke(main, ["load", str(tmp_path / "other"), "-a", str(tmp_path / "b.db")])
    assert done.exit_code == 1
    assert "has no column 'heading'; export again with this version of reftel" in done.stderr


def test_memory_does_not_grow_with_the_cables_of_a_year(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reftel.export.loading._RUN", 4)
    peaks = []
    for count in (8, 80):
        with open_archive(built) as archive, open_archive(tmp_path / f"{count}.db", create=True) as grown:
            cable = next(archive.cables())
            assert cable.raw is not None
            for number in range(count):
                with grown.transaction():
                    text = f"{cable.raw.text}{number}"
                    grown.add(replace(cable, raw=replace(cable.raw, text=text)), parsed_by="code 1")
            export(View(grown.connection, Clearance(protected=True)), "parquet", tmp_path / str(count))
        with open_archive(tmp_path / f"{count}-again.db", create=True) as again:
            tracemalloc.start()
            assert load(tmp_path / str(count), again).added == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_an_interruption_says_how_to_go_on(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reftel.cli.load.load", stop)
    done = CliRunner().invoke(main, ["load", str(exported), "-a", str(tmp_path / "b.db")])
    assert done.exit_code == 1
    assert "run the same command again: it goes on" in done.stderr
