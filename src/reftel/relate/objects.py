"""Who a stretch of a sentence names, read forwards from its first word: whom a verb or a preposition is followed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.relate.lexicon import function_words, offices, person_words, title_forms, words
from reftel.relate.phrases import POSSESSIVES, described
from reftel.relate.pronouns import pronoun
from reftel.relate.scene import Actor

if TYPE_CHECKING:
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence

_OPENERS, _CLOSERS = frozenset("([{"), frozenset(")]}")
_LINKS = frozenset({"of", "from", "at", "for", "in", "with", "within", "to", "on"})
_LONGEST = 16


def actor_after(scene: Scene, item: int) -> Actor | None:
    """The actor whose first item is `item`, behind a verb or "by": its name if it has one, else its title or office."""
    sentence = scene.sentence
    if item < len(sentence.words) and sentence.words[item] in words("pronoun"):
        return pronoun(scene, item)
    at, noun, organisation = item, None, None
    while at < min(item + _LONGEST, len(sentence.words)):
        name = sentence.names[at]
        if name and name.type == "PER":
            return _person_after(sentence, item, at)
        if name:
            organisation = at if name.type == "ORG" and name.entity else organisation
        elif at > item and _closing(sentence, at):
            at = _closing(sentence, at)
        elif _ends_phrase(sentence, item, at):
            break
        elif sentence.words[at] in offices() or sentence.words[at] in words("deputy staff"):
            noun = at
        at += 1
    return _without_name(scene, item, noun, organisation)


def _person_after(sentence: Sentence, first: int, item: int) -> Actor | None:
    """The person named at `item`, unless what goes before is somebody of theirs ("advisor to President Rubio")."""
    name = sentence.names[item]
    if not name or not name.entity:
        return None
    titles = person_words("title")
    at = item - 1
    while at > first and (sentence.words[at] in titles or sentence.words[at] in title_forms()):
        at -= 1
    if at > first and sentence.words[at] in {"of", "to", "for", "from"} and not sentence.names[at - 1]:
        return Actor(first, item, (), "person")
    return Actor(first, item, (name.entity,), "name")


def _closing(sentence: Sentence, item: int) -> int:
    """The item that closes the brackets opened at `item`, at most four behind it; 0 where none do."""
    if sentence.words[item] not in _OPENERS:
        return 0
    for at in range(item + 1, min(item + 5, len(sentence.words))):
        if sentence.words[at] in _CLOSERS:
            return at
    return 0


def _ends_phrase(sentence: Sentence, first: int, at: int) -> bool:
    word = sentence.words[at]
    if word in words("determiner"):
        return at != first and sentence.words[at - 1] not in _LINKS
    if word in {"of", "for", "and", "at", "from", "'s", "’s", "-", "/", "to"}:
        return at == first or not _goes_on(sentence, at)
    return not word[:1].isalpha() or word in function_words() or (word.endswith("ed") and not sentence.is_capital(at))


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Whether a title goes on behind "of" or "'s": after an office or a name, with a name or a capital."""
    after = at + 1
    if after < len(sentence.words) and sentence.words[after] in words("determiner"):
        after += 1
    if after >= len(sentence.words) or not (sentence.names[at - 1] or _is_head(sentence, at - 1)):
        return False
    name = sentence.names[after]
    if sentence.words[at] == "and":
        return _is_head(sentence, at - 1) and not name and sentence.is_capital(after)
    return bool(name) or sentence.is_capital(after) or sentence.words[at] in POSSESSIVES


def _is_head(sentence: Sentence, item: int) -> bool:
    word = sentence.words[item]
    return word in offices() or sentence.is_capital(item)


def _without_name(scene: Scene, first: int, noun: int | None, organisation: int | None) -> Actor | None:
    sentence = scene.sentence
    if organisation is not None:
        name = sentence.names[organisation]
        assert name is not None
        if not name.entity or (noun is None and _owns(sentence, organisation)):
            return Actor(first, organisation, (), "other")
        how = "name" if noun is None else "office"
        return Actor(first, max(organisation, noun or 0), (name.entity,), how)
    if noun is not None:
        return described(scene, first, noun)
    return None


def _owns(sentence: Sentence, item: int) -> bool:
    """Whether a name only describes the noun behind it: "the council's building", "a council applicant"."""
    after = sentence.words[item + 1] if item + 1 < len(sentence.words) else "."
    is_noun = after[:1].isalpha() and after not in function_words() and after not in words("calendar")
    return after in POSSESSIVES or (is_noun and not after.endswith(("ed", "ing", "ly")) and after not in words("past"))
