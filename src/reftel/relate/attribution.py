"""A cue and its source in a sentence, and how sure that reading is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.relate.scene import Actor
    from reftel.relate.sentences import Sentence

NAMED = frozenset({"name", "pronoun", "title", "office", "document"})
UNREAL = frozenset({"will", "would", "shall", "should", "could", "can", "must", "'ll", "'d"})
# How sure a reading is, by how the cue stands to its source.
_SURE = {
    "subject": 0.96,
    "inverted": 0.96,
    "shared": 0.9,
    "listed": 0.75,
    "participle": 0.88,
    "infinitive": 0.75,
    "agent": 0.88,
    "according": 0.95,
    "noun": 0.8,
    "phrase": 0.88,
}
_SURE_OF = {"name": 1.0, "pronoun": 0.9, "title": 0.93, "office": 0.9, "document": 0.8}


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue and its source in a sentence; `first` and `last` are the cue's items.

    `shape` is how the cue stands to its source (a key of `_SURE`); `depth` is 1 inside what somebody else says, who is
    then `within`.
    """

    actor: Actor
    first: int
    last: int
    kind: str
    shape: str
    is_denied: bool = False
    depth: int = 0
    within: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The probability that the source is said to say so."""
        return _SURE[self.shape] * _SURE_OF.get(self.actor.how, 0.8)


def word_at(sentence: Sentence, item: int) -> str:
    """The word of an item; "" for a name, and "." beyond the sentence."""
    return sentence.words[item] if 0 <= item < len(sentence.words) else "."
