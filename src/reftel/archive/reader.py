"""Who searches: the archive as one reader sees it, for one search."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reftel.archive.fulltext import COLUMNS
from reftel.archive.postings import snapshot
from reftel.archive.sight import sight_of
from reftel.archive.spellings import spellings_of
from reftel.archive.word_counts import PROTECTED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from reftel.archive.clearance import Clearance
    from reftel.archive.postings import Found, Snapshot, View
    from reftel.archive.query import Word
    from reftel.archive.sight import Sight


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection with what its reader may see, as masks and as conditions of SQL.

    `query` is quoted in errors; `notes` take what is to be said.
    """

    connection: sqlite3.Connection
    clearance: Clearance
    snapshot: Snapshot
    view: View
    sight: Sight
    query: str = ""
    notes: list[str] = field(default_factory=list)
    _found: dict[Word, Found] = field(default_factory=dict)
    _spelled: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def found(self, word: Word) -> Found:
        """How often each cable has the word, in the fields that the reader sees."""
        word = replace(word, place=None)
        if word not in self._found:
            if word.form == "prefix":
                found = self.snapshot.read_prefix(self.connection, word.word, self.view.fields)
            else:
                found = self.snapshot.read(self.connection, self.spell(word), self.view.fields)
            self._found[word] = found
        return self._found[word]

    def spell(self, word: Word) -> tuple[str, ...]:
        """The word itself, and with ~ all spellings of it that the reader can find."""
        if word.form != "sounds":
            return (word.word,)
        if word.word not in self._spelled:
            self._spelled[word.word] = (word.word, *self._others(word.word))
        return self._spelled[word.word]

    def columns(self, *, in_subject: bool) -> Iterator[str]:
        """The columns of the table `words` that the reader sees."""
        for number in sorted(number for number in self.view.fields if number < PROTECTED):
            if not in_subject or COLUMNS[number].startswith("subject"):
                yield COLUMNS[number]

    def _others(self, word: str) -> Iterator[str]:
        for other in spellings_of(self.connection, word):
            if other != word and self.snapshot.read(self.connection, [other], self.view.fields).mask.any():
                yield other


def reader_of(connection: sqlite3.Connection, clearance: Clearance, query: str = "") -> Reader:
    """The reader for one search."""
    now = snapshot(connection)
    return Reader(connection, clearance, now, now.view(connection, clearance), sight_of(connection, clearance), query)
