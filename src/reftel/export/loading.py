"""Loading: the cables of a Parquet export, or a slice of it, back into an archive.

The rows of a cable stand in one year's partition, so one year is read at a time, the cables of a part together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.fingerprints import content_hash
from reftel.archive.writing import add_provenance
from reftel.errors import InputError, ReftelError
from reftel.export.layout import OF_ARCHIVE, tables
from reftel.export.rows import cable_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from reftel.archive import Archive
    from reftel.model import Cable

_YEAR = "year="
_STAGES = ("tagged_by", "resolved_by", "related_by")


class Loaded(NamedTuple):
    """What loading did: cables added, cables that were in already, and what could not be taken, one line each."""

    added: int
    skipped: int
    failures: tuple[str, ...]


def load(
    path: Path, archive: Archive, *, years: Collection[int] | None = None, posts: Collection[str] | None = None
) -> Loaded:
    """Add the cables of a Parquet folder to an archive; of these years and posts (codes) where they are given.

    A cable that is in is skipped, so that it can be run again. Who is who across cables is to be resolved after it.
    Raises InputError where the folder is no export of reftel, ReftelError where pyarrow is not installed.
    """
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


def _cables(
    path: Path, years: Collection[int] | None, posts: Collection[str] | None
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The rows of one cable after another, by their table, in the order of year and content hash."""
    for partition in _partitions(path, years):
        held = _rows_by_cable(path, partition)
        for _, rows in sorted(held.items()):
            if "cables" in rows and (posts is None or rows["cables"][0]["post_code"] in posts):
                yield dict(rows)


def _partitions(path: Path, years: Collection[int] | None) -> list[str]:
    """The names of the years' folders, the one of no year last."""
    folder = path / "cables"
    if not folder.is_dir():
        raise InputError(str(path), "not a Parquet export of reftel", "name the folder that `reftel export` wrote")
    names = sorted(each.name for each in folder.iterdir() if each.name.startswith(_YEAR))
    wanted = None if years is None else {f"{_YEAR}{year}" for year in years}
    return [name for name in names if wanted is None or name in wanted]


def _rows_by_cable(path: Path, partition: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The rows of one year, by the cable's content hash and the table."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  # an optional library
    except ImportError:
        raise ReftelError("Parquet needs pyarrow: install it with `pip install 'reftel[parquet]'`") from None
    held: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for table in tables():
        for part in sorted((path / table / partition).glob("*.parquet")) if table not in OF_ARCHIVE else ():
            for row in pq.ParquetFile(part).read().to_pylist():
                held[row["content_hash"]][table].append(row)
    return held


def decisions_of(path: Path) -> list[str]:
    """The decisions of an export as lines of JSON, for `decisions.import_lines`; none where they were left out."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  # an optional library
    except ImportError:
        return []
    rows = [
        row
        for part in sorted((path / "decisions").glob("*.parquet"))
        for row in pq.ParquetFile(part).read().to_pylist()
    ]
    return [json.dumps(_plain(row), ensure_ascii=False) for row in rows]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    cells = ("subject", "object")
    return {name: json.loads(cell) if name in cells and cell is not None else cell for name, cell in row.items()}
