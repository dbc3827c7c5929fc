"""The cues of one sentence: who is said to say, think, ask or want something, by which words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.relate.attribution import NAMED, Attribution, word_at
from reftel.relate.lexicon import cue_nouns, cue_triggers, cue_verbs
from reftel.relate.noun_cues import read_noun, read_phrase
from reftel.relate.objects import actor_after
from reftel.relate.subjects import is_verb
from reftel.relate.verb_cues import read_verb

if TYPE_CHECKING:
    from reftel.relate.scene import Scene


def attributions(scene: Scene) -> list[Attribution]:
    """Every cue with a source that has a name, in order; the scene's marks are filled on the way."""
    found: list[Attribution] = []
    sentence = scene.sentence
    triggers = cue_triggers()
    for item, word in enumerate(sentence.words):
        if not (word in triggers or word.endswith("ed")) or (found and item <= found[-1].last):
            continue
        one = _read(scene, item)
        if one and one.actor.entities and one.actor.how in NAMED:
            found.append(_nested(one, found))
    return found


def _nested(one: Attribution, before: list[Attribution]) -> Attribution:
    """An attribution inside what another source says, with that source."""
    outer = [each for each in before if each.depth == 0 and each.shape not in {"noun", "agent"}]
    if one.depth and outer and not set(outer[-1].actor.entities) & set(one.actor.entities):
        return replace(one, within=outer[-1].actor.entities)
    return one


def _read(scene: Scene, item: int) -> Attribution | None:
    sentence = scene.sentence
    word = sentence.words[item]
    if word == "according" and word_at(sentence, item + 1) == "to":
        return _according(scene, item)
    one = read_phrase(scene, item)
    if one:
        return one
    if word in cue_verbs() or is_verb(sentence, item):
        one = read_verb(scene, item)
    if not one and word in cue_nouns():
        one = read_noun(scene, item, cue_nouns()[word])
    return one


def _according(scene: Scene, item: int) -> Attribution | None:
    actor = actor_after(scene, item + 2)
    if not actor or actor.how not in {"name", "office", "title", "pronoun"}:
        return None
    return Attribution(actor, item, item + 1, "say", "according")
