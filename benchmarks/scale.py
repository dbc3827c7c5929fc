"""Spark in local mode beside the local engine on the same pages: cables a second, efficiency, overhead, memory.

    python benchmarks/scale.py PAGES... [--workers 1 2]

Needs the extra `spark` and Java 17. Every run is a process of its own, from the first line of Python to the last row on
disk, so that starting Java and loading the tagger count; the turns of both engines follow one another in one go. The
engines do not do quite the same: the local one indexes the text for search and resolves who is who across the cables,
Spark parses, then writes Parquet. Memory is the largest resident size of one process of a kind, looked at five times a
second in /proc (Linux).
"""

from __future__ import annotations

import argparse
import os
import re
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
    """Run both engines, and print what they took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", nargs="+")
    options.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    chosen = options.parse_args()
    print("load of the machine before:", *(f"{each:.1f}" for each in os.getloadavg()))
    runs = [timed(engine, count, chosen.pages) for count in chosen.workers for engine in ("local", "spark")]
    print("| engine | workers | cables | seconds | cables/s | peak MB of a worker | of the driver's Java |")
    print("|---|---|---|---|---|---|---|")
    for run in runs:
        memory = (f"{run.peaks.get(kind, 0):,.0f}" for kind in ("python", "java"))
        print(f"| {run.engine} | {run.workers} | {run.cables} | {run.seconds:.1f} | {run.rate:.2f} |", *_cells(memory))
    _compare({(run.engine, run.workers): run for run in runs}, chosen.workers)


def timed(engine: str, workers: int, pages: list[str]) -> Run:
    """Build once, in processes that are watched."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "reftel.cli", "build", *pages, "--engine", engine, "--workers", str(workers)]
        begin = time.perf_counter()
        process = subprocess.Popen([*command, "-a", f"{folder}/out"], stdout=subprocess.PIPE, text=True)
        peaks: dict[str, float] = {}
        while process.poll() is None:
            watch(process.pid, peaks)
            time.sleep(_EVERY)
        seconds = time.perf_counter() - begin
        said = _DONE.search(process.stdout.read() if process.stdout else "")
    assert said, f"the {engine} engine did not end"
    return Run(engine, workers, int(said[1].replace(",", "")), seconds, peaks)


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


def _compare(runs: dict[tuple[str, int], Run], workers: list[int]) -> None:
    least, most = min(workers), max(workers)
    for engine in ("local", "spark"):
        efficiency = runs[engine, most].rate / runs[engine, least].rate / (most / least)
        print(f"efficiency of {engine} from {least} to {most} workers: {efficiency:.2f}")
    for count in workers:
        overhead = runs["spark", count].seconds / runs["local", count].seconds
        print(f"Spark's time to that of the local engine with {count}: {overhead:.2f}")


def _cells(values: Iterable[str]) -> list[str]:
    return [f"{value} |" for value in values]


if __name__ == "__main__":
    main()
