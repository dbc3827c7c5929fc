"""Portion marks: the classification in brackets before a paragraph or heading, "(S/NF)", "[C]", "(C - ENTIRE TEXT)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel.parse.marking import parse_marking

if TYPE_CHECKING:
    from reftel.model import Marking

_I = re.IGNORECASE
# Portion marks, whole or with half their brackets: "(S/NF)", "[C]", "C) Text".
MARK = re.compile(
    r"\(([^()]{1,120})\)|\[([^\[\]\n]{1,20})\]|(?:TS|[SCU]|SBU|LOU)(?:/{1,2}[A-Z]{1,6})?\)(?=[ \t]*[A-Z])"
)
_MARK_WORD = re.compile(
    r"[(\[]?\s*(?:TOP SECRET|TS|SBU|LOU|FOUO|SECRET|CONFIDENTIAL|UNCLAS\w*|LIMITED|[SCUN]\b|/\s*REL)", _I
)
_AFTER_MARK = re.compile(r"[ \t]*[:.](?=\s)")
_REFERENCE = re.compile(r"[ \t]*(?:\d{2}[ \t]+)?[A-Z][A-Z .]{2,24}[ \t]+\d{1,6}[ \t;,]*(?=\n|\Z)")
_ENTIRE_TEXT = re.compile(
    r"[(\[]?[ \t]*((?:TOP SECRET|SECRET|CONFIDENTIAL|SENSITIVE BUT UNCLASSIFIED|UNCLASSIFIED|LIMITED OFFICIAL USE"
    r"|LOU|SBU|TS|[SCU])(?:/[A-Z]+)?)[ \t]*(?:[-–—]{0,2}|:)[ \t]*"
    r"(?:THIS |THE )?ENTIRE[ \t]+(?:TEXT|MESSAGE|CABLE|TELEGRAM)[ \t]*\.?[ \t]*[)\]]?[ \t]*\.?",
    _I,
)
_SBU = re.compile("SENSITIVE BUT UNCLASSIFIED", _I)


def mark_at(text: str, start: int, end: int) -> tuple[Marking | None, int]:
    """The portion mark at `start` and where it ends, None and `start` where none is; "(C) OSLO 123" is a reference."""
    if not _MARK_WORD.match(text, start, min(end, start + 24)) or _ENTIRE_TEXT.match(text, start, end):
        return None, start
    match = MARK.match(text, start, end)
    marking = _mark(match[0]) if match else None
    if not match or not marking or _REFERENCE.match(text, match.end(), end):
        return None, start
    stop = _AFTER_MARK.match(text, match.end(), end)
    return marking, stop.end() if stop else match.end()


@lru_cache(maxsize=512)
def _mark(written: str) -> Marking | None:
    return parse_marking(" ".join(written.split()))


def entire_text_at(text: str, start: int, end: int) -> tuple[Marking | None, int] | None:
    """The mark at `start` that counts for the entire text ("(C - ENTIRE TEXT)") and where it ends; None for none."""
    match = _ENTIRE_TEXT.match(text, start, end)
    return (parse_marking(_SBU.sub("SBU", match[1])), match.end()) if match else None
