"""What was worked out from an archive, kept in memory for as long as nothing is written to its file.

One store for a process and all its threads. Whoever writes, in whatever process, changes what `_state` gives, so that
the next who asks has it made anew. Nobody is to change what is given.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable

_Made = TypeVar("_Made")
_MOST = 1024  # things kept of one archive
_ARCHIVES = 8  # archives of which things are kept
_INDEX_HEADER = 48  # bytes: that of SQLite's index of the log, which every transaction changes (sqlite.org/walformat)
_lock = Lock()


class _Shelf(NamedTuple):
    """The things kept of one archive in one state of it, those that were asked for last at the end."""

    state: Hashable
    things: OrderedDict[Hashable, Any]


_shelves: OrderedDict[str, _Shelf] = OrderedDict()


def remembered(connection: sqlite3.Connection, what: Hashable, make: Callable[[], _Made]) -> _Made:
    """What `make` gives, or gave for the same `what` since the file was last written to.

    Made anew in a transaction, which may see the archive as it was or as nobody else sees it yet.
    """
    file = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    if not file or connection.in_transaction:
        return make()
    state = _state(file)
    with _lock:
        things = _shelf(file, state).things
        if what in things:
            things.move_to_end(what)
            return things[what]  # type: ignore[no-any-return]  # what was made for this
    made = make()
    with _lock:  # what was begun before a change goes to a shelf that nobody finds any more
        things[what] = made
        while len(things) > _MOST:
            things.popitem(last=False)
    return made


def _shelf(file: str, state: Hashable) -> _Shelf:
    """The shelf of an archive in this state; what was kept of it in another is dropped."""
    shelf = _shelves.get(file)
    if shelf is None or shelf.state != state:
        shelf = _shelves[file] = _Shelf(state, OrderedDict())
    _shelves.move_to_end(file)
    while len(_shelves) > _ARCHIVES:
        _shelves.popitem(last=False)
    return shelf


def _state(file: str) -> Hashable:
    """What changes with every write: sizes and times of the file and of the log beside it, and the log's index."""
    return _stamp(Path(file)), _stamp(Path(f"{file}-wal")), _head(Path(f"{file}-shm"))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_ino, held.st_size, held.st_mtime_ns


def _head(path: Path) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(_INDEX_HEADER)
    except OSError:
        return b""
