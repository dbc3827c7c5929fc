"""Paragraphs: what is written over and beside one - its title, its portion mark, its id - the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from reftel.model import Marking, Unit

_IN_THE_CARD = frozenset({"subject", "classified_by"})
_WITH_A_TITLE = frozenset({"summary", "comment", "note"})
RULE = " -=_*‐"  # what headings are underlined with
_LETTERS = {"UNCLASSIFIED": "U", "LIMITED OFFICIAL USE": "LOU", "CONFIDENTIAL": "C", "SECRET": "S", "TOP SECRET": "TS"}
_SHORT = {"NOFORN": "NF"}


def titled(units: Iterable[Unit]) -> Iterator[tuple[int, Unit, str]]:
    """The units below the card, each with its index and what is to stand over it: nothing, or its title.

    That is a new heading, else what a new kind of paragraph is, unless the heading right before it says that.
    """
    heading: str | None = None
    kind = said = ""
    for index, unit in enumerate(units):
        if unit.kind not in _IN_THE_CARD:
            is_heading = unit.kind == "heading"
            before, heading = heading, unit.heading or (unit.text if is_heading else None)
            named = unit.kind in _WITH_A_TITLE and unit.kind != kind and unit.kind not in said
            kind, said = unit.kind, (heading or "").lower() if is_heading else ""
            yield index, unit, heading if heading and heading != before else kind.capitalize() if named else ""


def portion_mark(marking: Marking | None, *, in_full: bool = False) -> str:
    """A portion mark as it is written, "(S/NF)", or with its captions in full, "(S/NOFORN)"; empty for none."""
    if marking is None:
        return ""
    letters = [_LETTERS[marking.classification]] if marking.classification and "SBU" not in marking.captions else []
    captions = marking.captions if in_full else [_SHORT.get(caption, caption) for caption in marking.captions]
    return f"({'/'.join([*letters, *captions])})"


def paragraph_id(number: int, used: Counter[str]) -> str:
    """`par3` for paragraph 3, `par3-2` for the second with that number; `used` counts them in a cable."""
    name = f"par{number}"
    used[name] += 1
    return name if used[name] == 1 else f"{name}-{used[name]}"
