"""Several cables in one file: its lines gathered into one piece of text a cable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.errors import InputError
from reftel.read.decoding import MAX_CABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Section:
    """The text of one cable; `name` is the input's, with the line it begins at unless it is `alone`."""

    name: str
    text: str
    alone: bool


def gather(marked: Iterable[tuple[bool, str]], name: str) -> Iterator[Section]:
    """Lines, each with whether a cable begins there, put together.

    Raises InputError at a cable of more than MAX_CABLE characters: what follows it is not read.
    """
    held: list[str] = []
    size, begin, alone = 0, 1, True
    for number, (begins, line) in enumerate(marked, 1):
        if begins and any(map(str.strip, held)):
            alone = False
            yield Section(f"{name} line {begin}", "".join(held), alone)
            held, size, begin = [], 0, number
        held.append(line)
        size += len(line)
        if size > MAX_CABLE:
            where = name if alone else f"{name} line {begin}"
            what = f"one cable of over {MAX_CABLE // 2**20} MB, so it was not read, nor what follows it"
            raise InputError(where, what, "check whether it is a cable, or split it")
    if held:
        yield Section(name if alone else f"{name} line {begin}", "".join(held), alone)
