"""Places, organisations and other names of one block: the same name, told apart by country.

Records of a block share the sound of a name or an acronym. What any country has ("Supreme Court", "MOD") is told apart
by the country of the post where a cable says none; what has a name of its own is one unless cables say two countries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.dossier import of_records
from reftel.resolve.namesakes import Link
from reftel.resolve.records import is_acronym, thing_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reftel.resolve.constraints import Constraints
    from reftel.resolve.dossier import Dossier
    from reftel.resolve.records import Record

_SAME, _ONLY_ONE, _SPELT, _ACRONYM = 0.97, 0.9, 0.85, 0.8
_CLEARLY = 4  # how many times as often as all others one must be named to be what an acronym stands for


def cluster_things(records: Iterable[Record], bound: Constraints) -> tuple[list[Dossier], list[Link]]:
    """The things among the records of one block, and a link for each merge of unlike records."""
    apart: list[Dossier] = []
    groups: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.id in bound.pinned:
            apart.append(_dossier([record]))
        else:
            groups[_meaning(record), _place(record)].append(record)
    made = [_dossier(groups[key]) for key in sorted(groups)]
    links = [link for thing in made for link in _spellings(thing)]
    apart.sort(key=lambda lone: (lone.example.id in bound.cut, lone.example.id))
    pile = _Pile(bound, links)
    things = [thing for each in _by_meaning(made) for thing in pile.joined(each)]
    return pile.with_pinned(pile.expanded(things), apart), links


class _Pile:
    """Merges things and remembers why."""

    def __init__(self, bound: Constraints, links: list[Link]) -> None:
        self._allowed = bound.allow
        self._links = links

    def joined(self, things: Sequence[Dossier]) -> list[Dossier]:
        """Those of one meaning: what has no country goes to the only one, or to the one it is reported from."""
        placed = [thing for thing in things if thing.countries]
        nowhere = [thing for thing in things if not thing.countries]
        kept = list(placed)
        for thing in nowhere:
            match = placed[0] if len(placed) == 1 else _at_home(thing, placed)
            if match is None:
                kept.append(thing)
            else:
                self._put(match, thing, _ONLY_ONE, f"both “{match.example.name}”; one country only, or the post's")
        return kept

    def expanded(self, things: Sequence[Dossier]) -> list[Dossier]:
        """Acronyms that no cable of theirs writes out go to the one thing of their country that bears them."""
        full = [thing for thing in things if _meaning(thing.example)]
        kept = list(full)
        for thing in things:
            if _meaning(thing.example):
                continue
            fits = sorted(
                (other for other in full if _same_country(thing, other)), key=lambda other: -len(other.records)
            )
            if fits and len(fits[0].records) > _CLEARLY * sum(len(other.records) for other in fits[1:]):
                self._put(fits[0], thing, _ACRONYM, f"“{thing.example.name}” for “{fits[0].example.name}”")
            else:
                kept.append(thing)
        return kept

    def with_pinned(self, things: list[Dossier], apart: Iterable[Dossier]) -> list[Dossier]:
        """Records that decisions tell apart, each put where it may be, else on its own."""
        for lone in apart:
            fits = [thing for thing in things if _same_country(lone, thing) and self._allowed(thing, lone)]
            if fits:
                self._put(fits[0], lone, _SAME, f"both “{lone.example.name}”")
            else:
                things.append(lone)
        return things

    def _put(self, thing: Dossier, other: Dossier, score: float, reason: str) -> None:
        self._links.append(Link(thing.example.id, other.example.id, score, reason))
        thing.learn(other)


def _dossier(records: list[Record]) -> Dossier:
    made = of_records(records)
    made.countries = Counter(place for record in records if (place := _place(record)))
    made.homes = Counter(record.home for record in records if record.home)
    return made


def _meaning(record: Record) -> str:
    """What a record means, beside its acronym: the sound of its name; "" for a bare acronym."""
    return next((thing_key(form) for form in record.forms if not is_acronym(form)), "")


def _place(record: Record) -> str:
    """The country that tells a thing from its namesakes; "" where none is said and its name is its own."""
    if record.country:
        return record.country
    return (record.home or "") if record.type == "ORG" and _is_of_any_country(record) else ""


def _is_of_any_country(record: Record) -> bool:
    return all(is_acronym(form) for form in record.forms) or all(
        word in _common() for word in tables.folded(record.name).split()
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(row["word"] for row in tables.rows("institution_words.csv"))


def _by_meaning(things: Iterable[Dossier]) -> list[list[Dossier]]:
    groups: defaultdict[str, list[Dossier]] = defaultdict(list)
    for thing in things:
        groups[_meaning(thing.example)].append(thing)
    # Bare acronyms of two countries are two things, whatever the block.
    return [groups[key] for key in sorted(groups) if key] + [[thing] for thing in groups.get("", ())]


def _at_home(thing: Dossier, placed: Sequence[Dossier]) -> Dossier | None:
    """Of several countries' things of that name, the one of the country that most of its records are from."""
    home = max(thing.homes, key=lambda code: (thing.homes[code], code), default=None)
    return next((other for other in placed if home in other.countries), None)


def _same_country(one: Dossier, other: Dossier) -> bool:
    return not one.countries or not other.countries or bool(one.countries.keys() & other.countries.keys())


def _spellings(thing: Dossier) -> list[Link]:
    """A link for each spelling of the name beside the commonest, and for each further country of its posts."""
    names = Counter(record.name for record in thing.records)
    first = thing.example
    seen = {first.name}
    links = []
    for record in thing.records:
        if record.name not in seen:
            seen.add(record.name)
            score = _SAME if record.name.casefold() == first.name.casefold() else _SPELT
            links.append(Link(first.id, record.id, score, f"“{first.name}” and “{record.name}” sound the same"))
    return links if len(names) > 1 else []
