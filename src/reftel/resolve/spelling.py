"""Spellings: whether two words can be one word written in two ways, by a slip or by another romanisation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reftel.distance import distance

# Letters that stand for one sound in the romanisations in use, in the order they are replaced.
_SOUNDS = (
    *(("tsch", "c"), ("tch", "c"), ("sch", "s"), ("sh", "s"), ("ch", "c"), ("kh", "k"), ("gh", "g"), ("dh", "d")),
    *(("th", "t"), ("ph", "f"), ("zh", "z"), ("dj", "j"), ("ck", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i")),
    *(("ei", "i"), ("ay", "i"), ("ai", "i"), ("ey", "i"), ("iy", "i"), ("yi", "i"), ("q", "k"), ("w", "v")),
    *(("y", "i"), ("o", "u"), ("e", "i")),
)
_DOUBLE = re.compile(r"(.)\1+")
# First letters that romanisations exchange.
_FIRSTS = tuple(frozenset(group) for group in ("kqgc", "yij", "uo", "vw", "aei", "zj", "sc"))
_NO_WORD = re.compile(r"[\W_]+")
_LONGEST = 40


@lru_cache(maxsize=65536)
def folded(written: str) -> str:
    """Small letters and digits, without accents, blanks and signs: "Al-Qa'ida" is "alqaida"."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    return _NO_WORD.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A folded word as most romanisations agree on it: "qassem" and "kasim" are both "kasim"."""
    for letters, one in _SOUNDS:
        word = word.replace(letters, one)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(maxsize=65536)
def is_slip(one: str, other: str) -> bool:
    """Whether two folded words can be one word in two spellings, by their length and the letters that differ.

    One slip in six letters or more, two in ten; never a first letter of another sound, nor the endings that tell
    a woman's name from a man's ("petrov", "petrova"; "mario", "maria").
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or len(long) > _LONGEST or not _same_first(short, long) or _differ_for_good(short, long):
        return False
    if sound(short) == sound(long):
        return True
    limit = 0 if len(short) < 6 else 1 if len(short) < 10 else 2
    return len(long) - len(short) <= limit and distance(short, long, limit) <= limit


@lru_cache(maxsize=65536)
def is_loose_slip(one: str, other: str) -> bool:
    """Whether two folded words may be one where all else agrees: their sounds are one slip apart, in six or more."""
    short, long = sorted((sound(one), sound(other)), key=len)
    if not short or not _same_first(short, long) or _differ_for_good(short, long):
        return False
    return len(short) >= 6 and len(long) - len(short) <= 1 and distance(short, long, 1) <= 1


def _same_first(one: str, other: str) -> bool:
    return one[0] == other[0] or any(one[0] in group and other[0] in group for group in _FIRSTS)


def _differ_for_good(short: str, long: str) -> bool:
    """Whether the letters that differ make two words: a number, a plural, a woman's ending."""
    same_stem = len(short) == len(long) and short[:-1] == long[:-1]
    has_number = any(c.isdigit() for c in short + long)
    return has_number or long in {short + "a", short + "s"} or (same_stem and {short[-1], long[-1]} == {"a", "o"})
