"""Map 4, of blocks: the entities of cables that are compared, put together; then clusters that share one are one."""

from __future__ import annotations

import pickle
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Any

from reftel.pipeline.pool import chunked
from reftel.resolve.across import Forest, cluster_block
from reftel.resolve.constraints import Constraints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from reftel.resolve.records import Record

_HELD = 10_000  # rows


def columns() -> pa.Schema:
    """A row: the cluster of an entity of a cable in one block; one that is in several blocks has as many rows."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    return pa.schema([("content_hash", pa.string()), ("position", pa.int32()), ("cluster", pa.string())])


def cluster_blocks(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of `columns` for rows sorted by `block`, `content_hash` and `position`, with a pickled `record` each."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    rows = (row for batch in batches for row in batch.to_pylist())
    made = (each for block, held in groupby(rows, key=itemgetter("block")) for each in _clustered(block, list(held)))
    for some in chunked(made, _HELD):
        arrays = [pa.array(cells, field.type) for cells, field in zip(zip(*some, strict=True), columns(), strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=columns())


def _clustered(block: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, int, str]]:
    records: list[Record] = [pickle.loads(row["record"]) for row in rows]  # noqa: S301  # made by map 3
    names = {record.id: (row["content_hash"], row["position"]) for record, row in zip(records, rows, strict=True)}
    groups, _ = cluster_block(block, records, Constraints())
    for number, group in enumerate(groups):
        yield from ((*names[id_], f"{block}#{number}") for id_ in group)


def join_clusters(shared: Iterable[Iterable[str]]) -> dict[str, str]:
    """For each cluster that shares an entity of a cable with another one the cluster that it is a part of.

    `shared` are all clusters of each such entity.
    """
    ties = [tuple(map(intern, each)) for each in shared]
    names = sorted({name for tie in ties for name in tie})
    numbers = {name: number for number, name in enumerate(names, 1)}
    forest = Forest(Constraints())
    for tie in ties:
        forest.join_all([numbers[name] for name in tie])
    return {name: names[forest.root(number) - 1] for name, number in numbers.items()}
