"""Namesakes: the persons of one block, told apart or put together.

Full names first: records of the same name, then of names that agree. A bare surname goes to the one full name that it
most likely means, which depends on how many cables know that person, on who else bears the name, and on role, country,
years and company; else bare surnames are put together where those agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING, Any

from reftel.resolve.dossier import Dossier, dossier, role_words
from reftel.resolve.linkage import (
    ENOUGH,
    NEVER,
    Verdict,
    agreeing,
    at_most,
    bits,
    compare,
    may_follow,
    surroundings,
    times_shared,
)
from reftel.resolve.rarity import bearers
from reftel.resolve.records import person_name
from reftel.resolve.spelling import is_slip

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from reftel.resolve.constraints import Constraints
    from reftel.resolve.records import Record

_MOST = 300  # namesakes that another one is compared with, the largest first
_ROUNDS = 4
_TIE = 1e-6  # bits
_RARE = 4  # bearers up to which a surname alone may tell
_NEEDED = 1.5  # bits that role, country and company must give together where it may not


@dataclass(frozen=True, slots=True)
class Link:
    """Why two records (ids) are held to be one: the probability and the reasons in words."""

    one: int
    other: int
    score: float
    reason: str


def cluster_persons(records: Iterable[Record], bound: Constraints) -> tuple[list[Dossier], list[Link]]:
    """The persons among the records of one block, and a link for each merge of unlike records."""
    people = _collapsed(records, bound.pinned)
    crowd = _Crowd(bound)
    fulls = crowd.merged([person for person in people if person.names])
    bares = crowd.placed([person for person in people if not person.names], fulls)
    return fulls + crowd.gathered(bares), crowd.links


def _collapsed(records: Iterable[Record], pinned: frozenset[int]) -> list[Dossier]:
    """Records that are alike in all but year and company, as one where that is enough to hold them for one person.

    In an order that ids do not make, as far as records differ.
    """
    groups: defaultdict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        groups[_likeness(record)].append(record)
    people: list[tuple[Any, Dossier]] = []
    for key, alike in groups.items():
        free = [record for record in alike if record.id not in pinned]
        if len(free) > 1 and _is_enough(free[0]):
            people.append(((-len(free), key), dossier(free)))
            free = []
        lone = [*free, *(record for record in alike if record.id in pinned)]
        # Those that one cable has twice come first, so that a third of the kind is seen to be in doubt between them.
        often = Counter(record.cable for record in alike)
        people += [
            ((-1, key, -often[each.cable], sorted(each.company), each.year or 0, each.id), dossier([each]))
            for each in lone
        ]
    return [person for _, person in sorted(people, key=lambda pair: pair[0])]


def _likeness(record: Record) -> tuple[Hashable, ...]:
    names = tuple(sorted({person_name(form).keys for form in record.forms}))
    roles = tuple(sorted(role_words(record.role)))
    return (names, roles, record.country or "", record.home or "", record.key or "")


def _is_enough(record: Record) -> bool:
    """Whether another record just like this one, of another cable, is of the same person."""
    bare = replace(record, company=frozenset())
    one, other = dossier([bare]), dossier([replace(bare, cable=-1)])
    verdict = compare(one, other) if one.names else _compare_bare(one, other)
    return verdict.bits >= ENOUGH


class _Crowd:
    """Merges dossiers and remembers why."""

    def __init__(self, bound: Constraints) -> None:
        self._allowed = bound.allow
        self._cut = bound.cut
        self.links: list[Link] = []

    def merged(self, people: Sequence[Dossier]) -> list[Dossier]:
        """Persons with full names: those of the same name first, then those whose names agree."""
        by_name: defaultdict[tuple[str, ...], list[Dossier]] = defaultdict(list)
        for person in people:
            by_name[max(person.names, key=lambda name: (len(name.keys), name.keys)).keys].append(person)
        apart = [person for name in sorted(by_name) for person in self._agglomerated(by_name[name], compare)]
        return self._agglomerated(apart, compare)

    def placed(self, bares: Sequence[Dossier], fulls: Sequence[Dossier]) -> list[Dossier]:
        """Give each bare surname to the full name that it means; returns those that remain.

        In rounds: what is given to a person in one makes the person better known in the next.
        """
        rest = list(bares)
        bearing = {
            parts: [person for person in fulls if _name_fit(parts, person) is not None]
            for parts in {_parts(bare) for bare in bares}
        }
        unsure = set(bearing)
        for _ in range(_ROUNDS):
            learnt, rest = self._given(rest, {parts: bearing[parts] for parts in unsure})
            # A bare name is in doubt as it was where none of those that bear it is better known now.
            unsure = {parts for parts, persons in bearing.items() if any(id(person) in learnt for person in persons)}
            if not unsure:
                break
        return rest

    def _given(
        self, bares: Sequence[Dossier], bearing: Mapping[frozenset[str], Sequence[Dossier]]
    ) -> tuple[set[int], list[Dossier]]:
        """One round: the persons (by `id`) that were given something, and the bare names that remain."""
        meant = [(bare, self._meant(bare, bearing.get(_parts(bare), ()))) for bare in bares]
        rest = [bare for bare, match in meant if match is None]
        learnt: set[int] = set()
        for bare, match in meant:
            if match is None:
                continue
            person, verdict = match
            if self._allowed(person, bare):
                self.links.append(_link(person, bare, verdict))
                person.learn(bare)
                learnt.add(id(person))
            else:
                rest.append(bare)
        return learnt, rest

    def gathered(self, bares: Sequence[Dossier]) -> list[Dossier]:
        """Bare surnames without a full name, put together where enough agrees."""
        by_part: defaultdict[str, list[Dossier]] = defaultdict(list)
        for bare in bares:
            by_part[min(bare.calls, default="")].append(bare)
        apart = [person for part in sorted(by_part) for person in self._agglomerated(by_part[part], _compare_bare)]
        return self._agglomerated(apart, _compare_bare)

    def _agglomerated(
        self, people: Sequence[Dossier], verdict_of: Callable[[Dossier, Dossier], Verdict]
    ) -> list[Dossier]:
        """Each joins the one it agrees with best, the largest first, until none does."""
        for _ in range(_ROUNDS):
            kept: list[Dossier] = []
            for person in sorted(people, key=self._order):
                best = self._best(person, kept, verdict_of)
                if best is None:
                    kept.append(person)
                else:
                    self.links.append(_link(best[0], person, best[1]))
                    best[0].learn(person)
            if len(kept) == len(people):
                break
            people = kept
        return list(people)

    def _order(self, person: Dossier) -> tuple[bool, int]:
        """The largest first; whoever a decision cut off last, when the rest is together."""
        return bool(self._cut) and any(record.id in self._cut for record in person.records), -len(person.records)

    def _best(
        self, person: Dossier, kept: Sequence[Dossier], verdict_of: Callable[[Dossier, Dossier], Verdict]
    ) -> tuple[Dossier, Verdict] | None:
        best: tuple[Dossier, Verdict] | None = None
        tied = False
        for other in kept[:_MOST]:
            verdict = verdict_of(other, person)
            if verdict.bits < ENOUGH or not self._allowed(other, person):
                continue
            gained = verdict.bits - best[1].bits if best else 1.0
            tied = abs(gained) < _TIE or (tied and gained < 0)
            if gained >= _TIE:
                best = (other, verdict)
        # Of two that were told apart and fit alike, neither is meant for sure.
        return None if tied else best

    def _meant(self, bare: Dossier, fulls: Sequence[Dossier]) -> tuple[Dossier, Verdict] | None:
        """The person that a bare surname means, if one is ten times as likely as all others and the unknown ones."""
        fits = [(person, _fit(bare, person)) for person in fulls]
        weighed = [(person, fit) for person, fit in fits if fit is not None and self._allowed(person, bare)]
        if not weighed:
            return None
        unknown = float(max(bearers(part) for part in bare.calls))
        weighed = _shrunk(bare, weighed)
        person, best = max(weighed, key=lambda pair: pair[1].bits)
        fame = 0.0 if bare.roles else 0.5  # where a role is said, it is the role that tells
        others = unknown + sum(
            2 ** (fit.bits - fame * _better_known(person, one)) for one, fit in weighed if one is not person
        )
        said = best.words
        verdict = Verdict(best.bits - log2(others), (lambda: said,), best.support)
        too_common = unknown > _RARE and best.support < _NEEDED
        return None if too_common or verdict.bits < ENOUGH else (person, verdict)


def _better_known(one: Dossier, other: Dossier) -> float:
    """How much better known the first is, in bits: cables call the well known by a bare name, and introduce others."""
    return max(log2(len(one.cables) / len(other.cables)), 0.0)


def _shrunk(bare: Dossier, weighed: list[tuple[Dossier, Verdict]]) -> list[tuple[Dossier, Verdict]]:
    """Where several have the role of a bare name, a role counts less the fewer cables give it to someone.

    For one cable may have taken the bearer of another full name for the one its bare name means.
    """
    shared = [times_shared(person, bare) for person, _ in weighed]
    if sum(count > 0 for count in shared) < 2:
        return weighed
    return [
        (person, replace(fit, bits=fit.bits - max(fit.role, 0.0) / (count + 1)))
        for (person, fit), count in zip(weighed, shared, strict=True)
    ]


def _fit(bare: Dossier, person: Dossier) -> Verdict | None:
    """How well a bare name fits a person; None where no name of the person has it."""
    if bare.officers and person.officers and not bare.officers & person.officers:
        return None
    named = _name_fit(bare.calls, person)
    if named is None:
        return None
    around = surroundings(person, bare)
    known = log2(len(person.cables)) + named
    sure = 20.0 if bare.officers & person.officers else 0.0
    if around.role < 0 and not may_follow(person, bare):
        # The more cables tell the roles of someone, the less likely is one that none of them does.
        known -= 1 + log2(1 + person.roles.total()) / 2
    reasons = (lambda: f"“{bare.example.name}” for “{person.example.name}”", *around.reasons)
    return Verdict(known + around.bits + sure, reasons, around.support + sure, around.role)


def _parts(bare: Dossier) -> frozenset[str]:
    """What a bare name calls someone."""
    return frozenset(bare.calls)


def _name_fit(parts: Iterable[str], person: Dossier) -> float | None:
    """How well a person's names fit one who is called by these parts; None where none does."""
    return max((fit for part in parts if (fit := _part_fit(part, person)) is not None), default=None)


def _part_fit(part: str, person: Dossier) -> float | None:
    surnames = {name.keys[-1] for name in person.names}
    if part in surnames:
        return 0.0
    if part in person.calls:
        # What many cables call someone is a name; what one does may be its slip.
        called = person.calls[part]
        return (
            bits("surname", "called once") if called == 1 else bits("surname", "called twice") if called == 2 else 0.0
        )
    joined = {"".join(name.keys[-2:]) for name in person.names if len(name.keys) > 1}
    near = any(is_slip(part, other) for other in surnames | joined)
    return bits("surname", "spelt") if near else None


def _compare_bare(one: Dossier, other: Dossier) -> Verdict:
    """Whether two bare surnames mean one person."""
    shared = one.calls.keys() & other.calls.keys()
    part, fellow = max(one.calls, default=""), max(other.calls, default="")
    spelt = 0.0 if shared else bits("surname", "spelt")
    if (spelt and not is_slip(part, fellow)) or (one.officers and other.officers and not one.officers & other.officers):
        return NEVER
    common = max(map(bearers, shared or (part,)))
    named = spelt - log2(common)
    if named + at_most(one, other) < ENOUGH:
        return NEVER
    around = surroundings(one, other)
    if common > _RARE and around.support < _NEEDED:
        return NEVER
    reasons = (lambda: agreeing(one.example.name, other.example.name, same=not spelt), *around.reasons)
    return Verdict(named + around.bits, reasons, around.support)


def _link(one: Dossier, other: Dossier, verdict: Verdict) -> Link:
    return Link(one.example.id, other.example.id, round(verdict.score, 4), verdict.words)
