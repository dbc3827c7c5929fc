"""Who is who across cables, on Spark: the order of its maps, and what goes between them.

The method is that of `reftel.resolve.across`. What the tables know by a key is one thing and is never compared; the
rest is compared in blocks, a block in one worker; clusters that share an entity of a cable are joined in the driver.
All of it is derived anew from the datasets, but an entity that had a key keeps it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.spark import clustering, describing, gathering, keying
from reftel.spark.columns import ddl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from reftel.spark.datasets import Folder, Note

_NAME = ["content_hash", "position"]
_ENTITIES = 100_000  # to a part


class Across(NamedTuple):
    """What resolving came to: the notes, their parts with keys written in, and the parts of no one cable."""

    notes: dict[str, Note]
    parts: tuple[str, ...]


def resolve_across(spark: SparkSession, place: Folder, notes: dict[str, Note]) -> Across:
    """Write `entities`, `aliases` and `roles`, and `entity_key` into new parts of `cable_entities`."""
    runs = gathering.runs_of(notes.values())
    if not runs:
        return Across(notes, ())
    with _Shelf() as shelf:
        listed = spark.createDataFrame(runs, gathering.OF_RUN).repartition(len(runs))
        gathered = shelf.keep(_mapped(listed, partial(gathering.gather, folder=place.url), gathering.columns()))
        whole = shelf.keep(_whole(spark, shelf.keep(_clustered(gathered))))
        entities = shelf.keep(_entities(_placed(gathered, whole)))
        keys = shelf.keep(_keys(entities))
        parts = _write_entities(entities, keys, place)
        renamed = _write_keys(_placed(gathered, whole), keys, place)
    return Across({name: _renamed(note, renamed) for name, note in notes.items()}, parts)


class _Shelf:
    """What is needed more than once, on the disks of the workers until the block ends."""

    def __init__(self) -> None:
        self._held: list[DataFrame] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for rows in self._held:
            rows.unpersist()

    def keep(self, rows: DataFrame) -> DataFrame:
        from pyspark import StorageLevel  # noqa: PLC0415  # an optional library

        self._held.append(rows.persist(StorageLevel.DISK_ONLY))
        return self._held[-1]


def _mapped(rows: DataFrame, work: Callable[[Iterator[pa.RecordBatch]], Any], columns: pa.Schema) -> DataFrame:
    return rows.mapInArrow(work, ddl(columns))


def _clustered(gathered: DataFrame) -> DataFrame:
    """What the tables do not know, compared block by block: the rows of `clustering.columns`."""
    blocked = gathered.where("cluster IS NULL").selectExpr(*_NAME, "record", "explode(blocks) AS block")
    ordered = blocked.repartition("block").sortWithinPartitions("block", *_NAME)
    return _mapped(ordered, clustering.cluster_blocks, clustering.columns())


def _whole(spark: SparkSession, clustered: DataFrame) -> DataFrame:
    """The one cluster of each of these, where those of several blocks that meet are one."""
    from pyspark.sql import functions as F  # noqa: N812, PLC0415  # an optional library, under its usual name

    several = clustered.groupBy(*_NAME).agg(F.sort_array(F.collect_list("cluster")).alias("shared"))
    shared = several.where("size(shared) > 1").select("shared").distinct()
    joined = clustering.join_clusters(row.shared for row in shared.toLocalIterator())
    roots = spark.createDataFrame(list(joined.items()), "cluster string, root string")
    return clustered.join(roots, "cluster", "left").selectExpr(*_NAME, "coalesce(root, cluster) AS found").distinct()


def _placed(gathered: DataFrame, whole: DataFrame) -> DataFrame:
    """Every entity of a cable with its cluster; null where it is no name."""
    known = gathered.where("cluster IS NOT NULL")
    others = gathered.where("cluster IS NULL").join(whole, _NAME, "left").withColumn("cluster", whole["found"])
    return known.unionByName(others.drop("found"))


def _entities(placed: DataFrame) -> DataFrame:
    """The rows of `describing.columns`; what members say is counted before it is brought together."""
    from pyspark.sql import functions as F  # noqa: N812, PLC0415  # an optional library, under its usual name

    facts = placed.where("cluster IS NOT NULL").selectExpr("cluster", *_NAME, "sent", "inline(facts)")
    fact = ["cluster", "what", "low"]
    counted = facts.groupBy(*fact, "value").agg(F.sum("n").alias("n"))
    of_cables = facts.where("what IN ('entity', 'role', 'alias')").groupBy(*fact, "content_hash", "sent")
    spans = (
        of_cables.agg(F.min("position").alias("position"))
        .groupBy(*fact)
        .agg(
            F.count("*").alias("cables"),
            F.min("sent").alias("first"),
            F.max("sent").alias("last"),
            F.min(F.format_string("%s %05d", "content_hash", "position")).alias("member"),
        )
    )
    rows = counted.unionByName(spans, allowMissingColumns=True)
    ordered = rows.repartition("cluster").sortWithinPartitions("cluster")
    return _mapped(ordered, describing.describe, describing.columns())


def _keys(entities: DataFrame) -> DataFrame:
    """The rows of `describing.key_columns`, for all entities."""
    first = ("key IS NULL", "-cables", "-mentions", "name", "member")
    rows = entities.selectExpr("cluster", "key", "stem", "slug", *(f"{by} AS by_{n}" for n, by in enumerate(first)))
    ordered = rows.repartition("stem").sortWithinPartitions("stem", *(f"by_{n}" for n, _ in enumerate(first)))
    return _mapped(ordered, describing.name_keys, describing.key_columns())


def _write_entities(entities: DataFrame, keys: DataFrame, place: Folder) -> tuple[str, ...]:
    """The parts of `entities`, `aliases` and `roles`."""
    rows = entities.drop("key").join(keys, "cluster")
    tasks = -(-keys.count() // _ENTITIES)
    ordered = rows.repartitionByRange(tasks, "key").sortWithinPartitions("key")
    work = partial(describing.write_entities, folder=place.url)
    return tuple(sorted(row.part for row in ordered.mapInArrow(work, "part string").collect()))


def _write_keys(placed: DataFrame, keys: DataFrame, place: Folder) -> dict[str, str]:
    """For each part of `cable_entities` the one that has the keys."""
    rows = placed.select("part", *_NAME, "cluster").join(keys, "cluster", "left").select("part", *_NAME, "key")
    ordered = rows.repartition("part").sortWithinPartitions("part")
    made = _mapped(ordered, partial(keying.write_keys, folder=place.url), keying.columns())
    return {row.old: row.new for row in made.collect()}


def _renamed(note: Note, parts: dict[str, str]) -> Note:
    return note._replace(parts=tuple(parts.get(part, part) for part in note.parts))
