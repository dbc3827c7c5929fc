"""Sessions: who a cookie belongs to. The file holds only a hash of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from reftel.web.readers import now
from reftel.web.users import user_named

if TYPE_CHECKING:
    import sqlite3

    from reftel.web.users import User

COOKIE = "reftel-session"
LONGEST = timedelta(days=14)
_IDLE = timedelta(hours=12)
_NOTED = timedelta(minutes=5)  # how often the time of the last visit is written


def begin(connection: sqlite3.Connection, user: User) -> str:
    """Begin a session; returns what the cookie is to hold."""
    token = secrets.token_urlsafe(32)
    connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_hash(token), user.name, now(), now()))
    return token


def user_of(connection: sqlite3.Connection, token: str) -> User | None:
    """Whose session this is; None where it is unknown or over."""
    row = connection.execute("SELECT * FROM sessions WHERE token = ?", (_hash(token),)).fetchone()
    if row is None:
        return None
    here, seen = datetime.now(UTC), datetime.fromisoformat(row["seen"])
    if here - datetime.fromisoformat(row["begun"]) > LONGEST or here - seen > _IDLE:
        end(connection, token)
        return None
    if here - seen > _NOTED:
        connection.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now(), row["token"]))
    return user_named(connection, row["user"])


def end(connection: sqlite3.Connection, token: str) -> None:
    """End a session."""
    connection.execute("DELETE FROM sessions WHERE token = ?", (_hash(token),))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
