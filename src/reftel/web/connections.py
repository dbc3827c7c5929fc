"""Connections to one SQLite file, lent to one request at a time; as many as there are requests at once."""

from __future__ import annotations

import queue
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator


class Connections:
    """Opens a connection when none is free; the one given back last is lent first, since its cache is warm."""

    def __init__(self, opened: Callable[[], sqlite3.Connection]) -> None:
        """Take the function that opens one."""
        self._opened = opened
        self._free: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection for the length of the block."""
        try:
            connection = self._free.get_nowait()
        except queue.Empty:
            connection = self._opened()
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.rollback()
            self._free.put(connection)

    def close(self) -> None:
        """Close those that are free."""
        while not self._free.empty():
            self._free.get_nowait().close()
