"""Text as the full-text index sees it: words in small letters without accents, each where it stands in the text.

The index's own tokenizer (FTS5's unicode61 with remove_diacritics 2) is asked what it makes of each character that is
not ASCII, so that a word found in the index is found in the text, whatever version of Unicode the SQLite knows.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache

ACCENT = "\x01"  # stands for a combining accent, which the tokenizer drops
_WORD = re.compile(r"[^ \x01][^ ]*")
_TOKENIZER = """
    CREATE VIRTUAL TABLE one USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE seen USING fts5vocab (one, row);
"""
_ASCII = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """The text with every letter and digit as the index folds it, and a blank for all else; its length stays the same.

    A combining accent becomes ACCENT, to be read over.
    """
    return text.translate(_fold())


def words(text: str) -> list[str]:
    """The words of a text, in order, as the index holds them."""
    if text.isascii():
        return _ASCII.findall(text.lower())
    return [word.replace(ACCENT, "") for word in _WORD.findall(folded(text))]


def places(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as the index holds them, each with its half-open place in the text."""
    found = ((*match.span(), match[0]) for match in _WORD.finditer(folded(text)))
    return [(word.replace(ACCENT, ""), start, end) for start, end, word in found]


class _Fold(dict[int, str]):
    """Each character's folded form, found when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = form = _ask(chr(code))
        return form


@cache
def _fold() -> _Fold:
    fold = _Fold(dict.fromkeys(range(128), " "))
    fold.update({ord(c): c.lower() for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"})
    return fold


def _ask(character: str) -> str:
    """What the tokenizer makes of a character between two letters: nothing, another, or an end of the word."""
    if "\ud800" <= character <= "\udfff":
        return " "
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TOKENIZER)
        connection.execute("INSERT INTO one VALUES (?)", (f"a{character}b",))
        seen = [term for (term,) in connection.execute("SELECT term FROM seen")]
    if len(seen) > 1:
        return " "
    return seen[0][1:-1] or ACCENT
