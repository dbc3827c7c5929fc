"""Verbs that attribute: "Rubio said", "was told by Rubio", "..., saying", "called to report"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.relate.actors import actor_before, name_before
from reftel.relate.attribution import NAMED, UNREAL, Attribution, word_at
from reftel.relate.lexicon import cue_nouns, cue_verbs, words
from reftel.relate.objects import actor_after
from reftel.relate.scene import Actor
from reftel.relate.subjects import (
    cluster_before,
    direct_subject,
    inverted_subject,
    is_verb,
    note_mark,
    shared_subject,
)

if TYPE_CHECKING:
    from reftel.relate.lexicon import Cue
    from reftel.relate.scene import Scene
    from reftel.relate.sentences import Sentence
    from reftel.relate.subjects import Cluster

_QUOTES = frozenset({'"', "“", "”", "''", "„", "«"})
_CONDITIONS = frozenset({"if", "unless", "whether", "until", "should"})
_NOT_CUES = frozenset({"regarding", "considering", "including", "concerning", "following"})
_ALSO_NOUNS = frozenset({"plans", "plan", "hopes", "fears", "views", "doubts", "projects", "states", "state"})
_EXCEPT = "!"


def read_verb(scene: Scene, item: int) -> Attribution | None:
    sentence = scene.sentence
    cue = cue_verbs().get(sentence.words[item])
    cluster = cluster_before(sentence, item)
    before = word_at(sentence, cluster.first - 1) if cluster.first else ""
    if cue and cue.form == "ing":
        return _progressive(scene, item, cue, cluster)
    if before == "to" and not cluster.auxiliaries and cue and cue.form == "base":
        return _infinitive(scene, item, cue, cluster)
    if before == "to" or not (cue or is_verb(sentence, item)):
        return None
    if cue and _is_passive(scene, item, cue, cluster):
        return _passive(scene, item, cue, cluster)
    return _active(scene, item, cue, cluster)


def _is_passive(scene: Scene, item: int, cue: Cue, cluster: Cluster) -> bool:
    if cue.form not in {"past", "participle"} or cluster.is_perfect:
        return False
    if cluster.is_passive or cue.form == "participle":
        return True
    return word_at(scene.sentence, item + 1) == "by" and not word_at(scene.sentence, item + 2).endswith("ing")


def _passive(scene: Scene, item: int, cue: Cue, cluster: Cluster) -> Attribution | None:
    subject = direct_subject(scene, cluster.first) if cluster.auxiliaries else None
    if subject:
        note_mark(scene, subject, item, cluster, is_cue=False)
    sentence = scene.sentence
    for at in range(item + 1, min(item + 9, len(sentence.words))):
        if sentence.words[at] == "by":
            return _agent(scene, (item, at), cue, cluster)
        if sentence.words[at] in {";", ".", "that", "who", "which", ":", "and", "but"}:
            break
    return None


def _agent(scene: Scene, place: tuple[int, int], cue: Cue, cluster: Cluster) -> Attribution | None:
    item, by = place
    if word_at(scene.sentence, by + 1).endswith("ing") or cluster.auxiliaries & UNREAL or cue.kind == "want":
        return None
    actor = actor_after(scene, by + 1)
    return (
        Attribution(actor, item, item, cue.kind, "agent", cluster.is_negated or cue.kind == "deny") if actor else None
    )


def _active(scene: Scene, item: int, cue: Cue | None, cluster: Cluster) -> Attribution | None:
    actor, shape = subject_of(scene, item, cluster, cue)
    if not actor:
        return None
    if cue and actor.how == "other" and not _is_verb_of(scene, item, cue, actor):
        return None
    if not cue:
        if shape == "subject":
            note_mark(scene, actor, item, cluster, is_cue=False)
        return None
    is_cue = _is_reading(scene, item, cue, actor) and _is_real(scene, cue, cluster, actor)
    is_cue = is_cue and not (scene.is_heading and cue.form == "past" and shape == "subject" and not cluster.auxiliaries)
    depth = 0
    if shape in {"subject", "inverted"}:
        depth = note_mark(scene, actor, item, cluster, is_cue=is_cue).depth
    if not is_cue:
        return None
    actor = _replier(scene, actor, cue)
    return Attribution(actor, item, item, cue.kind, shape, cluster.is_negated or cue.kind == "deny", depth)


def subject_of(scene: Scene, item: int, cluster: Cluster, cue: Cue | None) -> tuple[Actor | None, str]:
    """A finite verb's subject and how it stands to it: subject, inverted, shared or listed."""
    sentence = scene.sentence
    direct = direct_subject(scene, cluster.first)
    if direct and direct.how != "other":
        return direct, "subject"
    inverted = inverted_subject(scene, item) if cue and cue.form in {"past", "third"} else None
    if inverted:
        return inverted, "inverted"
    if direct:
        return (direct, "subject") if _counts_as_subject(sentence, direct, item) else (None, "")
    if not cue:
        return None, ""
    before = word_at(sentence, cluster.first - 1)
    is_joined = before in words("coordinator") or (before == "then" or word_at(sentence, item - 1) == "then")
    is_bare = cue.form == "base" and not cluster.auxiliaries  # "could accept or reject": told as possible, if at all
    if (is_joined and not is_bare) or (before == "," and cue.form in {"past", "third"}):
        has_auxiliary = bool(cluster.auxiliaries - words("do"))
        shared = shared_subject(scene, item, has_auxiliary=has_auxiliary, main=False)
        return shared, "shared" if is_joined else "listed"
    return None, ""


def _counts_as_subject(sentence: Sentence, actor: Actor, verb: int) -> bool:
    """Whether a phrase without a name is a subject rather than a noun with a participle behind it."""
    return bool(sentence.names[actor.last]) or not sentence.words[verb].endswith("ed")


def _is_real(scene: Scene, cue: Cue, cluster: Cluster, actor: Actor) -> bool:
    """Whether it is told as a fact: no condition, no future, no command."""
    before = word_at(scene.sentence, actor.first - 1) if actor.first else ""
    if before in _CONDITIONS:
        return False
    unreal = cluster.auxiliaries & UNREAL
    if cue.kind in {"think", "want"}:
        return not unreal or unreal == {"would"}
    return not unreal and not (cluster.auxiliaries & {"may", "might"})


def _is_reading(scene: Scene, item: int, cue: Cue, actor: Actor) -> bool:
    """Whether the word is this verb here, not a noun or another sense of it."""
    sentence = scene.sentence
    after = word_at(sentence, item + 1)
    if item and sentence.is_capital(item) and not scene.is_heading:
        return False
    if cue.form == "base" and not _takes_base_form(scene, item, actor):
        return False
    if (
        cue.form in {"base", "third"}
        and actor.how in {"name", "office"}
        and _looks_like_noun(scene, item, after, actor)
    ):
        return False
    return _has_what_it_needs(scene, item, cue, actor)


def _is_verb_of(scene: Scene, item: int, cue: Cue, actor: Actor) -> bool:
    """Whether a word behind a common noun is its verb and not a noun itself ("a peace push")."""
    if cue.form == "base":
        return _takes_base_form(scene, item, actor)
    return cue.form != "third" or scene.sentence.words[item] not in cue_nouns()


def _takes_base_form(scene: Scene, item: int, actor: Actor) -> bool:
    cluster = cluster_before(scene.sentence, item)
    if cluster.auxiliaries & (words("do") | words("modal")):
        return True
    word = scene.sentence.words[actor.last]
    is_plural = len(actor.entities) > 1 or word in {"they", "we", "i", "you"} or word.endswith("s")
    is_body = actor.how == "name" and not scene.cast.is_person(actor.entities[0] if actor.entities else "")
    return is_plural or is_body


def _looks_like_noun(scene: Scene, item: int, after: str, actor: Actor) -> bool:
    word = scene.sentence.words[item]
    if word not in cue_nouns() and word not in _ALSO_NOUNS:
        return False
    if actor.entities and scene.cast.is_person(actor.entities[0]):
        return after in words("be") or after in words("have")
    openers = words("content opener") | words("pronoun") | words("determiner") | {"to"} | _QUOTES
    return after not in openers and not (after == "" and item + 1 < len(scene.sentence.words))


def _has_what_it_needs(scene: Scene, item: int, cue: Cue, actor: Actor) -> bool:
    plain = {need for need in cue.needs if need[0] not in "*!"}
    special = cue.needs - plain
    sentence = scene.sentence
    following = sentence.words[item + 1 : item + 6]
    if any(need[1:] in following[:1] for need in special if need[0] == _EXCEPT):
        return False
    if "*person" in special and not any(scene.cast.is_person(each) for each in actor.entities):
        return False
    if "*document" in special and actor.how != "document":
        return False
    if "*would" in special and "would" not in cluster_before(sentence, item).auxiliaries:
        return False
    if "*clause" in special and _begins_clause(sentence, item + 1):
        return True
    return bool(plain & set(following)) if plain else "*clause" not in special


def _begins_clause(sentence: Sentence, item: int) -> bool:
    """Whether what follows a verb is a clause or a quotation, or the verb ends its own ("..., he continued")."""
    following = sentence.words[item : item + 5]
    if set(following[:4]) & words("content opener") or set(following[:3]) & _QUOTES:
        return True
    if not following or following[0] in {".", ",", ":"}:
        return True
    if following[0] in {"he", "she", "they", "it", "we", "i", "there"}:
        return True
    return following[0] == "" and len(following) > 1 and is_verb(sentence, item + 1)


def _replier(scene: Scene, actor: Actor, cue: Cue) -> Actor:
    """Whom "he" means before "replied": the one who was asked, if he himself asked."""
    partner = scene.focus.partner
    if cue.kind == "reply" and actor.how == "pronoun" and partner and len(scene.marks) == 1:
        return replace(actor, entities=(partner,))
    return actor


def _progressive(scene: Scene, item: int, cue: Cue, cluster: Cluster) -> Attribution | None:
    """A form in -ing: "was saying", "..., saying that", "by saying", "with the council reporting"."""
    sentence = scene.sentence
    word, before = sentence.words[item], word_at(sentence, cluster.first - 1) if cluster.first else ""
    if word in _NOT_CUES:
        return None
    if cluster.is_passive:
        return None if before in {"it", "this", "that"} else _active(scene, item, cue, cluster)
    if not _has_what_it_needs(scene, item, cue, Actor(item, item, (), "other")) and cue.kind != "judge":
        return None
    actor, shape = _participle_subject(scene, item, cue, before, cluster)
    if not actor:
        return None
    return Attribution(actor, item, item, cue.kind, shape, cluster.is_negated or cue.kind == "deny", int(shape == "x"))


def _participle_subject(scene: Scene, item: int, cue: Cue, before: str, cluster: Cluster) -> tuple[Actor | None, str]:
    sentence = scene.sentence
    if before == "as":
        return _quoted(scene, cluster.first - 2), "participle"
    joined = words("coordinator") | {",", "by", "while", "when", "after", "before", "in", "then", "-", "--", "("}
    if before in joined:
        main = cue.kind not in {"tell", "urge", "ask"}
        return shared_subject(scene, item, has_auxiliary=False, main=main), "participle"
    if not cluster.first:
        return None, ""
    named = name_before(scene, cluster.first - 1)
    if named and word_at(sentence, named.first - 1) == "with":
        return named, "participle"
    actor = actor_before(scene, cluster.first - 1)
    if actor and actor.how == "document" and word_at(sentence, actor.first - 1) != "of":
        return actor, "participle"
    return None, ""


def _quoted(scene: Scene, item: int) -> Actor | None:
    """Whom "quoted Rubio as saying" or "Rubio was quoted as saying" quotes."""
    if word_at(scene.sentence, item) in {"quoted", "cited", "reported", "described"}:
        return scene.marks[-1].actor if scene.marks else None
    actor = actor_before(scene, item)
    return actor if actor and actor.how in NAMED else None


def _infinitive(scene: Scene, item: int, cue: Cue, cluster: Cluster) -> Attribution | None:
    """The likes of "called to report", "met him to voice concern", "refused to say"; not what is only intended."""
    sentence = scene.sentence
    marks = [mark for mark in scene.marks if mark.verb < cluster.first]
    before = word_at(sentence, cluster.first - 2)
    if (
        not marks
        or cue.kind in {"think", "want"}
        or "*finite" in cue.needs
        or before == ","
        or not _has_what_it_needs(scene, item, cue, marks[-1].actor)
    ):
        return None
    is_refused = before in words("refusal")
    governors = marks[-1].auxiliaries | {sentence.words[marks[-1].verb]}
    if (before in words("opaque") and not is_refused) or governors & UNREAL:
        return None
    actor: Actor | None = marks[-1].actor
    told = actor_before(scene, cluster.first - 2)
    if told and told.how != "other" and told.last > marks[-1].verb:
        governing = sentence.words[marks[-1].verb : told.first]
        if set(governing) & words("order") or set(governing) >= {"called", "on"}:
            return None
        actor = told if set(governing) & words("causative") else actor
    if not actor:
        return None
    return Attribution(actor, item, item, cue.kind, "infinitive", is_refused or cue.kind == "deny", marks[-1].depth)
