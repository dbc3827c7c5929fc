"""tag: cables to the names in them. The only room that knows onnxruntime; importing it loads no model."""

from __future__ import annotations

from dataclasses import replace
from itertools import tee
from typing import TYPE_CHECKING

from reftel.model import Cable, Mention
from reftel.tag.model import Span, Tagger, load_tagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Span", "Tagger", "load_tagger", "tag"]


def tag(cables: Iterable[Cable], *, tagger: Tagger, keep: bool = False) -> Iterator[Cable]:
    """Each cable with the mentions that the tagger finds, in order.

    Mentions that a cable has already are replaced, or, with `keep`, left alone.
    """
    plain, again = tee((cable, keep and bool(cable.mentions)) for cable in cables)
    found = tagger.spans_many([] if is_kept else [unit.text for unit in cable.units] for cable, is_kept in plain)
    for (cable, is_kept), spans in zip(again, found, strict=True):
        yield cable if is_kept else replace(cable, mentions=_mentions(cable, spans, tagger.version))


def _mentions(cable: Cable, spans: Sequence[Sequence[Span]], origin: str) -> tuple[Mention, ...]:
    """The spans of each unit as mentions of the cable."""
    return tuple(
        Mention(
            index, span.start, span.end, span.type, unit.text[span.start : span.end], score=span.score, origin=origin
        )
        for index, (unit, found) in enumerate(zip(cable.units, spans, strict=True))
        for span in found
    )
