"""Map 5, of clusters: what their members say, counted, to the rows of `entities`, `aliases` and `roles`; then keys.

A key is a name as an address has it, with a number where it is another's: the most frequent has the one without. An
entity that had a key goes on under it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.describing import Held, Told, Uses, best_case, entity_row, numbered
from reftel.archive.linking import slug
from reftel.export.parquet import schema
from reftel.pipeline.pool import chunked
from reftel.resolve.records import KEYED
from reftel.spark.datasets import Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    Row = dict[str, Any]

_HELD = 1000  # rows
_NUMBERS = re.compile(r"(?:-\d{1,9})+\Z")


class _Span(NamedTuple):
    """In how many cables, from when to when, and the first of them by its hash and the position there."""

    cables: int
    first: str | None
    last: str | None
    member: str | None


def columns() -> pa.Schema:
    """An entity: `key` is there where it is known; else it is to be made of `slug`, among those of the same `stem`."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    text, count = pa.string(), pa.int64()
    alias = pa.struct([("name", text), ("mentions", count), ("cables", count)])
    role = pa.struct([("role", text), ("cables", count), ("first_sent", text), ("last_sent", text)])
    own = [(name, text) for name in ("cluster", "stem", "slug", "member")]
    return pa.schema([*own, *schema("entities"), ("aliases", pa.list_(alias)), ("roles", pa.list_(role))])


def key_columns() -> pa.Schema:
    """The key of a cluster."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    return pa.schema([("cluster", pa.string()), ("key", pa.string())])


def describe(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of `columns` for counted facts, sorted by `cluster`."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    rows = (row for batch in batches for row in batch.to_pylist())
    made = (_entity(cluster, held) for cluster, held in groupby(rows, key=itemgetter("cluster")))
    for some in chunked(made, _HELD):
        yield pa.RecordBatch.from_pylist(some, schema=columns())


def name_keys(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of `key_columns`, for entities sorted by stem: those that have a key first, then the most frequent."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    rows = (row for batch in batches for row in batch.to_pylist())
    made = (each for _, held in groupby(rows, key=itemgetter("stem")) for each in _named(held))
    for some in chunked(made, _HELD):
        yield pa.RecordBatch.from_pylist(some, schema=key_columns())


def write_entities(batches: Iterator[pa.RecordBatch], *, folder: str) -> Iterator[pa.RecordBatch]:
    """Write one part of each table for entities with all their columns; yields the names of the parts."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    held: defaultdict[str, list[pa.Table]] = defaultdict(list)
    for batch in batches:
        for table, rows in _rows(batch.to_pylist()).items():
            held[table].append(pa.Table.from_pylist(rows, schema(table)))
    place = Folder(folder)
    parts = [place.write_rows(table, None, tables) for table, tables in sorted(held.items())]
    yield pa.RecordBatch.from_pydict({"part": pa.array(parts, pa.string())})


def _entity(cluster: str, facts: Iterable[Row]) -> Row:
    counts: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    spans: dict[tuple[str, str], _Span] = {}
    for fact in facts:
        if fact["n"] is None:
            spans[fact["what"], fact["low"]] = _Span(fact["cables"], fact["first"], fact["last"], fact["member"])
        else:
            counts[fact["what"]][fact["low"]][fact["value"]] += fact["n"]
    whole = spans["entity", ""]
    roles = {low: Held(best_case(spelt), *spans["role", low][:3]) for low, spelt in counts["role"].items()}
    types, countries, keys, names = (counts[what][""] for what in ("type", "country", "key", "name"))
    told = Told(whole.cables, types, countries, keys, names, roles, whole.first, whole.last)
    aliases = {
        best_case(spelt): Uses(spelt.total(), spans["alias", low].cables) for low, spelt in counts["alias"].items()
    }
    row = entity_row(told, aliases)
    key = cluster[len(KEYED) :] if cluster.startswith(KEYED) else _former(counts["was"][""])
    return {
        "cluster": cluster,
        "key": key,
        "stem": _stem(key or slug(row["name"])),
        "slug": slug(row["name"]),
        "member": whole.member,
        **row,
        "aliases": [{"name": name, **uses._asdict()} for name, uses in sorted(aliases.items())],
        "roles": [held._asdict() for _, held in sorted(roles.items())],
    }


def _former(keys: Counter[str]) -> str | None:
    """The key that most members had, if they had one."""
    return max(keys, key=lambda key: (keys[key], key), default=None)


def _named(of_stem: Iterable[Row]) -> Iterator[Row]:
    taken: set[str] = set()
    fresh: list[Row] = []
    for row in of_stem:
        if row["key"] and row["key"] not in taken:
            taken.add(row["key"])
            yield {"cluster": row["cluster"], "key": row["key"]}
        else:
            fresh.append(row)
    at: dict[str, Iterator[str]] = {}
    for row in fresh:
        name = row["slug"] if _stem(row["slug"]) == row["stem"] else row["stem"]  # else it had one that another has now
        key = next(each for each in at.setdefault(name, numbered(name)) if each not in taken)
        taken.add(key)
        yield {"cluster": row["cluster"], "key": key}


def _stem(key: str) -> str:
    return _NUMBERS.sub("", key)


def _rows(entities: list[Row]) -> dict[str, list[Row]]:
    made: defaultdict[str, list[Row]] = defaultdict(list)
    for entity in entities:
        made["entities"].append({name: entity[name] for name in schema("entities").names})
        for table in ("aliases", "roles"):
            made[table] += [{"entity_key": entity["key"], **row} for row in entity[table]]
    return {table: rows for table, rows in made.items() if rows}
