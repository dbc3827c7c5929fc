"""The raw cables of all sources, one after another; what cannot be read is an error among them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from reftel.read import find_inputs, read_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.errors import InputError
    from reftel.model import RawCable


@dataclass(frozen=True, slots=True)
class Found:
    """A raw cable, the file it stands in, and the stem of its input's name where it is alone in it."""

    raw: RawCable
    path: str
    stem: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, and the file to read again."""

    error: InputError
    path: str


def read_all(sources: Iterable[str]) -> Iterator[Found | Unread]:
    """The raw cables of all sources, and an error for each input that holds none, in the order they are met."""
    failed: deque[InputError] = deque()
    for source in sources:
        for each in find_inputs(source, on_error=failed.append):
            path, _, member = each.name.partition("!")
            stem = PurePosixPath(member.rpartition("!")[2] or path).stem
            for raw, is_alone in _cables_in(read_input(each, on_error=failed.append)):
                yield from _drained(failed, path)
                yield Found(raw, path, stem if is_alone else None)
            yield from _drained(failed, path)
        yield from _drained(failed, source)


def _drained(failed: deque[InputError], path: str) -> Iterator[Unread]:
    while failed:
        yield Unread(failed.popleft(), path)


def _cables_in(raws: Iterator[RawCable]) -> Iterator[tuple[RawCable, bool]]:
    """The cables of one input, each with whether it is alone in it."""
    first = list(islice(raws, 2))
    yield from ((raw, len(first) == 1) for raw in first)
    yield from ((raw, False) for raw in raws)
