"""What there is to read: one row a file, whose path each worker opens, or whose bytes Spark brings.

Files of a file system that every worker sees (a laptop's, NFS, Lustre) are opened by the workers, so that a file may be
of any size. What lies in an object store or HDFS goes through Spark's own reader, `binaryFile`, which knows the
cluster's credentials; it holds a file in memory and takes none beyond 2 GB.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from reftel.errors import InputError, UsageError
from reftel.pipeline.sources import Unread
from reftel.read import files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "file long, path binary, content binary"
"""The columns of a listing: `file` puts the inputs in order, `content` is null where the worker opens the path."""

_SCHEME = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*):/")
_REMOTE = ("s3a", "s3", "s3n", "hdfs", "viewfs", "gs", "abfs", "abfss", "wasbs", "dbfs", "oss", "file")
_BYTES = 16 << 20  # of files to a task that reads and parses: some 700 pages


class Listing(NamedTuple):
    """The rows of what can be read, and what cannot."""

    rows: DataFrame
    unread: list[Unread]


def list_inputs(spark: SparkSession, sources: Iterable[str]) -> Listing:
    """The files of all sources: files and folders, or `s3a://`, `hdfs://` and the like, of which folders are searched.

    Raises UsageError for standard input and for a scheme that Spark has no file system for.
    """
    local: list[str] = []
    remote: list[str] = []
    for source in sources:
        (remote if scheme(source) else local).append(source)
    rows, unread = _local(spark, local)
    for source in remote:
        found = _remote(spark, source)
        if isinstance(found, Unread):
            unread.append(found)
        else:
            rows = rows.unionByName(found)
    return Listing(rows, unread)


def scheme(source: str) -> str | None:
    """The scheme of a URL ("s3a"); None for a path. Raises UsageError for one that cannot be read."""
    if source == "-":
        raise UsageError("the Spark engine reads no standard input; name files or folders that every worker sees")
    found = _SCHEME.match(source)
    if found and found[1].lower() not in _REMOTE:
        known = ", ".join(f"{each}://" for each in _REMOTE[:5])
        raise UsageError(f"{source}: the Spark engine cannot read {found[1]}://; give a path, or one of {known}")
    return found[1].lower() if found else None


def _local(spark: SparkSession, sources: Iterable[str]) -> tuple[DataFrame, list[Unread]]:
    paths: list[tuple[int, bytes, None]] = []
    unread: list[Unread] = []
    size = 0
    for source in sources:
        for each in files(source):
            if isinstance(each, InputError):
                unread.append(Unread(each, each.where))
            else:
                paths.append((len(paths), os.fsencode(each), None))
                size += each.stat().st_size
    tasks = max(1, min(len(paths), max(size // _BYTES, 4 * spark.sparkContext.defaultParallelism)))
    return spark.createDataFrame(paths, SCHEMA).repartition(tasks), unread


def _remote(spark: SparkSession, source: str) -> DataFrame | Unread:
    """The files under a URL, or why there are none."""
    from pyspark.errors import AnalysisException  # noqa: PLC0415  # an optional library

    try:
        found = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        return Unread(InputError(source, "there is no such file or folder", "check the name"), source)
    return found.selectExpr("CAST(NULL AS long) AS file", "CAST(path AS binary) AS path", "content")
