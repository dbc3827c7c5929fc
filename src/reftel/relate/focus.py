"""Whom the text is about from one sentence to the next, so that "he" can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.scene import Focus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.model import Statement
    from reftel.relate.scene import Scene


def focus_after(scene: Scene, statements: Sequence[Statement]) -> Focus:
    """The focus for the next sentence: the sentence's own subject, else its source, else its only person."""
    old, cast = scene.focus, scene.cast
    main = _main(scene, statements)
    if _is_about_somebody_else(scene):
        return Focus(partner=None, they=(), speaker=None)
    persons = [each for each in main if cast.is_person(each)]
    person = persons[0] if len(persons) == 1 else None
    sex = cast.sexes.get(person or "", "")
    return Focus(
        he=person if person and sex != "f" else old.he,
        she=person if person and sex != "m" else old.she,
        they=main if len(main) > 1 or (main and not persons) else old.they,
        partner=_partner(scene, statements, person),
        speaker=statements[0].source if statements else old.speaker,
    )


def _is_about_somebody_else(scene: Scene) -> bool:
    """Whether the sentence tells first of all what somebody without a name says."""
    top = [mark for mark in scene.marks if mark.depth == 0]
    if not top:
        return False
    actor = top[0].actor
    is_introduced = actor.how == "other" and top[0].is_cue and scene.sentence.words[actor.first] in {"a", "an"}
    return actor.how == "person" or is_introduced


def _main(scene: Scene, statements: Sequence[Statement]) -> tuple[str, ...]:
    top = [mark for mark in scene.marks if mark.depth == 0 and mark.actor.entities]
    for mark in top:
        if mark.is_cue:
            return mark.actor.entities
    if statements and not statements[0].within:
        return (statements[0].source,)
    if top:
        return top[0].actor.entities
    if scene.focus.he or scene.focus.she:
        return ()
    named = {name.entity for name in scene.sentence.names if name and name.type == "PER" and name.entity}
    return (next(iter(named)),) if len(named) == 1 else ()


def _partner(scene: Scene, statements: Sequence[Statement], person: str | None) -> str | None:
    """Whom the main subject spoke to, if it was one person."""
    for each in statements:
        if each.source == person and each.addressee and scene.cast.is_person(each.addressee):
            return each.addressee
    return None
