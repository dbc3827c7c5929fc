"""A cable cut down to what a reader's clearance allows: what may not be seen is absent, and nothing tells of it.

The header is kept; the subject, the signature and who classified it only where their units can be seen. Of the text
the units that can be seen are left, counted anew; of names, meetings and statements those told there, each with no more
than is told there. Names that a
cable protects are not masked here: that is for `reftel.write.mask`, and it must come first, since what it masks in one
unit may be marked in another.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from reftel.archive.clearance import unit_controls, unit_level
from reftel.model import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reftel.archive.clearance import Clearance
    from reftel.model import Cable, Entity, Meeting, Mention, Span, Statement, UnitKind

    _Placed = TypeVar("_Placed", Span, Mention)

_UNMARKED = Unit("body", "")  # is as its cable is
_NUMBER = re.compile(r"\d+")
_DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight"
    r"|(?:last|next|past|same|this|previous) (?:day|week|weekend|month|year|morning|afternoon|evening))",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


class _Kept(NamedTuple):
    """What is left of a cable: the new place of each unit, the entities, and in which units each entity is named.

    `wholly` are the ids of the entities that no hidden unit names.
    """

    places: Mapping[int, int]
    known: frozenset[str]
    wholly: frozenset[str]
    named: frozenset[tuple[int, str | None]]

    def tells(self, unit: int, entity: str | None) -> bool:
        """Whether it is told there that the entity has a part in what the unit tells."""
        return entity in self.known and (entity in self.wholly or (unit, entity) in self.named)


def visible(cable: Cable, clearance: Clearance) -> Cable:
    """The cable as this clearance shows it; the cable itself where all of it can be seen.

    A cable that was cut has no raw text, no repairs and no doubts, which would tell of what was cut, and its units lead
    nowhere. An entity is left with the names that stand in the text that can be seen (the longest of them is its name),
    and with its role where that stands there too; its key goes with a name that goes, and a person's country. A meeting
    loses participants and place that its unit does not name, where a hidden one does, and a day or staff that its
    sentence does not tell; a statement whose source is so known is absent.
    """
    seen = [index for index, unit in enumerate(cable.units) if _is_visible(unit, cable, clearance)]
    if len(seen) == len(cable.units) and _is_visible(_UNMARKED, cable, clearance):
        return cable
    places = {index: place for place, index in enumerate(seen)}
    entities = tuple(_entities(cable, places))
    kept = _kept(cable, places, entities)
    labels = frozenset(entity.id for entity in cable.entities)
    return replace(
        cable,
        subject=cable.subject if _shows(cable, "subject", clearance) else None,
        signature=cable.signature if _shows(cable, "signature", clearance) else None,
        classified_by=cable.classified_by if _shows(cable, "classified_by", clearance) else None,
        units=tuple(_units(cable, seen)),
        redactions=_moved(cable.redactions, places),
        protected=_moved(cable.protected, places),
        mentions=_moved(cable.mentions, places),
        entities=entities,
        meetings=tuple(_meetings(cable, cable.meetings, kept)),
        meetings_not_held=tuple(_meetings(cable, cable.meetings_not_held, kept)),
        statements=tuple(_statements(cable.statements, kept, labels)),
        doubts=(),
        outer_repairs=(),
        raw=None,
    )


def _is_visible(unit: Unit, cable: Cable, clearance: Clearance) -> bool:
    return clearance.allows(unit_level(unit, cable), unit_controls(unit, cable))


def _shows(cable: Cable, kind: UnitKind, clearance: Clearance) -> bool:
    """Whether all units of a kind may be seen; without one, what has no mark."""
    units = [unit for unit in cable.units if unit.kind == kind] or [_UNMARKED]
    return all(_is_visible(unit, cable, clearance) for unit in units)


def _kept(cable: Cable, places: Mapping[int, int], entities: Iterable[Entity]) -> _Kept:
    known = frozenset(entity.id for entity in entities)
    hidden = {mention.entity for mention in cable.mentions if mention.unit not in places}
    return _Kept(places, known, known - hidden, frozenset((each.unit, each.entity) for each in cable.mentions))


def _units(cable: Cable, seen: Iterable[int]) -> Iterator[Unit]:
    """The units that can be seen, each under its heading only if the unit that the heading comes from can be seen."""
    first: dict[str, int] = {}
    for index, unit in enumerate(cable.units):
        first.setdefault(unit.heading or (unit.text if unit.kind == "heading" else ""), index)
    allowed = set(seen)
    for index in seen:
        unit = cable.units[index]
        heading = unit.heading if unit.heading and first[unit.heading] in allowed else None
        yield replace(unit, heading=heading, raw_start=0, raw_end=0, edits=())


def _moved(placed: Iterable[_Placed], places: Mapping[int, int]) -> tuple[_Placed, ...]:
    return tuple(replace(each, unit=places[each.unit]) for each in placed if each.unit in places)


def _entities(cable: Cable, places: Mapping[int, int]) -> Iterator[Entity]:
    names: dict[str | None, list[str]] = {}
    partly_hidden = set()
    for mention in cable.mentions:
        if mention.unit in places:
            names.setdefault(mention.entity, []).append(mention.text)
        else:
            partly_hidden.add(mention.entity)
    text = _plain("\n".join(cable.units[index].text for index in places))
    for entity in cable.entities:
        if entity.id in names:
            yield _told(entity, names[entity.id], text) if entity.id in partly_hidden else entity


def _told(entity: Entity, names: list[str], text: str) -> Entity:
    """The entity as far as these mentions and this text tell of it."""
    said = {_plain(name) for name in names}
    keeps_name = _plain(entity.name) in said
    name = entity.name if keeps_name else max(names, key=len)
    return replace(
        entity,
        name=name,
        aliases=tuple(alias for alias in entity.aliases if _plain(alias) in said and alias != name),
        role=entity.role if entity.role and _plain(entity.role) in text else None,
        country=entity.country if keeps_name and entity.type != "PER" else None,
        key=entity.key if keeps_name else None,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _meetings(cable: Cable, meetings: Iterable[Meeting], kept: _Kept) -> Iterator[Meeting]:
    for each in meetings:
        if each.unit not in kept.places:
            continue
        sentence = cable.units[each.unit].text[each.start : each.end]
        tells_day = each.date is None or tells_of_day(sentence, each.date, each.until)
        yield replace(
            each,
            unit=kept.places[each.unit],
            participants=tuple(one for one in each.participants if kept.tells(each.unit, one)),
            place=each.place if kept.tells(each.unit, each.place) else None,
            date=each.date if tells_day else None,
            until=each.until if tells_day else None,
            staff=staff_told(sentence, each.staff),
        )


def tells_of_day(sentence: str, day: str, until: str | None) -> bool:
    """Whether a sentence can be what tells this day (ISO 8601), or that it was some days up to `until`.

    Days of one meeting are put together from all that a cable tells of it, hidden or not.
    """
    if _DAY.search(sentence) or (until is not None and _MONTH.search(sentence)):
        return True
    return day[8:10].lstrip("0") in {number.lstrip("0") for number in _NUMBER.findall(sentence)}


def staff_told(sentence: str, staff: Iterable[str]) -> tuple[str, ...]:
    """Those of a post's staff at a meeting whom its sentence has."""
    said = _plain(sentence)
    return tuple(one for one in staff if _plain(one) in said)


def _statements(statements: Iterable[Statement], kept: _Kept, labels: frozenset[str]) -> Iterator[Statement]:
    """The statements in units that can be seen; an addressee that is none of the `labels` is told in words."""
    for each in statements:
        if each.unit in kept.places and (kept.tells(each.unit, each.source) or each.source not in labels):
            is_told = each.addressee not in labels or kept.tells(each.unit, each.addressee)
            within_told = each.within not in labels or kept.tells(each.unit, each.within)
            yield replace(
                each,
                unit=kept.places[each.unit],
                addressee=each.addressee if is_told else None,
                within=each.within if within_told else None,
            )
