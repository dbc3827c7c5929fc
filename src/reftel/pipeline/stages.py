"""The stages of one cable, in their order: parse, tag, resolve, relate."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from reftel.model import Cable, RawCable
from reftel.parse import find_protected, parse
from reftel.relate import relate
from reftel.resolve import resolve
from reftel.tag import Tagger, load_tagger, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def annotate(
    cables: Iterable[Cable | RawCable | str], *, tagger: Tagger | None = None, keep_tags: bool = False
) -> Iterator[Cable]:
    """Cables with names, who they are, meetings and statements, in order; raw cables and texts are parsed first.

    Streamed, some 64 ahead. `keep_tags` leaves the mentions of a cable that came with some (a bracket file) as they
    are. Raises ModelError if no tagger is given and the shipped one is missing or damaged.
    """
    parsed = (cable if isinstance(cable, Cable) else parse(cable) for cable in cables)
    for cable in tag(parsed, tagger=tagger or load_tagger(), keep=keep_tags):
        yield understand(cable)


def understand(cable: Cable) -> Cable:
    """What follows from a cable's mentions: whom it protects, who is who, who met and said what."""
    # Whom a mark protects is told better by the persons tagged than by capitals alone.
    protected = find_protected(cable.units, cable.mentions)
    return relate(resolve(replace(cable, protected=protected)))


def code_version() -> str:
    """What did the stages that have no model: this package, by its version."""
    return f"reftel {version('reftel')}"
