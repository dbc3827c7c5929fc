"""How long resolving across an archive takes, and what it came to, to be read.

    python benchmarks/resolve.py ARCHIVE... [--scratch FOLDER]   times each archive, on a copy, from nothing
    python benchmarks/resolve.py ARCHIVE --read 50               prints its largest persons and least certain merges

`benchmarks/grow.py` makes larger archives out of a small one. Each archive is resolved in a process of its own: from
nothing, then once more with nothing to do, then after one decision.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reftel.archive import decisions
from reftel.archive.store import open_file, transaction
from reftel.pipeline.resolving import resolve, take_effect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_FORGET = (
    "UPDATE cable_entities SET entity_id = NULL",
    "DELETE FROM entities",
    "DELETE FROM blocks",
    "DELETE FROM links",
    "DELETE FROM former_keys",
    "DELETE FROM touched_blocks",
    "DELETE FROM touched_entities",
)
_MERGES = (
    "SELECT l.score, a.name, a.role, ca.mrn, b.name, b.role, cb.mrn, e.name, l.reason FROM links l"
    " JOIN cable_entities a ON a.id = l.cable_entity_id JOIN cable_entities b ON b.id = l.other_id"
    " JOIN cables ca ON ca.id = a.cable_id JOIN cables cb ON cb.id = b.cable_id JOIN entities e ON e.id = a.entity_id"
    " WHERE a.type = 'PER' ORDER BY l.score, a.id LIMIT ?"
)


def main() -> None:
    """Time, or print what is to be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", type=Path)
    parser.add_argument("--read", type=int, metavar="N", help="print so many persons and merges of a resolved archive")
    parser.add_argument("--scratch", type=Path, help="where copies are put; default: a temporary folder")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print("\n".join(to_read(open_file(given.archives[0]), given.read)))
    elif given.one:
        print(timed(given.archives[0]))
    else:
        print("   cables      names  entities  seconds ms a cable     MB  again s decision ms")
        for archive in given.archives:
            with tempfile.TemporaryDirectory(dir=given.scratch) as folder:
                copy = shutil.copy(archive, folder)
                subprocess.run([sys.executable, __file__, copy, "--one"], check=True)


def timed(path: Path) -> str:
    """A row of the table: resolves the archive in place."""
    connection = open_file(path)
    with transaction(connection):
        for statement in _FORGET:
            connection.execute(statement)
    begun = time.process_time()
    resolve(connection)
    took = time.process_time() - begun
    begun = time.process_time()
    resolve(connection)
    again = time.process_time() - begun
    cables, names, entities = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # our own names
        for table in ("cables", "cable_entities", "entities")
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{cables:>9,} {names:>10,} {entities:>9,} {took:>8.1f} {1000 * took / max(cables, 1):>10.1f} {peak:>6.0f}"
        f" {again:>8.2f} {1000 * one_decision(connection):>11.0f}"
    )


def one_decision(connection: sqlite3.Connection) -> float:
    """Seconds that a merge of two persons of ten cables or so takes."""
    query = "SELECT id FROM entities WHERE type = 'PER' AND cables <= 10 ORDER BY cables DESC, id LIMIT 2"
    one, other = (decisions.entity_subject(connection, id_) for (id_,) in connection.execute(query).fetchall())
    begun = time.process_time()
    with transaction(connection):
        decision = decisions.decision_of("merge", one, by="benchmark", object=other)
        take_effect(connection, [decisions.decide(connection, decision)])
    resolve(connection)
    return time.process_time() - begun


def to_read(connection: sqlite3.Connection, count: int) -> Iterator[str]:
    """The largest persons with all that they are called, and the least certain merges with their reasons."""
    largest = "SELECT id, key, name, country, cables FROM entities WHERE type = 'PER' ORDER BY cables DESC, id LIMIT ?"
    for row in connection.execute(largest, (count,)).fetchall():
        names = connection.execute(
            "SELECT name, mentions FROM aliases WHERE entity_id = ? ORDER BY 2 DESC, 1", (row["id"],)
        )
        roles = connection.execute(
            "SELECT role, cables FROM roles WHERE entity_id = ? ORDER BY 2 DESC, 1", (row["id"],)
        )
        yield f"{row['name']} ({row['country']}), {row['cables']:,} cables"
        yield f"    {', '.join(f'{name} {n}' for name, n in names)}"
        yield f"    {', '.join(f'{role} {n}' for role, n in roles)}"
    yield ""
    for score, one, role, mrn, other, other_role, other_mrn, name, reason in connection.execute(_MERGES, (count,)):
        yield f"{score:.3f} {one} [{role}] {mrn} = {other} [{other_role}] {other_mrn} -> {name}: {reason}"


if __name__ == "__main__":
    main()
