"""Apostrophes: the commas and letters that stand for apostrophes and quotation marks, which the wire lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMA = re.compile(r",(?=[^\W\d_])")
_AFTER_COMMA = re.compile(
    r",(?:(s|S|t|T|re|ll|ve|d|m)(?![^\W_])|(ida|eda|ath|a|aida)\b|([A-ZÀ-Ý][^\W\d_]|[aeiouhé][^\W\d_]))"
)
_BEFORE_COMMA = {
    "s": re.compile(r"(?<![(,\s.][^\W_])(?<=[^\W_])\Z|(?<=[A-Z]\.)\Z"),
    "S": re.compile(r"[A-Z0-9][A-Z0-9.]\Z"),
    "t": re.compile(r"[a-z]n\Z"),
    "T": re.compile(r"[A-Z]N\Z"),
    "d": re.compile(r"(?:[a-z]{2}|\bI)\Z"),
    "m": re.compile(r"\bI\Z"),
    "re": re.compile(r"[a-z]{2}\Z"),
    "ll": re.compile(r"[a-z]{2}\Z|\bI\Z"),
    "ve": re.compile(r"[a-z]{2}\Z|\bI\Z"),
}
_NAME_BEFORE_COMMA = re.compile(r"(?:\b[Qq]a|\b[Qq]u|\bShi|\bBa|\bSana)\Z")
_ELISION = re.compile(r"(?:(?:\A|[^\w.])[dDlL])\Z")
_IRISH = re.compile(r"(?:\A|\W)O\Z")
_Q = re.compile(
    r"(?<=[a-z])Q,?(?=(?:s|t|re|ve|ll|d)(?![^\W_]))|(?<=[a-z]s)Q,(?=\s)"
    r"|(?<![^\W_])Q(?=[A-Za-z][^Q]{1,80}?[a-z][.,!?]?Q(?![^\W_]))"
)
_Q_CLOSES = re.compile(r"(?<=[a-z])[.,!?]?Q(?![^\W_])")
_AMPERSAND = re.compile(r"(?<![^\W_])&(?=[A-Za-z\d][^&]{0,300}?[A-Za-z.,!?]8(?![^\W_]))")
_EIGHT = re.compile(r"(?<=[A-Za-z.,!?])8(?![^\W_])")
_LOST_APOSTROPHE = re.compile(r"(?<=\bO)\?\?\?(?=[A-Z])")


def find_apostrophes(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Where in `text[start:end]` others stand for an apostrophe or quotation mark and for which: (start, end, mark)."""
    for match in _COMMA.finditer(text, start, end):
        if _is_apostrophe(text, match.start(), start, end):
            yield match.start(), match.end(), "'"
    if text.find("???", start, end) >= 0:
        for match in _LOST_APOSTROPHE.finditer(text, start, end):
            yield match.start(), match.end(), "'"
    if text.find("Q", start, end) >= 0:
        yield from _quotes(text, start, end, _Q, _Q_CLOSES)
    if text.find("&", start, end) >= 0:
        yield from _quotes(text, start, end, _AMPERSAND, _EIGHT)


def _is_apostrophe(text: str, at: int, start: int, end: int) -> bool:
    """Whether the comma at `at` stands for an apostrophe: "Serrano,s", "didn,t", "Cote d,Ivoire", "O,Neill"."""
    match = _AFTER_COMMA.match(text, at, min(end, at + 12))
    if not match:
        return False
    before = text[max(start, at - 8) : at]
    if match[1]:
        return bool(_BEFORE_COMMA[match[1]].search(before))
    if match[2]:
        return bool(_NAME_BEFORE_COMMA.search(before))
    return bool(_ELISION.search(before) or (_IRISH.search(before) and match[3][0].isupper()))


def _quotes(
    text: str, start: int, end: int, opens: re.Pattern[str], closes: re.Pattern[str]
) -> Iterator[tuple[int, int, str]]:
    """Characters that stand for quotation marks in pairs, or for an apostrophe where none opens."""
    at = start
    while match := opens.search(text, at, end):
        at = match.end()
        before = text[match.start() - 1 : match.start()] if match.start() > start else " "
        if before.isalpha():
            yield match.start(), match.end(), "'"
            continue
        closing = closes.search(text, at, end)
        yield match.start(), match.end(), '"'
        if closing:
            yield closing.end() - 1, closing.end(), '"'
            at = closing.end()
