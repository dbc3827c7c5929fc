"""The archive's file: opened, made, brought to the present schema, written to in transactions."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from reftel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x7265_6674  # "reft", as SQLite's header and file(1) know formats apart
SCHEMA_VERSION = 1
_NEWEST_REMEDY = "update reftel, or build the archive anew"
_WAIT = 60.0  # seconds for another writer to end


def open_file(path: Path | str, *, create: bool = False) -> sqlite3.Connection:
    """The archive's connection: foreign keys on, WAL, rows by name, the schema brought forward to `SCHEMA_VERSION`.

    `create` makes the file where there is none. Raises InputError where there is no file, where it is no archive or
    one of a later version, or where it cannot be opened.
    """
    path = Path(path)
    if not create and not path.is_file():
        raise InputError(str(path), "no such archive", "name one made by `reftel build INPUT... -a ARCHIVE`")
    try:
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        _prepare(connection, path)
    except sqlite3.Error as error:
        raise InputError(str(path), f"cannot be opened as an archive ({error})", "name another file") from None
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")  # 64 MB, however large the archive
    connection.execute("PRAGMA mmap_size = 268435456")
    if _is_empty(connection):
        _create(connection)
        return
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise InputError(str(path), "not an archive of reftel", "name another file")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA_VERSION:
        raise InputError(str(path), f"made by a later reftel (schema {found})", _NEWEST_REMEDY)
    if found < SCHEMA_VERSION:
        _migrate(connection, found)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    _run(connection, files("reftel").joinpath("archive", "schema.sql").read_text(encoding="utf-8"))


def _migrate(connection: sqlite3.Connection, found: int) -> None:
    """Take the archive from its version to the present one, a step at a time: migrations/2.sql leads from 1 to 2."""
    for version in range(found + 1, SCHEMA_VERSION + 1):
        step = files("reftel").joinpath("archive", "migrations", f"{version}.sql")
        _run(connection, step.read_text(encoding="utf-8"))


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Run a script in one transaction, the version set with it: a file is never left between two schemas."""
    mark = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{mark}\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: what is written inside is in the file when the block ends, and not at all where it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
