"""spark: the pipeline on a cluster, from the same inputs to the Parquet layout of `reftel export` (docs/scale.md).

    listing.py   what there is to read, a row a file
    parsing.py   map 1, of files: read and parse
    naming.py    map 2, of cables by year: tag, resolve within, relate, and write the parts of every table
    datasets.py  the output folder: parts, and the notes that say which of them count
    session.py   Spark itself: is it there, and where does it run
    build.py     the order of all that

Nothing of a cable is decided here: `reftel.pipeline` does the work, `reftel.export` makes the rows.
"""

from reftel.spark.build import build

__all__ = ["build"]
