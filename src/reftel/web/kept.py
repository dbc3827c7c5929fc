"""What takes long and is the same for all readers of one clearance, kept until anything in the archive changes.

Connections tell that their file has changed, each by numbers of its own, so that numbers of two cannot be compared. A
`turn` is what they share: it goes up whenever a connection, as it is lent, finds its numbers changed, and when one is
lent for the first time. What was made in one turn is not given in another, so a change is seen by whoever comes next,
whichever process made it.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable

_MOST = 400  # things kept


class Kept:
    """The things kept by one process, for all its threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = Lock()
        self._turn = 0
        self._seen: dict[int, tuple[int, int]] = {}
        self._things: OrderedDict[Hashable, Any] = OrderedDict()

    def turn(self, connection: sqlite3.Connection) -> int:
        """The turn that a connection is lent in; connections that are asked for it stay open as long as this does."""
        found = (connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes)
        with self._lock:
            if self._seen.get(id(connection)) != found:
                self._seen[id(connection)] = found
                self._turn += 1
                self._things.clear()
            return self._turn

    def get(self, turn: int, name: Hashable, made: Callable[[], Any]) -> Any:
        """What has this name in this turn; made where it is not there. Nobody is to change it."""
        key = (turn, name)
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        thing = made()
        with self._lock:
            if turn == self._turn:
                self._things[key] = thing
                while len(self._things) > _MOST:
                    self._things.popitem(last=False)
        return thing
