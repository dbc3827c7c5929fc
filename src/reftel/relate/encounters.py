"""The encounters that one sentence tells of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.relate.content import addressee_of
from reftel.relate.encounter import Encounter, is_adverbial
from reftel.relate.encounter_nouns import met_by_noun
from reftel.relate.encounter_verbs import met_by_verb, verb_at
from reftel.relate.lexicon import encounter_nouns, encounter_openers
from reftel.relate.parties import Party, joined, party_after
from reftel.relate.subjects import cluster_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.relate.attribution import Attribution
    from reftel.relate.dates import Day
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence


def encounters_of(scene: Scene) -> list[Encounter]:
    """The encounters of a sentence whose marks are known, in order; without a named participant there is none."""
    found: list[Encounter] = []
    for one in _candidates(scene):
        if one.party.entities and not any(_is_same(one, other) for other in found):
            found.append(one)
    return found


def _is_same(one: Encounter, other: Encounter) -> bool:
    """Whether two words of a sentence tell of one encounter: one's party is in the other's."""
    mine, theirs = set(one.party.entities), set(other.party.entities)
    return one.status == other.status and (mine <= theirs or theirs <= mine)


def _candidates(scene: Scene) -> Iterator[Encounter]:
    sentence = scene.sentence
    for item, word in enumerate(sentence.words):
        if word in encounter_openers():
            verb, last = verb_at(sentence, item)
            one = met_by_verb(scene, item, last, verb) if verb else None
            is_verb_form = verb is not None and bool(cluster_before(sentence, item).auxiliaries)
            if not one and not is_verb_form and word in encounter_nouns():
                one = met_by_noun(scene, item)
            if one:
                yield from _apart(scene, one)
                yield from _second_groups(scene, one)


def _apart(scene: Scene, one: Encounter) -> Iterator[Encounter]:
    """One encounter for each person whom a traveller met on a visit, else the encounter itself."""
    on_visit = {"visit", "trip", "travel", "tour", "stay"} & set(scene.sentence.words[: one.first])
    hosts = one.party.entities[: one.hosts]
    guests = one.party.entities[one.hosts :]
    if not on_visit or len(hosts) != 1 or len(guests) < 2 or not all(scene.cast.is_person(each) for each in guests):
        yield one
        return
    for guest in guests:
        yield replace(one, party=replace(one.party, entities=(*hosts, guest)))


def _second_groups(scene: Scene, one: Encounter) -> Iterator[Encounter]:
    """The second group of "met with A in Basra, and with B and C in Baghdad", which was met on its own."""
    sentence = scene.sentence
    for at in range(one.party.last + 1, min(one.party.last + 6, len(sentence.words) - 1)):
        if sentence.words[at] in {"and", "then"} and sentence.words[at + 1] in {"with", "separately"}:
            others = party_after(scene, at + 2)
            hosts = one.party.entities[: one.hosts]
            party = joined([Party(hosts, (), at), others])
            if others.entities:
                yield from _apart(scene, replace(one, first=at, last=others.last, party=party))
            return
        if not (is_adverbial(sentence, at) or sentence.words[at] == ","):
            return


def dated_talk(scene: Scene, said: Sequence[Attribution], days: Sequence[Day]) -> list[Encounter]:
    """The conversations of "told the Ambassador on May 8 that", where the day stands close to the cue."""
    sentence = scene.sentence
    found = []
    for one in said:
        whom = addressee_of(scene, one) if one.kind in {"tell", "ask", "urge"} and one.shape == "subject" else None
        is_person = whom is not None and scene.cast.types.get(whom, "PER") == "PER"
        if whom and is_person and any(_is_close(sentence, one, day) for day in days if not day.until):
            is_entity = whom in scene.cast.types
            entities, staff = ((*one.actor.entities, whom), ()) if is_entity else (one.actor.entities, (whom,))
            found.append(Encounter(one.first, one.last, Party(entities, staff, one.last), "conversation", "held", 0.8))
    return found


def _is_close(sentence: Sentence, one: Attribution, day: Day) -> bool:
    """Whether a day stands near the cue and before what is said ("that", "to")."""
    begin, end = sentence.spans[one.actor.first][0] - 30, sentence.spans[one.last][1] + 40
    said = (at for at in range(one.last + 1, len(sentence.words)) if sentence.words[at] in {"to", "that"})
    content = next(said, None)
    end = end if content is None else min(end, sentence.spans[content][0])
    return begin <= day.start + sentence.start <= end
