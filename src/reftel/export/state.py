"""What an export rests on: where it changes between an interruption and the next run, nothing of the old is kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reftel.archive.store import SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3

    from reftel.export.view import View

_LAYOUT = 1  # raised when the same archive is to be written in another way
# Who is who across cables, and what people decided, can change any cable's record.
_ACROSS = (
    "SELECT count(*), max(id), count(undone_at) FROM decisions",
    "SELECT count(*), max(id), sum(cables), sum(mentions) FROM entities",
    "SELECT count(*), sum((id * 31 + entity_id * 1009) % 1000000007) FROM cable_entities",
)


def state(view: View, format: str) -> str:  # noqa: A002  # the command's own word
    """A hash of all that the records of an export rest on, but for the cables themselves (`Chosen.stamp`)."""
    what = [_LAYOUT, SCHEMA_VERSION, format, view.clearance, view.selection]
    return digest(*map(repr, what), *(_first(view.connection, query) for query in _ACROSS))


def digest(*parts: str) -> str:
    """A hash of texts, in 32 hex digits."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(f"{part}\n".encode("utf-8", "replace"))
    return made.hexdigest()


def _first(connection: sqlite3.Connection, query: str) -> str:
    return repr(tuple(connection.execute(query).fetchone()))
