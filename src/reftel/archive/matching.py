"""From the query's tree to the cables that match it, and to what they are ranked and marked by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import numpy as np

from reftel.archive.entities import entities_known, names_known
from reftel.archive.fields import field_mask
from reftel.archive.folding import words
from reftel.archive.positions import confirmed
from reftel.archive.postings import Found
from reftel.archive.query import And, Field, InSubject, Near, Node, Not, Or, Phrase, Word

if TYPE_CHECKING:
    from reftel.archive.postings import Mask
    from reftel.archive.reader import Reader


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that was searched for: what is marked, and how often each cable has it.

    `forms` are the spellings to mark, each a sequence of words; the last word of all of them is a beginning only where
    `is_prefix`. `found.mask` may have cables that do not match.
    """

    forms: tuple[tuple[str, ...], ...]
    is_prefix: bool
    found: Found


@dataclass(slots=True)
class Match:
    """The cables that match; the words they are ranked by; the names, asked for by entity:, that are marked as well."""

    mask: Mask
    terms: list[Term] = field(default_factory=list)
    names: list[Term] = field(default_factory=list)


def matching(reader: Reader, tree: Node) -> Match:
    """The cables, of those that the reader sees, that match the tree."""
    match = Match(reader.view.visible)
    match.mask = match.mask & _Matcher(reader, match).mask(tree)
    return match


class _Matcher:
    """Walks the tree. What stands under NOT narrows the cables but is not ranked by."""

    def __init__(self, reader: Reader, match: Match, *, in_subject: bool = False) -> None:
        self._reader = reader
        self._match = match
        self._in_subject = in_subject

    def mask(self, node: Node) -> Mask:
        if isinstance(node, And):
            return self._and(node)
        if isinstance(node, Or):
            return reduce(or_, [self.mask(part) for part in node.parts])
        if isinstance(node, Not):
            unused = Match(self._reader.view.visible)
            return unused.mask & ~_Matcher(self._reader, unused, in_subject=self._in_subject).mask(node.part)
        if isinstance(node, InSubject):
            return _Matcher(self._reader, self._match, in_subject=True).mask(node.part)
        if isinstance(node, Field):
            return self._field(node)
        return self._words(node)

    def _field(self, node: Field) -> Mask:
        mask = field_mask(self._reader, node)
        if node.name == "entity":
            connection, sight = self._reader.connection, self._reader.sight
            known = names_known(connection, sight, entities_known(connection, sight, node.value))
            forms = tuple(tuple(words(name)) for name in known)
            nowhere = np.zeros(len(mask), np.uint16)
            self._match.names.append(Term(tuple(filter(None, forms)), False, Found(nowhere, nowhere)))  # noqa: FBT003  # a tuple
        return mask

    def _and(self, node: And) -> Mask:
        """Phrases last, since they are looked for only in the cables that have all the rest."""
        mask = self._reader.view.visible
        for part in sorted(node.parts, key=lambda part: isinstance(part, Phrase | Near)):
            mask = self._near(part, mask) if isinstance(part, Phrase | Near) else mask & self.mask(part)
        return mask

    def _words(self, node: Word | Phrase | Near) -> Mask:
        if isinstance(node, Word):
            return self._word(node)
        return self._near(node, self._reader.view.visible)

    def _word(self, word: Word) -> Mask:
        found = self._found(word)
        forms = tuple((form,) for form in self._reader.spell(word))
        self._match.terms.append(Term(forms, word.form == "prefix", found))
        return found.mask

    def _near(self, node: Phrase | Near, among: Mask) -> Mask:
        parts = node.parts if isinstance(node, Near) else (node,)
        found = [[self._found(word) for word in _words_of(part)] for part in parts]
        mask = confirmed(self._reader, node, reduce(and_, [each.mask for listed in found for each in listed], among),
                         in_subject=self._in_subject)  # fmt: skip
        for part, listed in zip(parts, found, strict=True):
            forms = (tuple(w.word for w in part.words),) if isinstance(part, Phrase) else _forms(self._reader, part)
            last = _words_of(part)[-1]
            fewest = Found(reduce(np.minimum, [each.text for each in listed]),
                           reduce(np.minimum, [each.subject for each in listed]))  # fmt: skip
            self._match.terms.append(Term(forms, last.form == "prefix", fewest))
        return mask

    def _found(self, word: Word) -> Found:
        found = self._reader.found(word)
        return Found(np.zeros_like(found.text), found.subject) if self._in_subject else found


def _words_of(part: Word | Phrase) -> tuple[Word, ...]:
    return part.words if isinstance(part, Phrase) else (part,)


def _forms(reader: Reader, word: Word) -> tuple[tuple[str, ...], ...]:
    return tuple((form,) for form in reader.spell(word))
