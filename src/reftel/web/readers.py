"""The readers' file: opened, and made where there is none."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1
_OWN = 0o600  # nobody but whoever runs the reader has business with its password hashes


def open_readers(path: Path) -> sqlite3.Connection:
    """The connection to the readers' file; a new file can be read by its owner alone."""
    is_new = not path.exists()
    if is_new:
        path.touch(mode=_OWN)
    connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        _create(connection)
    return connection


def secret(connection: sqlite3.Connection) -> bytes:
    """The key that forms are signed with, made once."""
    made = secrets.token_hex(32)
    connection.execute("INSERT OR IGNORE INTO settings VALUES ('secret', ?)", (made,))
    return bytes.fromhex(connection.execute("SELECT value FROM settings WHERE name = 'secret'").fetchone()[0])


def now() -> str:
    """The time to the second, ISO 8601 in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    script = files("reftel").joinpath("web", "readers.sql").read_text(encoding="utf-8")
    # Two requests may come first at once: whoever is second finds the tables and makes nothing.
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    """The script's statements; `executescript` would end our transaction."""
    found, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held)
            held = ""
    return found
