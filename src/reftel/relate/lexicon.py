"""The words that the rules know, from the tables, in the shapes that the rules ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from reftel import tables

if TYPE_CHECKING:
    from reftel.model import MeetingKind

_FORMS = ("base", "third", "past", "participle", "ing")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that attributes: `kind` is say, tell, ask, urge, reply, deny, think, want, judge or show.

    `form` is the verb's form ("past" also stands for a participle that is written like it), or "noun". `needs` are
    words of which one has to follow; see `data/README.md` for those that begin with an asterisk.
    """

    kind: str
    form: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A cue of several words; `after_be` where it stands after a form of "be" ("was worried")."""

    words: tuple[str, ...]
    kind: str
    needs: frozenset[str]
    after_be: bool


@cache
def cue_verbs() -> dict[str, Cue]:
    """Every form of a cue verb; of two forms written alike the earlier in base, third, past, participle, ing."""
    found: dict[str, Cue] = {}
    for row in tables.rows("cue_verbs.csv"):
        for form in _FORMS:
            found.setdefault(row[form], Cue(row["kind"], form, _set(row["needs"])))
    return found


@cache
def cue_nouns() -> dict[str, Cue]:
    """Every cue noun, in the singular and the plural."""
    rows = tables.rows("cue_nouns.csv")
    return {row[form]: Cue(row["kind"], "noun", _set(row["needs"])) for row in rows for form in ("noun", "plural")}


@cache
def cue_phrases() -> dict[str, tuple[Phrase, ...]]:
    """The phrases by their first word, the longest first."""
    found: dict[str, list[Phrase]] = {}
    for row in tables.rows("cue_phrases.csv"):
        words = tuple(row["phrase"].split(" "))
        found.setdefault(words[0], []).append(Phrase(words, row["kind"], _set(row["needs"]), row["frame"] == "be"))
    return {first: tuple(sorted(each, key=lambda phrase: -len(phrase.words))) for first, each in found.items()}


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one class of `function_words.csv` ("determiner", "modal")."""
    return _classes("function_words.csv").get(kind, frozenset())


@cache
def person_words(kind: str) -> dict[str, str]:
    """Words for persons without a name (title, official, relation), singular and plural, to their singular."""
    rows = [row for row in tables.rows("person_words.csv") if row["class"] == kind]
    return {row[form]: row["word"] for row in rows for form in ("word", "plural")}


@cache
def offices() -> dict[str, str]:
    """Titles and words for officials, singular and plural, to their singular."""
    return person_words("official") | person_words("title")


@cache
def cue_triggers() -> frozenset[str]:
    """Every word at which a cue, or a verb with a subject, can stand; verbs in -ed beside them."""
    verbs = auxiliaries() | words("past") | words("irregular third") | cue_verbs().keys()
    return verbs | cue_nouns().keys() | cue_phrases().keys() | {"according"}


@cache
def auxiliaries() -> frozenset[str]:
    """Forms of be, have and do, and the modals."""
    return words("be") | words("have") | words("modal") | words("do")


@cache
def finite_words() -> frozenset[str]:
    """Words that are finite verbs or auxiliaries wherever they stand, cues aside."""
    return (auxiliaries() | words("past") | words("irregular third")) - {"been", "being", "having", "be"}


@cache
def title_forms() -> dict[str, str]:
    """Abbreviations of titles written out ("fm" is "foreign minister")."""
    return {row["form"]: row["title"] for row in tables.rows("title_forms.csv")}


@cache
def adverbials() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Set phrases that may stand between a subject and its verb ("for his part"), by their last word."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in words("adverbial"):
        parts = tuple(phrase.split(" "))
        found[parts[-1]] = (*found.get(parts[-1], ()), parts)
    return found


@cache
def function_words() -> frozenset[str]:
    """All words that belong to the grammar and never to a name or a title."""
    kinds = ("determiner", "preposition", "be", "have", "do", "modal", "negation", "coordinator", "subordinator")
    return frozenset().union(*(words(kind) for kind in (*kinds, "pronoun", "adverb")))


def _set(cell: str) -> frozenset[str]:
    return frozenset(part for part in cell.split(";") if part)


@dataclass(frozen=True, slots=True)
class EncounterVerb:
    """A verb of meeting: its kind of encounter, its form, and how whom one meets follows ("with", "later to")."""

    kind: MeetingKind
    form: str
    objects: frozenset[str]


@cache
def encounter_verbs() -> dict[tuple[str, ...], EncounterVerb]:
    """Every form of the verbs of meeting, by its words ("called", "on")."""
    found: dict[tuple[str, ...], EncounterVerb] = {}
    for row in tables.rows("encounter_verbs.csv"):
        for form in _FORMS:
            verb = EncounterVerb(cast("MeetingKind", row["kind"]), form, _set(row["object"]))
            found.setdefault(tuple(row[form].split(" ")), verb)
    return found


@cache
def encounter_nouns() -> dict[str, MeetingKind]:
    """The last word of each noun for an encounter, singular and plural, to its kind; phrases stand under the whole."""
    rows = tables.rows("encounter_nouns.csv")
    return {row[form]: cast("MeetingKind", row["kind"]) for row in rows for form in ("noun", "plural")}


@cache
def encounter_openers() -> frozenset[str]:
    """Every word that a verb of meeting begins with, and every noun for an encounter."""
    return frozenset(key[0] for key in encounter_verbs()) | frozenset(encounter_nouns())


@cache
def encounter_words(kind: str) -> frozenset[str]:
    """The words of one class of `encounter_words.csv` ("planned", "denied", "habit")."""
    return _classes("encounter_words.csv").get(kind, frozenset())


@cache
def _classes(table: str) -> dict[str, frozenset[str]]:
    return {row["class"]: _set(row["words"]) for row in tables.rows(table)}
