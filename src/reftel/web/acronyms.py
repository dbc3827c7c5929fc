"""Short words of the trade, explained where somebody points at them: "poloff", "DCM", "MFA"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reftel.tables import folded, organization, post_of, title

if TYPE_CHECKING:
    from reftel.model import Cable

_TAG = re.compile(r"(<[^>]*>)")
# Not behind a number, nor before one: "8 AM" is no air marshal, "USD 700 million" no under secretary.
_WORD = re.compile(r"(?<![\w&#/.'-])(?<!\d )(?<!illion )[A-Za-z][A-Za-z/]{1,11}+(?![\w;/'-])(?! ?[$\d])")
_LETTERS = re.compile(r"[^a-z]+")
_CAPITALS = re.compile("[A-Z]")


def home_of(cable: Cable) -> str | None:
    """The code of the country whose acronyms the cable uses, by its post."""
    post = post_of(cable.post) if cable.post else None
    return post.country_code if post else None


def explained(content: Markup, home: str | None) -> Markup:
    """The content of an element with its acronyms explained, but for those in its names: they have a card of their own.

    `content` is ours: text escaped, tags balanced, no ">" in an attribute.
    """
    parts = _TAG.split(content)
    is_capitals = _is_in_capitals("".join(parts[::2]))
    depth = 0
    for number, part in enumerate(parts):
        if number % 2:
            depth += -1 if part.startswith("</") else 1
        elif not depth:
            parts[number] = _explained(part, None if is_capitals else home, in_capitals=is_capitals)
    return Markup("".join(parts))  # noqa: S704  # was safe, and what is put in is escaped


def _is_in_capitals(text: str) -> bool:
    small = sum(map(str.islower, text))
    return sum(map(str.isupper, text)) > small


def _explained(text: str, home: str | None, *, in_capitals: bool) -> str:
    """The text with its acronyms marked; most have none, and are left as they are."""
    meanings = {
        word: meaning
        for word in set(_WORD.findall(text))
        if (meaning := meaning_of(word, home, in_capitals=in_capitals))
    }
    if not meanings:
        return text
    return _WORD.sub(lambda found: _tagged(found[0], meanings.get(found[0])), text)


def _tagged(word: str, meaning: str | None) -> str:
    return f'<abbr title="{escape(meaning)}">{word}</abbr>' if meaning else word


@lru_cache(maxsize=8192)
def meaning_of(word: str, home: str | None, *, in_capitals: bool = False) -> str | None:
    """What an acronym or a short form means in a cable from a country, None for other words.

    Where all is in capitals, "HE" and "WHO" are mostly words: only what the people of a post are called is told.
    """
    found = title(word)
    has_capitals = len(_CAPITALS.findall(word)) > 1 and not in_capitals
    if found and (found.staff or has_capitals) and _is_short_for(word, found.expansion):
        return found.expansion
    named = organization(word, country=home) if has_capitals else None
    return named.name if named and folded(word) not in folded(named.name).split() else None


def _is_short_for(word: str, expansion: str) -> bool:
    """Whether the word's letters stand in the expansion in their order, two as the first of its words."""
    short, meant = _LETTERS.sub("", word.lower()), expansion.lower()
    own = short.removesuffix("s") if short.endswith("ffs") else short
    if meant.startswith(own):  # "charge" is mostly the word, not the Charge d'Affaires
        return False
    rest = iter("".join(part[0] for part in meant.split()) if len(own) < 3 else meant)
    return all(letter in rest for letter in own)
