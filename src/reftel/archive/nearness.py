"""Phrases and words near one another: told from the words of a text in their order, as FTS5 tells it."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING

from reftel.archive.query import Near, Phrase, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Spell = Callable[[Word], Sequence[str]]

_MOST_SPELLINGS = 64  # combinations of spellings looked for at once


def holds(words: Sequence[str], node: Phrase | Near) -> bool:
    """Whether a text with these words, in order, has the phrase, or all the parts near one another. No ~ in it."""
    if isinstance(node, Phrase):
        return next(_places(words, node), None) is not None
    places = [list(_places(words, part)) for part in node.parts]
    if not all(places):
        return False
    return any(_is_clump(first, places, node.between) for listed in places for first in listed)


def fts_expressions(node: Phrase | Near, spell: Spell) -> Iterator[str]:
    """The node in FTS5's language, an expression for each combination of the spellings of its words with ~."""
    parts = node.parts if isinstance(node, Near) else (node,)
    each = [_spelled(part, spell) for part in parts]
    for number, chosen in enumerate(product(*each)):
        if number >= _MOST_SPELLINGS:
            return
        text = " ".join(chosen)
        yield f"NEAR({text}, {node.between})" if isinstance(node, Near) else text


def spelled_out(node: Phrase | Near, spell: Spell) -> list[Phrase | Near]:
    """The node with ~ replaced, once for each combination of spellings."""
    parts = node.parts if isinstance(node, Near) else (node,)
    choices = list(product(*(_choices(part, spell) for part in parts)))[:_MOST_SPELLINGS]
    if isinstance(node, Near):
        return [Near(chosen, node.between) for chosen in choices]
    return [chosen for (chosen,) in choices if isinstance(chosen, Phrase)]


def _choices(part: Word | Phrase, spell: Spell) -> list[Word | Phrase]:
    if isinstance(part, Phrase):
        return [part]
    return [Word(word) for word in spell(part)] if part.form == "sounds" else [part]


def _spelled(part: Word | Phrase, spell: Spell) -> list[str]:
    """The part in FTS5's language, once for each spelling."""
    if isinstance(part, Phrase):
        star = " *" if part.words[-1].form == "prefix" else ""
        return [f'"{" ".join(word.word for word in part.words)}"{star}']
    if part.form == "sounds":
        return [f'"{word}"' for word in spell(part)]
    return [f'"{part.word}"{" *" if part.form == "prefix" else ""}']


def _places(words: Sequence[str], part: Word | Phrase) -> Iterator[tuple[int, int]]:
    """Where the part stands: the number of its first word, and of the first word behind it."""
    first, *others = part.words if isinstance(part, Phrase) else (part,)
    for place in _standing(words, first):
        behind = words[place + 1 : place + 1 + len(others)]
        if len(behind) == len(others) and all(map(_is, behind, others)):
            yield place, place + 1 + len(others)


def _standing(words: Sequence[str], wanted: Word) -> Iterator[int]:
    """The numbers of the words that are this one."""
    if wanted.form == "prefix":
        yield from (number for number, word in enumerate(words) if word.startswith(wanted.word))
        return
    last = -1
    with suppress(ValueError):  # a search by the list itself is many times as fast as going through it
        while True:
            yield (last := words.index(wanted.word, last + 1))


def _is(word: str, wanted: Word) -> bool:
    return word.startswith(wanted.word) if wanted.form == "prefix" else word == wanted.word


def _is_clump(first: tuple[int, int], places: Sequence[Sequence[tuple[int, int]]], between: int) -> bool:
    """Whether a clump that begins with `first` has one of each part, the last beginning near enough."""
    return all(any(first[0] <= start and start - first[1] <= between for start, _ in listed) for listed in places)
