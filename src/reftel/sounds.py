"""How names sound: whether two words can be one name in two romanisations (Soleimani, Suleymani; Gaddafi, Qadhafi).

Arabic, Persian, Russian and Chinese names reach English in many spellings, by way of French and German too. They agree
on most consonants, less on vowels; a few letters stand for different sounds in different systems. `keys` gives what all
spellings of a word share, to look candidates up by; `is_one_name` then compares two words letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

_LONGEST = 40
_MOST_KEYS = 4
_DOUBLE = re.compile(r"(.)\1+")
_SILENT_H = re.compile(r"(?<=[aiu])h\Z")
_FRENCH_E = re.compile(r"(?<=\w{3}[b-df-hj-np-tv-z])e\Z")
_NO_LETTER = re.compile(r"[^a-z]+")
# Letters of the romanisations in use and the one that stands for them here, the longest first.
_LETTERS = {
    "schtsch": "c", "chtch": "c", "shch": "c", "tsch": "c", "tch": "c", "sch": "s", "dzh": "j", "dsch": "j", "dj": "j",
    "ch": "c", "sh": "s", "zh": "z", "ts": "c", "tz": "c", "cz": "c", "hs": "s", "ph": "f", "kh": "h", "gh": "g",
    "dh": "x", "th": "x", "ck": "k", "cq": "k", "ou": "u", "oo": "u", "ee": "i", "ei": "i", "ai": "i", "ay": "i",
    "ey": "i", "iy": "i", "yi": "i", "ye": "i", "q": "k", "w": "v", "x": "ks", "y": "i", "o": "u", "e": "i",
}  # fmt: skip
_WRITTEN = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_SOFT_C = re.compile(r"c(?=[eiy])")
_HARD_C = re.compile(r"c(?![eiyhz])")
_VOWELS = frozenset("aiu")
# Sounds that romanisations exchange.
_EXCHANGED = {
    frozenset(pair)
    for pair in (
        "kg",
        "gj",
        "sz",
        "sc",
        "cj",
        "cz",
        "zj",
        "td",
        "bp",
        "vf",
        "hk",
        "dz",
        "ts",
        "mn",
        "hg",
        "ck",
        "iv",
        "uv",
    )
}
# The letters of `normal` to classes of sounds; another class, where a letter has two readings.
_CLASSES = {
    "b": "B", "p": "B", "f": "F", "v": "F", "d": "D", "t": "D", "k": "K", "g": "KS", "h": "-K", "s": "S", "z": "S",
    "c": "S", "j": "S", "x": "DS", "l": "L", "r": "R", "m": "N", "n": "N",
}  # fmt: skip
_OF_TH = frozenset("xdtsz")  # "th" and "dh", x here, are any of these elsewhere (Uthman, Osman)
_NEAR, _FAR = 1, 2  # costs of one difference


@lru_cache(maxsize=65536)
def normal(word: str) -> str:
    """A word in small letters a-z as most romanisations agree on it: "suleymani" and "soleimani" are "sulimani"."""
    plain = unicodedata.normalize("NFKD", word[:_LONGEST].casefold())
    letters = _NO_LETTER.sub("", plain)
    letters = _FRENCH_E.sub("", letters)
    letters = _HARD_C.sub("k", _SOFT_C.sub("s", letters))
    letters = _WRITTEN.sub(lambda match: _LETTERS[match[0]], letters)
    return _SILENT_H.sub("", _DOUBLE.sub(r"\1", letters))


@lru_cache(maxsize=65536)
def keys(word: str) -> tuple[str, ...]:
    """What the spellings of a word share: classes of its consonants in order, one key for each reading; up to four."""
    letters = normal(word)
    if not letters:
        return ()
    readings = [_CLASSES.get(letter, "-") for letter in letters[1:]]
    first = "A" if letters[0] in _VOWELS else _CLASSES.get(letters[0], "A").replace("-", "A")
    found: dict[str, None] = {}
    for chosen in product(first, *readings):
        key = _DOUBLE.sub(r"\1", "".join(chosen).replace("-", ""))
        found[key] = None
        if len(found) == _MOST_KEYS:
            break
    return tuple(found)


@lru_cache(maxsize=65536)
def is_one_name(one: str, other: str) -> bool:
    """Whether two words can be one name in two spellings: their sounds differ by little, the less the shorter they are.

    A vowel at the end counts in full, since it tells names apart (Suleiman, Suleimani; Petrov, Petrova), and so does
    the first of two where it is open in one and closed in the other (Khamenei, Khomeini).
    """
    short, long = sorted((normal(one), normal(other)), key=len)
    if not short or len(long) - len(short) > 2:
        return False
    if {_first_vowel(short), _first_vowel(long)} == {"a", "u"}:
        return False
    limit = 0 if len(short) < 5 else 1 if len(short) < 9 else 2
    return short == long or _distance(short, long, limit) <= limit


def _first_vowel(letters: str) -> str:
    return next((letter for letter in letters if letter in _VOWELS), "")


def _distance(one: str, other: str, limit: int) -> int:
    """The cost of turning one into the other; past `limit`, any larger number."""
    row = [0]
    for j, letter in enumerate(other):
        row.append(row[-1] + _cost_of(letter, at_end=j == len(other) - 1))
    for i, a in enumerate(one):
        before, row = row, [row[0] + _cost_of(a, at_end=i == len(one) - 1)]
        for j, b in enumerate(other):
            row.append(
                min(
                    before[j] + _cost_between(a, b),
                    before[j + 1] + _cost_of(a, at_end=i == len(one) - 1),
                    row[j] + _cost_of(b, at_end=j == len(other) - 1),
                )
            )
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _cost_of(letter: str, *, at_end: bool) -> int:
    """What a letter costs that only one of them has."""
    if letter == "h":
        return _NEAR
    return _NEAR if letter in _VOWELS and not at_end else _FAR + 1


def _cost_between(one: str, other: str) -> int:
    if one == other or ("x" in (one, other) and {one, other} <= _OF_TH):
        return 0
    near = (one in _VOWELS and other in _VOWELS) or frozenset((one, other)) in _EXCHANGED
    return _NEAR if near else _FAR + 1
