"""The log: what users read, searched, exported and decided. Whoever reads without a login is not written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from reftel.web.readers import now

if TYPE_CHECKING:
    import sqlite3

Did = Literal[
    "read", "searched", "exported", "corrected", "undid", "noted", "logged in", "failed to log in", "logged out"
]
_LONGEST = 500


def write(connection: sqlite3.Connection, user: str, address: str, did: Did, what: str) -> None:
    """Add a row."""
    row = (now(), user, address, did, what[:_LONGEST])
    connection.execute("INSERT INTO log (at, user, address, did, what) VALUES (?, ?, ?, ?, ?)", row)


def read(connection: sqlite3.Connection, *, user: str | None = None, count: int = 100) -> list[sqlite3.Row]:
    """The latest rows, the newest first; of one user, or of all."""
    query = "SELECT * FROM log WHERE ?1 IS NULL OR user = ?1 ORDER BY id DESC LIMIT ?2"
    return connection.execute(query, (user, count)).fetchall()
