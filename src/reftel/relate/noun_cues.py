"""Nouns and set phrases that attribute: "Rubio's view", "a question from Rubio", "was worried"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.actors import actor_before, name_before
from reftel.relate.attribution import UNREAL, Attribution, word_at
from reftel.relate.lexicon import Cue, cue_phrases, function_words, words
from reftel.relate.objects import actor_after
from reftel.relate.phrases import POSSESSIVES
from reftel.relate.pronouns import pronoun
from reftel.relate.scene import Actor
from reftel.relate.subjects import cluster_before, direct_subject, note_mark, shared_subject
from reftel.relate.verb_cues import subject_of

if TYPE_CHECKING:
    from reftel.relate.lexicon import Phrase
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence

_LINKING = frozenset({"remains", "remained", "appeared", "seemed", "sounded", "seems", "appears", "remain"})
_OBJECTS = frozenset({"that", "to", "for", "on", "of", "about"})


def read_phrase(scene: Scene, item: int) -> Attribution | None:
    for phrase in cue_phrases().get(scene.sentence.words[item], ()):
        last = item + len(phrase.words) - 1
        if scene.sentence.words[item : last + 1] == phrase.words and _fits(scene.sentence, last, phrase):
            one = _be_phrase(scene, item, last, phrase) if phrase.after_be else _act_phrase(scene, item, last, phrase)
            if one:
                return one
    return None


def _fits(sentence: Sentence, last: int, phrase: Phrase) -> bool:
    return not phrase.needs or word_at(sentence, last + 1) in phrase.needs


def _be_phrase(scene: Scene, item: int, last: int, phrase: Phrase) -> Attribution | None:
    sentence = scene.sentence
    verb = item
    cluster = cluster_before(sentence, item)
    if not cluster.is_passive and word_at(sentence, cluster.first - 1) in _LINKING:
        verb = cluster.first - 1
        cluster = cluster_before(sentence, verb)
    elif not cluster.is_passive:
        return None
    actor = direct_subject(scene, cluster.first)
    if not actor:
        is_joined = word_at(sentence, cluster.first - 1) in words("coordinator")
        actor = shared_subject(scene, verb, has_auxiliary=True, main=False) if is_joined else None
    is_condition = actor is not None and actor.first > 0 and word_at(sentence, actor.first - 1) in {"if", "unless"}
    if not actor or is_condition or cluster.auxiliaries & UNREAL:
        return None
    depth = note_mark(scene, actor, verb, cluster, is_cue=True).depth
    is_denied = cluster.is_negated or phrase.kind == "deny"
    return Attribution(actor, item, last, phrase.kind, "phrase", is_denied, depth)


def _act_phrase(scene: Scene, item: int, last: int, phrase: Phrase) -> Attribution | None:
    cluster = cluster_before(scene.sentence, item)
    actor, shape = subject_of(scene, item, cluster, Cue(phrase.kind, "past", frozenset()))
    if not actor or cluster.auxiliaries & UNREAL or cluster.is_passive:
        return None
    depth = note_mark(scene, actor, last, cluster, is_cue=True).depth if shape == "subject" else 0
    is_denied = cluster.is_negated or phrase.kind == "deny"
    return Attribution(actor, item, last, phrase.kind, "phrase", is_denied, depth)


def read_noun(scene: Scene, item: int, cue: Cue) -> Attribution | None:
    sentence = scene.sentence
    after = word_at(sentence, item + 1)
    if after in {"by", "from"} or (after in {"at", "within"} and cue.kind == "think"):
        actor = actor_after(scene, item + 2)
        if actor and actor.how in {"name", "office"}:
            return Attribution(actor, item, item, cue.kind, "noun", depth=_noun_depth(scene))
    if cue.needs and after not in cue.needs:
        return None
    actor = _possessor(scene, item)
    if not actor:
        return None
    return Attribution(actor, item, item, cue.kind, "noun", depth=_noun_depth(scene))


def _noun_depth(scene: Scene) -> int:
    return int(any(mark.is_cue for mark in scene.marks))


def _possessor(scene: Scene, item: int) -> Actor | None:
    """Whose the noun is: "Rubio's firm view", "his view", "the GOI position"."""
    sentence = scene.sentence
    at = item - 1
    while at >= 0 and item - at <= 4 and sentence.words[at] not in POSSESSIVES and not sentence.names[at]:
        word = sentence.words[at]
        if word in {"his", "her", "their", "its", "my"}:
            return pronoun(scene, at)
        if not word[:1].isalpha() or (word in function_words() and word not in words("adverb")):
            return None
        at -= 1
    if at < 1 or item - at > 4:
        return None
    if sentence.words[at] in POSSESSIVES:
        return name_before(scene, at - 1) or actor_before(scene, at - 1)
    name = sentence.names[at]
    if name and name.type == "ORG" and name.entity and at == item - 1 and word_at(sentence, item + 1) in _OBJECTS:
        return Actor(at, at, (name.entity,), "office")
    return None
