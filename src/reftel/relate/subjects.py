"""Verbs and their subjects: the light syntactic analysis that statements and meetings rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.relate.actors import actor_before, name_before, past_brackets
from reftel.relate.lexicon import adverbials, auxiliaries, cue_verbs, finite_words, person_words, words
from reftel.relate.objects import actor_after
from reftel.relate.phrases import is_redaction
from reftel.relate.scene import Actor, Mark, Scene
from reftel.relate.titles import title_start

if TYPE_CHECKING:
    from reftel.relate.sentences import Sentence

_BREAKS = frozenset({";", "but", "while", "whereas", "--", "—", "although", "though"})
_INVERTED = frozenset({",", '"', "”", "’", "'", "''"})
_WITHIN = frozenset({"on", "in", "at", "during", "from", "of", "the", "late", "early", "mid"})


@dataclass(frozen=True, slots=True)
class Cluster:
    """A verb with what stands before it: "had not yet said" begins at "had"."""

    first: int
    auxiliaries: frozenset[str]
    is_negated: bool

    @property
    def is_passive(self) -> bool:
        """Whether a past participle after it is passive."""
        return bool(self.auxiliaries & words("be"))

    @property
    def is_perfect(self) -> bool:
        """Whether a participle after it is active: "has seen"."""
        return bool(self.auxiliaries & words("have")) and not self.is_passive


def cluster_before(sentence: Sentence, verb: int) -> Cluster:
    """The auxiliaries and adverbs before a verb."""
    auxiliary = auxiliaries()
    found, at, is_negated = set(), verb, False
    while at > 0 and verb - at < 8:
        word = sentence.words[at - 1]
        if word in auxiliary:
            found.add(word)
        elif word in words("negation"):
            is_negated = True
        elif not (word in words("adverb") or (word.endswith("ly") and len(word) > 4)):
            break
        at -= 1
    return Cluster(at, frozenset(found), is_negated)


def is_verb(sentence: Sentence, item: int) -> bool:
    """Whether a word may well be a finite verb or an auxiliary."""
    word = sentence.words[item]
    cue = cue_verbs().get(word)
    if cue:
        return cue.form != "ing"
    return word in finite_words() or (word.endswith("ed") and len(word) > 4)


def direct_subject(scene: Scene, first: int) -> Actor | None:
    """The noun phrase right before a verb cluster, past brackets, appositions, relative clauses and dates."""
    sentence = scene.sentence
    at = past_brackets(sentence, first - 1)
    at = _past_phrase(sentence, at)
    at = _past_adverbial(sentence, at)
    at = past_brackets(sentence, at)
    if at < 0:
        return None
    word = sentence.words[at]
    if word == ",":
        return _apposed(scene, at)
    if word in {"who", "which"}:
        return _antecedent(scene, at)
    actor = actor_before(scene, at)
    return (_beyond_relative(scene, actor) or actor) if actor else None


def _beyond_relative(scene: Scene, actor: Actor) -> Actor | None:
    """The subject of "the man who advises Rubio said", where the phrase before "said" is only an object."""
    sentence = scene.sentence
    verb = actor.first - 1
    if verb < 2 or not (is_verb(sentence, verb) or sentence.words[verb].endswith("s")):
        return None
    relative = next((at for at in range(verb - 1, max(verb - 4, 0), -1) if sentence.words[at] == "who"), None)
    return _antecedent(scene, relative) if relative else None


def _past_phrase(sentence: Sentence, item: int) -> int:
    """The item before "for his part" or "for the first time" where such a phrase ends at `item`."""
    for phrase in adverbials().get(sentence.words[item] if item >= 0 else "", ()):
        if sentence.words[item - len(phrase) + 1 : item + 1] == phrase:
            return item - len(phrase)
    return item


def _past_adverbial(sentence: Sentence, item: int) -> int:
    """The item before "on May 8", "in Tehran", "May 8" where such a phrase ends at `item`."""
    at = item
    while at >= 0 and item - at < 6 and (_is_date_word(sentence.words[at]) or _is_place(sentence, at)):
        at -= 1
    if at == item or at < 0:
        return item
    if sentence.words[at] in {"on", "in", "at", "during", "from"}:
        return at - 1
    has_date = any(_is_date_word(sentence.words[each]) for each in range(at + 1, item + 1))
    return at if has_date and sentence.names[at] else item


def _is_date_word(word: str) -> bool:
    return word[:1].isdigit() or word in words("calendar") or word in {"late", "early", "mid"}


def _is_place(sentence: Sentence, item: int) -> bool:
    name = sentence.names[item]
    return bool(name) and name.type == "LOC"  # type: ignore[union-attr]


def _apposed(scene: Scene, comma: int) -> Actor | None:
    """The subject before "..., the Minister of Trade," or "..., who had come from Tehran,"."""
    sentence = scene.sentence
    if is_redaction(sentence.words[comma - 1]):
        return Actor(comma - 1, comma - 1, (), "person")
    named = _named_apposition(scene, comma)
    if named:
        return named
    for at in range(comma - 1, max(comma - 40, 0), -1):
        if sentence.words[at] in {";", "said", "."}:
            return None
        if sentence.words[at] != "," or not _opens_apposition(sentence, at + 1):
            continue
        actor = actor_before(scene, past_brackets(sentence, at - 1))
        if actor and actor.how != "other":
            return actor
    return None


def _named_apposition(scene: Scene, comma: int) -> Actor | None:
    """The person of "the passenger, Rubio, said"."""
    sentence = scene.sentence
    name = sentence.names[comma - 1] if comma else None
    if not name or name.type != "PER" or not name.entity:
        return None
    first = title_start(sentence, comma - 1)
    if first < 2 or sentence.words[first - 1] != ",":
        return None
    before = actor_before(scene, first - 2)
    is_noun = before is not None and before.how in {"other", "person", "title"} and not sentence.names[before.last]
    return Actor(first, comma - 1, (name.entity,), "name") if is_noun else None


def _opens_apposition(sentence: Sentence, item: int) -> bool:
    word = sentence.words[item]
    if sentence.names[item]:
        return sentence.names[item].type != "PER"  # type: ignore[union-attr]
    if word in {"and", "or", "but"}:
        return False
    known = words("determiner") | words("relative") | words("preposition") | words("adverb")
    title = person_words("title").keys() | person_words("official").keys() | person_words("lesser").keys()
    return word in known or word in title or word[:1].isdigit() or word.endswith(("ed", "ing", "ly"))


def _antecedent(scene: Scene, relative: int) -> Actor | None:
    at = relative - 1
    if at >= 0 and scene.sentence.words[at] == ",":
        at -= 1
    return name_before(scene, at) or actor_before(scene, past_brackets(scene.sentence, at))


def inverted_subject(scene: Scene, verb: int) -> Actor | None:
    """The subject after its verb: "..., said Rubio", also after a closing quotation mark."""
    sentence = scene.sentence
    if verb > 0 and sentence.words[verb - 1] not in _INVERTED:
        return None
    actor = actor_after(scene, verb + 1)
    if not actor or actor.how not in {"name", "title", "office"}:
        return None
    after = actor.last + 1
    is_quoted = verb > 0 and sentence.words[verb - 1] in {'"', "”"}
    ends = after >= len(sentence.words) or not (sentence.words[after][:1].isalpha() or sentence.names[after])
    return actor if ends or is_quoted else None


def note_mark(scene: Scene, actor: Actor, verb: int, cluster: Cluster, *, is_cue: bool) -> Mark:
    """Adds a verb with its subject to the scene; a verb of the same cluster takes the place of its auxiliary."""
    depth = _depth(scene, actor.first if actor.last < verb else verb)
    is_relative = cluster.first > 0 and scene.sentence.words[cluster.first - 1] in {"who", "which"}
    mark = Mark(actor, verb, is_cue, depth, cluster.auxiliaries, is_relative)
    if scene.marks and scene.marks[-1].verb >= cluster.first:
        before = scene.marks.pop()
        mark = Mark(actor, verb, is_cue or before.is_cue, before.depth, mark.auxiliaries, before.is_relative)
    scene.marks.append(mark)
    return mark


def _depth(scene: Scene, first: int) -> int:
    """1 where the clause that begins at `first` is part of what a cue before it attributes."""
    cues = [mark.verb for mark in scene.marks if mark.is_cue]
    if not cues:
        return 0
    for at in range(first - 1, max(first - 3, cues[-1]), -1):
        word = scene.sentence.words[at]
        is_relative = word in {"which", "whom"} and scene.sentence.words[at - 1] in words("preposition")
        if word in _BREAKS or is_relative or (word == "and" and scene.sentence.words[at - 1] == ","):
            return 0
    return 1


def shared_subject(scene: Scene, verb: int, *, has_auxiliary: bool, main: bool) -> Actor | None:
    """The subject that a verb without its own shares with one before it: "A met B and said", "A said that ..., adding".

    `main` asks for the sentence's own subject rather than one inside what it says.
    """
    marks = [mark for mark in scene.marks if mark.verb < verb]
    if not marks:
        return None
    top = [mark for mark in marks if mark.depth == 0] or marks
    last, first = marks[-1], top[-1]
    if last is first or main or not last.actor.entities:
        return first.actor
    return first.actor if last.auxiliaries and not has_auxiliary else last.actor
