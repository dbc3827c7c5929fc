"""The web reader under several readers at once: how long each kind of page takes, and how big the biggest is.

    python benchmarks/reader.py ARCHIVE [--readers 8] [--seconds 60] [--pause 0] [--drawn 2000] [--workers N]

Serves ARCHIVE (users and log go into ARCHIVE.readers beside it) and sends it so many readers, each on a connection of
its own, who ask for one page after the other and wait between two as long as `--pause` says: 0 keeps as many requests
under way as there are readers, which is harder than people are. Times are taken here, at the client, from sending a
request to the last byte of its answer: with the wait for its turn, the work, the packing and the way over loopback.
Sizes are bytes as they come, packed as a browser asks for them: a page with the scripts, styles and images that it
names. The fonts that the styles name are told apart: a browser fetches a font only where it needs it, and once.

What is asked for is drawn from the archive, the same at every run: searches for its words, names, numbers, posts,
TAGS and years; its cables; entities, one half from those in the most cables, the other from all; and all lists. Ends
with 1 where a floor is missed: 95 of 100 pages of a kind (search, cable, entity) in 100 ms, no page above 300 kB.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from reftel.archive import Clearance
from reftel.archive.sight import sight_of
from reftel.archive.store import open_file
from reftel.archive.told import told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

MOST_MS, MOST_KB = 100.0, 300.0
_HELD = ("search", "cable", "entity")  # the kinds that the floor is for
_LISTS = (
    "/", "/browse", "/browse/years", "/browse/tags", "/browse/classifications", "/browse/signatures", "/meetings",
    "/statements", "/archive", "/entities", "/entities?type=ORG", "/entities?type=LOC",
)  # fmt: skip
_KINDS = {"search": 10, "cable": 10, "entity": 8, "list": 4}  # how often each is asked for, to the others
_DRAWN = 2000
_GIANTS = 300
_ASSET = re.compile(rb"""(?:src|href)="?(/static/[^"\s>]+)""")
_NAMED = re.compile(rb"""url\(["']?([^"')]+\.(?:woff2|svg))""")
_SEED = 7


class Got(NamedTuple):
    """An answer: what was asked, the milliseconds and bytes it took, and whether it was a page."""

    kind: str
    address: str
    ms: float
    size: int
    status: int


def addresses(connection: sqlite3.Connection, chance: random.Random, drawn: int = _DRAWN) -> dict[str, list[str]]:
    """What readers ask for, by kind."""
    return {
        "search": [_search(connection, chance) for _ in range(drawn // 2)],
        "cable": [f"/cable/~{each}" for each in _ids(connection, "cables", chance, drawn)],
        "entity": [f"/entity/{quote(key, safe=':/')}" for key in _keys(connection, chance, drawn)],
        "list": list(_LISTS),
    }


def _ids(connection: sqlite3.Connection, table: str, chance: random.Random, count: int) -> list[int]:
    """Ids that are there, at random."""
    last = connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]  # noqa: S608  # our own names
    query = f"SELECT id FROM {table} WHERE id >= ? ORDER BY id LIMIT 1"  # noqa: S608  # our own names
    return [connection.execute(query, (chance.randint(1, last),)).fetchone()[0] for _ in range(count)]


def _keys(connection: sqlite3.Connection, chance: random.Random, count: int) -> list[str]:
    """Keys of entities, one half of the largest; none that every cable protects, whose page is not there."""
    query = "SELECT id FROM entities WHERE type = ? ORDER BY cables DESC LIMIT ?"
    types = ("PER", "ORG", "LOC")
    giants = [id_ for type_ in types for (id_,) in connection.execute(query, (type_, _GIANTS // len(types)))]
    sight = sight_of(connection, Clearance())
    giant, drawn = (
        [view.key for id_ in ids if (view := told(connection, sight, id_))]
        for ids in (giants, _ids(connection, "entities", chance, count))
    )
    return [each for pair in zip(drawn, chance.choices(giant, k=len(drawn)), strict=True) for each in pair]


def _search(connection: sqlite3.Connection, chance: random.Random) -> str:
    """A search: words of a sentence, a name, a number, with a filter or without."""
    row = connection.execute(
        "SELECT text, cables.mrn, cables.post_code, substr(cables.sent, 1, 4) AS year, tags.code, cable_entities.name"
        " FROM units JOIN cables ON cables.id = units.cable_id LEFT JOIN tags ON tags.cable_id = cables.id"
        " LEFT JOIN cable_entities ON cable_entities.cable_id = cables.id"
        " WHERE units.cable_id = ? AND length(text) > 200 ORDER BY tags.position, units.position DESC LIMIT 1",
        (_ids(connection, "cables", chance, 1)[0],),
    ).fetchone()
    if row is None:
        return "/search"
    words = re.findall(r"[a-z]{3,}", row["text"].lower()) or ["embassy"]
    some = chance.sample(words, min(len(words), chance.choice((1, 1, 2, 2, 3, 4))))
    at = chance.randrange(max(1, len(words) - 1))
    asked = chance.choice(
        (
            " ".join(some),
            " ".join(some),
            f'"{" ".join(words[at : at + 2])}"',
            row["name"] or some[0],
            row["mrn"] or "",
            "",
        )
    )
    filters: tuple[dict[str, str | None], ...] = (
        {},
        {},
        {"post": row["post_code"]},
        {"tag": row["code"]},
        {"from": row["year"], "to": row["year"]},
    )
    chosen = {name: value for name, value in chance.choice(filters).items() if value}
    return f"/search?{urlencode({'q': asked} | chosen)}"


@contextmanager
def served(archive: Path, workers: int | None) -> Iterator[int]:
    """The reader, served by a process of its own; gives the port."""
    more = [] if workers is None else ["--workers", str(workers)]
    command = [sys.executable, "-m", "reftel.cli", "serve", "-a", str(archive), "--port", "0", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    line = process.stdout.readline()
    port = int(re.search(r":(\d+)/", line).group(1))  # type: ignore[union-attr]  # it says so, or did not start
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            fetch(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "/help")
        except OSError:
            time.sleep(0.1)
        else:
            return


def fetch(
    connection: http.client.HTTPConnection, address: str, *, packing: str = "gzip, deflate, br"
) -> tuple[int, bytes]:
    """Status and body of an answer, as it comes."""
    connection.request("GET", address, headers={"Accept-Encoding": packing})
    answer = connection.getresponse()
    return answer.status, answer.read()


def read(port: int, asked: dict[str, list[str]], chance: random.Random, until: float, pause: float) -> list[Got]:
    """What one reader got until the time was over."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    kinds, shares = list(_KINDS), list(_KINDS.values())
    found = []
    while time.monotonic() < until:
        kind = chance.choices(kinds, shares)[0]
        address = chance.choice(asked[kind])
        begun = time.perf_counter()
        status, body = fetch(connection, address)
        found.append(Got(kind, address, 1000 * (time.perf_counter() - begun), len(body), status))
        if pause:
            time.sleep(chance.uniform(0, 2 * pause))
    return found


def all_read(port: int, asked: dict[str, list[str]], *, readers: int, seconds: float, pause: float) -> list[Got]:
    """What all readers got, each in a thread of its own."""
    found: list[Got] = []
    until = time.monotonic() + seconds

    def one(number: int) -> None:
        found.extend(read(port, asked, random.Random(_SEED + number), until, pause))  # noqa: S311  # no secret

    threads = [threading.Thread(target=one, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def weight(port: int, got: Got) -> tuple[float, float]:
    """A page in kB with its scripts, styles and images; and all the fonts that these name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    loads = set(_ASSET.findall(fetch(connection, got.address, packing="identity")[1]))
    for each in [each for each in loads if b".css" in each]:
        style = fetch(connection, each.decode(), packing="identity")[1]
        loads |= {b"/static/" + name.rpartition(b"static/")[2] for name in _NAMED.findall(style)}
    sizes = {each: len(fetch(connection, each.decode())[1]) / 1000 for each in loads}
    fonts = sum(size for each, size in sizes.items() if each.endswith(b".woff2"))
    return got.size / 1000 + sum(sizes.values()) - fonts, fonts


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, round(share * len(values)))]


def print_times(found: list[Got]) -> dict[str, float]:
    """The table; returns the 95th percentile of each kind."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for got in found:
        kinds[got.kind].append(got.ms)
        if got.kind == "list":
            kinds[got.address].append(got.ms)
    print("| page | requests | median ms | p95 ms | slowest ms |")
    print("|---|---|---|---|---|")
    for kind in [*_KINDS, *_LISTS]:
        if times := kinds.get(kind):
            print(
                f"| {kind} | {len(times):,} | {median(times):.0f} | {percentile(times, 0.95):.0f} | {max(times):.0f} |"
            )
    return {kind: percentile(times, 0.95) for kind, times in kinds.items()}


def missed(found: list[Got], late: dict[str, float], biggest: float) -> list[str]:
    """The floors that are missed, each in a few words."""
    slow = [f"{kind}: p95 {late[kind]:.0f} ms" for kind in _HELD if late.get(kind, 0) > MOST_MS]
    failed = [f"{got.address} answered {got.status}" for got in found if got.status != http.client.OK]
    return [*slow, *([f"biggest page {biggest:.0f} kB"] if biggest > MOST_KB else []), *failed[:5]]


def main() -> int:
    """Run as the command line says; 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("archive", type=Path, metavar="ARCHIVE")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", type=float, default=20, help="seconds before, not counted; a process begins cold")
    parser.add_argument("--pause", type=float, default=0, help="seconds between two pages of a reader, on average")
    parser.add_argument(
        "--drawn", type=int, default=_DRAWN, help="how many different cables, entities, and half as many searches"
    )
    parser.add_argument("--workers", type=int, help="processes that serve; default: as reftel serve has it")
    options = parser.parse_args()
    connection = open_file(options.archive)
    asked = addresses(connection, random.Random(_SEED), options.drawn)  # noqa: S311  # no secret
    connection.close()
    with served(options.archive, options.workers) as port:
        all_read(port, asked, readers=2 * options.readers, seconds=options.warm, pause=0)
        begun = time.monotonic()
        found = all_read(port, asked, readers=options.readers, seconds=options.seconds, pause=options.pause)
        spent = time.monotonic() - begun
        late = print_times(found)
        largest = max(found, key=lambda got: got.size)
        biggest, fonts = weight(port, largest)
    print(
        f"{len(found) / spent:.1f} pages a second; the biggest page, {largest.address}, is {biggest:.0f} kB, of which"
    )
    print(f"{largest.size / 1000:.0f} kB its own text; all fonts together are {fonts:.0f} kB more")
    print(
        "the slowest:",
        *(f"{got.ms:.0f} ms {got.address}" for got in sorted(found, key=lambda got: -got.ms)[:8]),
        sep="\n  ",
    )
    gaps = missed(found, late, biggest)
    print(*(f"missed: {gap}" for gap in gaps), sep="\n")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
