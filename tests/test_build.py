"""Building an archive: nothing lost, nothing doubled, whatever happens on the way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

import reftel
from reftel.archive import Archive, open_archive, store
from reftel.pipeline import Plan, build, stages
from reftel.pipeline.each import tagger_of
from reftel.tag import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

build_room = sys.modules["reftel.pipeline.build"]
TIMES = {"added", "at"}


class Capitals:
    """A tagger for tests: every word of capitals is an organisation."""

    version = "capitals-1"

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        for texts in cables:
            yield [
                [Span(at, at + len(word), "ORG", 0.9) for word, at in words(text) if word.isupper() and len(word) > 2]
                for text in texts
            ]


def words(text: str) -> Iterator[tuple[str, int]]:
    at = 0
    for word in text.split(" "):
        yield word, at
        at += len(word) + 1


@pytest.fixture(autouse=True)
def capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_room, "tagger_of", lambda *_: Capitals())
    monkeypatch.setattr(build_room, "CHUNK", 4)


def content(archive: Archive) -> dict[str, list[Any]]:
    """Every row of every table, but for the times at which they were written."""
    skipped = "name NOT LIKE 'words%' AND name NOT LIKE 'sqlite%'"
    query = f"SELECT name FROM sqlite_master WHERE type = 'table' AND {skipped} ORDER BY name"
    tables = [row[0] for row in archive.connection.execute(query)]
    return {table: rows(archive, table) for table in tables}


def rows(archive: Archive, table: str) -> list[Any]:
    found = archive.connection.execute(f'SELECT * FROM "{table}"').fetchall()
    return sorted(repr([row[key] for key in row.keys() if key not in TIMES]) for row in found)  # noqa: SIM118


def hits(archive: Archive, word: str) -> list[int]:
    return [row[0] for row in archive.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (word,))]


@pytest.fixture
def built(examples: Path, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", create=True) as archive:
        build([str(examples)], archive)
        yield archive


def test_every_cable_is_in_the_archive_as_it_was_read(built: Archive, examples: Path) -> None:
    kept = {cable.raw.text: cable for cable in built.cables() if cable.raw}
    for raw in reftel.read(examples):
        cable = reftel.parse(raw)
        assert kept[raw.text].units == cable.units
        assert kept[raw.text].references == cable.references
        assert kept[raw.text].repairs == cable.repairs


def test_a_second_build_adds_nothing_and_changes_nothing(built: Archive, examples: Path) -> None:
    before = content(built)
    done = build([str(examples)], built)
    assert (done.added, done.failures) == (0, ())
    assert done.skipped == len(list(reftel.read(examples)))
    assert content(built) == before


def test_an_exact_copy_is_one_cable_found_twice(built: Archive, examples: Path, tmp_path: Path) -> None:
    shutil.copy(examples / "09ACCRA611.html", tmp_path / "09ACCRA611.html")
    number = len(built)
    build([str(tmp_path / "09ACCRA611.html")], built)
    assert len(built) == number
    (cable_id,) = built.cable_ids("09ACCRA611")
    sources = built.connection.execute("SELECT source FROM provenance WHERE cable_id = ?", (cable_id,)).fetchall()
    assert len(sources) == 2


def test_text_is_searchable_before_any_name_is_known(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_room, "annotate", stop)
    with open_archive(tmp_path / "a.db", create=True) as archive:
        with pytest.raises(KeyboardInterrupt):
            build([str(examples)], archive)
        assert hits(archive, "pencil")


@pytest.mark.parametrize("seed", range(6))
def test_a_build_that_is_broken_off_anywhere_goes_on_to_the_same_archive(
    examples: Path, tmp_path: Path, built: Archive, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    execute = store.transaction

    def breaking(connection: sqlite3.Connection) -> Any:
        if chance.random() < 0.15:
            raise sqlite3.OperationalError("database or disk is full")
        return execute(connection)

    monkeypatch.setattr(store, "transaction", breaking)
    for _ in range(200):
        try:
            with open_archive(tmp_path / "b.db", create=True) as archive:
                build([str(examples)], archive)
                break
        except sqlite3.OperationalError:
            continue
    monkeypatch.setattr(store, "transaction", execute)
    with open_archive(tmp_path / "b.db") as archive:
        assert content(archive) == content(built)
        assert list(archive.check()) == []


def test_an_exception_inside_a_transaction_leaves_nothing_of_it(built: Archive) -> None:
    def write_half() -> None:
        with built.transaction():
            built.connection.execute("DELETE FROM cables")
            built.connection.execute("SELECT * FROM no_such_table")

    before = content(built)
    with pytest.raises(sqlite3.OperationalError):
        write_half()
    assert content(built) == before


def test_a_build_that_is_killed_goes_on_to_the_same_archive(examples: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "reftel.cli", "build", str(examples), "--workers", "2", "-a"]
    subprocess.run([*command, str(tmp_path / "whole.db")], check=True, capture_output=True)
    chance = random.Random(7)
    for _ in range(4):
        process = subprocess.Popen(
            [*command, str(tmp_path / "killed.db")],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0.4, 2.5))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run([*command, str(tmp_path / "killed.db")], check=True, capture_output=True)
    with open_archive(tmp_path / "whole.db") as whole, open_archive(tmp_path / "killed.db") as killed:
        assert content(killed) == content(whole)
        assert list(killed.check()) == []


def test_a_cable_that_fails_is_kept_with_the_reason_and_the_others_are_done(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    understand = stages.understand

    def faulty(cable: reftel.Cable) -> reftel.Cable:
        if cable.mrn == "10BERN77":
            raise ZeroDivisionError("by a fault of ours")
        return understand(cable)

    monkeypatch.setattr(stages, "understand", faulty)
    with open_archive(tmp_path / "a.db", create=True) as archive:
        done = build([str(examples)], archive)
        assert [line.partition(":")[0].endswith("10BERN77.html") for line in done.failures] == [True]
        (failure,) = archive.connection.execute("SELECT * FROM failures").fetchall()
        assert "by a fault of ours" in failure["reason"]
        assert hits(archive, "Rochat")
        assert build([str(examples)], archive).failures == ()  # not tried again unless asked to
        monkeypatch.setattr(stages, "understand", understand)
        assert build([], archive, Plan(retry_failed=True)).failures == ()
        assert archive.pending("related_by", stages.code_version()) == []
        assert archive.connection.execute("SELECT count(*) FROM failures").fetchone()[0] == 0


def test_an_input_that_cannot_be_read_is_kept_and_can_be_tried_again(tmp_path: Path) -> None:
    bad = tmp_path / "08NOWHERE1.txt"
    bad.write_bytes(b"\x00\x01\x02" * 100)
    with open_archive(tmp_path / "a.db", create=True) as archive:
        assert len(build([str(bad)], archive).failures) == 1
        assert archive.failed_paths() == [str(bad)]
        bad.write_text(
            "UNCLAS BERN 000044\n\nSUBJECT: A QUIET DAY\n\n1. Nothing of note was said at the Foreign Ministry today.\n"
        )
        done = build([], archive, Plan(retry_failed=True))
        assert (done.added, done.failures) == (1, ())
        assert archive.failed_paths() == []


@pytest.mark.parametrize("stage", ["parse", "tag", "resolve", "relate"])
def test_doing_a_stage_again_gives_the_same_archive(built: Archive, stage: Any) -> None:
    before = list(built.cables())
    build([], built, Plan(redo=stage))
    assert list(built.cables()) == before
    assert list(built.check()) == []


def test_another_model_tags_again_what_is_there(built: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Capitals()
    other.version = "capitals-2"
    monkeypatch.setattr(build_room, "tagger_of", lambda *_: other)
    build([], built)
    origins = {mention.origin for cable in built.cables() for mention in cable.mentions}
    assert origins == {"capitals-2"}


def test_two_processes_make_the_same_archive_as_one_that_has_tagged_before_them(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_room, "tagger_of", tagger_of)  # other processes know nothing of a stand-in
    made = []
    for workers in (1, 2):
        with open_archive(tmp_path / f"{workers}.db", create=True) as archive:
            build([str(examples)], archive, Plan(workers=workers))
            made.append(content(archive))
    assert made[0] == made[1]


def test_the_command_tells_what_it_did(examples: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "reftel.cli",
        "build",
        str(examples / "10BERN77.html"),
        str(tmp_path / "nothing"),
        "-a",
        str(tmp_path / "a.db"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "added 1, skipped 0, failed 1\n"
    assert "no such file" in done.stderr
    assert done.returncode == 1


def test_a_file_that_is_no_archive_is_one_clear_line(examples: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    sqlite3.connect(other).executescript("CREATE TABLE notes (text)")
    command = [sys.executable, "-m", "reftel.cli", "build", str(examples), "-a", str(other)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"reftel: {other}: not an archive of reftel; name another file\n"
