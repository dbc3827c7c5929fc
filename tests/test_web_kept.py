"""What the web reader keeps from page to page: until the archive changes, and for one clearance alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette")

from reftel.archive import Clearance, open_archive
from reftel.archive.store import open_file
from reftel.web.kept import Kept
from reftel.web.settings import Settings
from reftel.web.users import User
from reftel.web.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with nothing in it."""
    open_archive(tmp_path / "a.db", create=True).close()
    return tmp_path / "a.db"


def _numbers() -> Iterator[int]:
    yield from range(100)


def test_a_thing_is_made_once_for_all_connections(path: Path) -> None:
    kept, numbers, one, other = Kept(), _numbers(), open_file(path), open_file(path)
    kept.turn(one)
    kept.turn(other)
    assert kept.get(kept.turn(one), "list", lambda: next(numbers)) == 0
    assert kept.get(kept.turn(other), "list", lambda: next(numbers)) == 0
    assert kept.get(kept.turn(one), "map", lambda: next(numbers)) == 1


@pytest.mark.parametrize("writer", [0, 1, 2])
def test_whoever_changes_the_archive_all_that_was_kept_is_made_anew(path: Path, writer: int) -> None:
    kept, numbers = Kept(), _numbers()
    connections = [open_file(path) for _ in range(3)]  # the third is another process's, never lent here
    for each in connections[:2]:
        kept.turn(each)
    assert kept.get(kept.turn(connections[0]), "list", lambda: next(numbers)) == 0
    connections[writer].execute("INSERT INTO origins (name) VALUES ('a person')")
    found = [kept.get(kept.turn(each), "list", lambda: next(numbers)) for each in connections[:2] * 2]
    assert 0 not in found
    assert found[2] == found[3]


def test_what_was_begun_before_a_change_is_not_kept_after_it(path: Path) -> None:
    kept, one, other = Kept(), open_file(path), open_file(path)
    kept.turn(other)
    before = kept.turn(one)
    other.execute("INSERT INTO origins (name) VALUES ('a person')")
    now = kept.turn(other)
    assert kept.get(before, "list", lambda: "old") == "old"
    assert kept.get(now, "list", lambda: "new") == "new"


def test_nothing_is_given_to_a_reader_of_another_clearance(path: Path) -> None:
    kept, archive = Kept(), open_file(path)
    for_turn = partial(kept.get, kept.turn(archive))
    nobody: Any = None
    clearances = (Clearance(), Clearance("SECRET"), Clearance(protected=True), Clearance(captions=frozenset()))
    visits = [
        Visit(nobody, Settings(path), archive, nobody, User(f"user {number}", clearance), b"", "", for_turn)
        for number, clearance in enumerate(clearances * 2)
    ]
    numbers = _numbers()
    assert [visit.keep("list", lambda: next(numbers)) for visit in visits] == [0, 1, 2, 3] * 2


def test_what_was_not_asked_for_longest_gives_way(path: Path) -> None:
    kept, turn = Kept(), 0
    turn = kept.turn(open_file(path))
    for number in range(1000):
        kept.get(turn, number, lambda number=number: number)  # type: ignore[misc]
    assert kept.get(turn, 999, lambda: -1) == 999
    assert kept.get(turn, 0, lambda: -1) == -1
