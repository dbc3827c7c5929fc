"""Places and peoples: the labels that bring the names of one country, place or people together."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.spelling import folded, is_slip, sound

if TYPE_CHECKING:
    from collections.abc import Iterable

# "Washington, D.C.", "Paris, France": the place and what it is in.
_WITHIN = re.compile(r"\A(?P<place>[^,]+), ?(?:D\.?C\.?|[^\W\d_][\w .]+)\Z")
_DIVISION = re.compile(
    r"\A(?:the )?(?:(?:city|province|district|state|region|department|town) of )?(?P<name>.+?)"
    r"(?: (?:district|province|provinces|governorate|county|oblast|kray|krai|prefecture|municipality|city|state"
    r"|department|region))?\Z",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z]{2,5}|(?:[A-Z]\.){2,}")
# "Iranian-made", "anti-American": of the people, in one word.
_BUILT = re.compile(r"\A(?:(?:anti|pro|non|pan|ex)[-‐])?(?P<people>[^\W\d_]+)(?:[-‐][a-z]+)*\Z")
_BUILT_CAPITALS = re.compile(
    r"\A(?P<people>[A-Z]+)-(?:MADE|LED|BASED|BORN|BACKED|OWNED|SPONSORED|FUNDED|TRAINED|SUPPLIED)\Z"
)


def label_place(text: str, home: str | None) -> str:
    """A label that the names of one place share: "country:IZ" for "Iraq" and "Republic of Iraq"."""
    country = tables.country(text, home=home)
    if country:
        return f"country:{country.code}"
    # Acronyms are written like no city, but some city's other name is written like them.
    known = None if _ACRONYM.fullmatch(text) else tables.place(text, country=home)
    return known.key if known else f"loc {folded(_bare(text))}"


def label_people(text: str, home: str | None) -> str | None:
    """A label that the words for one people share ("Iranian", "Iranians", "Iranian-made"); None for other names."""
    built = _BUILT.match(text) or _BUILT_CAPITALS.match(text)
    for name in (text, built["people"] if built else text):
        country = tables.country_of_people(name, home=home)
        if country:
            return f"people:{country.code}"
    return None


def same_places(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names of places that tables do not know, and that are one in two spellings."""
    blocks: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in names:
        key = folded(_bare(name))
        if len(key) > 5:
            blocks[sound(key)[:3]].append((name, key))
    pairs = (pair for block in blocks.values() for pair in combinations(block, 2))
    return [(a, b) for (a, one), (b, other) in pairs if is_slip(one, other)]


def _bare(text: str) -> str:
    within = _WITHIN.match(text)
    division = _DIVISION.match(within["place"] if within else text)
    return division["name"] if division else text
