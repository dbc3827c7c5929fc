"""Line breaks: which of them the author meant (a new item, a new block, a row of a table), which are plain wraps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.parse.gaps import FIELD_CUT, Gap, start_of_line

if TYPE_CHECKING:
    from reftel.model import EditKind

# A bullet, a lettered or numbered item, a speaker's mark of an interview: the author's own line.
BULLET = re.compile(
    r"(?:- {0,3})?--?(?![-\d])[ \t]*(?=[^\s-])|[*•·+>][ \t]*(?=[^\s*])|o[ \t]{1,4}(?=[A-Z])"
    r"|\(?(?:[a-zA-Z]|\d{1,2}|[ivx]{2,4})\)(?:[ \t]+(?=\S)|(?=[A-Z(]))|[A-Za-z]\.[ \t]+(?=[A-Z(])|[QA]:[ \t]"
)
_PLAIN_WRAP = re.compile(r" ?\n(?=[A-Za-z]{4})")
_PLAIN_END = re.compile(r"[^\W\d_]{3}|.[\w)\"][,.]")
_COLUMNS = re.compile(r"[^\s.:?!)] {3,}(?=\S)|\S\t+(?=\S)")
_HALF_LINE, _SHORT_LINE, _FULL_PAGE = 40, 50, 100
_NO_BLANK_BEFORE = frozenset(").,;:?!")
_STOPS = frozenset('.:;!?)"”')
_NUMBERED_ITEM = re.compile(r"¶?\d{1,2}\.[ \t]+(?=[A-Z(\"“])")


def is_meant(gap: Gap, noise: EditKind | None) -> bool:
    """Whether a line break is the author's: a new item, a new block, a row of a table."""
    text, after = gap.text, gap.text[gap.to]
    if BULLET.match(text, gap.to, gap.end):
        return _opens_item(gap)
    if noise in {"page-line", "header", "caption", "garble"} or after in _NO_BLANK_BEFORE or _runs_on(gap):
        return False
    if noise == "rule" or text.count("\n", gap.at, gap.to) > 1:
        return True
    if _NUMBERED_ITEM.match(text, gap.to, gap.end) or gap.column > _FULL_PAGE:
        return text[gap.at - 1] in _STOPS
    return _is_row(gap)


def _opens_item(gap: Gap) -> bool:
    """Whether what looks like a bullet is one: not "A)" after "(ref", nor what follows a dash."""
    text = gap.text
    line = text[max(gap.start, gap.at - 80) : gap.at]
    if text[gap.to] not in "(-*" and line.rfind("(") > line.rfind(")"):
        return False
    return text[gap.at - 1] != "-" or text[gap.at - 2 : gap.at] == "--"


def _runs_on(gap: Gap) -> bool:
    """Whether the sentence goes on behind the gap, even over a blank line."""
    is_blank = gap.text.count("\n", gap.at, gap.to) > 1
    before, word = gap.text[gap.at - 1], gap.left
    if gap.text[gap.to].islower():
        return not (is_blank and before in _STOPS)
    return is_blank and gap.column > _HALF_LINE and len(word) < 6 and word.isalpha() and word.islower()


def _is_row(gap: Gap) -> bool:
    """Whether the lines on both sides are rows: columns, or short lines that end before the margin."""
    text, line = gap.text, gap.text[max(gap.line_start, gap.at - 200) : gap.at]
    following = gap.next_line
    if _has_columns(line) or _has_columns(following):
        return True
    needed = len(line) + 1 + len(following.split(" ", 1)[0])
    above = gap.line_start - 1 - start_of_line(text, max(0, gap.line_start - 1))
    has_room = needed <= _SHORT_LINE - 6 or needed <= min(_SHORT_LINE, max(above, len(following.rstrip()))) - 4
    closes = line[-1:] in _STOPS or len(following.rstrip()) <= _SHORT_LINE - 6
    return has_room and closes


def _has_columns(line: str) -> bool:
    """Whether a line is a row of a table; a single wide gap in a full line is none."""
    gaps = len(_COLUMNS.findall(line))
    return gaps > 1 or (gaps == 1 and len(line.strip()) <= _SHORT_LINE)


def is_plain_wrap(text: str, line: int, at: int, to: int) -> bool:
    """Whether this is the common case, told at a glance: one line feed in running prose, a longer word behind it."""
    column = at - line - 1
    if not _SHORT_LINE < column < _FULL_PAGE or column == FIELD_CUT:
        return False
    match = _PLAIN_WRAP.match(text, at, to + 4)
    return (
        bool(match and match.end() == to and _PLAIN_END.match(text, at - 3, at))
        and text.find("   ", line + 1, to + 70) < 0
    )
