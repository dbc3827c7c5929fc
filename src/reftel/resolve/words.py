"""The words that rules of this room know, by class; `data/resolve_words.csv` says what each class is."""

from __future__ import annotations

from functools import cache

from reftel import tables


@cache
def known(kind: str) -> frozenset[str]:
    """The words of a class ("particle", "connector of a title"), in small letters."""
    return _classes()[kind]


@cache
def _classes() -> dict[str, frozenset[str]]:
    return {row["class"]: frozenset(tables.cells(row["words"])) for row in tables.rows("resolve_words.csv")}
