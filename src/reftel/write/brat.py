"""brat standoff: a cable's text as one file (.txt), its names as another (.ann) that points into it.

    T1<TAB>PER 52 69<TAB>Mowafaq al-Rubaie
    N1<TAB>Reference T1 entity:e3<TAB>Mowafaq al-Rubaie
    A1<TAB>Protected T1

brat keeps a document's text and its annotations apart, in two files of one name, and its .ann has no comments, so the
text cannot stand in it (source: "brat standoff format", brat.nlplab.org/standoff.html). `to_brat` writes the .ann and
`to_brat_text` the .txt that its offsets count in, in code points from 0, the end exclusive. Each .ann counts its lines
from T1: where several follow each other in one stream they have to be parted before brat can load them.

- T: a mention. One that runs over a line feed is written as its lines, a pair of offsets for each, between semicolons.
  Of two mentions that overlap the longer is written, else the first.
- N: the entity that a mention names, by its id in this cable, with its name.
- A: a mention that the cable marks to be protected.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from reftel.write.masks import mask
from reftel.write.spans import by_unit, without_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.model import Cable, Mention, Unit

_BETWEEN_UNITS = "\n\n"
# What a reader of either file may take for the end of a line or for a column's end, and what no text file should hold.
_BLANK = re.compile("[\t\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def to_brat(cable: Cable, *, masked: bool = True) -> str:
    """The cable's mentions as an .ann file, sorted by their places; empty where the cable has none."""
    cable = mask(cable) if masked else cable
    text = _text(cable.units)
    names = {entity.id: entity.name for entity in cable.entities}
    protected = _protected(cable)
    lines: dict[str, list[str]] = {"T": [], "N": [], "A": []}
    for begin, name in _placed(cable):
        if fragments := [match.span() for match in _LINE.finditer(text, begin + name.start, begin + name.end)]:
            target = _add(lines["T"], "T", f"{name.type} {_offsets(fragments)}\t{_covered(text, fragments)}")
            if name.entity in names:
                _add(lines["N"], "N", f"Reference {target} entity:{name.entity}\t{_one_line(names[name.entity])}")
            if _meets(protected[name.unit], name.start, name.end):
                _add(lines["A"], "A", f"Protected {target}")
    return "".join(line for kind in lines.values() for line in kind)


def to_brat_text(cable: Cable, *, masked: bool = True) -> str:
    """The text that the offsets of `to_brat` count in: the units' texts with a blank line between them.

    Control characters and lone surrogates are replaced one by one, so that it can be written and read as UTF-8
    without an offset moving; tabs and all breaks but line feeds are blanks.
    """
    return _text((mask(cable) if masked else cable).units) + "\n"


def _text(units: Iterable[Unit]) -> str:
    joined = _BETWEEN_UNITS.join(unit.text for unit in units)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _BLANK.sub(" ", joined))


def _placed(cable: Cable) -> Iterator[tuple[int, Mention]]:
    """The mentions that count, in order, each with the place where its unit begins in the text."""
    mentions = by_unit(cable.mentions)
    begin = 0
    for index, unit in enumerate(cable.units):
        for mention in without_overlaps(mentions[index]):
            yield begin, mention
        begin += len(unit.text) + len(_BETWEEN_UNITS)


def _protected(cable: Cable) -> defaultdict[int, list[tuple[int, int]]]:
    """For each unit where its protected spans start, in order, and how far they reach up to there."""
    reaches: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in sorted(cable.protected, key=attrgetter("start")):
        reach = reaches[span.unit]
        reach.append((span.start, max(span.end, reach[-1][1]) if reach else span.end))
    return reaches


def _meets(reaches: list[tuple[int, int]], start: int, end: int) -> bool:
    index = bisect_left(reaches, (end,))
    return index > 0 and reaches[index - 1][1] > start


def _add(lines: list[str], prefix: str, rest: str) -> str:
    """Add a line with the next id of its kind; the id."""
    name = f"{prefix}{len(lines) + 1}"
    lines.append(f"{name}\t{rest}\n")
    return name


def _offsets(fragments: list[tuple[int, int]]) -> str:
    return ";".join(f"{start} {end}" for start, end in fragments)


def _covered(text: str, fragments: list[tuple[int, int]]) -> str:
    return " ".join(text[start:end] for start, end in fragments)


def _one_line(name: str) -> str:
    return " ".join(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", name).split())
