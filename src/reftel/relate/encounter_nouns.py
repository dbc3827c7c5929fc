"""Encounters told by nouns: "a dinner with", "in his meeting with", "talks between"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.actors import actor_before, name_before
from reftel.relate.content import can_name
from reftel.relate.encounter import FUTURE, UNREAL, Encounter, is_habit, past_adverbs
from reftel.relate.lexicon import encounter_nouns, encounter_words, words
from reftel.relate.parties import Party, joined, party_after, party_of
from reftel.relate.phrases import POSSESSIVES, phrase_start
from reftel.relate.pronouns import pronoun
from reftel.relate.scene import Actor

if TYPE_CHECKING:
    from reftel.model import MeetingKind, MeetingStatus
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence


def met_by_noun(scene: Scene, item: int) -> Encounter | None:
    sentence = scene.sentence
    kind = (
        encounter_nouns().get(" ".join(sentence.words[max(item - 1, 0) : item + 1]))
        or encounter_nouns()[sentence.words[item]]
    )
    after = sentence.words[item + 1] if item + 1 < len(sentence.words) else "."
    others = _others_of(scene, item, after, kind)
    status = _noun_status(scene, item)
    if not others and _is_scene_of_talk(scene, item, kind):
        others = Party((), (), item, people=True)
    if not others or is_habit(sentence, item - 3, others.last):
        return None
    owner = _owner(scene, item)
    if _is_vague(scene, item, kind, owner):
        return None
    alone = not others.entities and not others.staff
    host = owner if (owner.people and not alone) or after in {"between", "among"} else _host(scene, item)
    if alone and owner.entities:
        host = joined([owner, host])
    if kind == "interview" and not alone:
        host = owner
    party = joined([host, others])
    if not (others.entities or others.staff or (party.entities and others.people)):
        return None
    score = 0.85 if status == "held" else 0.8
    return Encounter(item, others.last, party, kind, status, score if host.people else score - 0.15, len(host.entities))


def _is_scene_of_talk(scene: Scene, item: int, kind: MeetingKind) -> bool:
    """Whether the main subject, a person, speaks "in an interview", "in a May 8 meeting", "during Bell's call"."""
    sentence = scene.sentence
    first = phrase_start(sentence, item)
    top = [mark for mark in scene.marks if mark.depth == 0]
    is_person = bool(top) and any(scene.cast.is_person(each) for each in top[0].actor.entities)
    if not is_person or not first or sentence.words[first - 1] not in {"in", "during", "over", "at"}:
        return False
    if sentence.words[first] in {"a", "an"}:
        return kind == "interview" or _is_dated(sentence, first, item)
    return (
        kind in {"meeting", "call", "meal", "phone"}
        and sentence.words[item - 1] not in POSSESSIVES
        and _has_owner(scene, item)
    )


def _is_dated(sentence: Sentence, first: int, item: int) -> bool:
    """Whether a day stands in the noun's phrase or right behind it."""
    return bool(words("calendar") & set(sentence.words[first : item + 4]))


def _has_owner(scene: Scene, item: int) -> bool:
    """Whether it is a named person's other than the main subject's."""
    owner = _owner(scene, item)
    return bool(owner.entities) and not set(owner.entities) & set(scene.marks[0].actor.entities)


def _others_of(scene: Scene, item: int, after: str, kind: MeetingKind) -> Party | None:
    sentence = scene.sentence
    at = past_adverbs(sentence, item + 1, frozenset({"with"}))
    near = sentence.words[at] if at < len(sentence.words) else "."
    if near == "with":
        return party_after(scene, at + 1)
    is_called = (kind == "call" and after in {"on", "upon"}) or (kind == "demarche" and after == "to")
    is_phone = kind in {"call", "phone"} and after in {"to", "from"} and can_name(sentence, item + 2)
    if after in {"between", "among"} or is_called or is_phone:
        return party_after(scene, item + 2)
    is_hosted = sentence.words[item + 1 : item + 3] in {("chaired", "by"), ("hosted", "by"), ("led", "by")}
    return party_after(scene, item + 3) if is_hosted else None


def _owner(scene: Scene, item: int) -> Party:
    """Whose encounter it is: "Rubio's March 14 meeting with", "his meeting with"."""
    sentence = scene.sentence
    for at in range(item - 1, max(item - 7, -1), -1):
        word = sentence.words[at]
        if word in POSSESSIVES:
            return party_of(name_before(scene, at - 1) or actor_before(scene, at - 1))
        if word in {"his", "her", "their", "our"}:
            return party_of(_possessive(scene, at))
        if word in words("preposition") or word in {"a", "an", "the", ",", "and"}:
            break
    return Party((), (), item)


def _possessive(scene: Scene, item: int) -> Actor:
    if scene.sentence.words[item] == "our":
        return Actor(item, item, (), "staff", ("we",))
    return pronoun(scene, item)


def _host(scene: Scene, item: int) -> Party:
    """Who had it: the subject of the verb before it, else that of the clause behind it."""
    before = [mark for mark in scene.marks if mark.verb < item]
    following = [mark for mark in scene.marks if mark.verb > item]
    first = phrase_start(scene.sentence, item) - 1  # "in", "during"
    opens_clause = first > 0 and scene.sentence.words[first - 1] in {"that", ","}
    if opens_clause and following and scene.sentence.words[following[0].actor.first - 1] == ",":
        return party_of(following[0].actor)
    if before and before[-1].verb >= item - 8:
        return party_of(before[-1].actor)
    after = [mark for mark in scene.marks if mark.verb > item and mark.depth == 0]
    if after and not before:
        return party_of(after[0].actor)
    return party_of(before[-1].actor) if before else Party((), (), item)


def _noun_status(scene: Scene, item: int) -> MeetingStatus:
    """How far an encounter named by a noun came, by the words before it in its phrase and by its verb."""
    sentence = scene.sentence
    first = phrase_start(sentence, item)
    opener = sentence.words[first - 1] if first else ""
    is_told = opener in encounter_words("opener")
    before = sentence.words[first if is_told else max(item - (14 if opener == "for" else 6), 0) : item]
    cut = max((at + 1 for at, word in enumerate(before) if word in {",", ";", "that", "(", "said"}), default=0)
    near = set(before[cut:]) - {"may", "is", "are", "if"}
    if "no" in sentence.words[first:item]:
        return "denied"
    for status in ("cancelled", "denied", "proposed", "planned"):
        if near & encounter_words(status):
            return status
    return "held" if opener in {"on", "after", "following", "since", "from"} else _by_clause(scene, item)


def _by_clause(scene: Scene, item: int) -> MeetingStatus:
    """Planned or proposed where the verb of the clause is ("will raise it in his meeting with")."""
    marks = [mark for mark in scene.marks if mark.verb < item] or scene.marks[:1]
    auxiliaries = marks[-1].auxiliaries | {scene.sentence.words[marks[-1].verb]} if marks else frozenset()
    if auxiliaries & FUTURE:
        return "planned"
    is_advice = bool({"recommend", "recommends", "suggest", "urge"} & set(scene.sentence.words[:item]))
    return "proposed" if is_advice or auxiliaries & UNREAL else "held"


def _is_vague(scene: Scene, item: int, kind: MeetingKind, owner: Party) -> bool:
    """Whether talk is spoken of in general ("open to discussion with"): no article, no owner, nobody who held it."""
    sentence = scene.sentence
    first = phrase_start(sentence, item)
    is_definite = sentence.words[first] in words("determiner") or any(
        each[:1].isdigit() for each in sentence.words[first:item]
    )
    holds = encounter_words("holder") & set(sentence.words[max(first - 4, 0) : first])
    is_plural = sentence.words[item].endswith("s")
    needs_more = kind in {"conversation", "visit"} or (is_plural and kind != "meeting")
    return needs_more and not (is_definite or owner.people or holds)
