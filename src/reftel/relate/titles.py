"""The title before a name: where it begins, and its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.relate.lexicon import function_words, person_words, title_forms

if TYPE_CHECKING:
    from reftel.relate.sentences import Sentence

_WORD = re.compile(r"[^\W\d_][\w'’.&/-]*")
_JOINTS = frozenset({"of", "for", "and", "the", "to", "&", "-", "/", "on"})
_POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
_LONGEST_TITLE = 14


def title_words(written: str) -> frozenset[str]:
    """The words of a title in small letters, the usual abbreviations written out."""
    found = [match.group().lower() for match in _WORD.finditer(written[:300])]
    return frozenset(part for word in found for part in title_forms().get(word, word.removesuffix("'s")).split(" "))


def title_start(sentence: Sentence, item: int) -> int:
    """The first item of the title before a name: "Deputy Minister for Defense Affairs Rubio" begins at "Deputy"."""
    at = item
    while at > 0 and item - at < _LONGEST_TITLE:
        step = _title_step(sentence, at)
        if not step:
            break
        at -= step
    return _without_places(sentence, at, item)


def _without_places(sentence: Sentence, first: int, item: int) -> int:
    """The title's start where only names stand before the name: "in Kabul Brown" has no title."""
    return first if any(sentence.words[each][:1].isalpha() for each in range(first, item)) else item


def _title_step(sentence: Sentence, at: int) -> int:
    """How many items before `at` belong to the title that ends there."""
    word, name = sentence.words[at - 1], sentence.names[at - 1]
    if name:
        return 1 if name.type != "PER" else 0
    if word in _POSSESSIVES and at > 1 and sentence.names[at - 2]:
        return 2 if sentence.names[at - 2].type != "PER" else 0  # type: ignore[union-attr]
    if _is_title_word(sentence, at - 1):
        return 1
    if word in _JOINTS and at > 1 and _reaches_title(sentence, at - 2):
        return 1
    return 0


def _is_title_word(sentence: Sentence, item: int) -> bool:
    word = sentence.words[item]
    if word in person_words("title") or word in person_words("official") or word in title_forms():
        return True
    return (
        sentence.is_capital(item)
        and word not in function_words()
        and (item > 0 or word in person_words("lesser"))
        and len(word) > 1
    )


def _reaches_title(sentence: Sentence, item: int) -> bool:
    """Whether up to four items back a title word stands, with nothing but names and capitals between."""
    titles = person_words("title")
    for at in range(item, max(item - 4, -1), -1):
        if sentence.words[at] in titles:
            return True
        if not (sentence.names[at] or sentence.is_capital(at) or sentence.words[at] in _JOINTS):
            return False
    return False
