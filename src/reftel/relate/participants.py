"""Meetings given as a list: "Participants: ...", as memoranda of conversation have it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.model import Meeting
from reftel.relate.dates import days_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from reftel.model import Cable

_LABEL = re.compile(r"\W{0,3}(?:list of )?participants\b\s*[:-]", re.IGNORECASE)
_BEFORE = 2  # the units before the list in which its date and place are looked for


def listed_meetings(cable: Cable, sent: date | None) -> Iterator[Meeting]:
    """A meeting for each unit that is a list of participants, with the persons in it."""
    for index, unit in enumerate(cable.units):
        if _LABEL.match(unit.text):
            yield from _listed(cable, index, sent)


def with_lists(listed: Iterable[Meeting], told: Sequence[Meeting]) -> list[Meeting]:
    """The meetings that sentences tell of, those in a list completed from it; a list alone is a meeting, too."""
    meetings = list(told)
    for one in listed:
        at = next((index for index, other in enumerate(meetings) if _is_of(other, one)), None)
        if at is None:
            meetings.insert(0, one)
        else:
            other = meetings[at]
            people = tuple(dict.fromkeys((*other.participants, *one.participants)))
            day, place = other.date or one.date, other.place or one.place
            meetings[at] = replace(other, participants=people, date=day, place=place)
    return meetings


def _is_of(told: Meeting, listed: Meeting) -> bool:
    is_same_day = not (told.date and listed.date) or told.date == listed.date
    return told.status == "held" and is_same_day and set(told.participants) <= set(listed.participants)


def _listed(cable: Cable, index: int, sent: date | None) -> Iterator[Meeting]:
    near = range(max(index - _BEFORE, 0), index + 1)
    persons = [each.entity for each in cable.mentions if each.unit == index and each.type == "PER" and each.entity]
    if not persons:
        return
    bodies = [each for each in near if cable.units[each].kind not in {"subject", "classified_by"}]
    days = [day for each in bodies for day in days_in(cable.units[each].text, sent)]
    places = [
        each.entity for each in cable.mentions if each.unit in bodies and each.unit < index and each.type == "LOC"
    ]
    yield Meeting(
        unit=index,
        start=0,
        end=len(cable.units[index].text),
        participants=tuple(dict.fromkeys(persons)),
        place=places[0] if places else None,
        date=days[0].first.isoformat() if days else None,
        score=0.9,
    )
