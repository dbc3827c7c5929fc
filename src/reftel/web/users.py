"""Users: who may log in, and what they may see."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, get_args

from reftel.archive.clearance import LEVELS, Clearance
from reftel.errors import UsageError
from reftel.model import Classification
from reftel.web.readers import now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from argon2 import PasswordHasher

_NAME = re.compile(r"[\w.@+-]{1,64}")
_SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who reads: by name, or nameless without a login; what they may see; whether they may correct."""

    name: str
    clearance: Clearance
    corrects: bool = True


def add_user(connection: sqlite3.Connection, user: User, password: str) -> None:
    """Add a user, or give a user that is there another password and clearance. Raises UsageError for a weak one."""
    if not _NAME.fullmatch(user.name):
        raise UsageError(f"{user.name!r} is no name for a user: letters, digits and . @ + - _, up to 64 of them")
    if len(password) < _SHORTEST_PASSWORD:
        raise UsageError(f"a password has {_SHORTEST_PASSWORD} characters or more")
    held = user.clearance
    captions = None if held.captions is None else json.dumps(sorted(held.captions))
    connection.execute(
        "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET password = excluded.password,"
        " classification = excluded.classification, captions = excluded.captions, protected = excluded.protected,"
        " corrects = excluded.corrects",
        (user.name, _hasher().hash(password), held.classification, captions, held.protected, user.corrects, now()),
    )
    connection.execute("DELETE FROM sessions WHERE user = ?", (user.name,))


def remove_user(connection: sqlite3.Connection, name: str) -> bool:
    """Remove a user and end their sessions; whether there was one. Notes and log stay."""
    return connection.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount > 0


def users(connection: sqlite3.Connection) -> list[User]:
    """All users, by name."""
    return [_user(row) for row in connection.execute("SELECT * FROM users ORDER BY name")]


def user_named(connection: sqlite3.Connection, name: str) -> User | None:
    """The user of that name."""
    row = connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
    return _user(row) if row else None


def with_password(connection: sqlite3.Connection, name: str, password: str) -> User | None:
    """The user, where the password is theirs. An unknown name takes as long as a wrong password."""
    from argon2.exceptions import VerificationError  # noqa: PLC0415  # an extra

    row = connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
    try:
        _hasher().verify(row["password"] if row else _nobody(), password)
    except VerificationError:
        return None
    if row and _hasher().check_needs_rehash(row["password"]):
        connection.execute("UPDATE users SET password = ? WHERE name = ?", (_hasher().hash(password), name))
    return _user(row) if row else None


def clearance(classification: str, captions: Iterable[str] | None, *, protected: bool) -> Clearance:
    """A clearance from its words. Raises UsageError where the classification is none."""
    if classification not in get_args(Classification):
        raise UsageError(f"{classification!r} is no classification; one of {', '.join(LEVELS)}")
    level = LEVELS[LEVELS.index(classification)]
    return Clearance(level, None if captions is None else frozenset(captions), protected=protected)


def _user(row: sqlite3.Row) -> User:
    captions = None if row["captions"] is None else json.loads(row["captions"])
    held = clearance(row["classification"], captions, protected=bool(row["protected"]))
    return User(row["name"], held, corrects=bool(row["corrects"]))


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415  # an extra

    return PasswordHasher()


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    import secrets  # noqa: PLC0415

    return _hasher().hash(secrets.token_hex(16))
