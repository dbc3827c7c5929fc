"""What is kept in memory is made anew after any write, and given to nobody who may see less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reftel.archive import Clearance
from reftel.archive.remembered import remembered
from reftel.archive.store import open_file, transaction

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_WRITE = "INSERT INTO origins (name) VALUES ('a person')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with nothing in it."""
    open_file(tmp_path / "a.db", create=True).close()
    return tmp_path / "a.db"


class _Made:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_a_thing_is_made_once_for_all_connections(path: Path) -> None:
    make, one, other = _Made(), open_file(path), open_file(path)
    assert [remembered(each, "x", make) for each in (one, other, one)] == [1, 1, 1]
    assert remembered(one, "y", make) == 2


def test_a_thing_is_made_anew_in_a_transaction_and_after_it(path: Path) -> None:
    make, one, other = _Made(), open_file(path), open_file(path)
    assert remembered(one, "x", make) == 1
    with transaction(other):
        other.execute(_WRITE)
        assert remembered(other, "x", make) == 2
    assert [remembered(each, "x", make) for each in (one, other)] == [3, 3]


@pytest.mark.parametrize("writer", [0, 1, 2])
def test_whoever_writes_all_that_was_kept_is_made_anew(path: Path, writer: int) -> None:
    make = _Made()
    connections = [open_file(path) for _ in range(3)]  # the third never asks for anything
    assert remembered(connections[0], "x", make) == 1
    connections[writer].execute(_WRITE)
    assert [remembered(each, "x", make) for each in connections[:2]] == [2, 2]


def test_what_was_begun_before_a_change_is_not_given_after_it(path: Path) -> None:
    one, other = open_file(path), open_file(path)

    def old() -> str:
        other.execute(_WRITE)
        return "old"

    assert remembered(one, "x", old) == "old"
    assert remembered(one, "x", lambda: "new") == "new"


def test_archives_do_not_share_what_is_kept(path: Path, tmp_path: Path) -> None:
    make = _Made()
    assert remembered(open_file(path), "x", make) == 1
    assert remembered(open_file(tmp_path / "b.db", create=True), "x", make) == 2


def test_what_was_not_asked_for_longest_gives_way(path: Path) -> None:
    archive = open_file(path)
    for number in range(3000):
        remembered(archive, number, lambda number=number: number)  # type: ignore[misc]
    assert remembered(archive, 2999, lambda: -1) == 2999
    assert remembered(archive, 0, lambda: -1) == -1


def test_nothing_is_given_to_a_reader_of_another_clearance(path: Path) -> None:
    settings, users, visits = (
        pytest.importorskip(f"reftel.web.{name}", reason="needs the extra: pip install 'reftel[web]'")
        for name in ("settings", "users", "visit")
    )

    def visit(archive: sqlite3.Connection, clearance: Clearance) -> Any:
        user = users.User("somebody", clearance)
        return visits.Visit(None, settings.Settings(path), archive, None, user, b"", "")

    archive, make = open_file(path), _Made()
    clearances = (Clearance(), Clearance("SECRET"), Clearance(protected=True), Clearance(captions=frozenset()))
    assert [visit(archive, each).keep("list", make) for each in clearances * 2] == [1, 2, 3, 4] * 2
