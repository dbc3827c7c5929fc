"""Map 2: parsed cables in, by year; names, meetings and statements found; the parts of every table written.

What comes out is small: a row a run of cables, with how many there were and what failed.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import defaultdict
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.writing import now, plain
from reftel.export.parquet import schema
from reftel.export.rows import rows_of
from reftel.model import Cable
from reftel.pipeline.build import CHUNK, DIED, named
from reftel.pipeline.each import tagger_of
from reftel.pipeline.pool import chunked, ordered_map
from reftel.pipeline.stages import code_version
from reftel.spark.datasets import Folder, Note
from reftel.spark.parsing import workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    Row = dict[str, Any]

SCHEMA = "cables long, failures string"
"""Of a run that is done: how many cables it added, and the rows of its failures as JSON."""
RUN = 2000
"""Cables to a part at most, as in `reftel.export.parquet`: columns pay, and memory holds them."""


class Task(NamedTuple):
    """Where the datasets are, who does it, by which model (the shipped one by default), how many cables to a part."""

    folder: str
    by: str
    model: Path | None = None
    run: int = RUN


def name_cables(batches: Iterator[pa.RecordBatch], *, task: Task) -> Iterator[pa.RecordBatch]:
    """Take parsed cables (`parsing.SCHEMA`, and `is_in`), sorted by year and hash, through the rest, and write them."""
    rows = (row for batch in batches for row in batch.to_pylist())
    copies = (list(group) for _, group in groupby(rows, key=itemgetter("content_hash")))
    run = _Run(task)
    for chunk in chunked(copies, CHUNK):
        run.add(chunk)
        if run.size >= task.run:
            yield run.commit()
            run = _Run(task)
    if run.size:
        yield run.commit()


class _Run:
    """Cables that are committed together: all rows of them, or none."""

    def __init__(self, task: Task) -> None:
        self.size = 0
        self._task = task
        self._held: defaultdict[tuple[str, int | None], list[pa.Table]] = defaultdict(list)
        self._cables: list[str] = []
        self._found: list[str] = []
        self._failures: list[Row] = []

    def add(self, chunk: list[list[Row]]) -> None:
        """Take in cables, each as the rows of its copies, the one that came first in front."""
        self.size += len(chunk)
        made: defaultdict[tuple[str, int | None], list[Row]] = defaultdict(list)
        for (first, *_), cable in self._named([copies for copies in chunk if not copies[0]["is_in"]]):
            self._cables.append(first["content_hash"])
            for table, rows in self._rows(first["content_hash"], cable).items():
                made[table, first["year"]] += rows
        for copies in chunk:
            made["provenance", copies[0]["year"]] += self._provenance(copies)
        self._hold(made)

    def commit(self) -> pa.RecordBatch:
        """Write the parts, then the note with which they count."""
        import pyarrow as pa  # noqa: PLC0415  # an optional library

        folder = Folder(self._task.folder)
        parts = [folder.write_rows(table, year, held) for (table, year), held in sorted(self._held.items(), key=str)]
        name = hashlib.blake2b("".join(sorted(self._found)).encode(), digest_size=16).hexdigest()
        note = Note(self._task.by, tuple(parts), tuple(self._cables), tuple(self._found), tuple(self._failures))
        folder.write_note(name, note)
        told = {"cables": [len(self._cables)], "failures": [json.dumps(self._failures)]}
        return pa.RecordBatch.from_pydict(told)

    def _named(self, new: list[list[Row]]) -> Iterator[tuple[list[Row], Cable]]:
        """Each cable with its names; one at fault without them, and the failure noted."""
        parsed = [(0, (pickle.loads(copies[0]["cable"]), False)) for copies in new]  # noqa: S301  # made by map 1
        work = partial(named, model=self._task.model, threads=1)
        chunks = [parsed] if parsed else []
        results = (each for _, done in ordered_map(work, chunks, workers=workers()) for each in done)
        for copies, (_, (bare, _)), result in zip(new, parsed, results, strict=True):
            if not isinstance(result, Cable):
                self._fail(copies[0], result or DIED)
            yield copies, result if isinstance(result, Cable) else bare

    def _rows(self, digest: str, cable: Cable) -> dict[str, list[Row]]:
        code = code_version()
        is_named = not self._failures or self._failures[-1]["content_hash"] != digest
        tagger = f"{tagger_of(self._task.model, 1).version} {code}"
        stages = {"tagged_by": tagger, "resolved_by": code, "related_by": code}
        done_by = {"parsed_by": code, "linked_by": None, **(stages if is_named else dict.fromkeys(stages))}
        keys = {entity.id: entity.key for entity in cable.entities if entity.key}
        return rows_of(cable, content_hash=digest, done_by=done_by, keys=keys)

    def _provenance(self, copies: list[Row]) -> Iterator[Row]:
        for source, reader in dict.fromkeys((each["source"], each["reader"]) for each in copies):
            digest = copies[0]["content_hash"]
            held = f"{digest}\x00{source}\x00{reader}".encode("utf-8", "replace")
            self._found.append(hashlib.blake2b(held, digest_size=16).hexdigest())
            yield {"content_hash": digest, "source": source, "reader": reader, "added": now()}

    def _fail(self, first: Row, reason: str) -> None:
        self._failures.append(
            {
                "content_hash": first["content_hash"],
                "source": first["source"],
                "path": None,
                "stage": "tag",
                "reason": plain(reason),
                "at": now(),
            }
        )

    def _hold(self, made: defaultdict[tuple[str, int | None], list[Row]]) -> None:
        """Rows as Arrow has them: a tenth of what they take as Python objects."""
        import pyarrow as pa  # noqa: PLC0415  # an optional library

        for (table, year), rows in made.items():
            if rows:
                self._held[table, year].append(pa.Table.from_pylist(rows, schema(table)))
