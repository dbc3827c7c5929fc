"""Reading the counted words: for each word, how often every cable has it, as arrays over the cables' ids.

A `Snapshot` holds what an archive's searches share: which cables there are, how long they are, and the words of those
not counted yet. It is kept from search to search, and made anew when cables have come in or changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reftel.archive.fulltext import COLUMNS, visible_columns
from reftel.archive.word_counts import CHUNK_BITS, ENTRY, LENGTH, METADATA, PROTECTED, cable_counts, packed_length

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from reftel.archive.clearance import Clearance

    Mask = NDArray[np.bool_]
    Counts = NDArray[np.uint16]
    Entry = tuple[int, NDArray[np.int64], NDArray[np.uint8]]  # field, cable ids, how often each has the word

_SUBJECTS = len(COLUMNS) // 2  # columns before this one are the subject's
_LENGTHS = np.exp2(np.arange(256) / 16) - 1
_LENGTHS_NORMALISED = 0.75  # b of BM25: how far the length of a cable counts
_COMMON = 10  # a word is common that one in so many cables has
_COMMON_KEPT = 32  # common words kept, of 4 bytes for each cable
_MOST_KEPT = 8  # archives whose snapshots are kept


class Found(NamedTuple):
    """How often each cable (the index is its id) has a word in text and subject, where the reader sees it."""

    text: Counts
    subject: Counts

    @property
    def mask(self) -> Mask:
        """The cables that have it at all."""
        return (self.text > 0) | (self.subject > 0)


@dataclass(frozen=True, slots=True)
class View:
    """What a reader sees: the fields open to him, the cables that have any text there, and their lengths' weight."""

    fields: frozenset[int]
    visible: Mask
    length_weight: NDArray[np.float32]  # 1 for a cable of mean length, more for a longer one

    @property
    def total(self) -> int:
        """How many cables the reader sees."""
        return int(np.count_nonzero(self.visible))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An archive as its searches see it at one time."""

    size: int  # one more than the highest cable id: the length of all arrays
    chunks: tuple[int, ...]
    uncounted: Mask
    is_waiting: bool  # whether any cable is not counted yet
    new_words: dict[str, list[tuple[int, int, int]]]  # field, cable, count: of the cables not counted yet
    sorted_new: list[str]
    controls: frozenset[str]
    views: dict[frozenset[int], View] = field(default_factory=dict)
    columns: dict[str, object] = field(default_factory=dict)  # what facets and dates keep
    common: dict[tuple[tuple[str, ...], frozenset[int]], Found] = field(default_factory=dict)
    phrases: dict[tuple[str, Clearance], Mask] = field(default_factory=dict)  # what `positions` keeps

    def view(self, connection: sqlite3.Connection, clearance: Clearance) -> View:
        """What a reader with this clearance sees."""
        fields = {COLUMNS.index(column) for column in visible_columns(clearance, self.controls)}
        fields |= {number + PROTECTED for number in fields} if clearance.protected else set()
        return self.view_of(connection, frozenset(fields))

    def view_of(self, connection: sqlite3.Connection, fields: frozenset[int]) -> View:
        """What these fields show."""
        if fields not in self.views:
            lengths = np.zeros(self.size, np.float32)
            for number, cables, counts in self._entries(connection, LENGTH, LENGTH + "\0"):
                if number in fields:
                    lengths[cables] += _LENGTHS[counts]
            visible = lengths > 0
            mean = float(lengths[visible].mean()) if visible.any() else 1.0
            weight = 1 - _LENGTHS_NORMALISED + _LENGTHS_NORMALISED * lengths / mean
            self.views[fields] = View(fields, visible, weight.astype(np.float32))
        return self.views[fields]

    def read(self, connection: sqlite3.Connection, words: Iterable[str], fields: frozenset[int]) -> Found:
        """How often each cable has any of these words. Those of common words are kept; none is to be changed."""
        key = (tuple(words), fields)
        if key in self.common:
            return self.common[key]
        found = self._empty()
        for word in key[0]:
            for number, cables, counts in self._entries(connection, word, word + "\0"):
                if number in fields:
                    _place(found, number)[cables] += counts  # a cable stands once in a word's field
        self._keep(key, found)
        return found

    def read_prefix(self, connection: sqlite3.Connection, prefix: str, fields: frozenset[int]) -> Found:
        """How often each cable has a word that begins so."""
        found = self._empty()
        for number, cables, counts in self._entries(connection, prefix, prefix + "\U0010ffff"):
            if number in fields:
                place = _place(found, number)
                place += np.bincount(cables, counts, self.size).astype(np.uint16)
        return found

    def has_metadata(self, connection: sqlite3.Connection, word: str) -> Mask:
        """The cables that have a word with a colon ("tag:PREL")."""
        mask = np.zeros(self.size, np.bool_)
        for _, cables, _ in self._entries(connection, word, word + "\0"):
            mask[cables] = True
        return mask

    def metadata(self, connection: sqlite3.Connection, name: str) -> dict[str, NDArray[np.int64]]:
        """The values of a kind of metadata ("tag"), each with the ids of its cables."""
        found: defaultdict[str, list[NDArray[np.int64]]] = defaultdict(list)
        query = f"SELECT word, chunk, counts FROM word_counts WHERE {self._in_chunks()} AND word >= ? AND word < ?"  # noqa: S608  # numbers
        for word, chunk, data in connection.execute(query, (f"{name}:", f"{name};")):
            entries = np.frombuffer(data, ENTRY)
            cables = entries["low"].astype(np.int64) + (chunk << CHUNK_BITS)
            found[word.partition(":")[2]].append(cables[~self.uncounted[cables]] if self.is_waiting else cables)
        for word in self._new_between(f"{name}:", f"{name};"):
            found[word.partition(":")[2]].append(np.array([cable for _, cable, _ in self.new_words[word]], np.int64))
        return {value: np.concatenate(parts) for value, parts in found.items()}

    def metadata_values(self, connection: sqlite3.Connection, name: str) -> list[str]:
        """The values of a kind of metadata that any cable has."""
        query = f"SELECT DISTINCT word FROM word_counts WHERE {self._in_chunks()} AND word >= ? AND word < ?"  # noqa: S608  # numbers
        counted = [word for (word,) in connection.execute(query, (f"{name}:", f"{name};"))]
        found = {*counted, *self._new_between(f"{name}:", f"{name};")}
        return sorted(word.partition(":")[2] for word in found)

    def hidden_from(self, connection: sqlite3.Connection, view: View) -> Mask:
        """The cables with text in fields that the view does not show, those of protected names apart."""
        others = frozenset(range(len(COLUMNS))) - view.fields
        return self.view_of(connection, others).visible

    def protects(self, connection: sqlite3.Connection) -> Mask:
        """The cables that protect a name."""
        every = frozenset(range(PROTECTED, METADATA))
        return self.view_of(connection, every).visible

    def _keep(self, key: tuple[tuple[str, ...], frozenset[int]], found: Found) -> None:
        if np.count_nonzero(found.text) > self.size // _COMMON:
            while len(self.common) >= _COMMON_KEPT:
                self.common.pop(next(iter(self.common)), None)
            self.common[key] = found

    def _empty(self) -> Found:
        return Found(np.zeros(self.size, np.uint16), np.zeros(self.size, np.uint16))

    def _entries(self, connection: sqlite3.Connection, low: str, high: str) -> Iterator[Entry]:
        """Field, cable ids and counts of all words from `low` up to `high`, without counts that are out of date."""
        query = f"SELECT field, chunk, counts FROM word_counts WHERE {self._in_chunks()} AND word >= ? AND word < ?"  # noqa: S608  # numbers
        fields: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
        for number, chunk, data in connection.execute(query, (low, high)):
            fields[number].append((chunk << CHUNK_BITS, data))
        for number, parts in fields.items():
            entries = np.frombuffer(b"".join([data for _, data in parts]), ENTRY)
            sizes = [len(data) // ENTRY.itemsize for _, data in parts]
            cables = entries["low"] + np.repeat(np.array([base for base, _ in parts]), sizes)
            counts = entries["count"]
            if self.is_waiting:
                kept = ~self.uncounted[cables]
                cables, counts = cables[kept], counts[kept]
            yield number, cables, counts
        for word in self._new_between(low, high):
            for number, cable, count in self.new_words[word]:
                yield number, np.array([cable]), np.array([count], np.uint8)

    def _new_between(self, low: str, high: str) -> Iterator[str]:
        for place in range(bisect_left(self.sorted_new, low), bisect_left(self.sorted_new, high)):
            yield self.sorted_new[place]

    def _in_chunks(self) -> str:
        return f"chunk IN ({', '.join(map(str, self.chunks))})"


def _place(found: Found, number: int) -> Counts:
    return found.subject if number % PROTECTED < _SUBJECTS else found.text


def snapshot(connection: sqlite3.Connection) -> Snapshot:
    """The archive as it stands; the one made before where nothing has come in since."""
    file = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    if not file or connection.in_transaction:
        return _made(connection)
    state = (Path(file).stat().st_ino, *_state(connection))
    if file not in _kept or _kept[file][0] != state:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[file] = (state, _made(connection))
    return _kept[file][1]


_kept: dict[str, tuple[tuple[int, ...], Snapshot]] = {}


def _state(connection: sqlite3.Connection) -> tuple[int, int]:
    """Two numbers that are others after any cable has come in, changed, gone or been counted."""
    turns = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'uncounted'").fetchone()
    waiting: int = connection.execute("SELECT count(*) FROM uncounted").fetchone()[0]
    return (turns[0] if turns else 0), waiting


def _made(connection: sqlite3.Connection) -> Snapshot:
    waiting = [row[0] for row in connection.execute("SELECT cable_id FROM uncounted ORDER BY cable_id")]
    last = connection.execute("SELECT max(id) FROM cables").fetchone()[0] or 0
    last_chunk = connection.execute("SELECT max(chunk) FROM word_counts").fetchone()[0]
    chunks = tuple(range((-1 if last_chunk is None else last_chunk) + 1))
    size = 1 + max(last, (len(chunks) << CHUNK_BITS) - 1 if chunks else 0, *waiting[-1:])
    uncounted = np.zeros(size, np.bool_)
    uncounted[waiting] = True
    new = _new_words(connection, waiting)
    controls = {word.partition(":")[2] for word in _controls(connection, chunks)}
    controls |= {word.partition(":")[2] for word in new if word.startswith("control:")}
    return Snapshot(size, chunks, uncounted, bool(waiting), new, sorted(new), frozenset(controls))


def _new_words(connection: sqlite3.Connection, cable_ids: Sequence[int]) -> dict[str, list[tuple[int, int, int]]]:
    found: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for cable_id, fields in cable_counts(connection, cable_ids):
        for number, counts in fields.items():
            for word, count in counts.items():
                found[word].append((number, cable_id, min(count, 255)))
            if number != METADATA:
                found[LENGTH].append((number, cable_id, packed_length(counts.total())))
    return dict(found)


def _controls(connection: sqlite3.Connection, chunks: Sequence[int]) -> Iterator[str]:
    for chunk in chunks:
        rows = connection.execute(
            "SELECT word FROM word_counts WHERE chunk = ? AND word >= 'control:' AND word < 'control;'", (chunk,)
        )
        yield from (word for (word,) in rows)
