"""Spark in local mode beside the local engine on the same pages: cables a second, efficiency, overhead, memory.

    python benchmarks/scale.py PAGES [--cables 20000] [--workers 1 2] [--engines local spark] [--scratch FOLDER]
    python benchmarks/scale.py PAGES --kill [--cables 2000]

`--cables` makes so many cables of those in the folder PAGES: copies under numbers of their own, no two quite alike.
`--kill` builds on Spark with two workers, kills a Python worker and later the driver with all it started, builds again,
and compares the rows with those of a build that was left alone.

Needs the extra `spark` and Java 17. Every run is a process of its own, from the first line of Python to the last row on
disk, so that starting Java and loading the tagger count; the turns of both engines follow one another in one go. The
engines do not do quite the same: the local one indexes the text for search and resolves who is who across the cables,
Spark parses, then writes Parquet. Memory is the largest resident size of one process of a kind, looked at five times a
second in /proc (Linux).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATUS = re.compile(r"^(PPid|VmHWM):\s+(\d+)", re.MULTILINE)
_DONE = re.compile(r"added ([\d,]+)")
_EVERY = 0.2
_TIMES = frozenset({"added", "at"})


@dataclass(slots=True)
class Run:
    """One build: its engine and workers, cables added, seconds, and the peak of each kind of process in MB."""

    engine: str
    workers: int
    cables: int
    seconds: float
    peaks: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Cables a second."""
        return self.cables / self.seconds


def main() -> None:
    """Run both engines, and print what they took; or kill, and print whether that made a difference."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", type=Path)
    options.add_argument("--cables", type=int, help="how many to make of the pages; default: the pages themselves")
    options.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    options.add_argument("--engines", nargs="+", choices=("local", "spark"), default=["local", "spark"])
    options.add_argument("--kill", action="store_true")
    options.add_argument("--scratch", type=Path, help="where inputs and outputs are put; default: a temporary folder")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.scratch) as scratch:
        pages = grown(chosen.pages, Path(scratch) / "pages", chosen.cables) if chosen.cables else chosen.pages
        if chosen.kill:
            sys.exit(kill(pages, Path(scratch)))
        print("load of the machine before:", *(f"{each:.1f}" for each in os.getloadavg()))
        print("| engine | workers | cables | seconds | cables/s | peak MB of a worker | of the driver's Java |")
        print("|---|---|---|---|---|---|---|", flush=True)
        runs = {
            (engine, count): timed(engine, count, pages, Path(scratch))
            for count in chosen.workers
            for engine in chosen.engines
        }
    _compare(runs)


def grown(pages: Path, folder: Path, cables: int) -> Path:
    """So many cables of those in a folder, under other numbers: "06MADRID123" becomes "06MADRID900001"."""
    found = sorted(pages.rglob("*.html"))
    folder.mkdir()
    for number in range(cables):
        page = found[number % len(found)]
        text = page.read_bytes()
        mrn = re.fullmatch(r"(\d\d[A-Z]+)(\d+)", page.stem)
        assert mrn, f"{page}: pages must be named by the number of their cable"
        new = f"{mrn[1]}{900_000 + number}"
        (folder / f"{new}.html").write_bytes(text.replace(page.stem.encode(), new.encode()))
    return folder


def timed(engine: str, workers: int, pages: Path, scratch: Path) -> Run:
    """Build once, in processes that are watched."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        begin = time.perf_counter()
        process = started(pages, Path(folder) / "out", engine, workers)
        peaks: dict[str, float] = {}
        while process.poll() is None:
            watch(process.pid, peaks)
            time.sleep(_EVERY)
        seconds = time.perf_counter() - begin
        said = _DONE.search(process.stdout.read() if process.stdout else "")
    assert said, f"the {engine} engine did not end"
    run = Run(engine, workers, int(said[1].replace(",", "")), seconds, peaks)
    memory = (f"{run.peaks.get(kind, 0):,.0f}" for kind in ("python", "java"))
    print(f"| {engine} | {workers} | {run.cables} | {seconds:.1f} | {run.rate:.2f} |", *_cells(memory), flush=True)
    return run


def started(pages: Path, out: Path, engine: str, workers: int) -> subprocess.Popen[str]:
    """A build, in a process group of its own."""
    command = [sys.executable, "-m", "reftel.cli", "build", str(pages), "--engine", engine, "--workers", str(workers)]
    return subprocess.Popen([*command, "-a", str(out)], stdout=subprocess.PIPE, text=True, start_new_session=True)


def kill(pages: Path, scratch: Path) -> int:
    """Kill a worker, then the driver, build again; 0 where the rows are those of a build that was left alone."""
    whole, broken = scratch / "whole", scratch / "broken"
    started(pages, whole, "spark", 2).wait()
    notes = len(list(whole.glob("_reftel/*.json")))
    process = started(pages, broken, "spark", 2)
    _wait_for(broken, notes // 3, process)
    worker = max(_under(process.pid, b"pyspark.daemon"))
    os.kill(worker, signal.SIGKILL)
    print(f"killed a Python worker at {len(list(broken.glob('_reftel/*.json')))} of {notes} notes", flush=True)
    _wait_for(broken, 2 * notes // 3, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    print(f"killed the driver at {len(list(broken.glob('_reftel/*.json')))} of {notes} notes", flush=True)
    again = started(pages, broken, "spark", 2)
    again.wait()
    print("built again:", again.stdout.read().strip() if again.stdout else "")
    one, other = (contents(folder) for folder in (whole, broken))
    for table in sorted(one):
        print(f"{table:>16} {len(one[table]):>9,} rows", "the same" if one[table] == other[table] else "NOT THE SAME")
    return int(one != other)


def _wait_for(folder: Path, notes: int, process: subprocess.Popen[str]) -> None:
    while len(list(folder.glob("_reftel/*.json"))) < notes:
        assert process.poll() is None, "it ended before it could be killed; give it more cables"
        time.sleep(_EVERY)


def contents(folder: Path) -> dict[str, list[bytes]]:
    """A digest of every row of every table, in order, but for the times at which it was written."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # of the extra

    found: dict[str, list[bytes]] = {}
    for part in folder.rglob("part-*.parquet"):
        table = part.relative_to(folder).parts[0]
        for row in pq.ParquetFile(part).read().to_pylist():
            kept = repr(sorted((name, cell) for name, cell in row.items() if name not in _TIMES))
            found.setdefault(table, []).append(hashlib.blake2b(kept.encode(), digest_size=8).digest())
    return {table: sorted(rows) for table, rows in found.items()}


def _under(top: int, named: bytes) -> list[int]:
    """The processes under `top` whose command line has this."""
    parents, found = {}, []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            told = (each / "cmdline").read_bytes(), _STATUS.findall((each / "status").read_text())
        except OSError:  # it has ended meanwhile
            continue
        parents[int(each.name)] = int(dict(told[1]).get("PPid", 0))
        found += [int(each.name)] if named in told[0] else []
    return [number for number in found if _is_under(number, top, parents)]


def watch(top: int, peaks: dict[str, float]) -> None:
    """Note the peak of each process under `top`, by its kind."""
    parents: dict[int, int] = {}
    found: dict[int, float] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(_STATUS.findall(status.read_text()))
        except OSError:  # it has ended meanwhile
            continue
        number = int(status.parent.name)
        parents[number], found[number] = int(told.get("PPid", 0)), int(told.get("VmHWM", 0)) / 1024
    for number, size in found.items():
        if _is_under(number, top, parents):
            kind = "java" if _name(number) == "java" else "python"
            peaks[kind] = max(peaks.get(kind, 0), size)


def _is_under(number: int, top: int, parents: dict[int, int]) -> bool:
    while number > 1 and number != top:
        number = parents.get(number, 0)
    return number == top


def _name(number: int) -> str:
    try:
        return Path(f"/proc/{number}/comm").read_text().strip()
    except OSError:
        return ""


def _compare(runs: dict[tuple[str, int], Run]) -> None:
    engines, workers = (sorted(set(each)) for each in zip(*runs, strict=True))
    least, most = min(workers), max(workers)
    for engine in engines if least < most else ():
        efficiency = runs[engine, most].rate / runs[engine, least].rate / (most / least)
        print(f"efficiency of {engine} from {least} to {most} workers: {efficiency:.2f}")
    for count in workers if len(engines) > 1 else ():
        overhead = runs["spark", count].seconds / runs["local", count].seconds
        print(f"Spark's time to that of the local engine with {count}: {overhead:.2f}")


def _cells(values: Iterable[str]) -> list[str]:
    return [f"{value} |" for value in values]


if __name__ == "__main__":
    main()
