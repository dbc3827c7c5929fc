"""spark: the pipeline on a cluster, from the same inputs to the Parquet layout of `reftel export` (docs/scale.md).

    listing.py   what there is to read, a row a file
    parsing.py   map 1, of files: read and parse
    naming.py    map 2, of cables by year: tag, resolve within, relate, and write the parts of every table
    resolving.py who is who across cables: the order of maps 3 to 6, over the datasets
    gathering.py map 3, of runs of cables: what their entities are compared by, and what they say
    clustering.py map 4, of blocks: who is one
    describing.py map 5, of clusters: name, other names, roles; and their keys
    keying.py    map 6, of parts: the keys written in
    columns.py   what goes between these maps
    datasets.py  the output folder: parts, and the notes that say which of them count
    session.py   Spark itself: is it there, and where does it run
    build.py     the order of all that

Nothing of a cable is decided here: `reftel.pipeline` does the work, `reftel.export` makes the rows.
"""

from reftel.spark.build import build, resolve

__all__ = ["build", "resolve"]
