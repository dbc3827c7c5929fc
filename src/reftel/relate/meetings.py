"""Meetings: the encounters of a cable, each once, with their place and date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.model import Meeting
from reftel.relate.dates import days_in
from reftel.relate.encounters import dated_talk, encounters_of
from reftel.relate.lexicon import cue_verbs, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from reftel.relate.attribution import Attribution
    from reftel.relate.dates import Day
    from reftel.relate.encounter import Encounter
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence

_STOPS = frozenset({"that", "to", "about", "regarding", "who", "which", "and", "but", ";", "where", "when"})
_TRIPS = frozenset((word, "to") for word in ("visit", "trip", "travel", "visits", "trips"))
_MOST = 300  # meetings back to look for the same one: more than any cable has
_NEAR = 12  # items between an encounter and its place


def meetings_of(scene: Scene, said: Sequence[Attribution], sent: date | None) -> list[Meeting]:
    """The encounters of one sentence as meetings, with the nearest date and place of that sentence."""
    sentence = scene.sentence
    found = encounters_of(scene)
    talks = any(one.kind in {"tell", "ask", "urge"} for one in said)
    if not found and not talks:
        return []
    text = sentence.text[sentence.start : sentence.end]
    past = days_in(text, sent)
    if talks and past:
        found += dated_talk(scene, said, past)
    ahead = days_in(text, sent, past=False) if any(one.status != "held" for one in found) else []
    return [_meeting(sentence, one, past if one.status == "held" else ahead) for one in found]


def _meeting(sentence: Sentence, one: Encounter, days: Sequence[Day]) -> Meeting:
    day = _nearest(sentence, one, days)
    return Meeting(
        unit=sentence.unit,
        start=sentence.start,
        end=sentence.end,
        participants=one.party.entities,
        place=_place(sentence, one),
        date=day.first.isoformat() if day else None,
        until=day.until.isoformat() if day and day.until else None,
        kind=one.kind,
        status=one.status,
        staff=one.party.staff,
        score=round(one.score, 2),
    )


def _nearest(sentence: Sentence, one: Encounter, days: Sequence[Day]) -> Day | None:
    days = [day for day in days if _is_in_clause(sentence, one, day)]
    begin, end = (offset - sentence.start for offset in (sentence.spans[one.first][0], sentence.spans[one.last][1]))
    return min(days, key=lambda day: max(begin - day.end, day.start - end, 0), default=None)


def _is_in_clause(sentence: Sentence, one: Encounter, day: Day) -> bool:
    """Whether no cue or "that" stands between the encounter and the day."""
    start, end = day.start + sentence.start, day.end + sentence.start
    for item, (begin, stop) in enumerate(sentence.spans):
        is_between = end <= begin < sentence.spans[one.first][0] or sentence.spans[one.last][1] <= begin < start
        if is_between and stop > begin and (sentence.words[item] == "that" or sentence.words[item] in cue_verbs()):
            return False
    return True


def _place(sentence: Sentence, one: Encounter) -> str | None:
    """The place behind "in" or "at" in the encounter's clause, after it, else before it; else whereto a visit went."""
    after, before = _after(sentence, one), _before(sentence, one)
    inside = (item for item in (*after, *before) if sentence.words[item - 1] in {"in", "at"})
    whereto = (item for item in before if sentence.words[max(item - 2, 0) : item] in _TRIPS)
    names = (sentence.names[item] for item in (*inside, *whereto))
    return next((name.entity for name in names if name and name.type == "LOC"), None)


def _after(sentence: Sentence, one: Encounter) -> range:
    """The items behind an encounter, up to the next verb or what was talked about."""
    end = one.last + 1
    while end < min(one.last + _NEAR, len(sentence.words)):
        word = sentence.words[end]
        if word in _STOPS or (word not in words("calendar") and word.endswith(("ed", "ing"))):
            break
        end += 1
    return range(one.first + 1, end)


def _before(sentence: Sentence, one: Encounter) -> range:
    """The items before an encounter, back to a clause's beginning, the nearest first."""
    begin = one.first - 1
    while begin > max(one.first - _NEAR, 1) and sentence.words[begin] not in {"that", ";", "said", "and"}:
        begin -= 1
    return range(one.first - 1, begin, -1)


def merged(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Each encounter once, where it is first told; what later sentences add to it is added."""
    kept: list[Meeting] = []
    for one in meetings:
        begin = max(len(kept) - _MOST, 0)
        at = next((index for index in range(begin, len(kept)) if _is_same(kept[index], one)), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = _together(kept[at], one)
    return kept


def _is_same(first: Meeting, later: Meeting) -> bool:
    """Whether a later sentence tells of the same encounter: one's people are among the other's, and the days agree."""
    if (first.status == "held") != (later.status == "held"):
        return False
    mine, theirs = set(first.participants), set(later.participants)
    if not (mine <= theirs or theirs <= mine):
        return False
    return _agree(first, later)


def _agree(first: Meeting, later: Meeting) -> bool:
    if not (first.date and later.date):
        return True
    return first.date <= (later.until or later.date) and later.date <= (first.until or first.date)


def _together(first: Meeting, later: Meeting) -> Meeting:
    people = tuple(dict.fromkeys((*first.participants, *later.participants)))
    staff = tuple(dict.fromkeys((*first.staff, *later.staff)))
    is_closer = first.date is None or (first.until is not None and later.date is not None and later.until is None)
    day, until = (later.date, later.until) if is_closer else (first.date, first.until)
    place = first.place or later.place
    return replace(first, participants=people, staff=staff, place=place, date=day, until=until)
