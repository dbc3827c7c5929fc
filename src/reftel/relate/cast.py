"""The persons of a cable and their titles: whom "the Minister" and "the Ambassador" mean."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reftel import tables
from reftel.relate.lexicon import finite_words, function_words, offices, person_words
from reftel.relate.titles import title_start, title_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.model import Cable, Entity
    from reftel.relate.sentences import Sentence

_JUST_BEFORE = 4  # sentences
_HOME = "United States"
_MOST_BEARERS = 400  # of one title: more than any cable has, few enough to look through


@dataclass(frozen=True, slots=True)
class Bearer:
    """One mention of a person with a title: which sentence it is in, the title's words, whether of another country."""

    order: int
    entity: str
    title: frozenset[str]
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """The persons and organisations of one cable, as the rules ask about them.

    `types` are by entity, `sexes` "m" or "f" where name or title tell; `bearers` are by the title's head, in order;
    `chief` is the entity that signed as head of the post, `foreign` are those of other countries.
    """

    types: dict[str, str] = field(default_factory=dict)
    sexes: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, list[Bearer]] = field(default_factory=dict)
    ambassadors: tuple[Bearer, ...] = ()
    chief: str | None = None

    def is_person(self, entity: str) -> bool:
        """Whether the entity is a person."""
        return self.types.get(entity) == "PER"


def cast_of(cable: Cable, sentences: Sequence[Sentence]) -> Cast:
    """Collects the titles that stand beside names, and those that entities have as roles."""
    found = [*_by_role(cable), *_by_line(cable), *_by_sentences(sentences)]
    bearers: defaultdict[str, list[Bearer]] = defaultdict(list)
    for bearer in found:
        for head in {offices()[word] for word in bearer.title if word in offices()}:
            if len(bearers[head]) < _MOST_BEARERS:
                bearers[head].append(bearer)
    types: dict[str, str] = {each.entity: each.type for each in cable.mentions if each.entity}
    types.update((entity.id, entity.type) for entity in cable.entities)
    cast = Cast(types, _sexes(cable.entities, found), dict(bearers))
    return replace(cast, ambassadors=_own_ambassadors(cable, cast), chief=_chief(cable, cast))


def _by_role(cable: Cable) -> Iterator[Bearer]:
    """The titles that entities have as roles; they hold from the beginning."""
    for entity in cable.entities:
        if entity.type == "PER" and entity.role:
            yield Bearer(-1, entity.id, title_words(entity.role), is_foreign=False)


def _by_line(cable: Cable) -> Iterator[Bearer]:
    """Whoever classified the cable, with the title of that line."""
    officer = cable.classified_by
    persons = _persons_in(cable, "classified_by")
    if officer and officer.title and persons:
        yield Bearer(-1, persons[0], title_words(officer.title), is_foreign=False)


def _persons_in(cable: Cable, kind: str) -> list[str]:
    units = {index for index, unit in enumerate(cable.units) if unit.kind == kind}
    return [each.entity for each in cable.mentions if each.unit in units and each.type == "PER" and each.entity]


def _by_sentences(sentences: Sequence[Sentence]) -> Iterator[Bearer]:
    for order, sentence in enumerate(sentences):
        for item, name in enumerate(sentence.names):
            if name and name.entity and name.type == "PER":
                yield from _titled(sentence, order, item)
            elif name and name.entity and name.type == "ORG":
                yield from _office(sentence, order, item)


def _titled(sentence: Sentence, order: int, item: int) -> Iterator[Bearer]:
    name = sentence.names[item]
    first = title_start(sentence, item)
    title = title_words(sentence.written(first, item - 1)) if first < item else frozenset()
    title |= _apposed_title(sentence, item)
    if title and name and name.entity:
        is_foreign = any(each and each.type in {"MISC", "LOC"} for each in sentence.names[max(first - 1, 0) : item])
        yield Bearer(order, name.entity, title, is_foreign)


def _office(sentence: Sentence, order: int, item: int) -> Iterator[Bearer]:
    """An unnamed bearer of an office of an organisation ("the ISAF commander"), who stands for the organisation."""
    name = sentence.names[item]
    for at in range(item + 1, min(item + 4, len(sentence.words))):
        word = sentence.words[at]
        if not word[:1].isalpha() or word in function_words():
            return
        if word in offices() and name and name.entity:
            if at + 1 >= len(sentence.words) or not sentence.names[at + 1]:
                yield Bearer(order, name.entity, frozenset({offices()[word]}), is_foreign=True)
            return


def _apposed_title(sentence: Sentence, item: int) -> frozenset[str]:
    """The title of "Saeed Jalili, secretary of the council": what follows the comma up to the next one."""
    words = sentence.words
    if item + 2 >= len(words) or words[item + 1] != ",":
        return frozenset()
    at = item + 2
    while at < len(words) and words[at] in {"the", "a", "an", "former", "current", "new", "his", "its", "country"}:
        at += 1
    last = at
    while last < len(words) and last < at + 8 and words[last] not in {",", ".", "(", ";", "who", "said", "told"}:
        last += 1
    if last >= len(words) or words[last] not in {",", ".", "(", ")", ";", "who"}:
        return frozenset()
    titles = person_words("title")
    heads = [near for near in range(at, min(at + 3, last)) if words[near] in titles]
    is_list = any(each in finite_words() or (each.endswith("ed") and len(each) > 4) for each in words[at:last])
    is_list = (
        is_list or any(each and each.type == "PER" for each in sentence.names[at:last]) or "and" in words[at : at + 2]
    )
    if not heads or is_list:
        return frozenset()
    return title_words(sentence.written(at, last - 1))


def _sexes(entities: Sequence[Entity], bearers: Sequence[Bearer]) -> dict[str, str]:
    """The sex of persons, as titles tell it ("Mrs.", "King"), else their given names."""
    found: dict[str, str] = {}
    for each in bearers:
        for sex, kind in (("f", "woman"), ("m", "man")):
            if each.title & person_words(kind).keys():
                found.setdefault(each.entity, sex)
    for entity in entities:
        sex_of_name = _sex_of(entity.name) if entity.type == "PER" else None
        if sex_of_name:
            found.setdefault(entity.id, sex_of_name)
    return found


def _sex_of(name: str) -> str | None:
    first, _, rest = name.partition(" ")
    known = tables.given_name(first) if rest else None
    return {"male": "m", "female": "f"}[known.sex] if known and known.sex else None


def _own_ambassadors(cable: Cable, cast: Cast) -> tuple[Bearer, ...]:
    """Those called ambassador without another country."""
    abroad = {each.id for each in cable.entities if each.country not in {None, _HOME}}
    bearers = cast.bearers.get("ambassador", ())
    abroad |= {each.entity for each in bearers if each.is_foreign or each.title & {"to", "former"}}
    return tuple(each for each in bearers if each.entity not in abroad)


def _chief(cable: Cable, cast: Cast) -> str | None:
    """The entity that signed, if it bears no lesser title than ambassador."""
    signed = _persons_in(cable, "signature")
    lesser = {each.entity for word in ("charge", "dcm", "consul", "counselor") for each in cast.bearers.get(word, ())}
    return signed[-1] if signed and signed[-1] not in lesser else None


def ambassador(cast: Cast, order: int) -> str | None:
    """Whom "the Ambassador" means in sentence `order`: one named just before, else who signed, else the nearest."""
    before = [each for each in cast.ambassadors if each.order <= order]
    last = max(before, key=lambda each: each.order) if before else None
    if last and (order - last.order <= _JUST_BEFORE or not cast.chief):
        return last.entity
    return cast.chief or (cast.ambassadors[0].entity if cast.ambassadors else None)


def bearer_of(cast: Cast, title: frozenset[str], order: int, focus: tuple[str | None, ...] = ()) -> str | None:
    """Whom a title without a name means in sentence `order`: of those who bear it, whom the text is about (`focus`).

    Else the last named before it, else the next; None where nobody bears it, or where only several later ones do.
    """
    heads = {offices()[word] for word in title if word in offices()}
    fitting = [each for head in sorted(heads) for each in cast.bearers.get(head, ()) if _fits(each.title, title)]
    before = [each for each in fitting if each.order <= order]
    if before:
        return max(before, key=lambda each: (each.entity in focus, each.order)).entity
    entities = {each.entity for each in fitting}
    return entities.pop() if len(entities) == 1 else None


def _fits(borne: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether who bears one title may be called by another: a bare "the President" is not the vice president."""
    return asked <= borne and not (borne & person_words("lesser").keys()) - asked
