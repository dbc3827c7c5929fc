"""Whom a pronoun means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.lexicon import words
from reftel.relate.scene import Actor

if TYPE_CHECKING:
    from reftel.relate.scene import Scene


def pronoun(scene: Scene, item: int) -> Actor:
    """Whom a pronoun means."""
    word = scene.sentence.words[item]
    if word in words("staff pronoun"):
        return Actor(item, item, (), "staff", ("we",))
    return Actor(item, item, _meant(scene, word, item), "pronoun")


def _meant(scene: Scene, word: str, item: int) -> tuple[str, ...]:
    if word == "him" and _object_meant(scene, item):
        return _one(_object_meant(scene, item))
    if word in {"he", "him", "his", "himself"}:
        return _one(_person_meant(scene, "m", item))
    if word in {"she", "her", "herself"}:
        return _one(_person_meant(scene, "f", item))
    if word in {"they", "them", "their"}:
        return _several_meant(scene)
    if word in {"i", "my", "me"}:
        return _one(_speaker(scene))
    return _organisation_meant(scene)


def _one(entity: str | None) -> tuple[str, ...]:
    return (entity,) if entity else ()


def _several_meant(scene: Scene) -> tuple[str, ...]:
    """The last subject of the sentence that is several or a body; nobody where several without a name come between."""
    for mark in reversed(scene.marks):
        if len(mark.actor.entities) > 1 or any(not scene.cast.is_person(each) for each in mark.actor.entities):
            return mark.actor.entities
        if mark.actor.how in {"person", "other"}:
            return ()
    return scene.focus.they


def _person_meant(scene: Scene, sex: str, item: int) -> str | None:
    """The last subject in the sentence, else whom the text was about, else the last person named in the sentence."""
    cast = scene.cast
    for mark in reversed(scene.marks):
        if mark.is_relative:
            continue
        is_somebody = mark.actor.how == "other" and not scene.sentence.names[mark.actor.last]
        if mark.is_cue and (is_somebody or mark.actor.how in {"office", "person"}):
            return mark.actor.entities[0] if mark.actor.entities else None
        persons = [each for each in mark.actor.entities if cast.is_person(each)]
        if len(persons) == 1 and cast.sexes.get(persons[0], sex) == sex:
            return persons[0]
    known = scene.focus.he if sex == "m" else scene.focus.she
    near = _last_named(scene, sex, item)
    is_surer = near is not None and near in cast.sexes and known is not None and known not in cast.sexes
    return near if is_surer or not known else known


def _object_meant(scene: Scene, item: int) -> str | None:
    """The last person named before "him" who is not the subject of the verb before it."""
    subjects = scene.marks[-1].actor.entities if scene.marks else ()
    for name in reversed(scene.sentence.names[:item]):
        is_person = name is not None and name.type == "PER" and name.entity not in subjects
        if name and is_person and name.entity and scene.cast.sexes.get(name.entity, "m") == "m":
            return name.entity
    return None


def _last_named(scene: Scene, sex: str, item: int) -> str | None:
    """The last person named before `item` in the sentence who may be of that sex."""
    cast = scene.cast
    for name in reversed(scene.sentence.names[:item]):
        if name and name.type == "PER" and name.entity and cast.sexes.get(name.entity, sex) == sex:
            return name.entity
    return None


def _speaker(scene: Scene) -> str | None:
    if scene.sentence.in_quotes:
        return scene.focus.speaker
    cues = [mark.actor.entities for mark in scene.marks if mark.is_cue and len(mark.actor.entities) == 1]
    return cues[0][0] if cues else None


def _organisation_meant(scene: Scene) -> tuple[str, ...]:
    for mark in reversed(scene.marks):
        if len(mark.actor.entities) == 1 and scene.cast.types.get(mark.actor.entities[0]) == "ORG":
            return mark.actor.entities
    return ()
