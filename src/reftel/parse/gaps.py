"""Gaps: the runs of white space and noise between the words of a stretch, and what stands around each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.model import EditKind
    from reftel.parse.noise import Noise

# Four plain searches: each has a literal to look for, which is much faster than one pattern of alternatives.
_GAPS = (
    ("\n", re.compile(r"\n\s*")),
    ("  ", re.compile(r"  +")),
    ("- ", re.compile(r"(?<=[A-Z]-) (?=[A-Z])")),
)
_ODD_BLANKS = re.compile(r"[^\S \n]+")
_LINES_BACK = 400  # no line that matters is longer: rows and fields are short
# A field of the head ("Classified By: ...") longer than this is cut by machine at this column, be it in mid-word.
FIELD_CUT = 71
_FIELD_LINE = re.compile(r"[ \t]*(?:Class?ifi?i?ed|Reasons?|Derived)\b", re.IGNORECASE)
_WORD_REACH = 40
_FIRST_WORD = re.compile(r"[^\W_]+")


class Cluster(NamedTuple):
    """A run of white space and noise, with the kind of the noise in it (None where it is all white space)."""

    start: int
    end: int
    kind: EditKind | None


def find_clusters(text: str, start: int, end: int, noise: Sequence[Noise]) -> Iterator[Cluster]:
    """Maximal runs of white space and noise, with the kind of the noise in them."""
    spans = [Cluster(m.start(), m.end(), None) for m in _ODD_BLANKS.finditer(text, start, end)]
    for sign, pattern in _GAPS:
        if text.find(sign, start, end) >= 0:
            spans += [
                Cluster(m.start() - (m.start() > start and text[m.start() - 1] == " "), m.end(), None)
                for m in pattern.finditer(text, start, end)
            ]
    spans += [Cluster(cut, cut + 1, None) for cut in _field_cuts(text, start, end)]
    for n in noise:
        at, to = max(n.start, start), min(n.end, end)
        if at < to:
            at -= text[at - 1] == " " and at > start
            to += to < end and text[to] == " "
            spans.append(Cluster(at, to, n.kind))
    spans.sort(key=lambda s: s[:2])
    last: Cluster | None = None
    for span in spans:
        if last and span[0] <= last[1]:
            kind = "header" if "header" in {last[2], span[2]} else last[2] or span[2]
            last = Cluster(last[0], max(last[1], span[1]), kind)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _field_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where a blank stands at the column at which a field's line was cut: perhaps in mid-word, the rest put behind."""
    line = start_of_line(text, start)
    cut = line + FIELD_CUT
    if start < cut < end - 1 and text[cut] == " " and _FIELD_LINE.match(text, line) and "\n" not in text[line:cut]:
        yield cut


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of white space and noise `text[at:to]` inside the stretch `text[start:end]`."""

    text: str
    start: int
    at: int
    to: int
    end: int

    @property
    def white(self) -> bool:
        """Whether there is any white space in it; else it is all noise."""
        return any(c.isspace() for c in self.text[self.at : self.to])

    @property
    def breaks(self) -> bool:
        """Whether a line ends in it."""
        return "\n" in self.text[self.at : self.to]

    @property
    def line_start(self) -> int:
        """Where the line before it begins."""
        return start_of_line(self.text, self.at)

    @property
    def column(self) -> int:
        """How many characters stand before it on its line."""
        return self.at - self.line_start

    @property
    def is_cut(self) -> bool:
        """Whether a field's line was cut here."""
        return self.column == FIELD_CUT and bool(_FIELD_LINE.match(self.text, self.line_start))

    @property
    def left(self) -> str:
        """The letters and digits just before it."""
        return last_word(self.text, self.start, self.at)

    @property
    def right(self) -> str:
        """The letters and digits just behind it."""
        match = _FIRST_WORD.match(self.text, self.to, min(self.end, self.to + _WORD_REACH))
        return match[0] if match else ""

    @property
    def next_line(self) -> str:
        """The rest of the line behind it."""
        stop = self.text.find("\n", self.to, min(self.end, self.to + 200))
        return self.text[self.to : stop if stop >= 0 else min(self.end, self.to + 200)]


def start_of_line(text: str, at: int) -> int:
    """Where the line begins, or a point far enough from `at`."""
    low = max(0, at - _LINES_BACK)
    return max(text.rfind("\n", low, at) + 1, low)


def last_word(text: str, start: int, end: int) -> str:
    """The letters and digits that end at `end`."""
    at = end
    while at > start and end - at < _WORD_REACH and text[at - 1].isalnum():
        at -= 1
    return text[at:end]
