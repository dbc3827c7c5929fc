"""A cable cut down to what a reader's clearance allows: what may not be seen is absent, and nothing tells of it.

The header is kept, the subject only where its unit can be seen. Of the text the units that can be seen are left,
counted anew; of names, meetings and statements those told there, each with no more than is told there. Names that a
cable protects are not masked here: that is for `reftel.write.mask`, and it must come first, since what it masks in one
unit may be marked in another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from reftel.archive.clearance import unit_controls, unit_level
from reftel.model import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reftel.archive.clearance import Clearance
    from reftel.model import Cable, Entity, Meeting, Mention, Span, Statement

    _Placed = TypeVar("_Placed", Span, Mention, Meeting, Statement)

_UNMARKED = Unit("body", "")  # is as its cable is


def visible(cable: Cable, clearance: Clearance) -> Cable:
    """The cable as this clearance shows it; the cable itself where all of it can be seen.

    A cable that was cut has no raw text and no repairs, which would tell of what was cut, and its units lead nowhere.
    An entity is left with the names that stand in the text that can be seen (the longest of them is its name), and with
    its role where that stands there too; its country and key go with a name that goes. A meeting loses participants and
    place that are named in hidden text only; a statement whose source is, is absent.
    """
    seen = [index for index, unit in enumerate(cable.units) if _is_visible(unit, cable, clearance)]
    if len(seen) == len(cable.units) and _is_visible(_UNMARKED, cable, clearance):
        return cable
    places = {index: place for place, index in enumerate(seen)}
    entities = tuple(_entities(cable, places))
    known = {entity.id for entity in entities}
    labels = {entity.id for entity in cable.entities} - known
    return replace(
        cable,
        subject=cable.subject if _has_visible_subject(cable, clearance) else None,
        units=tuple(_units(cable, seen)),
        redactions=_moved(cable.redactions, places),
        protected=_moved(cable.protected, places),
        mentions=_moved(cable.mentions, places),
        entities=entities,
        meetings=_meetings(cable.meetings, places, known),
        meetings_not_held=_meetings(cable.meetings_not_held, places, known),
        statements=_statements(cable.statements, places, labels),
        outer_repairs=(),
        raw=None,
    )


def _is_visible(unit: Unit, cable: Cable, clearance: Clearance) -> bool:
    return clearance.allows(unit_level(unit, cable), unit_controls(unit, cable))


def _has_visible_subject(cable: Cable, clearance: Clearance) -> bool:
    subjects = [unit for unit in cable.units if unit.kind == "subject"] or [_UNMARKED]
    return all(_is_visible(unit, cable, clearance) for unit in subjects)


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
        country=entity.country if keeps_name else None,
        key=entity.key if keeps_name else None,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _meetings(meetings: Iterable[Meeting], places: Mapping[int, int], known: set[str]) -> tuple[Meeting, ...]:
    return tuple(
        replace(
            each,
            participants=tuple(one for one in each.participants if one in known),
            place=each.place if each.place in known else None,
        )
        for each in _moved(meetings, places)
    )


def _statements(statements: Iterable[Statement], places: Mapping[int, int], hidden: set[str]) -> tuple[Statement, ...]:
    """The statements in units that can be seen; `hidden` are the ids of entities that cannot."""
    return tuple(
        replace(
            each,
            addressee=None if each.addressee in hidden else each.addressee,
            within=None if each.within in hidden else each.within,
        )
        for each in _moved(statements, places)
        if each.source not in hidden
    )
