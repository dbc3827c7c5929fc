"""Headings: which rows are headings rather than prose.

Headings are underlined, stand between rules or slashes, or are known only by standing alone.
"""

from __future__ import annotations

import re

from reftel.parse.line_breaks import BULLET
from reftel.parse.paragraph_numbers import NUMBER
from reftel.parse.portion_marks import MARK, mark_at
from reftel.parse.rows import Row, closes, starts_paragraph
from reftel.parse.section_labels import QUOTE_BEGINS, heading_kind
from reftel.parse.titles import LONGEST, can_be_heading, is_title, joined

_I = re.IGNORECASE
_SLASHED = re.compile(r"/{2,}[ \t]*\S")
_BETWEEN_DASHES = re.compile(r"([-*=]{2,4})[ \t]*[A-Z][^*=\n]{2,70}?[ \t]*\1\Z")
_SECTION_NAME = re.compile(r"(?:introduction|background|overview|action requests?|key points|objectives?)\b", _I)
_ONLY_END = re.compile(r"\bEND(?: OF)?\Z", _I)
_ENDS_SENTENCE = re.compile(r"[.!?][”\")]*\Z")
_REDACTED = re.compile(r"[xX]{5,}")
_MOST_ROWS, _SHORT_TITLE = 3, 60


def is_numbered_heading(text: str, rows: list[Row], k: int, start: int) -> bool:
    """Whether the number in front of row `k`, whose text begins at `start`, stands before an underlined heading."""
    row = rows[k]
    if not row.ruled_below or k + 1 == len(rows) or starts_paragraph(text, rows[k + 1]):
        return False
    return can_be_heading(text[mark_at(text, start, row.end)[1] : row.end].strip())


def heading_end(text: str, rows: list[Row], k: int, *, after_heading: bool, is_numbered: bool) -> int:
    """Where the heading that begins with row `k` ends, in rows; `k` where there is none.

    `after_heading`: nothing, or another heading, stands before; `is_numbered`: a paragraph had a number before.
    """
    row = rows[k]
    opens = after_heading or row.apart or row.paged or row.ruled_above
    if not (opens or row.ruled_below or text[row.start] == "/"):
        return k
    if _SLASHED.match(text, row.start, row.end):
        return next((j + 1 for j in range(k, min(k + 3, len(rows))) if text.endswith("//", 0, rows[j].end)), k)
    if opens and _BETWEEN_DASHES.match(text, row.start, row.end):
        return k + 1
    stop = _block_end(text, rows, k)
    if stop == k or _is_running_text(text, rows, k, stop):
        return k
    block = joined(text, row.start, rows[stop - 1].end)
    above = None if after_heading else rows[k - 1]
    if rows[stop - 1].ruled_below:
        is_one = _is_ruled_heading(block, opens=opens, glued=stop == k + 1 and bool(above and closes(text, above)))
    else:
        is_one = opens and stop < len(rows) and can_be_heading(block)
        is_one = is_one and _is_bare_heading(text, rows[k : stop + 1], above, block, is_numbered=is_numbered)
    return stop if is_one else k


def _is_ruled_heading(block: str, *, opens: bool, glued: bool) -> bool:
    """Whether a short block with a rule below is a heading: between blank line and rule also one in lower case."""
    shown = _REDACTED.sub("X", block[:1].upper() + block[1:] if opens else block)
    return (opens or glued) and can_be_heading(shown)


def _block_end(text: str, rows: list[Row], k: int) -> int:
    """The end of the short block that begins with row `k`: a rule, blank line or paragraph; `k` where it is long."""
    for j in range(k, min(k + _MOST_ROWS, len(rows))):
        if len(rows[j]) > LONGEST:
            return k
        following = rows[j + 1] if j + 1 < len(rows) else None
        if rows[j].ruled_below or following is None:
            return j + 1
        if following.apart or following.ruled_above or following.paged or starts_paragraph(text, following):
            return j + 1
    return k


def _is_running_text(text: str, rows: list[Row], k: int, stop: int) -> bool:
    """Whether a sentence ends within the block of rows `k` to `stop`, or one goes on below it."""
    if any(_ENDS_SENTENCE.search(text, max(row.start, row.end - 4), row.end) for row in rows[k : stop - 1]):
        return True
    return stop < len(rows) and text[rows[stop].start].islower() and not _REDACTED.match(text, rows[stop].start)


def _is_bare_heading(text: str, rows: list[Row], above: Row | None, block: str, *, is_numbered: bool) -> bool:
    """Whether a short block without a rule below it (all of `rows` but the last) is a heading: a label or a title."""
    following = rows[-1]
    if len(rows) > 3 or QUOTE_BEGINS.match(block):
        return False
    if len(rows) == 2 and heading_kind(block):
        return not (above and _ONLY_END.search(text, max(above.start, above.end - 8), above.end))
    is_first = above is None and not is_numbered
    is_alone = len(rows) == 2 and rows[0].apart and following.apart and len(block) < _SHORT_TITLE
    is_plain_title = is_alone and is_numbered and (block[-1].isalnum() or block[-1] == ":")
    if (is_first and not _opens_prose(text, block, following)) or (above and _is_list_row(text, above)):
        return False
    if not (is_title(block) or is_plain_title):
        return False
    if starts_paragraph(text, following):
        return not BULLET.match(text, following.start, following.end)
    return not is_numbered and len(following) > 50 and block.isupper() and " " in block


def _opens_prose(text: str, block: str, following: Row) -> bool:
    """Whether the first line of the prose is a heading; an instruction in capitals above paragraph 1 is none."""
    if _SECTION_NAME.match(block) or MARK.match(text, following.start):
        return True
    return bool(NUMBER.match(text, following.start)) and not block.isupper()


def _is_list_row(text: str, row: Row) -> bool:
    """Whether a row looks like one of a list of names or titles, so that the next may be another."""
    is_redacted = _REDACTED.match(text, row.start, row.end)
    return len(row) < 60 and not is_redacted and not closes(text, row) and not row.ruled_below
