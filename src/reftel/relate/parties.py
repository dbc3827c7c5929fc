"""Who takes part in an encounter: the people and organisations of a list, without their appositions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.relate.lexicon import encounter_words, function_words, offices, person_words, words
from reftel.relate.objects import actor_after
from reftel.relate.phrases import POSSESSIVES, is_redaction
from reftel.relate.subjects import is_verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.relate.scene import Actor, Scene
    from reftel.relate.sentences import Sentence

_JOINTS = frozenset({",", "and", "&", "/", "with", "as", "well", "both", "including", "along", "together", ";"})
_KEPT = frozenset({"of", "for", "from"})
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Party:
    """Those named in a list, in order; `staff` are the post's people without a name, `last` its last item.

    `people` says that somebody is there at all, named or not ("with village elders").
    """

    entities: tuple[str, ...]
    staff: tuple[str, ...]
    last: int
    people: bool = False


def party_after(scene: Scene, item: int) -> Party:
    """The party whose list begins at `item`: up to a verb, a preposition of place or topic, or the end."""
    sentence = scene.sentence
    entities: list[str] = []
    staff: list[str] = []
    at, people, joined = item, False, True
    while at < min(len(sentence.words), item + _LONGEST) and not _ends(sentence, at):
        actor = actor_after(scene, at)
        if not actor or actor.last < at:
            people = people or _is_people(sentence.words[at])
            joined = sentence.words[at] == "and" or (joined and sentence.words[at] != ",")
            at = _past_brackets(sentence, at)
            continue
        if not (entities and not joined and _is_apposition(scene, actor, entities[-1])) and not _is_owner(scene, actor):
            entities += actor.entities
            staff += actor.staff
            people = people or _has_people(scene, actor)
        at, joined = actor.last + 1, False
    return Party(tuple(dict.fromkeys(entities)), tuple(dict.fromkeys(staff)), at - 1, people)


def joined(parties: Iterable[Party]) -> Party:
    """Several parties as one."""
    each = list(parties)
    entities = tuple(dict.fromkeys(entity for party in each for entity in party.entities))
    staff = tuple(dict.fromkeys(name for party in each for name in party.staff))
    return Party(entities, staff, each[-1].last if each else -1, any(party.people for party in each))


def party_of(actor: Actor | None) -> Party:
    """The party that a subject is."""
    if not actor:
        return Party((), (), -1)
    return Party(actor.entities, actor.staff, actor.last, bool(actor.entities or actor.staff or actor.how == "person"))


def _ends(sentence: Sentence, at: int) -> bool:
    word = sentence.words[at]
    if word in {"he", "she", "they", "we", "i", "it"}:
        return True
    if sentence.names[at] or word in _JOINTS or word in _KEPT or word == "(":
        return False
    if word in words("determiner") or word in words("pronoun") or word in POSSESSIVES:
        return False
    is_stop = any(word in words(kind) for kind in ("preposition", "subordinator", "modal", "negation"))
    return is_stop or not word[:1].isalnum() or _acts(sentence, at)


def _acts(sentence: Sentence, at: int) -> bool:
    """Whether a word is the next clause's verb."""
    word = sentence.words[at]
    return word not in offices() and (word.endswith("ing") or is_verb(sentence, at)) and not sentence.is_capital(at)


def _is_people(word: str) -> bool:
    return (
        word in offices() or word in person_words("relation") or is_redaction(word) or word in encounter_words("people")
    )


def _past_brackets(sentence: Sentence, at: int) -> int:
    if sentence.words[at] != "(":
        return at + 1
    for close in range(at + 1, min(at + 25, len(sentence.words))):
        if sentence.words[close] == ")":
            return close + 1
    return at + 1


def _has_people(scene: Scene, actor: Actor) -> bool:
    return actor.how != "name" or any(scene.cast.is_person(each) for each in actor.entities)


def _is_apposition(scene: Scene, actor: Actor, before: str) -> bool:
    """Whether "..., secretary of the council" only describes the person before it."""
    if not scene.cast.is_person(before):
        return False
    return actor.how in {"office", "title", "person"} or not scene.cast.is_person(
        actor.entities[0] if actor.entities else ""
    )


def _is_owner(scene: Scene, actor: Actor) -> bool:
    """Whether only something of theirs is meant ("Rubio's aides", "GOI expectations")."""
    sentence, after = scene.sentence, actor.last + 1
    if after >= len(sentence.words):
        return False
    word = sentence.words[after]
    if word in POSSESSIVES:
        return True
    is_body = actor.how == "name" and not any(scene.cast.is_person(each) for each in actor.entities)
    is_noun = word[:1].isalpha() and word not in function_words() and word not in words("calendar")
    return is_body and is_noun and not _is_people(word) and not is_verb(sentence, after)
