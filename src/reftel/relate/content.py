"""What is attributed, to whom it was said, and whether word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.lexicon import person_words, words
from reftel.relate.objects import actor_after

if TYPE_CHECKING:
    from reftel.relate.attribution import Attribution
    from reftel.relate.scene import Actor, Scene
    from reftel.relate.sentences import Sentence

_OPENING, _CLOSING = frozenset('"“„«'), frozenset('"”»')
_ENDS = frozenset({".", ",", ";", ":", "!", "?", ")"})
_TO_OBJECT = frozenset({"tell", "ask", "urge"})
_MODIFIERS = frozenset({"that", "of", "about", "on", "over", "for", "to", "with", "regarding"})
_ADDRESSED = frozenset({"to", "with"})


def content_of(scene: Scene, one: Attribution) -> tuple[int | None, int | None]:
    """The half-open offsets of the words attributed; None and None where they cannot be told."""
    sentence = scene.sentence
    last = len(sentence.words) - 1
    if one.shape == "according":
        return _around(sentence, one.first, one.actor.last)
    if one.shape == "inverted":
        return _around(sentence, one.first, one.actor.last)
    if one.shape == "noun":
        follows = one.last < last and sentence.words[one.last + 1] in _MODIFIERS
        return _trimmed(sentence, one.last + 2, last) if follows else (None, None)
    if _is_parenthetical(sentence, one):
        return _around(sentence, one.actor.first, one.last)
    return _trimmed(sentence, _content_start(scene, one), last)


def _is_parenthetical(sentence: Sentence, one: Attribution) -> bool:
    """Whether the cue stands behind or inside what it attributes: "..., he said"."""
    after = sentence.words[one.last + 1] if one.last + 1 < len(sentence.words) else "."
    before = sentence.words[one.actor.first - 1] if one.actor.first else ""
    is_joined = one.shape == "subject" and (before == "," or before in _CLOSING)
    return is_joined and after in {".", ",", ")", ";"} and one.actor.first > 2


def _around(sentence: Sentence, first: int, last: int) -> tuple[int | None, int | None]:
    """The longer of the stretches before `first` and after `last`."""
    before = _trimmed(sentence, 0, first - 1)
    after = _trimmed(sentence, last + 1, len(sentence.words) - 1)
    if before == (None, None) or after == (None, None):
        return after if before == (None, None) else before
    return max(before, after, key=_length)


def _length(span: tuple[int | None, int | None]) -> int:
    return (span[1] or 0) - (span[0] or 0)


def _content_start(scene: Scene, one: Attribution) -> int:
    """The first item of what is attributed: behind "that", or behind whom it was told."""
    sentence = scene.sentence
    at = one.last + 1
    if one.kind in _TO_OBJECT:
        told = actor_after(scene, at)
        at = told.last + 1 if told else at
    elif sentence.words[at : at + 1] == ("to",) and can_name(sentence, at + 1):
        told = actor_after(scene, at + 1)
        at = told.last + 1 if told else at
    size = len(sentence.words)
    opener = next((each for each in range(at, min(at + 12, size)) if sentence.words[each] == "that"), None)
    if opener is not None and set(sentence.words[at:opener]) <= words("adverb") | {","}:
        return opener + 1
    if opener is not None and not any(sentence.words[each] in {",", ";"} for each in range(at, opener)):
        return opener + 1
    while at < size and sentence.words[at] in {",", ":"}:
        at += 1
    return at


def _trimmed(sentence: Sentence, first: int, last: int) -> tuple[int | None, int | None]:
    """Offsets of the items from `first` to `last` less the punctuation at both ends."""
    while first <= last and (sentence.words[first] in _ENDS or sentence.words[first] == "that"):
        first += 1
    while last >= first and sentence.words[last] in _ENDS:
        last -= 1
    return (sentence.spans[first][0], sentence.spans[last][1]) if first <= last else (None, None)


def is_quoted(sentence: Sentence, begin: int | None, end: int | None) -> bool:
    """Whether most of what is attributed stands in quotation marks."""
    if begin is None or end is None:
        return False
    text = sentence.text[begin:end]
    if text[:1] in _OPENING:
        close = max(text.rfind(sign) for sign in _CLOSING)
        return close < 1 or 2 * close > len(text)
    return sentence.in_quotes and not _OPENING & set(text)


def addressee_of(scene: Scene, one: Attribution) -> str | None:
    """Whom it was said to: an entity id, or the post's people as they are written."""
    sentence = scene.sentence
    if one.shape in {"according", "noun", "phrase", "agent"}:
        return None
    start = one.last + 1
    if one.kind in _TO_OBJECT:
        return _whom(actor_after(scene, start), one)
    for at in range(start, min(start + 4, len(sentence.words))):
        if sentence.words[at] in _ADDRESSED:
            return _whom(actor_after(scene, at + 1), one) if can_name(sentence, at + 1) else None
        if sentence.words[at] in words("content opener") or sentence.words[at] in _ENDS:
            break
    return None


def can_name(sentence: Sentence, item: int) -> bool:
    """Whether a phrase that names somebody can begin at `item`: not the verb of "to allow"."""
    if item >= len(sentence.words):
        return False
    word = sentence.words[item]
    known = word in words("determiner") or word in words("pronoun") or word in words("deputy staff")
    return known or sentence.names[item] is not None or sentence.is_capital(item) or word in person_words("title")


def _whom(actor: Actor | None, one: Attribution) -> str | None:
    if not actor:
        return None
    if actor.staff:
        return actor.staff[0]
    entity = actor.entities[0] if actor.entities else None
    return entity if entity not in one.actor.entities else None
