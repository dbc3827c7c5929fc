"""Kinship: families apart from their members, relatives apart from each other, and lists that name each person once."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.resolve.names import PersonName
    from reftel.resolve.sightings import Sighting

_KIN = (
    r"(?:(?:half|step|foster|grand|great-grand|twin)[- ]?)?"
    r"(?:brother|sister|son|daughter|wife|husband|widow|widower|father|mother|"
    r"cousin|nephew|niece|uncle|aunt|child|children|fiancee?|spouse)(?:-in-law)?"
)
_FAMILY = re.compile(
    r"(?:['’]s?)?\s+(?:(?:ruling|royal|extended|immediate|crime|criminal)\s+)?"
    r"(?:family|families|clan|dynasty|brothers|sisters|siblings|couple|household)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:the|two|three|four|both|all|other|these)\s+\Z", re.IGNORECASE)
# "Saleh's nephew, Ammar"; "Saleh and his wife Leila".
_HIS_KIN = re.compile(
    rf"(?:['’]s?|,?\s+(?:and|with)\s+(?:his|her))?\s+(?:[\w-]+\s+){{0,3}}{_KIN}[\s,(-]+(?:[\w.-]+\s+)?", re.IGNORECASE
)
# "Ammar, a nephew of President Saleh".
_KIN_OF = re.compile(
    rf"[\s,(-]+(?:(?:who|is|was|the|a|an|his|her|and|[\w-]+est|[\w-]+)\s+){{0,4}}{_KIN}\s+(?:of|to)\s+(?:[\w.-]+\s+){{0,4}}",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:,|&|/|,?\s(?:and|or|versus|vs\.?)\s)\s*(?:[A-Z][\w.]{1,12}\s)?")
_RELATIVE = re.compile(rf"\b(?:{_KIN}|first lady)\b[^.;:!?]*\Z", re.IGNORECASE)
_RELATIVE_AFTER = re.compile(rf"\s*[,(-]+\s*[^,.;:!?()]{{0,40}}\b(?:{_KIN}|first lady)\b", re.IGNORECASE)


def family_of(sighting: Sighting, name: PersonName, surnames: frozenset[str]) -> str | None:
    """The folded surname where the mention is of a family ("the Obeidi family", "the Khans"), None where of a person.

    `surnames` are those of the cable, without which a plural is not told from a name in "s".
    """
    key = "".join(name.keys)
    if _FAMILY.match(sighting.after) and not name.is_full:
        return key
    if key.endswith("s") and _SEVERAL.search(sighting.before[-12:]):
        return next((singular for singular in (key[:-1], key[:-2]) if singular in surnames), None)
    return None


def is_relative(sighting: Sighting) -> bool:
    """Whether a person is introduced as somebody's relative: "his son Karim", "Karim, the President's nephew"."""
    return bool(_RELATIVE.search(sighting.before[-40:]) or _RELATIVE_AFTER.match(sighting.after))


def kept_apart(people: Sequence[tuple[Sighting, PersonName]]) -> dict[int, set[int]]:
    """For the index of a mention, the indexes of the neighbours that the text makes somebody else.

    Relatives ("Saleh's nephew Ammar Saleh"), and a full name in a list behind a partial one ("Khan and Imran Khan").
    """
    apart: defaultdict[int, set[int]] = defaultdict(set)
    for (one, a), (other, b) in pairwise(people):
        if one.unit != other.unit or one.end + len(one.after) != other.start:
            continue
        listed = not a.is_full and b.is_full and _LISTED.fullmatch(one.after)
        if listed or _HIS_KIN.fullmatch(one.after) or _KIN_OF.fullmatch(one.after):
            apart[one.index].add(other.index)
            apart[other.index].add(one.index)
    return apart
