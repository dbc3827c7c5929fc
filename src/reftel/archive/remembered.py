"""What was worked out for a reader, kept in memory for as long as nothing is written to the archive's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable

_Made = TypeVar("_Made")
_MOST = 2048  # things kept, of all archives
_kept: dict[Hashable, Any] = {}


def remembered(connection: sqlite3.Connection, what: Hashable, make: Callable[[], _Made]) -> _Made:
    """What `make` gives, or gave for the same `what` since the file was last written to.

    Made anew in a transaction, which may see the archive as it was or as nobody else sees it yet.
    """
    state = _state(connection)
    if state is None:
        return make()
    key = (state, what)
    if key not in _kept:
        made = make()  # before anything is dropped: it may remember, too
        while len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = made
        return made
    return _kept[key]  # type: ignore[no-any-return]  # what was made for this key


def _state(connection: sqlite3.Connection) -> Hashable | None:
    """What changes with every write: sizes and times of the file and of the log beside it; None where not to tell."""
    file = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    if not file or connection.in_transaction:
        return None
    return (file, *(_stamp(Path(name)) for name in (file, f"{file}-wal")))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_ino, held.st_size, held.st_mtime_ns
