"""Loading: the cables of a Parquet export, or a slice of it, back into an archive.

The rows of a cable stand in one year's partition, in a part of each table. The cables of a part are taken in runs, and
of the other tables the parts are read that have rows of them: memory does not grow with the export.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.fingerprints import content_hash
from reftel.archive.writing import add_provenance
from reftel.errors import InputError, ReftelError
from reftel.export.layout import OF_ARCHIVE, tables
from reftel.export.parquet import SUCCESS
from reftel.export.rows import cable_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from reftel.archive import Archive
    from reftel.export.rows import Rows
    from reftel.model import Cable

_YEAR = "year="
_STAGES = ("tagged_by", "resolved_by", "related_by")
_RUN = 200  # cables whose rows are held at a time
_OF_CABLE = tuple(table for table in tables() if table not in OF_ARCHIVE)


class Loaded(NamedTuple):
    """What loading did: cables added, cables that were in already, and what could not be taken, one line each."""

    added: int
    skipped: int
    failures: tuple[str, ...]


def check_export(path: Path) -> None:
    """Raise InputError where the folder is no Parquet export of reftel, or one that was interrupted."""
    if not (path / "cables").is_dir():
        raise InputError(str(path), "not a Parquet export of reftel", "name the folder that `reftel export` wrote")
    if not (path / SUCCESS).is_file():
        raise InputError(str(path), "an export that is not whole", "run the same `reftel export` again: it goes on")


def load(
    path: Path, archive: Archive, *, years: Collection[int] | None = None, posts: Collection[str] | None = None
) -> Loaded:
    """Add the cables of a Parquet folder to an archive; of these years and posts (codes) where they are given.

    A cable that is in is skipped, so that it can be run again. Who is who across cables is to be resolved after it.
    Raises InputError where the folder is no whole export of reftel or a part of it is damaged, ReftelError where
    pyarrow is not installed.
    """
    check_export(path)
    added = skipped = 0
    failures: list[str] = []
    for rows in _cables(path, years, posts):
        own = rows["cables"][0]
        cable = cable_of(rows)
        if cable.raw is None or content_hash(cable.raw) != own["content_hash"]:
            failures.append(f"{own['mrn'] or own['content_hash']}: its raw text was masked or left out in the export")
        elif archive.knows(cable.raw):
            skipped += 1
        else:
            _add(archive, cable, own, rows.get("provenance", ()))
            added += 1
    return Loaded(added, skipped, tuple(failures))


def _add(archive: Archive, cable: Cable, own: dict[str, Any], found: Any) -> None:
    """Write one cable with its names, in a transaction of its own."""
    assert cable.raw is not None
    with archive.transaction():
        cable_id = archive.add(cable, parsed_by=own["parsed_by"])
        done_by = {stage: own[stage] for stage in _STAGES}
        if own["tagged_by"]:
            archive.put_names(cable_id, cable, done_by=done_by)
        for row in found:
            add_provenance(archive.connection, cable_id, cable.raw, source=row["source"], reader=row["reader"])


def _cables(path: Path, years: Collection[int] | None, posts: Collection[str] | None) -> Iterator[Rows]:
    """The rows of one cable after another, by their table; year by year."""
    for partition in _partitions(path, years):
        for part in _parts(path, "cables", partition):
            own = _read(part, "cables", columns=["content_hash", "post_code"]).to_pylist()
            wanted = iter(sorted(row["content_hash"] for row in own if posts is None or row["post_code"] in posts))
            while run := list(islice(wanted, _RUN)):
                held = _rows(path, partition, run)
                yield from (held[each] for each in run)


def _partitions(path: Path, years: Collection[int] | None) -> list[str]:
    """The names of the years' folders, the one of no year last."""
    names = sorted(each.name for each in (path / "cables").iterdir() if each.name.startswith(_YEAR))
    wanted = None if years is None else {f"{_YEAR}{year}" for year in years}
    return [name for name in names if wanted is None or name in wanted]


def _parts(path: Path, table: str, partition: str) -> list[Path]:
    return sorted((path / table / partition).glob("*.parquet"))


def _rows(path: Path, partition: str, run: list[str]) -> dict[str, Rows]:
    """The rows of these cables, by the cable's content hash and the table."""
    held: dict[str, Rows] = {each: defaultdict(list) for each in run}
    for table in _OF_CABLE:
        for part in _parts(path, table, partition):
            for row in _rows_of_run(part, table, run):
                held[row["content_hash"]][table].append(row)
    return held


def _rows_of_run(part: Path, table: str, run: list[str]) -> Iterable[dict[str, Any]]:
    """The rows of a part that are of these cables; of a part that has none only the hashes are read."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library
    import pyarrow.compute as pc  # noqa: PLC0415  # the same

    hashes, wanted = _read(part, table, columns=["content_hash"]), pa.array(run, pa.string())
    if not pc.any(pc.is_in(hashes["content_hash"], value_set=wanted)).as_py():
        return []
    found: list[dict[str, Any]] = _read(part, table, filters=pc.field("content_hash").isin(wanted)).to_pylist()
    return found


def _read(part: Path, table: str, **how: Any) -> pa.Table:
    """A part as a table, without the year of its folder. Raises InputError where it is damaged or of another layout."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # an optional library
        import pyarrow.parquet as pq  # noqa: PLC0415  # the same
    except ImportError:
        raise ReftelError("Parquet needs pyarrow: install it with `pip install 'reftel[parquet]'`") from None
    try:
        read = pq.read_table(part, partitioning=None, use_threads=False, pre_buffer=False, **how)  # for memory
    except (pa.ArrowException, OSError):
        raise InputError(str(part), "cannot be read", "remove it, and run the same `reftel export` again") from None
    names = how.get("columns") or [column.name for column in tables()[table]]
    if missing := [name for name in names if name not in read.column_names]:
        raise InputError(str(part), f"has no column {missing[0]!r}", "export again with this version of reftel")
    return read


def decisions_of(path: Path) -> list[str]:
    """The decisions of an export as lines of JSON, for `decisions.import_lines`; none where they were left out."""
    parts = sorted((path / "decisions").glob("*.parquet"))
    rows = (row for part in parts for row in _read(part, "decisions").to_pylist())
    return [json.dumps(_plain(row), ensure_ascii=False) for row in rows]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    cells = ("subject", "object")
    return {name: json.loads(cell) if name in cells and cell is not None else cell for name, cell in row.items()}
