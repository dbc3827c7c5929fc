"""Noun phrases without a name: where they begin, and whom "the Minister" or "GOI officials" mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.cast import ambassador, bearer_of
from reftel.relate.lexicon import function_words, person_words, words
from reftel.relate.scene import Actor
from reftel.relate.titles import title_words

if TYPE_CHECKING:
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence

POSSESSIVES = frozenset({"'s", "’s", "'", "’"})


def is_redaction(word: str) -> bool:
    """Whether a word is or holds a run of x's that stands for what was taken out."""
    return "xxxx" in word


def phrase_start(sentence: Sentence, item: int) -> int:
    """The first item of the noun phrase whose head is `item`: back to a determiner or over adjectives and names."""
    at = item
    while at > 0 and item - at < 10:
        word, name = sentence.words[at - 1], sentence.names[at - 1]
        if word in words("determiner"):
            return at - 1
        if not (name or word in POSSESSIVES or _can_modify(sentence, at - 1)):
            break
        at -= 1
    return at


def _can_modify(sentence: Sentence, item: int) -> bool:
    word = sentence.words[item]
    if not word[:1].isalpha() or word in function_words() or word.endswith("ly"):
        return False
    return word in person_words("title") or word in person_words("official") or not word.endswith(("ed", "ing"))


def described(scene: Scene, first: int, last: int) -> Actor:
    """Whom the phrase from `first` to `last` means, whose last word is a common noun."""
    sentence = scene.sentence
    word = sentence.words[last]
    organisation = _owner(sentence, first, last, "ORG")
    if word in words("deputy staff") or (word in person_words("title") and not organisation):
        return _titled(scene, first, last)
    if organisation and word in person_words("official") | person_words("title"):
        return Actor(first, last, (organisation,), "office")
    owner = organisation or _owner(sentence, first, last, "PER")
    if owner and word in words("report noun"):
        return Actor(first, last, (owner,), "document")
    if word in person_words("official"):
        return _official(scene, first, last)
    return Actor(first, last, (), "other")


def _official(scene: Scene, first: int, last: int) -> Actor:
    """Whom "the spokesman" means: the organisation whose spokesman was named before; else nobody with a name."""
    sentence = scene.sentence
    entity = None
    if sentence.words[first] == "the" and first == last - 1:
        title = frozenset({person_words("official")[sentence.words[last]]})
        entity = bearer_of(scene.cast, title, scene.order)
    return Actor(first, last, (entity,) if entity else (), "office" if entity else "person")


def _owner(sentence: Sentence, first: int, last: int, kind: str) -> str | None:
    """The last name of a kind among the words before a noun."""
    for item in range(last - 1, first - 1, -1):
        name = sentence.names[item]
        if name:
            return name.entity if name.type == kind else None
    return None


def _titled(scene: Scene, first: int, last: int) -> Actor:
    """Whom "the Deputy Prime Minister" or "DCM" means."""
    sentence = scene.sentence
    word = sentence.words[last]
    head = sentence.words[first]
    written = sentence.written(last, last)
    if word == "ambassador" and head in {"the", "ambassador"} and first >= last - 1:
        entity = ambassador(scene.cast, scene.order)
    elif head in words("determiner") - {"the", "this", "that"} or any(sentence.names[first:last]):
        entity = None
    else:
        start = first + (head in words("determiner"))
        title = title_words(sentence.written(start, last))
        entity = bearer_of(scene.cast, title, scene.order, (scene.focus.he, scene.focus.she))
    staff = (written,) if entity is None and (word in words("deputy staff") or word == "ambassador") else ()
    how = "staff" if staff else "title" if entity else "person"
    return Actor(first, last, (entity,) if entity else (), how, staff)
