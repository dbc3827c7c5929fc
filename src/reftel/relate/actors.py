"""Who a stretch of a sentence names, read backwards from its last word, as a subject stands before its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.lexicon import function_words, person_words, words
from reftel.relate.phrases import described, is_redaction, phrase_start
from reftel.relate.pronouns import pronoun
from reftel.relate.scene import Actor
from reftel.relate.titles import title_start

if TYPE_CHECKING:
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence

_OPENERS, _CLOSERS = frozenset("([{"), frozenset(")]}")
_LINKS = frozenset({"of", "from", "at", "for", "in", "with", "within", "to", "on", "by", "about", "against", "between"})


def actor_before(scene: Scene, item: int) -> Actor | None:
    """The actor whose last item is `item`; None where there is no noun phrase."""
    sentence = scene.sentence
    item = past_brackets(sentence, item)
    if item > 1 and sentence.words[item - 1 : item + 1] == ("and", "others"):
        item -= 2
    if item < 0:
        return None
    if sentence.names[item]:
        return _named_before(scene, item)
    return pronoun(scene, item) if sentence.words[item] in words("pronoun") else _described_before(scene, item)


def name_before(scene: Scene, item: int) -> Actor | None:
    """The person or organisation whose name ends at `item`, whatever stands before it; past brackets."""
    sentence = scene.sentence
    item = past_brackets(sentence, item)
    name = sentence.names[item] if item >= 0 else None
    if not name or name.type not in {"PER", "ORG"} or not name.entity:
        return None
    first = title_start(sentence, item) if name.type == "PER" else item
    return Actor(_with_determiner(sentence, first), item, (name.entity,), "name")


def past_brackets(sentence: Sentence, item: int) -> int:
    """The item before brackets that `item` closes, at most 25 items long; else `item`."""
    if item < 0 or sentence.words[item] not in _CLOSERS:
        return item
    for at in range(item - 1, max(item - 25, -1), -1):
        if sentence.words[at] in _OPENERS:
            return at - 1
    return item


def _named_before(scene: Scene, item: int) -> Actor | None:
    sentence = scene.sentence
    name = sentence.names[item]
    assert name
    if name.type not in {"PER", "ORG"} or not name.entity:
        return Actor(item, item, (), "other")
    first = title_start(sentence, item) if name.type == "PER" else item
    first = _with_determiner(sentence, first)
    if _is_governed(sentence, first):
        return _governor(scene, first, item, name.entity if name.type == "ORG" else None)
    actor = Actor(first, item, (name.entity,), "name")
    return _with_coordinate(scene, actor)


def _with_determiner(sentence: Sentence, first: int) -> int:
    return first - 1 if first > 0 and sentence.words[first - 1] in {"the", "a", "an"} else first


def _is_governed(sentence: Sentence, first: int) -> bool:
    """Whether a preposition stands before the phrase that begins at `first`."""
    return first > 0 and sentence.words[first - 1] in _LINKS | {"by", "about", "against", "between", "under"}


def _governor(scene: Scene, first: int, last: int, organisation: str | None) -> Actor:
    """What "official of the ministry" names: the organisation; "a friend of Rubio": nobody."""
    sentence = scene.sentence
    noun = first - 2
    if organisation and noun >= 0 and sentence.words[noun] in person_words("official"):
        return Actor(phrase_start(sentence, noun), last, (organisation,), "office")
    if noun >= 0 and organisation and sentence.words[noun] in words("report noun"):
        return Actor(noun, last, (organisation,), "document")
    return Actor(first, last, (), "other")


def _with_coordinate(scene: Scene, actor: Actor) -> Actor:
    """The actor together with those joined to it before: "A and B", "A (X), B, and C", "A/B"."""
    sentence = scene.sentence
    joint = actor.first - 1
    if joint < 1 or sentence.words[joint] not in {"and", "/", "&", "or"}:
        return actor
    joint -= 1 if sentence.words[joint - 1] == "," else 0
    others: list[Actor] = []
    other = name_before(scene, joint - 1)
    while other:
        others.insert(0, other)
        comma = other.first - 1
        other = name_before(scene, comma - 1) if comma > 0 and sentence.words[comma] == "," else None
    if not others or not _may_open(sentence, others[0].first):
        return actor
    entities = (entity for each in (*others, actor) for entity in each.entities)
    return Actor(others[0].first, actor.last, tuple(dict.fromkeys(entities)), "name")


def _may_open(sentence: Sentence, first: int) -> bool:
    """Whether a clause can begin at `first`."""
    if first == 0:
        return True
    before = sentence.words[first - 1]
    openers = words("subordinator") | words("coordinator")
    return before in openers or not before[-1:].isalpha()


def _described_before(scene: Scene, item: int) -> Actor | None:
    """A phrase that ends with a common noun: "the Minister", "GOI officials", "the MFA statement"."""
    sentence = scene.sentence
    word = sentence.words[item]
    if is_redaction(word):
        return Actor(item, item, (), "person")
    if not word[:1].isalpha() or word in function_words():
        return None
    first = phrase_start(sentence, item)
    return described(scene, first, item)
