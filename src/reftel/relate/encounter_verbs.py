"""Encounters told by verbs: "met with", "called on", "delivered the demarche to"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.encounter import FUTURE, UNREAL, Encounter, is_habit, past_adverbs
from reftel.relate.lexicon import encounter_verbs, encounter_words, function_words, words
from reftel.relate.objects import actor_after
from reftel.relate.parties import joined, party_after, party_of
from reftel.relate.subjects import cluster_before, direct_subject, shared_subject

if TYPE_CHECKING:
    from reftel.model import MeetingStatus
    from reftel.relate.lexicon import EncounterVerb
    from reftel.relate.parties import Party
    from reftel.relate.scene import Actor, Scene
    from reftel.relate.sentences import Sentence
    from reftel.relate.subjects import Cluster

_LATER = 14  # how far behind "delivered the demarche" its "to" may stand


def verb_at(sentence: Sentence, item: int) -> tuple[EncounterVerb | None, int]:
    pair = encounter_verbs().get(sentence.words[item : item + 2])
    if pair:
        return pair, item + 1
    return encounter_verbs().get(sentence.words[item : item + 1]), item


def met_by_verb(scene: Scene, item: int, last: int, verb: EncounterVerb) -> Encounter | None:
    sentence = scene.sentence
    cluster = cluster_before(sentence, item)
    status = _status(scene, verb, cluster)
    if not status or (verb.form == "ing" and not cluster.auxiliaries):
        return None
    others = _counterpart(scene, last, verb)
    if not others:
        return _met_together(scene, item, verb, status)
    if is_habit(sentence, item, others.last):
        return None
    actor = _subject(scene, item, cluster)
    if actor and actor.first and sentence.words[actor.first - 1] in {"if", "whether", "unless"}:
        return None
    subject = party_of(actor)
    if not _is_encounter(scene, verb, subject, others) or not _is_sense(scene, verb, last):
        return None
    return Encounter(
        item,
        others.last,
        joined([subject, others]),
        verb.kind,
        status,
        _score(verb, subject, others, status),
        len(subject.entities),
    )


def _met_together(scene: Scene, item: int, verb: EncounterVerb, status: MeetingStatus) -> Encounter | None:
    """The encounter of "Rubio and Bell discussed the port": two persons are the subject, nobody the object."""
    if not verb.objects & {"with", "later with"} or is_habit(scene.sentence, item, item):
        return None
    party = party_of(_subject(scene, item, cluster_before(scene.sentence, item)))
    persons = [each for each in party.entities if scene.cast.is_person(each)]
    return Encounter(item, item, party, verb.kind, status, 0.8) if len(persons) > 1 else None


def _is_sense(scene: Scene, verb: EncounterVerb, last: int) -> bool:
    """Whether nothing behind its object gives the verb another sense: "called him a liar", "saw him as"."""
    sentence = scene.sentence
    met = None if "with" in verb.objects else actor_after(scene, last + 1)
    if not met or met.last + 1 >= len(sentence.words):
        return True
    after = sentence.words[met.last + 1]
    if after in {"as", "'s", "’s", "'", "’", '"', "“"} or (after in {"a", "an"} and verb.kind == "phone"):
        return False
    if verb.kind == "call" and after == "to":
        return False
    return not after[:1].isalpha() or after in function_words() or after in words("calendar") or after.endswith("ly")


def _subject(scene: Scene, item: int, cluster: Cluster) -> Actor | None:
    for mark in scene.marks:
        if mark.verb == item or cluster.first <= mark.verb <= item:
            return mark.actor
    direct = direct_subject(scene, cluster.first)
    if direct and (direct.entities or direct.staff):
        return direct
    return shared_subject(scene, item, has_auxiliary=True, main=False)


def _counterpart(scene: Scene, last: int, verb: EncounterVerb) -> Party | None:
    """Whom the verb's subject met: right behind it, behind "with", or further on ("delivered the demarche to")."""
    sentence = scene.sentence
    at = past_adverbs(sentence, last + 1, verb.objects & {"with", "to"})
    word = sentence.words[at] if at < len(sentence.words) else "."
    if word in {"with", "to"} and word in verb.objects:
        is_sense = not encounter_words("not met") & set(sentence.words[at + 1 : at + 4])
        return party_after(scene, at + 1) if is_sense else None
    if "direct" in verb.objects and word not in words("preposition"):
        first = actor_after(scene, last + 1)
        return party_after(scene, last + 1) if first and (first.entities or first.staff) else None
    later = {"later with": "with", "later to": "to"}.keys() & verb.objects
    return _later(scene, last, next(iter(later))) if later else None


def _later(scene: Scene, last: int, frame: str) -> Party | None:
    sentence = scene.sentence
    preposition = frame.removeprefix("later ")
    topic = preposition == "with"
    for at in range(last + 1, min(last + _LATER, len(sentence.words))):
        word = sentence.words[at]
        if word == preposition and topic:
            party = party_after(scene, at + 1)
            return party if party.entities or party.staff else None
        topic = topic or word in encounter_words("topic")
        if word in {".", ";", "that", "which", "who"}:
            break
    return None


def _is_encounter(scene: Scene, verb: EncounterVerb, subject: Party, others: Party) -> bool:
    """Whether two sides are there: who met, and whom; a single name needs somebody beside it."""
    cast = scene.cast
    if not others.entities and not others.staff:
        return verb.kind == "meeting" and "with" in verb.objects and others.people and bool(subject.entities)
    if verb.kind in {"visit", "call"}:
        return any(cast.is_person(each) for each in others.entities)
    return "direct" not in verb.objects or others.people or bool(others.staff)


def _status(scene: Scene, verb: EncounterVerb, cluster: Cluster) -> MeetingStatus | None:
    """How far it came: held, planned, proposed, denied; None where nothing is told."""
    before = scene.sentence.words[cluster.first - 1] if cluster.first else ""
    if cluster.is_negated or before in {"nobody", "none", "one"}:
        return "denied"
    if cluster.auxiliaries & UNREAL:
        return "planned" if cluster.auxiliaries & FUTURE else "proposed"
    if before == "to":
        return _intended(scene, cluster.first - 1)
    return None if before in {"if", "whether", "unless"} else _told(verb, cluster)


def _told(verb: EncounterVerb, cluster: Cluster) -> MeetingStatus | None:
    """The status that the verb's form tells: the past is held, "is meeting" planned, a passive nothing."""
    if verb.form == "ing":
        return "planned" if cluster.auxiliaries else None
    if cluster.is_passive or (verb.form == "participle" and not cluster.is_perfect):
        return None
    is_past = verb.form in {"past", "participle"} or (verb.form == "base" and bool(cluster.auxiliaries & words("do")))
    return "held" if is_past else None


def _intended(scene: Scene, item: int) -> MeetingStatus | None:
    """The status of "to meet", by the words before it: "refused to", "hopes to", "flew to Cairo to"."""
    before = scene.sentence.words[max(item - 5, 0) : item]
    for word in reversed(before):
        for status in ("denied", "cancelled", "proposed", "planned"):
            if word in encounter_words(status):
                return status
    marks = [mark for mark in scene.marks if mark.verb < item]
    if marks and scene.sentence.words[marks[-1].verb] in encounter_words("past motion"):
        return "planned" if marks[-1].auxiliaries & UNREAL else "held"
    return None


def _score(verb: EncounterVerb, subject: Party, others: Party, status: MeetingStatus) -> float:
    score = 0.93 if "with" in verb.objects or verb.objects == {"direct", "with"} else 0.8
    if not (subject.entities or subject.staff):
        score -= 0.1
    if not (others.entities or others.staff):
        score -= 0.15
    return round(score if status == "held" else score - 0.05, 2)
