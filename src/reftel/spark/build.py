"""The order of a build on Spark: list, parse, leave out what is in, name and write, settle what counts."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.writing import now, plain
from reftel.errors import UsageError
from reftel.pipeline import Built, Plan
from reftel.pipeline.each import tagger_of
from reftel.pipeline.stages import code_version
from reftel.spark.datasets import Folder
from reftel.spark.listing import list_inputs, scheme
from reftel.spark.naming import RUN, Task, name_cables
from reftel.spark.naming import SCHEMA as DONE
from reftel.spark.parsing import SCHEMA as PARSED
from reftel.spark.parsing import parse_files, unread_row
from reftel.spark.resolving import resolve_across
from reftel.spark.session import session, small_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql import DataFrame, SparkSession

    from reftel.spark.datasets import Note

_SMALLEST = 32  # cables to a task at least: the tagger's batches are full
_WAVES = 4  # tasks to a core at least, so that all end at about the same time
_FAILURE = ("content_hash", "source", "path", "stage", "reason", "at")


class _Done(NamedTuple):
    """What one round of the maps came to."""

    added: int
    found: int
    failures: list[dict[str, Any]]
    paths: set[str]


def build(sources: Iterable[str], folder: str, plan: Plan | None = None) -> Built:
    """Add the cables of the sources to the Parquet datasets in a folder, as Spark finds it (docs/scale.md).

    A run that was killed is gone on with, and cables that are in are skipped. Raises ReftelError where PySpark or Java
    is missing or Spark fails, UsageError for a folder of something else and for a scheme that cannot be read.
    """
    plan, sources = plan or Plan(), list(sources)
    for source in sources:
        scheme(source)
    with session(plan.workers) as spark:
        by = f"{tagger_of(plan.model, 1).version} {code_version()}"
        place, task = Folder(folder), Task(folder, by, plan.model, RUN)
        place.claim(by)
        done = _round(spark, sources, place, task)
        while not _is_settled(place):
            _round(spark, sources, place, task)
        notes = _resolved(spark, place, by, place.settled())
        unread = _unread(place, done, sources)
        place.put_unread(by, unread)
        place.finish([*unread, *(row for note in notes.values() for row in note.failures)])
    failures = tuple(f"{row['source']}: {row['reason']}" for row in done.failures)
    return Built(done.added, done.found - done.added, failures)


def _round(spark: SparkSession, sources: list[str], place: Folder, task: Task) -> _Done:
    """Do whatever is not done."""
    from pyspark import StorageLevel  # noqa: PLC0415  # an optional library

    listing = list_inputs(spark, sources)
    notes = place.settled()
    place.sweep(notes)
    rows = listing.rows.mapInArrow(parse_files, PARSED).persist(StorageLevel.DISK_ONLY)
    failed = [row.asDict() for row in rows.where("stage IS NOT NULL").select(*_FAILURE[1:-1]).collect()]
    fresh = _fresh(spark, rows.where("stage IS NULL"), place, notes)
    tasks = _tasks(fresh.count(), spark.sparkContext.defaultParallelism)
    ordered = fresh.repartitionByRange(tasks, "year", "content_hash").sortWithinPartitions(
        "year", "content_hash", "file", "path", "number"
    )
    made = ordered.mapInArrow(partial(name_cables, task=task), DONE).collect()
    failures = [_failure(row) for row in (*map(unread_row, listing.unread), *failed)]
    failures += [row for each in made for row in json.loads(each.failures)]
    found = rows.where("stage IS NULL").count()
    paths = {row.path for row in rows.select("path").distinct().toLocalIterator()} if place.unread() else set()
    rows.unpersist()
    return _Done(sum(each.cables for each in made), found, failures, paths)


def resolve(folder: str, plan: Plan | None = None) -> int:
    """Derive who is who across the cables of a folder anew; returns how many entities there are.

    Errors as in `build`; UsageError where the folder holds no cables.
    """
    place = Folder(folder)
    with session((plan or Plan()).workers) as spark:
        notes = place.settled()
        if not notes:
            raise UsageError(f"{folder} holds no cables; `reftel build --engine spark INPUT... -a {folder}` adds some")
        place.reopen()
        by = next(iter(notes.values())).by
        _resolve(spark, place, by, notes)
        place.finish([*place.unread(), *(row for note in notes.values() for row in note.failures)])
    return place.row_count("entities")


def _resolved(spark: SparkSession, place: Folder, by: str, notes: dict[str, Note]) -> dict[str, Note]:
    """The notes, after who is who across cables is brought up to date with them; what does not count is taken away."""
    if place.across(notes) is None:
        return _resolve(spark, place, by, notes)
    place.sweep(notes)
    return notes


def _resolve(spark: SparkSession, place: Folder, by: str, notes: dict[str, Note]) -> dict[str, Note]:
    with small_rows(spark):
        notes, parts = resolve_across(spark, place, notes)
    place.put_across(by, notes, parts)
    place.sweep(notes)
    return notes


def _fresh(spark: SparkSession, rows: DataFrame, place: Folder, notes: dict[str, Note]) -> DataFrame:
    """The rows that are not in the datasets; `is_in` says of which only the place where it was found is new."""
    parts = [part for note in notes.values() for part in note.parts if part.startswith("provenance/")]
    if not parts:
        return rows.selectExpr("*", "FALSE AS is_in")
    columns = "content_hash string, source string, reader string"
    known = spark.read.schema(columns).parquet(*map(place.spark_path, sorted(parts)))
    hashes = known.select("content_hash").distinct().selectExpr("*", "TRUE AS was_in")
    new = rows.join(known, ["content_hash", "source", "reader"], "left_anti").join(hashes, "content_hash", "left")
    return new.selectExpr("*", "coalesce(was_in, FALSE) AS is_in").drop("was_in")


def _tasks(cables: int, cores: int) -> int:
    return max(1, min(cables // _SMALLEST, max(-(-cables // RUN), _WAVES * cores)))


def _is_settled(place: Folder) -> bool:
    """Whether every note counts: one may not where a task of a run that was killed went on for a while."""
    return len(place.settled()) == place.note_count()


def _unread(place: Folder, done: _Done, sources: list[str]) -> list[dict[str, Any]]:
    """What cannot be read or parsed: now, or in a run before this one that read other files."""
    old = {(row["source"], row["stage"]): row for row in place.unread()}
    again = done.paths.union(sources)
    rows = {key: row for key, row in old.items() if row["path"] not in again and row["source"] not in again}
    for row in done.failures:
        key = (row["source"], row["stage"])
        if row["content_hash"] is None:
            is_same = key in old and old[key]["reason"] == row["reason"]
            rows[key] = old[key] if is_same else row
    return [rows[key] for key in sorted(rows)]


def _failure(row: dict[str, Any]) -> dict[str, Any]:
    """A row of failures, of what is no cable yet."""
    made = {"content_hash": None, **row, "at": now()}
    return {name: plain(made[name]) if isinstance(made[name], str) else made[name] for name in _FAILURE}
