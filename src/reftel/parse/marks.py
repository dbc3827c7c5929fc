"""Marks inside the text that a reader must honour: redactions, and names to be protected.

The publishers of 2010-11 wrote twelve x's, or a note in square brackets, for what they took out. Posts wrote
"(strictly protect)" and its kin after the name of a source who must not be named in public.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.model import Mention, Span, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REDACTION = re.compile(
    r"x{5,}|\[(?:source|details?|names?|text|position|title)s? [^\[\]]{0,30}?(?:removed|redacted|withheld|deleted)\]"
    r"|\[(?:redacted|removed|x{3,})\]",
    re.IGNORECASE,
)
_PROTECT = re.compile(
    r"[(\[](?:please |strictly |kindly |source |identity |must be |to be )*protect(?:ed|ion)?"
    r"(?: [\w/,' -]{0,40})?[)\]]",
    re.IGNORECASE,
)
_PARTICLE = r"(?:al|el|bin|bint|ibn|de|del|della|da|dos|di|la|van|von|der|den|ben|abu|y)"
_WORD = r"(?:[A-Z]\.|[^\W\d_a-z][\w'’-]*)"
# The name just before the mark: up to five capitalised words with particles between, perhaps a comma.
_NAME_BEFORE = re.compile(rf"(?:{_WORD} +(?:{_PARTICLE}[ -])*){{0,4}}(?:{_PARTICLE}[ -])?{_WORD}(?=[,;:]? *$)")
_POSSESSIVE = re.compile(r"['’]s\Z")
_BEFORE_NAME = re.compile(r"\A(?:(?:At|But|And|In|On|By|For|From|To|With|When|While|The|His|Her|Our|A|An|As|After) +)+")
_SENTENCE_END = re.compile(r"[a-z\d][.?!][\"”’)]* +(?=[A-Z])")
_REACH = 160


def find_redactions(units: Iterable[Unit]) -> tuple[Span, ...]:
    """Every stretch that the publisher took out, in order; two of them are never the same person."""
    return tuple(
        Span(index, match.start(), match.end())
        for index, unit in enumerate(units)
        for match in _REDACTION.finditer(unit.text)
    )


def find_protected(units: Iterable[Unit], mentions: Iterable[Mention] = ()) -> tuple[Span, ...]:
    """Every place of a name that the cable marks to be protected: where it is marked and wherever it recurs.

    With the persons among `mentions` it is the one named last before the mark in its sentence, else the capitalised
    words before the mark. Another person of the same surname in the same cable is covered as well: too much is hidden
    rather than too little.
    """
    units = tuple(units)
    mentions = tuple(mentions)
    names = {name for index, unit in enumerate(units) for name in _marked_names(index, unit.text, mentions)}
    words = names | {surname for name in names if len(surname := name.split()[-1]) > 2}
    if not words:
        return ()
    again = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\b")
    return tuple(
        Span(index, match.start(), match.end())
        for index, unit in enumerate(units)
        for match in again.finditer(unit.text)
    )


def _marked_names(index: int, text: str, mentions: tuple[Mention, ...]) -> Iterator[str]:
    """The names that marks in a unit's text follow."""
    for mark in _PROTECT.finditer(text):
        start = max(0, mark.start() - _REACH)
        for end in _SENTENCE_END.finditer(text, start, mark.start()):
            start = end.end()
        near = [m for m in mentions if m.unit == index and start <= m.start and m.end <= mark.start()]
        persons = [m.text for m in near if m.type == "PER"]
        name = persons[-1] if persons else _last_name(text[start : mark.start()])
        if name and not any(m.text == name for m in near if m.type != "PER"):
            yield name


def _last_name(before: str) -> str | None:
    """The capitalised words that end `before`."""
    last = None
    for match in _NAME_BEFORE.finditer(before):
        last = match[0]
    if not last or re.search("[xX]{4}", last):
        return None
    return _BEFORE_NAME.sub("", _POSSESSIVE.sub("", last.strip(" ,"))) or None
