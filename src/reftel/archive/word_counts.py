"""Counting words: how often each word stands in each cable, apart by who may read it, for `reftel.archive.postings`.

SQLite's full-text index ranks by walking over every cable that has a word; that takes seconds where a hundred thousand
have it. These counts are read whole, as arrays, in a thousandth of that.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.archive.clearance import column_class
from reftel.archive.folding import words
from reftel.archive.fulltext import COLUMNS
from reftel.archive.protection import Spans, hidden_spans, protecting_cables
from reftel.archive.rows import from_list
from reftel.archive.store import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

CHUNK_BITS = 16
PROTECTED = 32  # added to a field: its words that stand in names to be protected
METADATA = 64  # the field of words with a colon
REDACTED = "is:redacted"  # stands in the fields whose text has a redaction
LENGTH = ""  # the word that has a field's length instead
STATES = ("undated", "corrected", "partial", "doubtful")
_HEADER = """
    SELECT post_code, classification, captions, sent IS NULL, corrected IS NOT NULL, partial,
        EXISTS (SELECT 1 FROM doubts WHERE cable_id = cables.id)
    FROM cables WHERE id = ?
"""
_MOST = 255
ENTRY = np.dtype([("low", "<u2"), ("count", "u1")])
_AT_ONCE = 8192  # cables in a transaction
_BYTES = tuple(bytes((count,)) for count in range(_MOST + 1))
_LOW = (1 << CHUNK_BITS) - 1
_FIELDS = {column: number for number, column in enumerate(COLUMNS)}

Fields = dict[int, Counter[str]]


class _Unit(NamedTuple):
    cable_id: int
    position: int
    kind: str
    text: str
    level: int
    controls: str
    redacted: int


def count_words(connection: sqlite3.Connection) -> int:
    """Count the words of the cables that were added or changed since the last time; returns how many those were.

    Works in transactions of its own, up to 8,192 cables each; where it is interrupted the next call goes on. Cables
    in one after another cost least in batches of thousands: call it every few thousand, and at the end.
    """
    done = 0
    while (chunk := _next_chunk(connection)) is not None:
        with transaction(connection):
            done += _count_some(connection, chunk)
    return done


def cable_counts(connection: sqlite3.Connection, cable_ids: Sequence[int]) -> Iterator[tuple[int, Fields]]:
    """The words of each of these cables (ids in order) that is in the archive, by field."""
    protecting = protecting_cables(connection)
    metadata = _Metadata(connection)
    for cable_id, units in groupby(_units(connection, cable_ids), key=itemgetter(0)):
        listed = list(units)
        hidden = hidden_spans(connection, cable_id) if cable_id in protecting else {}
        counts = {field: Counter(found) for field, found in _words(listed, hidden).items()}
        counts[METADATA] = Counter(metadata.of(cable_id, {unit.controls for unit in listed}))
        yield cable_id, counts


def packed_length(count: int) -> int:
    """A length as the byte that stands for it: within 2 % of 16 times its logarithm to base 2."""
    return min(_MOST, round(16 * math.log2(1 + count)))


def _next_chunk(connection: sqlite3.Connection) -> int | None:
    first: int | None = connection.execute("SELECT min(cable_id) FROM uncounted").fetchone()[0]
    return None if first is None else first >> CHUNK_BITS


def _count_some(connection: sqlite3.Connection, chunk: int) -> int:
    """Count the first of the chunk's cables that are still to be counted."""
    first, last = chunk << CHUNK_BITS, (chunk + 1 << CHUNK_BITS) - 1
    rows = connection.execute(
        "SELECT cable_id FROM uncounted WHERE cable_id BETWEEN ? AND ? ORDER BY cable_id LIMIT ?",
        (first, last, _AT_ONCE),
    )
    new = [cable_id for (cable_id,) in rows]
    packed = _packed(cable_counts(connection, new))
    if new[0] > _last_counted(connection, chunk):
        _append(connection, chunk, packed)
    else:
        _merge(connection, chunk, packed, new)
    connection.execute("DELETE FROM uncounted WHERE cable_id BETWEEN ? AND ?", (first, new[-1]))
    return len(new)


def _last_counted(connection: sqlite3.Connection, chunk: int) -> int:
    """The last of the chunk's cables whose words are counted already, -1 where there is none."""
    rows = connection.execute("SELECT counts FROM word_counts WHERE chunk = ? AND word = ?", (chunk, LENGTH))
    lows = [int(np.frombuffer(data, ENTRY)["low"].max()) for (data,) in rows]
    return (chunk << CHUNK_BITS) + max(lows) if lows else -1


def _packed(cables: Iterable[tuple[int, Fields]]) -> dict[tuple[str, int], bytearray]:
    """The entries of the cables, whose ids come in order, by word and field."""
    packed: defaultdict[int, defaultdict[str, bytearray]] = defaultdict(partial(defaultdict, bytearray))
    for cable_id, fields in cables:
        low = (cable_id & _LOW).to_bytes(2, "little")
        entries = [low + byte for byte in _BYTES]
        for field, counts in fields.items():
            held = packed[field]
            for word, count in counts.items():
                held[word] += entries[min(_MOST, count)]
            if field != METADATA:
                held[LENGTH] += entries[packed_length(counts.total())]
    return {(word, field): data for field, held in packed.items() for word, data in held.items()}


def _append(connection: sqlite3.Connection, chunk: int, packed: Mapping[tuple[str, int], bytearray]) -> None:
    """Write entries of cables that come after all those of the chunk, so that each word's stay in order."""
    connection.executemany(
        "INSERT INTO word_counts (chunk, word, field, counts) VALUES (?, ?, ?, ?) ON CONFLICT (chunk, word, field)"
        " DO UPDATE SET counts = CAST(counts || excluded.counts AS BLOB)",
        ((chunk, word, field, data) for (word, field), data in sorted(packed.items(), key=itemgetter(0))),
    )


def _merge(
    connection: sqlite3.Connection, chunk: int, packed: dict[tuple[str, int], bytearray], new: Sequence[int]
) -> None:
    """Take what was counted of the cables out of the chunk, and put the new entries into their places."""
    is_new = np.zeros(1 << CHUNK_BITS, np.bool_)
    is_new[np.array(new) & _LOW] = True
    written: list[tuple[bytes, int, str, int]] = []
    query = "SELECT word, field, counts FROM word_counts WHERE chunk = ?"
    for word, field, data in connection.execute(query, (chunk,)):
        old, added = np.frombuffer(data, ENTRY), packed.pop((word, field), None)
        stays = ~is_new[old["low"]]
        if added is not None or not stays.all():
            entries = np.concatenate([old[stays], np.frombuffer(added or b"", ENTRY)])
            written.append((entries[np.argsort(entries["low"])].tobytes(), chunk, word, field))
    where = "WHERE chunk = ? AND word = ? AND field = ?"
    connection.executemany(f"UPDATE word_counts SET counts = ? {where}", written)  # noqa: S608  # our own words
    connection.execute("DELETE FROM word_counts WHERE chunk = ? AND counts = x''", (chunk,))
    _append(connection, chunk, packed)


def _units(connection: sqlite3.Connection, cable_ids: Sequence[int]) -> Iterator[_Unit]:
    """The units of these cables, in order; of all between the first and the last where they stand close."""
    query = (
        "SELECT cable_id, position, kind, text, level, controls,"
        " EXISTS (SELECT 1 FROM redactions WHERE unit_id = units.id) FROM units"
    )
    if cable_ids and cable_ids[-1] - cable_ids[0] < 2 * len(cable_ids):
        wanted = set(cable_ids)
        between = (cable_ids[0], cable_ids[-1])
        rows = connection.execute(f"{query} WHERE cable_id BETWEEN ? AND ? ORDER BY cable_id, position", between)
        yield from (_Unit(*row) for row in rows if row[0] in wanted)
        return
    for cable_id in cable_ids:
        for row in connection.execute(f"{query} WHERE cable_id = ? ORDER BY position", (cable_id,)):
            yield _Unit(*row)


def _words(units: Iterable[_Unit], hidden: Mapping[int, Spans]) -> dict[int, list[str]]:
    """The words of a cable's units by field, those of protected names apart."""
    texts: defaultdict[int, list[str]] = defaultdict(list)
    redacted: Counter[int] = Counter()
    for unit in units:
        part = "subject" if unit.kind == "subject" else "text"
        field = _FIELDS[f"{part}_{unit.level}{_column_class(unit.controls)}"]
        text = unit.text
        for start, end in hidden.get(unit.position, ()):
            texts[field + PROTECTED].append(text[start:end])
            text = text[:start] + " " * (end - start) + text[end:]
        texts[field].append(text)
        redacted[field] += unit.redacted
    found = {field: words("\n".join(listed)) for field, listed in texts.items()}
    for field in filter(redacted.get, redacted):
        found[field].append(REDACTED)
    return found


@lru_cache(maxsize=1024)
def _column_class(controls: str) -> str:
    return column_class(from_list(controls))


class _Metadata:
    """What a cable is found by beside its text, as words with a colon."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, cable_id: int, controls: Iterable[str]) -> Iterator[str]:
        """Its post, classification, captions and TAGS, what it is, and the controls of its units."""
        row = self._connection.execute(_HEADER, (cable_id,)).fetchone()
        yield f"post:{row[0] or ''}"
        yield f"classification:{row[1] or ''}"
        yield from (f"is:{state}" for state, holds in zip(STATES, row[3:], strict=True) if holds)
        yield from (f"caption:{caption}" for caption in sorted(set(from_list(row[2]))))
        for (code,) in self._connection.execute("SELECT DISTINCT code FROM tags WHERE cable_id = ?", (cable_id,)):
            yield f"tag:{code}"
        for control in sorted({control for listed in controls for control in from_list(listed)}):
            yield f"control:{control}"
