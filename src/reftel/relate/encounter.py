"""An encounter as one sentence tells it, and what the readings of verbs and nouns share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.relate.lexicon import encounter_words, words

if TYPE_CHECKING:
    from reftel.model import MeetingKind, MeetingStatus
    from reftel.relate.parties import Party
    from reftel.relate.sentences import Sentence

FUTURE = frozenset({"will", "shall", "'ll", "would"})
UNREAL = FUTURE | {"should", "could", "can", "may", "might", "must", "'d"}


@dataclass(frozen=True, slots=True)
class Encounter:
    """One encounter as a sentence tells it; `first` and `last` are the items it spans from its word to its party.

    The first `hosts` of the party are the verb's subject or the noun's owner.
    """

    first: int
    last: int
    party: Party
    kind: MeetingKind
    status: MeetingStatus
    score: float
    hosts: int = 0


def past_adverbs(sentence: Sentence, at: int, sought: frozenset[str]) -> int:
    """Past "separately", "again", "on May 8", "in Cairo", "by phone", "briefly" before "with"; else `at`."""
    for near in range(at, min(at + 9, len(sentence.words))):
        word = sentence.words[near]
        if word in sought:
            return near
        if near > at + 1 and word in {",", ";", "that", "and"}:
            break
        if not (is_adverbial(sentence, near)):
            break
    return at


def is_adverbial(sentence: Sentence, item: int) -> bool:
    word, name = sentence.words[item], sentence.names[item]
    if name:
        return name.type == "LOC"
    known = word in words("calendar") or word[:1].isdigit() or word in words("adverb") or word.endswith("ly")
    return known or word in {"on", "in", "at", "by", "phone", "telephone", "privately", "the", "of", ",", "one-on-one"}


def is_habit(sentence: Sentence, first: int, last: int) -> bool:
    nearby = sentence.words[max(first - 3, 0) : last + 3]
    return bool(encounter_words("habit") & set(nearby))
