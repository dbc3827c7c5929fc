"""Section labels: the words that open and close a summary, comment, note or quotation inside the prose.

"Summary:", "BEGIN SUMMARY", "Embassy comment:", "End summary.", "BEGIN TEXT", "END TEXT". A label opens a
paragraph's text or is a heading of its own. (The labels of the head, such as "SUBJECT:", are in `labels`.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.model import UnitKind

_I = re.IGNORECASE
# Labels: "Summary:", "BEGIN SUMMARY", "Summary and Comment.", "Embassy comment:", "COMMENT (CONT'D):".
_KINDS: dict[str, UnitKind] = {"summ": "summary", "comm": "comment", "note": "note"}
_WHO = (
    r"(?:(?:EMBASSY|EMB|POST(?:['’]S)?|MISSION|AMBASSADOR['’]S|CONGEN|CONSULATE|EXECUTIVE|BIO|MORE|OUR|FINAL|BRIEF"
    r"|DEPARTMENT|DRAFTER['’]S|EDITOR['’]S|INTRODUCTION[ \t]*(?:AND|&|/))[ \t]*)"
)
_WORD = r"(SUMM|COMM|NOTE)(?:A?R?R?Y|ENTS?|S)?\b"
_MORE = (
    r"(?:[ \t]*(?:AND|&|/|,|-)[ \t]*[\w’']+(?:[ \t]+[\w’']+){0,2}?)?"
    r"(?:[ \t]*[,(]?[ \t]*CON['’]?T(?:['’]?D|INUED)?\.?\)?)?"
)
_LABEL = re.compile(
    rf"(?:BEGIN[ \t]+)?(?:{_WHO}{{1,2}}(?=[^.\n]{{0,60}}[:.])|(?-i:(?:[A-Z][\w’'/]*[ \t]+){{1,2}})(?=COMMENT:))?"
    rf"{_WORD}{_MORE}[ \t]*(?:\([^()\n]{{1,20}}\)[ \t]*)?(?:[:.;](?!\w)|-{{1,2}}(?=\s)|—|(?=\n))[-.: \t]*",
    _I,
)
_LABEL_WITHOUT_STOP = re.compile(r"(?:BEGIN[ \t]+)?(SUMM|COMM)(?:ARY|ENT)[ \t]+(?=[A-Z])")
_LABEL_REACH = 160
_HEADING_LABEL = re.compile(rf"\W*(?:BEGIN[ \t]+)?{_WHO}{{0,2}}{_WORD}(?:[ \t]*(?:AND|&|/|,|[-:–—.(]).*)?\W*\Z", _I)
# An end mark: "End summary.", "(END COMMENT)", "End of note."
END = re.compile(
    r"[(\[]{0,2}\s*\bEND(?:[ \t]+OF)?\s+(?:[\w’'/]{2,12}\s+){0,2}?(?:SUMM|C?O?MMENT|NOTE|INTRO)\w*"
    r"(?:\s*(?:AND|&|/|,)\s*[\w’']+(?:\s+REQUEST\w*)?)?\s*[.!]*\s*[)\]]*[ \t]*\.?",
    _I,
)
_QUOTED = (
    r"(?:(?:[\w/’'-]+[ \t]+){0,2}?(?:TEXT|TALKING[ \t]+POINTS?|POINTS|LETTER|NON-?PAPER|STATEMENT|QUOTE|TRANSLATION"
    r"|TRANSCRIPT|DEMARCHE|MESSAGE|LIST|QUOTATION))"
)
# "BEGIN TEXT:", "(Begin talking points)"; and the end of such a quotation.
QUOTE_BEGINS = re.compile(
    rf"[(/]*BEGIN[ \t]+(?:OF[ \t]+)?{_QUOTED}\b(?:[^:.\n]{{0,80}}(?:\n[^:.\n]{{1,60}})?:"
    rf"|(?-i:[A-Z0-9 ,’'/-]{{0,80}}(?=[ ][A-Z][a-z]))|[^:.\n]{{0,80}}(?:[.)/]+|(?=\n)|\Z))[ \t]*",
    _I,
)
QUOTE_ENDS = re.compile(rf"[(/]*\bEND(?:[ \t]+OF)?\s+{_QUOTED}\b[^.\n]{{0,60}}(?:[.:)/]+|(?=\n)|\Z)[ \t]*", _I)


def label_at(text: str, start: int, end: int) -> tuple[UnitKind, int] | None:
    """The label at `start` ("Summary:", "BEGIN TEXT"), as the kind it stands for and its end."""
    if quote := QUOTE_BEGINS.match(text, start, end):
        return "quotation", quote.end()
    end = min(end, start + _LABEL_REACH)
    match = _LABEL.match(text, start, end) or _LABEL_WITHOUT_STOP.match(text, start, end)
    return (_KINDS[match[1].lower()], match.end()) if match else None


def heading_kind(block: str) -> UnitKind | None:
    """The kind of unit that a heading on one line stands for by its words ("SUMMARY AND COMMENT"); None for others."""
    match = _HEADING_LABEL.match(block)
    return _KINDS[match[1].lower()] if match else None
