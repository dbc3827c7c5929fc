"""relate: who said what, and who met whom, according to a cable whose names are tagged and resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.relate.cast import cast_of
from reftel.relate.cues import attributions
from reftel.relate.focus import focus_after
from reftel.relate.meetings import meetings_of, merged
from reftel.relate.participants import listed_meetings, with_lists
from reftel.relate.scene import Focus, Scene
from reftel.relate.sentences import sentences
from reftel.relate.statements import statements_of
from reftel.relate.voices import voices

if TYPE_CHECKING:
    from reftel.model import Cable, Meeting, Statement

__all__ = ["relate"]


def relate(cable: Cable) -> Cable:
    """The cable with its statements and meetings; those it had are replaced. Pure, and never raises."""
    found = list(sentences(cable))
    cast = cast_of(cable, found)
    focus = Focus()
    sent = cable.sent.date() if cable.sent else None
    statements: list[Statement] = []
    meetings: list[Meeting] = []
    for order, (sentence, voice) in enumerate(zip(found, voices(cable, found), strict=True)):
        scene = Scene(sentence, order, cast, focus, cable.units[sentence.unit].kind in {"subject", "heading"})
        said = attributions(scene)
        made = statements_of(scene, said, voice)
        statements += made
        if not scene.is_heading:
            meetings += meetings_of(scene, said, sent)
        focus = focus_after(scene, made)
    told = with_lists(listed_meetings(cable, sent), merged(meetings))
    return replace(
        cable,
        statements=tuple(statements),
        meetings=tuple(each for each in told if each.status == "held"),
        meetings_not_held=tuple(each for each in told if each.status != "held"),
    )
