"""Parquet: a folder with one dataset a table, for DuckDB, pandas, Spark and `reftel load`.

    PATH/units/year=2009/part-3f09....parquet      a table's rows of the cables of one year
    PATH/entities/part-81c2....parquet             tables whose rows belong to no one cable
    PATH/_reftel/                                  what tells a later run what is done
    PATH/_SUCCESS                                  there when the export is whole

A part is named by a hash of its bytes. It is written under another name first, so that what has a part's name is whole;
the run that ends takes away the parts that are not its own. So a run that was interrupted is gone on with, and one over
an archive that has grown writes what is new: no row is lost, none is there twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reftel.errors import ReftelError, UsageError
from reftel.export.across import Across
from reftel.export.layout import OF_ARCHIVE, tables
from reftel.export.state import digest, state
from reftel.export.whole import rows_of_archive, rows_of_cable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    import pyarrow.parquet as pq

    from reftel.export.rows import Rows
    from reftel.export.selection import Chosen
    from reftel.export.view import View

_CHUNK = 2000  # cables to a part at most: enough for columns to pay, few enough for memory
_HELD = 10_000  # rows of a table that are held before they are written as a row group
_HELD_LONG, _LONG = 500, frozenset({"raw_cables"})  # the same for rows that hold a whole text
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
"""What stands for the year of cables that have none, as Hive and Spark have it."""
_PART = re.compile(r"part-[0-9a-f]{32}\.parquet|\.part\.new")
_NOTES = "_reftel"
SUCCESS = "_SUCCESS"
"""The file that says that an export is whole."""


def write_parquet(view: View, path: Path) -> None:
    """Write every table as a dataset; go on with an export to this folder that was interrupted, or bring it up to date.

    Raises UsageError where the folder holds something else, ReftelError where pyarrow is not installed.
    """
    _need_pyarrow()
    _claim(path)
    kept: set[Path] = set()
    rests_on, done = state(view, "parquet"), 0
    with Across(view) as across:
        for name, chosen in _chunks(view):
            note = path / _NOTES / f"{name}.json"
            kept |= {note, *_chunk(view, path, chosen, across, _Note(note, rests_on, done))}
            done += len(chosen)
        kept |= _of_archive(view, path, across)
    kept |= _without_rows(path, kept)
    _remove_all_but(path, kept)
    (path / SUCCESS).touch()


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table's parts; the year stands in their path."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "real": pa.float64(),
        "truth": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, kinds[column.kind]) for column in tables()[table]])


def _need_pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415  # only whether it is there
    except ImportError:
        raise ReftelError("Parquet needs pyarrow: install it with `pip install 'reftel[parquet]'`") from None


def _claim(path: Path) -> None:
    """Make the folder, or make sure that it is an export of ours."""
    if path.exists() and not (path / _NOTES).is_dir() and not (path.is_dir() and not any(path.iterdir())):
        raise UsageError(f"{path} is there already and is no Parquet export of reftel; name another folder")
    (path / _NOTES).mkdir(parents=True, exist_ok=True)
    (path / SUCCESS).unlink(missing_ok=True)


def _chunks(view: View) -> Iterator[tuple[str, list[Chosen]]]:
    """The cables, year by year in runs of `_CHUNK`, each run with a name."""
    chosen = view.chosen(by_year=True)
    for year, of_year in groupby(chosen, key=lambda each: each.year):
        cables, number = iter(of_year), 0
        while chunk := list(islice(cables, _CHUNK)):
            yield f"{year or 'no-year'}-{number:05}", chunk
            number += 1


class _Note(NamedTuple):
    """Where it is noted that a run of cables is done, what the run rests on besides them, how many came before it."""

    path: Path
    rests_on: str
    done: int


def _chunk(view: View, path: Path, chosen: list[Chosen], across: Across, note: _Note) -> set[Path]:
    """The parts of a run of cables: those that are there, if nothing has changed, or new ones."""
    rests_on = digest(note.rests_on, *(each.stamp for each in chosen))
    there = _noted(path, note.path, rests_on)
    year = chosen[0].year
    parts = _Parts(path, f"year={NO_YEAR if year is None else year}")
    for shown in view.shown(chosen, with_raw=there is None, done=note.done):
        across.add(shown)
        if there is None:
            parts.add(rows_of_cable(view, shown))
    if there is not None:
        return there
    made = parts.close()
    names = sorted(str(each.relative_to(path)) for each in made)
    new = note.path.with_suffix(".new")
    new.write_text(json.dumps({"rests_on": rests_on, "parts": names}), encoding="utf-8")
    new.replace(note.path)
    return made


def _noted(path: Path, note: Path, rests_on: str) -> set[Path] | None:
    """The parts that a note names, if they are there and still hold."""
    try:
        noted = json.loads(note.read_bytes())
        parts = {path / name for name in noted["parts"]}
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return parts if noted["rests_on"] == rests_on and all(map(Path.is_file, parts)) else None


def _of_archive(view: View, path: Path, across: Across) -> set[Path]:
    """The parts of the tables whose rows belong to no one cable."""
    parts = _Parts(path, ".")
    for table, row in rows_of_archive(view, across):
        parts.add({table: [row]})
    return parts.close()


def _without_rows(path: Path, kept: set[Path]) -> set[Path]:
    """A part without rows for each table that has none of a known year, so that every dataset can be opened."""
    made: set[Path] = set()
    for table in tables():
        if not any((path / table) in part.parents and part.parent.name != f"year={NO_YEAR}" for part in kept):
            parts = _Parts(path, "." if table in OF_ARCHIVE else "year=0")
            parts.flush(table)
            made |= parts.close()
    return made


def _remove_all_but(path: Path, kept: set[Path]) -> None:
    """Take away the parts and notes of earlier runs, and the folders left empty."""
    stale = [note for note in (path / _NOTES).iterdir() if note not in kept]
    for table in tables():
        stale += [each for each in (path / table).rglob("*") if _PART.fullmatch(each.name) and each not in kept]
    for each in stale:
        each.unlink()
    for folder in {each.parent for each in stale} - {path / _NOTES}:
        if not any(folder.iterdir()):
            folder.rmdir()


class _Parts:
    """One part of each table that gets rows, in a folder of that name in each table's folder."""

    def __init__(self, path: Path, folder: str) -> None:
        self._path, self._folder = path, folder
        self._rows: Rows = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, rows: Rows) -> None:
        for table, found in rows.items():
            held = self._rows.setdefault(table, [])
            held += found
            if len(held) >= (_HELD if table not in _LONG else _HELD_LONG):
                self.flush(table)

    def flush(self, table: str) -> None:
        """Write the rows that are held as a row group."""
        import pyarrow as pa  # noqa: PLC0415  # an optional library
        import pyarrow.parquet as pq  # noqa: PLC0415  # the same

        if table not in self._writers:
            new = self._new(table)
            new.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = pq.ParquetWriter(new, schema(table), compression="zstd")
        rows = self._rows.pop(table, [])
        self._writers[table].write_table(pa.Table.from_pylist(rows, schema(table)))

    def close(self) -> set[Path]:
        """Write what is held, and give every part its name."""
        for table in [table for table, held in self._rows.items() if held]:
            self.flush(table)
        for writer in self._writers.values():
            writer.close()
        return {_named(self._new(table)) for table in self._writers}

    def _new(self, table: str) -> Path:
        return self._path / table / self._folder / ".part.new"


def _named(new: Path) -> Path:
    """The part under the name of its content."""
    with new.open("rb") as file:
        content = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        os.fsync(file.fileno())
    part = new.with_name(f"part-{content}.parquet")
    new.replace(part)
    return part
