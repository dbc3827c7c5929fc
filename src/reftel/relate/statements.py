"""Statements: what a cable attributes to a person or an organisation, one for each sentence and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.model import Statement
from reftel.relate.content import addressee_of, content_of, is_quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.model import Voice
    from reftel.relate.attribution import Attribution
    from reftel.relate.scene import Scene


def statements_of(scene: Scene, found: Sequence[Attribution], voice: Voice) -> list[Statement]:
    """One statement for each source of a sentence, by its first cue."""
    made: dict[str, Statement] = {}
    for one in found:
        for source in one.actor.entities:
            if source not in made and scene.cast.types.get(source) in {"PER", "ORG"}:
                made[source] = _statement(scene, one, source, voice)
    return list(made.values())


def _statement(scene: Scene, one: Attribution, source: str, voice: Voice) -> Statement:
    sentence = scene.sentence
    begin, end = content_of(scene, one)
    return Statement(
        unit=sentence.unit,
        start=sentence.start,
        end=sentence.end,
        source=source,
        cue=sentence.written(one.first, one.last),
        cue_start=sentence.spans[one.first][0],
        content_start=begin,
        content_end=end,
        addressee=addressee_of(scene, one),
        quoted=is_quoted(sentence, begin, end),
        denied=one.is_denied,
        voice=voice,
        within=one.within[0] if one.within else None,
        score=round(one.score, 2),
    )
