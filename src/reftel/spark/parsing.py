"""Map 1: files in, parsed cables out, one row a cable or a failure. Where a cable stands in its input goes with it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.fingerprints import content_hash
from reftel.pipeline.build import CHUNK, DIED, parsed
from reftel.pipeline.pool import chunked, ordered_map
from reftel.pipeline.sources import Found, Unread, read_all
from reftel.read import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from reftel.errors import InputError
    from reftel.model import Cable

SCHEMA = (
    "content_hash string, year int, file long, number long, source string, reader string, path string,"
    " cable binary, stage string, reason string"
)
"""A cable has `content_hash` and `cable` (pickled), a failure `stage` and `reason`."""

_YEAR = re.compile(r"\A\d\d")  # of a cable's number; those of 1960 and later have two digits of it


class _Placed(NamedTuple):
    file: int | None
    number: int
    found: Found | Unread


def parse_files(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of `SCHEMA` for the files of a listing (`listing.SCHEMA`)."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    schema = _schema()
    for chunk, results in ordered_map(_parsed, chunked(_placed(batches), CHUNK), workers=workers()):
        rows = [_row(each, result) for each, result in zip(chunk, results, strict=True)]
        yield pa.RecordBatch.from_pylist(rows, schema)


def workers() -> int:
    """1; 2 where a task is tried again: then processes of its own do the work, and tell which cable kills them."""
    from pyspark import TaskContext  # noqa: PLC0415  # an optional library

    context = TaskContext.get()
    if context is None or context.attemptNumber() == 0:
        return 1
    multiprocessing.set_start_method("spawn", force=True)  # a process that has tagged has threads: not to be forked
    return 2


def year_of(cable: Cable) -> int | None:
    """The year of the partition: when the cable was sent, else what its number says (docs/export.md)."""
    if cable.sent:
        return cable.sent.year
    digits = _YEAR.match(cable.mrn or "")
    return (2000 if digits[0] < "60" else 1900) + int(digits[0]) if digits else None


def _placed(batches: Iterator[pa.RecordBatch]) -> Iterator[_Placed]:
    for batch in batches:
        for row in batch.to_pylist():
            for number, found in enumerate(_read(os.fsdecode(row["path"]), row["content"])):
                yield _Placed(row["file"], number, found)


def _read(path: str, content: bytes | None) -> Iterator[Found | Unread]:
    if content is None:
        yield from read_all([path])
        return
    unread: list[InputError] = []
    for raw in read_bytes(content, path, on_error=unread.append):
        yield Found(raw, path, None)
    yield from (Unread(each, path) for each in unread)


def _parsed(chunk: list[_Placed]) -> list[Cable | str]:
    return parsed([each.found for each in chunk])


def _row(each: _Placed, result: Cable | str | None) -> dict[str, Any]:
    row = {"file": each.file, "number": each.number, "path": each.found.path}
    if isinstance(each.found, Unread):
        return row | unread_row(each.found)
    raw = each.found.raw
    row |= {"source": raw.source, "reader": raw.reader}
    if result is None or isinstance(result, str):
        return row | {"stage": "parse", "reason": result or DIED, "path": absolute(each.found.path)}
    held = pickle.dumps(result, protocol=5)
    return row | {"content_hash": content_hash(raw), "year": year_of(result), "cable": held}


def unread_row(unread: Unread) -> dict[str, Any]:
    """The cells of a failure for what could not be read."""
    error = unread.error
    reason = f"{error.what}; {error.remedy}"
    return {"source": error.where, "stage": "read", "reason": reason, "path": absolute(unread.path)}


def absolute(path: str) -> str:
    """The path as it is from any folder; a URL as it is."""
    return str(Path(path).absolute()) if Path(path).exists() else path


def _schema() -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    kinds = {"string": pa.string(), "int": pa.int32(), "long": pa.int64(), "binary": pa.binary()}
    return pa.schema([(name, kinds[kind]) for name, kind in (each.split() for each in SCHEMA.split(","))])
