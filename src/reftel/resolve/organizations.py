"""Organisations and other names: the labels that bring the names of one organisation together, and its short forms."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.spelling import folded
from reftel.resolve.words import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*")
_JOINT = re.compile(r"[-/]")
_ARTICLE = re.compile(r"\A(?:the|al)[ -]", re.IGNORECASE)
_ACRONYM = "acronym"
# What an organisation is, standing behind its name: left out in its short form.


def label_organization(text: str, homes: Sequence[str | None]) -> tuple[str, str | None]:
    """A label that the names of one organisation share, and the code of its country as far as the tables tell.

    `homes` are codes of the countries whose acronyms it may be: the post's first, then those of the TAGS line.
    """
    for home in homes:
        known = tables.organization(text, country=home)
        if known:
            return known.key, known.country
    return f"org {name_key(text)}", None


def name_key(text: str) -> str:
    """A name folded, without article; a plural acronym ("PRTs") in the singular."""
    bare = _ARTICLE.sub("", text)
    return folded(bare[:-1] if len(bare) > 2 and bare[:-1].isupper() and bare.endswith("s") else bare)


def short_forms(names: Mapping[tuple[str, str], str], home: str | None) -> list[tuple[str, str]]:
    """Pairs of labels, of a short name and of the one full name it is short for, from a cable's names with their types.

    "Polar Airlines" and "Polar"; "Colombian Army" and "Army" in Colombia; "Center for Arctic Studies" and "CAS".
    """
    longer: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for (name, kind), label in names.items():
        for short in _shortened(name, home):
            longer[short, kind].add(label)
        for short in initials(name):
            longer[short, _ACRONYM].add(label)
    found = []
    for (name, kind), label in names.items():
        key = name_key(name)
        is_acronym = len(key) > 1 and sum(c.isupper() for c in name) >= 2 and " " not in name
        full = (longer[key, kind] | (longer[key, _ACRONYM] if is_acronym else set())) - {label}
        if len(full) == 1 and not (_is_known(label) and _is_known(*full)):
            found.append((label, full.pop()))
    return found


def _is_known(label: str) -> bool:
    """Whether a label is a key of the tables."""
    return ":" in label


def initials(name: str) -> set[str]:
    """The acronyms that a name can have by its words' first letters, folded: with small words, and without."""
    parts = [part for word in _WORD.findall(name) for part in _JOINT.split(word) if part]
    if len(parts) < 2:
        return set()
    every = "".join(part[0] for part in parts)
    large = "".join(part[0] for part in parts if part[0].isupper() and part.casefold() not in known("small word"))
    return {folded(every), folded(large)} - {""}


def _shortened(name: str, home: str | None) -> set[str]:
    """The short names that can mean this one, as keys: without what it is, without whose it is."""
    words = _WORD.findall(name)
    short: set[str] = set()
    owner = _owner(words[0]) if len(words) > 1 else None
    if owner and owner == (home or owner):
        short.add(name_key(" ".join(words[1:])))
    while len(words) > 1 and words[-1].casefold().rstrip(".") in known("kind of organization"):
        words = words[:-1]
        short.add(name_key(" ".join(words)))
    return short


def _owner(word: str) -> str | None:
    owner = tables.country_of_people(word) or tables.country(word)
    return owner.code if owner else None
