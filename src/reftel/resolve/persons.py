"""Persons: which mentions of a cable name one person, by names, titles, nearness and kinship.

Full names are put together first, since a cable may give them anywhere; then each partial name goes, in the order of
the text, to the person it fits. Where it fits several, the surname decides before a middle or given name, then the
title, then who was mentioned last. Signatures come at the end.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.kinship import family_of, is_relative, kept_apart
from reftel.resolve.names import PersonName, parse_name, similarity
from reftel.resolve.spelling import folded, sound
from reftel.resolve.words import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reftel.resolve.roles import Role
    from reftel.resolve.sightings import Sighting

_SURNAME, _MIDDLE = 0.8, 0.7
# Whoever is called one of these, and never the head of a state or government, is not.
_PAIR = re.compile(r"([^\W\d_]{3,})\s?[-‐–/]\s?([^\W\d_]{3,})")
# Whose surname ends a cable: who heads the post, or does for the day.


@dataclass(slots=True)
class _Person:
    """A person as far as the text has been read."""

    names: list[PersonName]
    places: list[tuple[int, int]] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    genders: set[str] = field(default_factory=set)
    called: Counter[str] = field(default_factory=Counter)
    is_relative: bool = False
    is_classifier: bool = False

    def learn(self, seen: _Seen) -> None:
        """One more mention; `places` stay in the order of the text."""
        insort(self.places, (seen.place, seen.sighting.unit))
        self.roles += seen.roles
        self.titles |= seen.titles
        self.genders |= seen.genders
        self.is_relative |= is_relative(seen.sighting)
        self.is_classifier |= seen.sighting.kind == "classified_by"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mention of a person: its place among the cable's mentions, its name in parts, the roles given with it."""

    place: int
    sighting: Sighting
    name: PersonName
    roles: Sequence[Role]

    @property
    def titles(self) -> frozenset[str]:
        return frozenset().union(*(role.titles for role in self.roles))

    @property
    def genders(self) -> set[str]:
        return {role.gender for role in self.roles if role.gender}


def persons(
    found: Sequence[Sighting], roles: Mapping[int, Sequence[Role]], nicknames: Mapping[str, int]
) -> dict[int, str]:
    """For the index of each mention of a person, a label that the mentions of that person share.

    `roles` are those given with each mention; `nicknames` lead from a folded nickname or acronym that the cable
    introduces to the index of the mention of the person it was introduced for.
    """
    people = [
        _Seen(place, sighting, parse_name(sighting.text), roles.get(sighting.index, ()))
        for place, sighting in enumerate(found)
        if sighting.type == "PER"
    ]
    labels = _set_apart(people)
    rest = [seen for seen in people if seen.sighting.index not in labels]
    crowd = _Crowd(rest)
    crowd.place_full_names(nicknames)
    for seen in sorted(rest, key=_turn):
        if seen.sighting.index not in crowd.numbers:
            crowd.place_partial_name(seen)
    return labels | {index: f"person {number}" for index, number in crowd.numbers.items()}


def _turn(seen: _Seen) -> int:
    """Whose turn it is among the partial names: a title tells more than none, and signatures are for the end."""
    return 2 if seen.sighting.kind == "signature" else 0 if any(role.text for role in seen.roles) else 1


def _set_apart(people: Sequence[_Seen]) -> dict[int, str]:
    """Labels of the mentions that are of no one person: names that a redaction cuts, families."""
    surnames = frozenset(seen.name.keys[-1] for seen in people if seen.name.keys and "-" not in seen.sighting.text)
    full = frozenset("".join(seen.name.keys[1:]) for seen in people if seen.name.is_full)
    labels: dict[int, str] = {}
    for seen in people:
        index = seen.sighting.index
        family = None if seen.roles else family_of(seen.sighting, seen.name, surnames)
        if seen.sighting.is_partial and (not seen.name.is_full or "xxxx" in seen.sighting.key):
            labels[index] = f"redacted {index}"
        elif family:
            labels[index] = f"family {family}"
        elif _is_pair(seen, surnames) and "".join(seen.name.keys) not in full:
            labels[index] = f"pair {seen.name.keys}"
    # "SHARIFS" in a subject is the family that the text calls "the Sharifs".
    plural = {
        seen.sighting.key: labels[i] for seen in people if _is_family(labels.get(i := seen.sighting.index, ""), seen)
    }
    more = {seen.sighting.index: plural[seen.sighting.key] for seen in people if seen.sighting.key in plural}
    return more | labels


def _is_family(label: str, seen: _Seen) -> bool:
    """Whether a label is of a family named in the plural."""
    return label.startswith("family ") and label != f"family {seen.sighting.key}"


def _is_pair(seen: _Seen, surnames: frozenset[str]) -> bool:
    """Whether two persons are named in one word ("Putin-Medvedev"): the cable has one of the surnames apart."""
    parts = _PAIR.fullmatch(seen.sighting.text)
    return parts is not None and bool({folded(parts[1]), folded(parts[2])} & surnames)


class _Crowd:
    """The persons of one cable by number, and the number of each mention's person."""

    def __init__(self, people: Sequence[_Seen]) -> None:
        self.persons: list[_Person] = []
        self.numbers: dict[int, int] = {}
        self._people = people
        self._apart = kept_apart([(seen.sighting, seen.name) for seen in people])
        self._nicknames: dict[str, int] = {}
        self._partial = Counter(seen.name.keys[0] for seen in people if len(seen.name.keys) == 1)
        # "his wife Leila": so Leila Saleh, elsewhere, is a relative too.
        self._relatives = {seen.name.keys[0] for seen in people if seen.name.keys and is_relative(seen.sighting)}
        # Surnames of more than one part are partial names too: "Ben Ali" beside "Leila Ben Ali".
        self._surnames = {seen.name.keys[at:] for seen in people for at in range(1, len(seen.name.keys) - 1)}
        self._blocks: defaultdict[str, set[int]] = defaultdict(set)
        self._fits: dict[str, tuple[int, list[tuple[float, int]]]] = {}

    def place_full_names(self, nicknames: Mapping[str, int]) -> None:
        """The mentions by full names; the longest find their persons first, and the shorter ones theirs among them."""
        full = [seen for seen in self._people if seen.name.is_full and seen.name.keys not in self._surnames]
        numbers: dict[tuple[str, ...], int] = {}
        for seen in sorted(full, key=lambda seen: (-sum(len(key) > 1 for key in seen.name.keys), seen.place)):
            if seen.name.keys not in numbers:
                numbers[seen.name.keys] = self._number_of(seen.name)
        for seen in full:
            self._put(seen, numbers[seen.name.keys])
        for person in self.persons:
            person.is_relative |= person.names[0].keys[0] in self._relatives
        self._nicknames = {key: self.numbers[index] for key, index in nicknames.items() if index in self.numbers}

    def place_partial_name(self, seen: _Seen) -> None:
        """A mention by a part of a name, a nickname or initials."""
        key = "".join(seen.name.keys) or seen.sighting.key
        number = self._nicknames.get(key)
        if number is None:
            weighed = [(self._weight(seen, key, fit, n), n) for fit, n in self._fitting(seen.name, key)]
            number = max((each for each in weighed if each[0]), default=((), -1))[1]
        if number < 0:
            number = self._new(seen.name)
        self.persons[number].called[key] += 1
        self._put(seen, number)

    def _number_of(self, name: PersonName) -> int:
        """The number of the person that a full name fits best, of a new one where it fits none."""
        near = self._near(name)
        fits = [(min(similarity(name, known) for known in self.persons[n].names[:3]), -n) for n in near]
        fit, number = max(fits, default=(0.0, 0))
        if fit <= 0:
            return self._new(name)
        self.persons[-number].names.append(name)
        self._index(name, -number)
        return -number

    def _new(self, name: PersonName) -> int:
        self.persons.append(_Person([name]))
        self._index(name, len(self.persons) - 1)
        return len(self.persons) - 1

    def _index(self, name: PersonName, number: int) -> None:
        for block in _blocks(name.keys):
            self._blocks[block].add(number)

    def _near(self, name: PersonName) -> set[int]:
        """The persons with a name that has a part in common with this one, but for a slip."""
        return set().union(*(self._blocks.get(block, ()) for block in _blocks(name.keys)))

    def _put(self, seen: _Seen, number: int) -> None:
        self.numbers[seen.sighting.index] = number
        self.persons[number].learn(seen)

    def _fitting(self, name: PersonName, key: str) -> list[tuple[float, int]]:
        """The persons whose names a partial name fits, each with how well."""
        near = self._near(name)
        if self._fits.get(key, (-1, []))[0] != len(near):
            fits = ((max(similarity(name, known) for known in self.persons[n].names), n) for n in sorted(near))
            self._fits[key] = (len(near), [(fit, n) for fit, n in fits if fit])
        return self._fits[key][1]

    def _weight(self, seen: _Seen, key: str, fit: float, number: int) -> tuple[float, ...]:
        """What decides for a person, first things first; nothing where it cannot be that one."""
        person = self.persons[number]
        others = self._apart.get(seen.sighting.index, ())
        if any(self.numbers.get(index) == number for index in others) or _conflict(seen, person, fit):
            return ()
        agrees = _agreement(seen, person)
        if seen.sighting.kind == "signature" and not _can_sign(person, fit):
            return ()
        if fit < _MIDDLE and not _can_be_called_by_given_name(seen, person, agrees):
            return ()
        is_settled = fit >= _SURNAME or key in person.called
        given = person.names[0].keys[0]
        # Who is somebody's son, or goes by the given name, is seldom called by the surname alone.
        by_given = 0 if given == key else min(self._partial[given], 3)
        signs = person.is_classifier and seen.sighting.kind == "signature"
        return (is_settled, signs, agrees, -by_given, not person.is_relative, *_nearness(seen, person, key), fit)


def _blocks(keys: tuple[str, ...]) -> set[str]:
    """Where to look for the spellings of a name's parts, and of its last two and all of them written as one.

    A slip leaves the first three sounds of a part or the last three as they are.
    """
    parts = {*keys, "".join(keys[-2:]), "".join(keys)}
    sounds = [sound(part) for part in parts if len(part) > 1] or list(parts)
    return {block for each in sounds for block in (each[:3], "-" + each[-3:])}


def _nearness(seen: _Seen, person: _Person, key: str) -> tuple[float, ...]:
    """Who was last mentioned in the paragraph; else who was most often called so, was mentioned last, comes first."""
    at = bisect_left(person.places, (seen.place, 0))
    last, unit = person.places[at - 1] if at else (-1, -1)
    first = -person.places[0][0] if person.places else 0
    return (last if unit == seen.sighting.unit else -1, person.called[key], last, first)


def _conflict(seen: _Seen, person: _Person, fit: float) -> bool:
    """Whether the titles say that they are two: "Mr." and "Mrs.", a king and a minister, a president and his nephew."""
    if seen.genders and person.genders and not seen.genders & person.genders:
        return True
    if not any(role.is_head for role in seen.roles) or seen.titles & person.titles or _are_heads(person.roles):
        return False
    if any(role.is_ruler for role in seen.roles):
        return fit < 1 or bool(person.titles)
    return person.is_relative or bool(person.titles & known("no head of government"))


def _are_heads(roles: Sequence[Role]) -> bool:
    return any(role.is_head for role in roles)


def _agreement(seen: _Seen, person: _Person) -> int:
    """2 where the mention has an office of the person, 1 for a title word, -1 for others, 0 where one has none."""
    if not seen.titles or not person.titles:
        return 0
    shared = seen.titles & person.titles
    return 2 if any(" " in title for title in shared) else 1 if shared else -1


def _can_sign(person: _Person, fit: float) -> bool:
    """Whether a person can have signed: who classified the cable, an envoy, or one without any title."""
    is_envoy = not person.titles or bool(person.titles & known("signer"))
    return fit >= _SURNAME and (person.is_classifier or is_envoy)


def _can_be_called_by_given_name(seen: _Seen, person: _Person, agrees: int) -> bool:
    """Whether a mention by what stands first in a name can mean that person.

    With a title it must be one that goes with given names ("Prince Saud"), or the person's own, or the name must be of
    those that begin with the surname ("President Hu"); without, the full name must stand before it.
    """
    if any(role.is_royal for role in seen.roles):
        return any(role.is_royal for role in person.roles)
    if seen.titles:
        return agrees > 0 or not tables.given_name(person.names[0].given or "")
    return (bool(person.places) and person.places[0][0] < seen.place) or seen.sighting.kind == "subject"
