"""How rare a name is, told by tables, so that five cables know it as well as a million."""

from __future__ import annotations

from functools import cache, lru_cache

from reftel import tables
from reftel.resolve.spelling import folded, sound

_ALSO_GIVEN = 16  # bearers of a surname that is also a given name ("Hussein", "Paul")
_SHORT = 16  # of one with fewer than four letters


@lru_cache(maxsize=65536)
def bearers(surname: str) -> int:
    """How many of the persons in cables may bear this surname (folded): 1 for a rare one, up to 256."""
    listed = _listed().get(sound(surname), 1)
    given = _ALSO_GIVEN if tables.given_name(surname) else 1
    return max(listed, given, _SHORT if len(surname) < 4 else 1)


@lru_cache(maxsize=65536)
def commonness(part: str) -> str:
    """How common a folded given name is: the level of `data/linkage.csv` that agreeing on it has."""
    if sound(part) in _common():
        return "same common"
    return "same listed" if tables.given_name(part) else "same"


@cache
def _common() -> frozenset[str]:
    return frozenset(sound(folded(row["name"])) for row in tables.rows("common_given_names.csv"))


@cache
def _listed() -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in tables.rows("common_surnames.csv"):
        key = sound(folded(row["surname"]))
        counts[key] = max(counts.get(key, 1), int(row["bearers"]))
    return counts
