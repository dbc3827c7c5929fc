"""A cable's text as one string, for formats that have one text a document: the units with a blank line between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.write.spans import by_unit, without_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.model import Cable, Mention

_BETWEEN = "\n\n"


def joined(cable: Cable) -> str:
    """The text of all units."""
    return _BETWEEN.join(unit.text for unit in cable.units)


def placed_units(cable: Cable) -> Iterator[tuple[int, str]]:
    """Each unit's text and the offset where it begins in the joined text."""
    begin = 0
    for unit in cable.units:
        yield begin, unit.text
        begin += len(unit.text) + len(_BETWEEN)


def placed_mentions(cable: Cable) -> Iterator[Mention]:
    """The mentions in order, by offsets of the joined text; of two that overlap the longer, else the first."""
    mentions = by_unit(cable.mentions)
    for index, (begin, _) in enumerate(placed_units(cable)):
        for each in without_overlaps(mentions[index]):
            yield replace(each, start=begin + each.start, end=begin + each.end)
