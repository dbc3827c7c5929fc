"""What is kept in memory is made anew after any write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.archive.remembered import remembered
from reftel.archive.store import open_file, transaction

if TYPE_CHECKING:
    from pathlib import Path


def test_a_thing_is_made_once_until_something_is_written(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    path = tmp_path / "a.db"
    one, other = open_file(path, create=True), open_file(path)
    assert [remembered(each, "x", make) for each in (one, other, one)] == [1, 1, 1]
    with transaction(other):
        other.execute("INSERT INTO touched_blocks VALUES ('b')")
        assert remembered(other, "x", make) == 2
    assert remembered(one, "x", make) == 3
    assert remembered(other, "x", make) == 3
    assert remembered(one, "y", make) == 4
