"""Repairs: a raw stretch to running text, every change recorded as an edit that can be undone.

The wire broke lines at 69 columns, in mid-word where a field was cut by machine; it lost apostrophes and
quotation marks and sent lines twice. What is mended here is what has one reading; the rest stays as it is.

The way: the gaps between words (`gaps`) are the author's line breaks (`line_breaks`) or become a blank or nothing
(`joints`); characters that stand for others are put right (`apostrophes`); every change becomes an edit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reftel.model import Edit, EditKind
from reftel.parse.apostrophes import find_apostrophes
from reftel.parse.gaps import Gap, find_clusters, start_of_line
from reftel.parse.joints import Words, joint
from reftel.parse.line_breaks import is_meant, is_plain_wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.parse.noise import Noise


@dataclass(frozen=True, slots=True)
class Clean:
    """Running text, and the edits that made it from `raw[raw_start:raw_end]`."""

    text: str
    raw_start: int
    raw_end: int
    edits: tuple[Edit, ...]


class _Change(NamedTuple):
    """A raw span and what it becomes."""

    start: int
    end: int
    kind: EditKind
    after: str


def clean(text: str, start: int, end: int, noise: Sequence[Noise] = (), *, keep_breaks: bool = False) -> Clean:
    """The running text of `text[start:end]`: trimmed, wraps joined, noise dropped, garbles mended.

    `noise` is what `find_noise` gave for the text (sorted; spans elsewhere are ignored). With `keep_breaks` a
    line feed stays where the author meant it: before a bullet, at a blank line, between tabular lines.
    Never fails; `edits` undo to `text[raw_start:raw_end]` exactly.
    """
    inside = _within(noise, start, end)
    start, end = _trimmed(text, start, end, inside)
    if start >= end:
        return Clean("", start, start, ())
    marks = (_Change(at, to, "apostrophe", mark) for at, to, mark in find_apostrophes(text, start, end))
    changes = [*_gap_changes(text, start, end, inside, keep_breaks=keep_breaks), *marks]
    return _applied(text, start, end, changes)


def _within(noise: Sequence[Noise], start: int, end: int) -> Sequence[Noise]:
    """The noise that touches the stretch."""
    first = bisect_right(noise, start, key=lambda n: n.end)
    return noise[first : bisect_left(noise, end, lo=first, key=lambda n: n.start)]


def _trimmed(text: str, start: int, end: int, noise: Sequence[Noise]) -> tuple[int, int]:
    """The stretch without white space and noise at its ends."""
    k = 0
    while start < end:
        if k < len(noise) and noise[k].start <= start:
            start = min(max(start, noise[k].end), end)
            k += 1
        elif text[start].isspace():
            start += 1
        else:
            break
    j = len(noise) - 1
    while end > start:
        if j >= 0 and noise[j].end >= end:
            end = max(min(end, noise[j].start), start)
            j -= 1
        elif text[end - 1].isspace():
            end -= 1
        else:
            break
    return start, end


def _gap_changes(text: str, start: int, end: int, noise: Sequence[Noise], *, keep_breaks: bool) -> Iterator[_Change]:
    """White space and noise between words, each run one change."""
    words = Words(text, start)
    line = start_of_line(text, start) - 1
    for at, to, noise_kind in find_clusters(text, start, end, noise):
        above, line = line, max(line, text.rfind("\n", at, to))
        if noise_kind is None and is_plain_wrap(text, above, at, to):
            yield _Change(at, to, "wrap", " ")
            continue
        gap = Gap(text, start, at, to, end)
        joined: EditKind | None = None
        if not gap.white:
            after = ""
        elif gap.breaks and keep_breaks and is_meant(gap, noise_kind):
            after, joined = "\n", "break"
        else:
            after, joined = joint(gap, words)
        kind = noise_kind or joined
        if kind and after != text[at:to]:
            yield _Change(at - (joined == "hyphen"), to, kind, after)


def _applied(text: str, start: int, end: int, changes: list[_Change]) -> Clean:
    """The stretch with its changes made; of two that overlap the first stands."""
    parts: list[str] = []
    edits: list[Edit] = []
    at, length = start, 0
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if change.start < at:
            continue
        parts += [text[at : change.start], change.after]
        length += change.start - at
        edits.append(Edit(change.kind, length, text[change.start : change.end], change.after))
        length += len(change.after)
        at = change.end
    parts.append(text[at:end])
    return Clean("".join(parts), start, end, tuple(edits))
