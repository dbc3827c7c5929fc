"""Who is who within one cable: from mentions to entities, step by step."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Cable, Mention
from reftel.resolve.acronyms import introduced
from reftel.resolve.describe import describe
from reftel.resolve.names import parse_name
from reftel.resolve.organizations import label_organization, name_key, short_forms
from reftel.resolve.persons import persons
from reftel.resolve.places import label_people, label_place, same_places
from reftel.resolve.roles import Role, roles_of
from reftel.resolve.sender import homes_of
from reftel.resolve.sightings import Sighting, sightings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OWNER = re.compile(r"([^\W\d_]+)(?:['’]s?)?\s+\Z")
# How many times more often a type must be used for one string where a person is among its types.
_OVERWHELMING = 3


def resolve(cable: Cable) -> Cable:
    """The cable with every mention led to an entity, and the entities: "e1", "e2", ... in the order of appearance.

    Pure; entities and ids that the cable had are replaced.
    """
    found = sightings(cable)
    homes = homes_of(cable)
    roles = {sighting.index: roles_of(sighting) for sighting in found if sighting.type == "PER"}
    pairs = introduced(found, [unit.text for unit in cable.units])
    labels = _labels(found, roles, homes, pairs)
    joined = _Joined()
    for one, other in pairs:
        joined.join(labels[one.index], labels[other.index])
    _join_short_forms(found, labels, joined, homes)
    _join_types(found, labels, joined)
    _join_surnames(found, labels, joined)
    groups: defaultdict[str, list[Sighting]] = defaultdict(list)
    for sighting in found:
        groups[joined.root(labels[sighting.index])].append(sighting)
    ids = {sighting.index: f"e{number}" for number, group in enumerate(groups.values(), 1) for sighting in group}
    entities = tuple(describe(ids[group[0].index], group, roles, homes, cable) for group in groups.values())
    return replace(cable, mentions=tuple(_led(m, ids[i]) for i, m in enumerate(cable.mentions)), entities=entities)


def _led(mention: Mention, entity: str) -> Mention:
    """The mention led to its entity; `dataclasses.replace` takes three times as long."""
    m = mention
    return Mention(m.unit, m.start, m.end, m.type, m.text, entity, m.score, m.origin)


class _Joined:
    """Labels that mean the same; the root of each group is the label that came first."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, label: str) -> str:
        while (parent := self._parent.get(label, label)) != label:
            label = parent
        return label

    def join(self, one: str, other: str) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self._parent[second] = first


def _labels(
    found: Sequence[Sighting],
    roles: Mapping[int, Sequence[Role]],
    homes: Sequence[str | None],
    pairs: Sequence[tuple[Sighting, Sighting]],
) -> dict[int, str]:
    """For the index of each mention a label that mentions of the same thing share."""
    nicknames = {other.key: one.index for one, other in pairs if one.type == "PER"}
    labels = persons(found, roles, nicknames)
    things = (sighting for sighting in found if sighting.type != "PER")
    return labels | {sighting.index: _label(sighting, homes) for sighting in things}


def _label(sighting: Sighting, homes: Sequence[str | None]) -> str:
    if sighting.type == "LOC":
        return label_place(sighting.text, homes[0])
    if sighting.type == "ORG":
        return label_organization(sighting.text, _own_homes(sighting, homes))[0]
    people = label_people(sighting.text, homes[0])
    return people or f"misc {_singular(name_key(sighting.text))}"


def _own_homes(sighting: Sighting, homes: Sequence[str | None]) -> Sequence[str | None]:
    """The country named right before an organisation ("Iranian Ministry of Oil", "Iran's MFA"), else the cable's."""
    before = _OWNER.search(sighting.before[-30:])
    owner = before and (tables.country_of_people(before[1]) or tables.country(before[1]))
    return [owner.code] if owner else homes


def _singular(key: str) -> str:
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def _join_short_forms(
    found: Sequence[Sighting], labels: dict[int, str], joined: _Joined, homes: Sequence[str | None]
) -> None:
    """Short names of organisations and other names, and places in two spellings."""
    names: dict[tuple[str, str], str] = {
        (s.text, s.type): joined.root(labels[s.index]) for s in found if s.type in {"ORG", "MISC"}
    }
    for one, other in short_forms(names, homes[0]):
        joined.join(other, one)
    places = {s.text: labels[s.index] for s in found if s.type == "LOC" and labels[s.index].startswith("loc ")}
    for one, other in same_places(places):
        joined.join(places[one], places[other])


def _join_types(found: Sequence[Sighting], labels: dict[int, str], joined: _Joined) -> None:
    """Mentions of one string under several types, where one of the types is overwhelmingly used."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    types: dict[tuple[str, str], str] = {}
    for s in found:
        root = joined.root(labels[s.index])
        uses[s.key][root] += 1
        types[s.key, root] = s.type
    for key, counts in uses.items():
        (most, n), *others = counts.most_common()
        for label, few in others:
            has_person = "PER" in (types[key, most], types[key, label])
            if types[key, most] != types[key, label] and n >= (_OVERWHELMING * few if has_person else few):
                joined.join(most, label)


def _join_surnames(found: Sequence[Sighting], labels: dict[int, str], joined: _Joined) -> None:
    """A surname in two parts that is taken for another thing once its bearer was named in full ("San Miguel")."""
    bearers: dict[str, list[str]] = {}
    for s in found:
        if s.type == "PER":
            keys = parse_name(s.text).keys
            if len(keys) > 2:
                bearers.setdefault("".join(keys[1:]), []).append(joined.root(labels[s.index]))
        elif " " in s.text and len(set(bearers.get(s.key, ()))) == 1 and not tables.country(s.text):
            joined.join(bearers[s.key][0], labels[s.index])
