"""An archive built and searched: cables per second, memory, size, and how long a search takes as the archive grows.

    python benchmarks/archive.py build PAGES... [--workers 1]
    python benchmarks/archive.py search SMALL.db FOLDER [--sizes 1000 10000 100000 250000] [--repeats 3]

PAGES are what `reftel.read` takes. `build` times reftel.pipeline.build and, on the same cables parsed beforehand, the
tagger alone on all cores (compare with as many workers as cores). `search` grows SMALL.db, an archive, to each size
inside FOLDER, unless it stands there already (see grow.py), and runs the queries of archive_queries.txt with facets and
ten hits each: once to warm up, then so many times, of which the fastest counts, as the machine may be busy. Of the
times of all queries the table has the median and the 95th percentile, by the clock and by processor time. "When first
asked" is the warm-up: the file is read from disk, or the disk's cache, and no phrase was looked up before.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import deque
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import grow  # type: ignore[import-not-found]  # stands beside this script
from reftel.archive import open_archive
from reftel.archive.search import search
from reftel.archive.store import open_file
from reftel.parse import parse
from reftel.pipeline import Plan, build
from reftel.read import read
from reftel.tag import load_tagger, tag

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

QUERIES = Path(__file__).parent / "archive_queries.txt"
_SIZES = (1_000, 10_000, 100_000, 250_000)


class Timed(NamedTuple):
    """A query with its kind; the milliseconds it took by the clock and by processor time, and when first asked."""

    kind: str
    query: str
    clock: float
    processor: float
    first: float
    total: int


def queries() -> list[tuple[str, str]]:
    """The fixed list: each query with its kind."""
    found, kind = [], ""
    for line in QUERIES.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("#"):
            kind = line.removeprefix("# ")
        else:
            found.append((kind, line))
    return found


def timed(connection: sqlite3.Connection, *, repeats: int) -> list[Timed]:
    """Every query with the fastest of its times."""
    return [_timed(connection, kind, query, repeats) for kind, query in queries()]


def _timed(connection: sqlite3.Connection, kind: str, query: str, repeats: int) -> Timed:
    clocks, processors, total = [], [], 0
    for _ in range(repeats + 1):
        clock, processor = time.perf_counter(), time.process_time()
        total = search(connection, query, with_facets=True).total
        clocks.append(1000 * (time.perf_counter() - clock))
        processors.append(1000 * (time.process_time() - processor))
    return Timed(kind, query, min(clocks[1:]), min(processors[1:]), clocks[0], total)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, round(share * len(values)))]


def print_search(small: Path, folder: Path, sizes: Sequence[int], *, repeats: int) -> None:
    """The table of search times, a row a size; then the slowest queries of the largest archive."""
    print("| cables | kB a cable | median ms | p95 ms | slowest ms | p95 of processor | median, p95 when first asked |")
    print("|---|---|---|---|---|---|---|")
    times: list[Timed] = []
    for size in sizes:
        path = grow.grown(small, folder, size)
        connection = open_file(path)
        times = timed(connection, repeats=repeats)
        connection.close()
        clocks, processors = [each.clock for each in times], [each.processor for each in times]
        firsts = [each.first for each in times]
        print(
            f"| {size:,} | {path.stat().st_size / size / 1000:.1f} | {median(clocks):.1f}"
            f" | {percentile(clocks, 0.95):.1f} | {max(clocks):.1f}"
            f" | {percentile(processors, 0.95):.1f} | {median(firsts):.1f}, {percentile(firsts, 0.95):.1f} |",
            flush=True,
        )
    print("\nThe slowest:")
    for each in sorted(times, key=lambda each: -each.clock)[:12]:
        print(f"{each.clock:8.1f} ms  {each.total:>9,} cables  {each.kind}: {each.query}")


def print_build(pages: Sequence[str], *, workers: int) -> None:
    """Build rate, its ratio to the tagger alone, memory, and size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "built.db"
        begun = time.perf_counter()
        with open_archive(path, create=True) as archive:
            build(pages, archive, Plan(workers=workers))
            cables = len(archive)
        spent = time.perf_counter() - begun
        size = path.stat().st_size
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1e6
    parsed = [parse(raw) for page in pages for raw in read(page)]
    tagger = load_tagger()
    begun = time.perf_counter()
    deque(tag(parsed, tagger=tagger), maxlen=0)
    alone = time.perf_counter() - begun
    print(f"{cables:,} cables, {cables / spent:.1f} a second with {workers} workers")
    print(f"the tagger alone: {len(parsed) / alone:.1f} a second; the build takes {spent / alone:.2f} of its time")
    print(f"peak memory {peak:.2f} GB (largest process), {size / max(cables, 1) / 1000:.1f} kB a cable")


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("pages", nargs="+", metavar="PAGES")
    building.add_argument("--workers", type=int, default=1)
    searching = commands.add_parser("search")
    searching.add_argument("small", type=Path, metavar="SMALL.db")
    searching.add_argument("folder", type=Path, metavar="FOLDER")
    searching.add_argument("--sizes", type=int, nargs="+", default=list(_SIZES))
    searching.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.command == "build":
        print_build(options.pages, workers=options.workers)
    else:
        print_search(options.small, options.folder, options.sizes, repeats=options.repeats)


if __name__ == "__main__":
    main()
