"""Other spellings of a name's word, of those that the archive has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reftel.archive.folding import words
from reftel.archive.store import transaction
from reftel.sounds import is_one_name, keys

if TYPE_CHECKING:
    import sqlite3

_SHORTEST = 3
_MOST = 24  # spellings of one word


def index_spellings(connection: sqlite3.Connection) -> int:
    """Fill the table `spellings` anew from the mentions of persons, places and organisations; returns its words.

    Reads all mentions once: two seconds for each million.
    """
    counted: Counter[str] = Counter()
    rows = connection.execute("SELECT text, count(*) FROM mentions WHERE type <> 'MISC' GROUP BY text")
    for text, mentions in rows:
        for word in set(words(text)):
            if len(word) >= _SHORTEST and word.isalpha():
                counted[word] += mentions
    with transaction(connection):
        connection.execute("DELETE FROM spellings")
        connection.executemany(
            "INSERT INTO spellings (key, word, mentions) VALUES (?, ?, ?)",
            ((key, word, mentions) for word, mentions in sorted(counted.items()) for key in keys(word)),
        )
    return len(counted)


def spellings_of(connection: sqlite3.Connection, word: str) -> list[str]:
    """The words of names that can be another spelling of this word, which is folded, the most frequent first."""
    looked_up = keys(word)
    marks = ", ".join("?" * len(looked_up))
    rows = connection.execute(
        f"SELECT DISTINCT word, mentions FROM spellings WHERE key IN ({marks}) ORDER BY mentions DESC, word",  # noqa: S608  # marks
        looked_up,
    )
    found = [other for other, _ in rows if other != word and is_one_name(word, other)]
    return found[:_MOST]
