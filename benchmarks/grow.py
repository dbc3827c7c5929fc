"""A large archive out of a small one, to measure search on: cables made of other cables' headers and paragraphs.

    python benchmarks/grow.py SMALL.db FOLDER [--cables 250000] [--seed 1]

writes FOLDER/grown-250000.db (about 40 kB a cable; it asks for that much free space first). Each new cable has the
header, subject, addressees, TAGS and raw text of one cable, drawn at random, under a number and date of its own; its
paragraphs are drawn from all cables, with their portion marks, mentions and redactions; its entities are those that its
paragraphs mention. Words become more frequent by this but not more of them: a name found in one real cable is in 200 of
250,000, which is harder on a search than a real archive of that size. The same seed gives the same archive.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive import fulltext
from reftel.archive.fulltext import Piece
from reftel.archive.rows import from_list
from reftel.archive.store import open_file, transaction
from reftel.archive.word_counts import count_words

if TYPE_CHECKING:
    import sqlite3

_BYTES_PER_CABLE = 60_000  # while it is written, the write-ahead log included
_BATCH = 5000  # cables in one transaction
_PARAGRAPHS = frozenset({"summary", "body", "comment", "note", "quotation", "heading"})
_PLAN = """
    CREATE TEMP TABLE plan (
        id INTEGER PRIMARY KEY, cable_id INTEGER, position INTEGER, from_id INTEGER, entity_offset INTEGER
    );
    CREATE TEMP TABLE headers (id INTEGER PRIMARY KEY, from_id INTEGER, mrn TEXT, sent TEXT);
    CREATE TEMP TABLE made (id INTEGER PRIMARY KEY, cable_id INTEGER, from_id INTEGER, UNIQUE (cable_id, from_id));
"""
_HEADER_COLUMNS = (
    "post, post_code, classification, level, captions, precedence, subject, classified_by_name, classified_by_title,"
    " reasons, executive_order, declassify_on, sections, signature, dtg, transmission, drafted_by, approved_by,"
    " passing, corrected, partial, parsed_by, linked_by, tagged_by, resolved_by, related_by"
)
_HEADERS = (
    (
        f"INSERT INTO cables (id, content_hash, mrn, sent, {_HEADER_COLUMNS}) SELECT headers.id,"  # noqa: S608  # our names
        f" 'grown-' || headers.id, headers.mrn, headers.sent, {_HEADER_COLUMNS}"
        " FROM headers JOIN source.cables AS old ON old.id = from_id"
    ),
    (
        "INSERT INTO raw_cables SELECT headers.id, source, reader, text, body_start, claimed_mrn, claimed_sent,"
        " claimed_post, claimed_classification, markup, mentions, edits, outer_repairs"
        " FROM headers JOIN source.raw_cables ON cable_id = from_id"
    ),
    (
        "INSERT INTO provenance (cable_id, source, reader, added) SELECT headers.id, source, reader, added"
        " FROM headers JOIN source.provenance ON cable_id = from_id"
    ),
    (
        "INSERT INTO addressees SELECT headers.id, list, position, name, route, precedence, mcn, offices"
        " FROM headers JOIN source.addressees ON cable_id = from_id"
    ),
    (
        "INSERT INTO tags SELECT headers.id, position, code, kind, name"
        " FROM headers JOIN source.tags ON cable_id = from_id"
    ),
    (
        'INSERT INTO "references" SELECT headers.id, position, label, kind, old.mrn, text'
        ' FROM headers JOIN source."references" AS old ON cable_id = from_id'
    ),
)
_UNITS = (
    (
        "INSERT INTO units (id, cable_id, position, kind, number, classification, captions, heading, text, raw_start,"
        " raw_end, level, controls, fingerprint) SELECT plan.id, plan.cable_id, plan.position, kind, number,"
        " classification, captions, heading, text, raw_start, raw_end, level, controls, NULL"
        " FROM plan JOIN source.units AS old ON old.id = from_id"
    ),
    "INSERT INTO redactions SELECT plan.id, start, end FROM plan JOIN source.redactions ON unit_id = from_id",
    "INSERT INTO protected SELECT plan.id, start, end FROM plan JOIN source.protected ON unit_id = from_id",
    (
        "INSERT OR IGNORE INTO made (cable_id, from_id) SELECT plan.cable_id, cable_entity_id"
        " FROM plan JOIN source.mentions ON unit_id = from_id WHERE cable_entity_id IS NOT NULL"
    ),
    (
        "INSERT INTO cable_entities (id, cable_id, label, type, name, aliases, role, country, key, entity_id)"
        " SELECT made.id, made.cable_id, 'e' || made.id, type, name, aliases, role, country, key, entity_id"
        " FROM made JOIN source.cable_entities AS old ON old.id = from_id"
    ),
    (
        "INSERT INTO mentions SELECT plan.id, start, end, type, text, made.id, score, origin_id"
        " FROM plan JOIN source.mentions ON unit_id = plan.from_id"
        " LEFT JOIN made ON made.cable_id = plan.cable_id AND made.from_id = cable_entity_id"
    ),
)
_COUNTS = """
    CREATE TEMP TABLE counted AS SELECT entity_id, count(*) AS cables FROM cable_entities
        WHERE entity_id IS NOT NULL GROUP BY entity_id;
    CREATE UNIQUE INDEX temp.counted_by_entity ON counted (entity_id);
    UPDATE entities SET cables = (SELECT cables FROM temp.counted WHERE entity_id = entities.id)
        WHERE id IN (SELECT entity_id FROM temp.counted);
"""


class _Unit(NamedTuple):
    id: int
    cable_id: int
    kind: str
    piece: Piece


class _Source:
    """What is drawn from: the small archive's headers and units."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT id, cable_id, kind, text, level, controls FROM units ORDER BY id")
        units = [_Unit(r[0], r[1], r[2], Piece(r[2], r[3], r[4], from_list(r[5]))) for r in rows]
        self.paragraphs = {kind: [unit for unit in units if unit.kind == kind] for kind in _PARAGRAPHS}
        self.units: dict[int, list[_Unit]] = {}
        for unit in units:
            self.units.setdefault(unit.cable_id, []).append(unit)
        self.headers = [
            tuple(row)
            for row in connection.execute("SELECT id, mrn, sent, post_code FROM cables ORDER BY id")
            if row["id"] in self.units
        ]


def grow(small: Path, large: Path, cables: int, *, seed: int = 1) -> None:
    """Write an archive of so many cables to `large`; one that was interrupted is gone on with."""
    source = _Source(open_file(small))
    connection = open_file(large, create=True)
    connection.executescript("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;")
    connection.execute("ATTACH ? AS source", (str(small),))
    connection.executescript(_PLAN)
    done = connection.execute("SELECT coalesce(max(id), 0) FROM cables").fetchone()[0]
    if not done:
        _copy_whole(connection)
    connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', 67108864)")
    for first in range(done + 1, cables + 1, _BATCH):
        draw = random.Random(f"{seed} {first}")  # noqa: S311  # no secret
        with transaction(connection):
            _add(connection, source, range(first, min(first + _BATCH, cables + 1)), draw)
        if first % 20_000 == 1:
            count_words(connection)
    count_words(connection)
    connection.executescript(_COUNTS)
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', 1048576)")
    connection.execute("DETACH source")
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _copy_whole(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        for table in ("origins", "entities", "aliases", "spellings"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM source.{table}")  # noqa: S608  # our own names


def _add(connection: sqlite3.Connection, source: _Source, numbers: range, draw: random.Random) -> None:
    """Draw and write the cables with these ids."""
    for table in ("plan", "headers", "made"):
        connection.execute(f"DELETE FROM temp.{table}")  # noqa: S608  # our own names
    first_unit = 1 + (connection.execute("SELECT max(id) FROM units").fetchone()[0] or 0)
    last_entity = connection.execute("SELECT max(id) FROM cable_entities").fetchone()[0] or 0
    connection.execute("INSERT INTO made (id, cable_id, from_id) VALUES (?, -1, -1)", (last_entity,))
    headers: list[tuple[object, ...]] = []
    plan: list[tuple[int, ...]] = []
    for cable_id in numbers:
        from_id, mrn, sent, post = draw.choice(source.headers)
        headers.append((cable_id, from_id, *_identity(cable_id, mrn, sent, post, draw)))
        units = [_drawn(unit, source, draw) for unit in source.units[from_id]]
        plan += [(first_unit + len(plan) + n, cable_id, n, unit.id, 0) for n, unit in enumerate(units)]
        fulltext.index(connection, cable_id, [unit.piece for unit in units])
    connection.executemany("INSERT INTO headers VALUES (?, ?, ?, ?)", headers)
    connection.executemany("INSERT INTO plan VALUES (?, ?, ?, ?, ?)", plan)
    for statement in (*_HEADERS, *_UNITS):
        connection.execute(statement)


def _drawn(unit: _Unit, source: _Source, draw: random.Random) -> _Unit:
    return draw.choice(source.paragraphs[unit.kind]) if unit.kind in _PARAGRAPHS else unit


def _identity(
    number: int, mrn: str | None, sent: str | None, post: str | None, draw: random.Random
) -> tuple[str | None, str | None]:
    """A number and a date of its own, near those of the cable whose header it has."""
    if mrn is None or sent is None:
        return None, None
    moment = datetime.fromisoformat(sent) + timedelta(minutes=draw.randrange(-400 * 1440, 400 * 1440))
    return f"{moment.year % 100:02}{post or 'STATE'}{number}", moment.isoformat().replace("+00:00", "Z")


def main() -> None:
    """Grow an archive as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("small", type=Path, metavar="SMALL.db")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--cables", type=int, default=250_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(grown(options.small, options.folder, options.cables, seed=options.seed))


def grown(small: Path, folder: Path, cables: int, *, seed: int = 1) -> Path:
    """Grow an archive into the folder, unless it stands there already; returns its path."""
    path = folder / f"grown-{cables}.db"
    if path.exists():
        return path
    free = shutil.disk_usage(folder).free
    if free < cables * _BYTES_PER_CABLE:
        raise SystemExit(f"{folder}: {free / 1e9:.0f} GB free, {cables * _BYTES_PER_CABLE / 1e9:.0f} GB needed")
    begun = time.monotonic()
    unfinished = path.with_suffix(".unfinished")
    grow(small, unfinished, cables, seed=seed)
    unfinished.rename(path)
    print(f"{cables:,} cables in {time.monotonic() - begun:,.0f} s")
    return path


if __name__ == "__main__":
    main()
