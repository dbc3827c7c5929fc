"""Titles: whether the words of a short line or block can be a heading, by the way they are written.

Only the words count here; what stands around the block is weighed in `headings`.
"""

from __future__ import annotations

import re

from reftel.parse.line_breaks import BULLET
from reftel.parse.portion_marks import entire_text_at, mark_at

_NO_HEADING = re.compile(
    r"[xX]{5,}|https?:|www\.|@|\A[\d/:. ()-]+\Z|\A[(/]*END\b|\AThis (?:is|cable|message)\b|\bcleared\b", re.IGNORECASE
)
_OPEN_END = re.compile(r"\.\.\.\Z|\b[A-Z]\.[A-Z]\.\Z")
_TITLE_WORD = re.compile(r"[^\W\d_][\w’']+")
_SMALL_WORDS = (
    "al an and as at but by de del for from goes has in into is its la le not of off on or over out the to up via with"
)
_SMALL = frozenset(_SMALL_WORDS.split())
# The most characters of a line of a heading.
LONGEST = 95


def can_be_heading(block: str) -> bool:
    """Whether a short block, without its portion mark, is no sentence, item, address or redaction."""
    block = block[mark_at(block, 0, len(block))[1] :].strip() or block
    if sum(c.isalpha() for c in block) < 2 or BULLET.match(block) or _NO_HEADING.search(block) or block[-1] in ",;":
        return False
    if block[0].islower() or entire_text_at(block, 0, len(block)):
        return False
    bare = block.rstrip("\"”’')]")
    is_sentence = bare[-1:] == "." and not _OPEN_END.search(bare) and len(block.split()) > 3
    return not is_sentence and len(block) <= 2 * LONGEST


def is_title(block: str) -> bool:
    """Whether a block is written as a title: in capitals, with capitals, or as a question or exclamation."""
    words = [w for w in _TITLE_WORD.findall(block) if w.lower() not in _SMALL]
    high = sum(w[0].isupper() for w in words)
    is_open = block[-1] != "." or bool(_OPEN_END.search(block))
    return bool(words) and is_open and (5 * high >= 3 * len(words) or block[-1] in "?!")


def joined(text: str, start: int, end: int) -> str:
    """A short stretch on one line."""
    return " ".join(text[start:end].split())
