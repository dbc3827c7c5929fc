"""Map 6, of parts of `cable_entities`: the keys of their entities written in."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from reftel.spark.datasets import Folder, year_of_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

_KEY = "entity_key"


def columns() -> pa.Schema:
    """A part that was read, and the one that stands in its place."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    return pa.schema([("old", pa.string()), ("new", pa.string())])


def write_keys(batches: Iterator[pa.RecordBatch], *, folder: str) -> Iterator[pa.RecordBatch]:
    """Write each part anew, for rows sorted by `part`: `content_hash`, `position`, `key`."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    place = Folder(folder)
    rows = (row for batch in batches for row in batch.to_pylist())
    for part, held in groupby(rows, key=itemgetter("part")):
        table = place.read(part)
        made = place.write_rows("cable_entities", year_of_part(part), [_keyed(table, held)])
        yield pa.RecordBatch.from_pydict({"old": [part], "new": [made]}, schema=columns())


def _keyed(table: pa.Table, rows: Iterable[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    keys = {(row["content_hash"], row["position"]): row["key"] for row in rows}
    names = zip(table["content_hash"].to_pylist(), table["position"].to_pylist(), strict=True)
    column = pa.array([keys.get(name) for name in names], pa.string())
    return table.set_column(table.column_names.index(_KEY), _KEY, column)
