"""The limit on logins that fail: a few for a name, some more for an address, then a wait."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

WINDOW = 15 * 60  # seconds
_OF_NAME, _OF_ADDRESS = 5, 20


def wait(connection: sqlite3.Connection, name: str, address: str) -> int:
    """Seconds until this name may try again from this address; 0 for now."""
    since = time.time() - WINDOW
    connection.execute("DELETE FROM attempts WHERE at < ?", (since,))
    waits = (_wait(connection, key, limit) for key, limit in _keys(name, address))
    return max(waits)


def failed(connection: sqlite3.Connection, name: str, address: str) -> None:
    """Count a failed login."""
    rows = [(key, time.time()) for key, _ in _keys(name, address)]
    connection.executemany("INSERT INTO attempts VALUES (?, ?)", rows)


def forget(connection: sqlite3.Connection, name: str, address: str) -> None:
    """Start anew for a name that logged in."""
    connection.execute("DELETE FROM attempts WHERE key = ?", (_keys(name, address)[0][0],))


def _keys(name: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    # A name is limited for one address, so that nobody can lock another out.
    return (f"name {name} {address}", _OF_NAME), (f"address {address}", _OF_ADDRESS)


def _wait(connection: sqlite3.Connection, key: str, limit: int) -> int:
    rows = connection.execute("SELECT at FROM attempts WHERE key = ? ORDER BY at DESC LIMIT ?", (key, limit)).fetchall()
    return int(rows[-1][0] + WINDOW - time.time()) + 1 if len(rows) == limit else 0
