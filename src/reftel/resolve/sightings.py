"""Sightings: the mentions of a cable with what stands around them, which is all that resolving looks at."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.spelling import folded

if TYPE_CHECKING:
    from reftel.model import Cable, Mention, MentionType, Span, UnitKind

_OUTER = ' \t\n\r"“”«»()[]{}<>,;:*_=|'
_POSSESSIVE = re.compile(r"(?<=[^\W_])(?:['’`]s|['’`])\Z", re.IGNORECASE)
_BUILT_ON = re.compile(r"\A(\w{5,})-[a-z]{3,}\Z")
_ALIAS = re.compile(r"\A(?:a\.k\.a\.?|aka|alias) ", re.IGNORECASE)
# An office after the name, in the line of a list of participants.
_OFFICE = re.compile(r"(?<=[a-z]) (?![IVX]+\Z|JR|SR|MD)[A-Z]{2,4}\Z")
_HONORIFIC = re.compile(r"\A(?:MR|MRS|MS|DR|GEN|COL|AMB|SEN)\.? (?=\S)", re.IGNORECASE)
_TITLE = re.compile(
    r"\A(?:(?:Mr|Mrs|Ms|Dr|Gen|Col|Amb|Sen)\.?|(?!VAN|VON|DE|DI|EL|AL|LE|LA|ABU|BEN|BIN)[A-Z]{2,5}"
    r"|(?!abu|ben|bin|ibn|von|van|der|den|del|dos|das)[a-z]{3,})"
    r" (?=(?:al|el|as|ad|de|van|von|bin)?[- ]?[A-Z][^\W\d_]*[a-z])"
)
_BLANKS = re.compile(r"\s+")
_REDACTED = re.compile(r"[xX]{4,}")
_REACH = 140


@dataclass(frozen=True, slots=True)
class Sighting:
    """One mention: `text` is its words on one line without possessive, `key` the same folded.

    `before` and `after` are up to 140 characters of the unit's text around it, `before` from the end of the last
    person's name on and `after` up to the next one (`next_is_person` says that it ends there), where these are nearer.
    `is_partial` says that a redaction touches it, so that it may be a part of a name only.
    """

    index: int
    unit: int
    start: int
    end: int
    kind: UnitKind
    type: MentionType
    text: str
    key: str
    before: str
    after: str
    next_is_person: bool
    is_partial: bool


def sightings(cable: Cable) -> list[Sighting]:
    """The cable's mentions in the order of the text, each with its surroundings; `index` is its place in the cable."""
    order = sorted(range(len(cable.mentions)), key=lambda i: (cable.mentions[i].unit, cable.mentions[i].start))
    persons = [(m.unit, m.start, m.end) for m in (cable.mentions[i] for i in order) if m.type == "PER"]
    return [_sighting(cable, index, persons) for index in order]


@lru_cache(maxsize=16384)
def written(text: str) -> str:
    """A mention's words on one line, without possessive and what stands around them."""
    return _POSSESSIVE.sub("", _BLANKS.sub(" ", text).strip(_OUTER)) or text.strip()


@lru_cache(maxsize=16384)
def _person(text: str) -> str:
    """A person's name without what a tagger may have taken with it.

    Not over a line break that the author meant, not what is built on it ("Putin-supporters"), and no title in front.
    """
    name = _ALIAS.sub("", written(_BUILT_ON.sub(r"\1", text.strip().partition("\n")[0])))
    bare = _without_title(_OFFICE.sub("", _TITLE.sub("", name)))
    # An acronym in front is a title ("FS Miliband"), unless all is in capitals.
    return bare if not name.isupper() else _HONORIFIC.sub("", name)


def _without_title(name: str) -> str:
    """The name without an office or rank in front ("Charge Brush"), unless that is a given name too ("Dean")."""
    first, blank, rest = name.partition(" ")
    title = tables.title(first) if blank and rest[:1].isupper() else None
    is_title = title is not None and title.kind in {"office", "rank", "staff"} and not tables.given_name(first)
    return rest if is_title else name


def _sighting(cable: Cable, index: int, persons: list[tuple[int, int, int]]) -> Sighting:
    mention = cable.mentions[index]
    unit = cable.units[mention.unit]
    at = bisect_left(persons, (mention.unit, mention.start, 0))
    floor = persons[at - 1][2] if at and persons[at - 1][0] == mention.unit else 0
    following = bisect_left(persons, (mention.unit, mention.end, 0))
    is_same_unit = following < len(persons) and persons[following][0] == mention.unit
    ceiling = persons[following][1] if is_same_unit else len(unit.text)
    next_is_person = ceiling < min(len(unit.text), mention.end + _REACH)
    text = _person(mention.text) if mention.type == "PER" else written(mention.text)
    before = unit.text[max(floor, mention.start - _REACH) : mention.start]
    after = unit.text[mention.end : max(mention.end, min(ceiling, mention.end + _REACH))]
    is_partial = _touches_redaction(mention, unit.text, cable.redactions)
    place = (index, mention.unit, mention.start, mention.end, unit.kind, mention.type)
    return Sighting(*place, text, folded(text), before, after, next_is_person, is_partial)


def _touches_redaction(mention: Mention, text: str, redactions: tuple[Span, ...]) -> bool:
    """Whether a redaction is in the mention or parted from it by blanks only."""
    if not redactions or _REDACTED.search(mention.text):
        return bool(_REDACTED.search(mention.text))
    at = bisect_left(redactions, (mention.unit, mention.start), key=lambda span: (span.unit, span.start))
    near = [span for span in redactions[max(at - 1, 0) : at + 1] if span.unit == mention.unit]
    gaps = [
        text[span.end : mention.start] if span.start < mention.start else text[mention.end : span.start]
        for span in near
    ]
    return any(not gap.strip() for gap in gaps)
