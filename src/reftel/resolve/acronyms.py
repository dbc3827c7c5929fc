"""Second names that a cable introduces for a thing or a person.

"Water Users Council (WUC)", "WUC (Water Users Council)", "the Council, WUC, said", "Hamad bin Jasim (HBJ)", "aka".
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from reftel.resolve.names import parse_name
from reftel.resolve.organizations import initials
from reftel.resolve.spelling import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.resolve.sightings import Sighting

_ALIAS = (
    r"(?:here(?:in)?after|henceforth|aka|a\.k\.a\.?|alias|(?:also |better |commonly )?known as|nicknamed|called|or)"
)
_OPENS = re.compile(
    rf"(?:['’]s?)?[\"”’]?\s*[(\[]\s*(?:(?P<alias>{_ALIAS}[:,]?\s+)"
    r"|(?:(?:the|in|its|[A-Z][a-z]+(?: language)? (?:acronym|initials)|acronym)[:,]?\s+))?(?P<quote>[\"“‘'&]*)",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r",?\s+(?:aka|a\.k\.a\.?|alias|(?:also |better |otherwise |commonly )?known as)[:,]?\s+[\"“‘']*", re.IGNORECASE
)
# "The Water Users Council, WUC, said": an apposition between commas, in no list.
_COMMA = re.compile(r",\s+")
_GOES_ON = re.compile(r",\s+(?!(?:and|or|the|as|in|to)\b)[a-z]")
_CLOSES = re.compile(r"(?:['’]s?)?[\"”’']*\s*[)\];]|\s*[\"”’',]*\s*(?:or|--|-|hereafter|in|and other)\b")
_ACRONYM = re.compile(r"(?=(?:.{0,11}[A-Z]){2})[\w&/.+-]{2,12}s?")
_BREAK = re.compile(r"[\s/-]+")
_FARTHEST = 60


def introduced(found: Sequence[Sighting], texts: Sequence[str]) -> list[tuple[Sighting, Sighting]]:
    """Pairs of neighbouring mentions of which the second is introduced as another name of the first.

    `texts` are those of the cable's units.
    """
    near = ((a, b) for a, b in pairwise(found) if a.unit == b.unit and b.start - a.end < _FARTHEST)
    return [(one, other) for one, other in near if _introduces(one, other, texts[one.unit])]


def _introduces(one: Sighting, other: Sighting, text: str) -> bool:
    between = text[one.end : other.start]
    if _ALSO.fullmatch(between):
        return one.type == other.type
    if _COMMA.fullmatch(between):
        return bool(_GOES_ON.match(text, other.end)) and _is_apposition(one, other)
    opens = _OPENS.fullmatch(between)
    by_name = bool(opens and (opens["alias"] or opens["quote"]))
    return opens is not None and bool(_CLOSES.match(text, other.end)) and _is_second_name(one, other, by_name=by_name)


def _is_apposition(one: Sighting, other: Sighting) -> bool:
    """Whether an organisation's acronym follows its name after a comma, outside a list."""
    is_listed = one.before.rstrip()[-1:] in {",", ";"} or one.before.endswith((" and ", " or "))
    if one.type != other.type or one.type != "ORG" or is_listed or not _ACRONYM.fullmatch(other.text):
        return False
    return _agrees(one.text, other.text) or (len(one.text.split()) > 2 and not _ACRONYM.fullmatch(one.text))


def _is_second_name(one: Sighting, other: Sighting, *, by_name: bool) -> bool:
    """Whether what stands in brackets can be another name of what stands before them."""
    spelt = _agrees(one.text, other.text) or _agrees(other.text, one.text)
    if spelt:
        return other.type != "PER" or one.type == "PER"
    if one.type != other.type:
        return False
    if one.type in {"PER", "MISC"}:
        return by_name or (one.type == "MISC" and _either_is_acronym(one, other))
    return one.type == "ORG" or (_either_is_acronym(one, other) and " " in one.text)


def _either_is_acronym(one: Sighting, other: Sighting) -> bool:
    return bool(_ACRONYM.fullmatch(one.text) or _ACRONYM.fullmatch(other.text))


def _agrees(full: str, short: str) -> bool:
    """Whether an acronym's letters are those of the name's words, first letters before others."""
    if len(full.split()) < 2 or not _ACRONYM.fullmatch(short):
        return False
    letters = folded(short[:-1] if len(short) > 2 and short[-1] == "s" else short)
    heads = {"".join(key[0] for key in parse_name(full).keys), "".join(word[0] for word in full.casefold().split())}
    return letters in initials(full) | heads or _stands_in_order(letters, full)


def _stands_in_order(letters: str, full: str) -> bool:
    """Whether the letters are, in order, first letters of words, each with up to two of the letters behind it.

    "SUDEBAN" stands so in "Superintendencia de Bancos"; at least half the letters must be first letters.
    """
    heads = at = 0
    for word in (folded(part) for part in _BREAK.split(full)):
        taken = next((n for n in (3, 2, 1) if word[:n] and letters.startswith(word[:n], at)), 0)
        if not at and not taken:
            return False
        heads += bool(taken)
        at += taken
    return at == len(letters) and 2 * heads >= len(letters)
