"""How likely two persons of the archive are one: the Fellegi-Sunter model, in bits, with the reasons in words.

Each comparison has levels, and each level how often it is met between records of one person (m) and of two (u); what
agreeing is worth is log2(m / u). The table `data/linkage.csv` holds them. A surname costs as many bits as it has
bearers, so that a rare one alone says much and a common one little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log2
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.names import is_short_form, similarity
from reftel.resolve.rarity import bearers, commonness
from reftel.resolve.records import person_name
from reftel.resolve.spelling import is_slip

if TYPE_CHECKING:
    from collections import Counter

    from reftel.resolve.dossier import Dossier
    from reftel.resolve.names import PersonName

ENOUGH = 3.3
"""Bits from which two are held to be one: odds of ten to one."""

_NEAR, _FAR = 8, 25  # years
_COMPANY = 1500  # how many persons cables share: what company two strangers have by chance is told from it
_MOST_COMPANY_BITS = 5.0
_DISSENT = 0.2  # the share of names that may disagree: slips of the cables, and of resolving within them
_MANY_POSTS = 3
_ALIKE = 0.5
_MANY, _BORNE_BY_MANY = 64, 0.25  # bearers of a surname, and what sharing it as company counts then
_NAMED = 3  # of the company, in a reason


Reason = Callable[[], str]
"""What speaks for a verdict, put into words when asked for: few verdicts ever are."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Bits for (above 0) or against, what speaks for it, how much role, country and company give, and roles alone."""

    bits: float
    reasons: tuple[Reason, ...] = ()
    support: float = 0.0
    role: float = 0.0

    @property
    def words(self) -> str:
        """What speaks for it, in words: as the two are now, so to be asked before either learns anything."""
        return "; ".join(reason() for reason in self.reasons)

    @property
    def score(self) -> float:
        """The probability that they are one."""
        return 1 / (1 + 2 ** -min(max(self.bits, -60.0), 60.0))


NEVER = Verdict(-100.0)
_LISTED = Verdict(20.0, (lambda: "the list of officers says so",), 20.0)


def compare(one: Dossier, other: Dossier) -> Verdict:
    """Whether two persons with full names are one; `NEVER` where their names or what they are exclude it."""
    if one.officers and other.officers:
        same = one.officers & other.officers
        return _LISTED if same else NEVER
    named = _compare_names(one.names, other.names)
    if named is None:
        return NEVER
    around = surroundings(one, other)
    return Verdict(named.bits + around.bits, named.reasons + around.reasons, around.support)


def surroundings(one: Dossier, other: Dossier) -> Verdict:
    """What speaks for or against two being one beside their names: roles, countries, years, company, common cables.

    That cables come from one country is no support for a name that many bear there.
    """
    role, country, company = _roles(one, other), _countries(one, other), _company(one, other)
    parts = (role, country, company)
    said = country[0] if one.countries or other.countries else 0.0
    return Verdict(
        role[0] + country[0] + company[0] + _years(one, other) + _common_cables(one, other),
        tuple(reason for _, reason in parts if reason),
        max(role[0], 0.0) + max(said, 0.0) + max(company[0], 0.0),
        role[0],
    )


def at_most(one: Dossier, other: Dossier) -> float:
    """Bits that `surroundings` do not exceed, told without looking at roles and company."""
    role = bits("role", "same office") if one.roles and other.roles else 0.0
    company = _MOST_COMPANY_BITS if one.company and other.company else 0.0
    return role + company + _countries(one, other)[0] + _years(one, other)


@cache
def bits(comparison: str, level: str) -> float:
    """What a level of a comparison is worth."""
    return _weights()[comparison, level]


@cache
def _weights() -> dict[tuple[str, str], float]:
    return {
        (row["comparison"], row["level"]): log2(float(row["m"]) / float(row["u"])) for row in tables.rows("linkage.csv")
    }


_Weighed = tuple[float, Reason | None]
_NOTHING: _Weighed = (0.0, None)


def _compare_names(some: Counter[PersonName], others: Counter[PersonName]) -> Verdict | None:
    """The bits of the two names that agree best; None where too many pairs of names disagree."""
    against, best = 0.0, None
    for one, n in some.items():
        for other, k in others.items():
            if not similarity(one, other) or _are_kin(one.keys, other.keys):
                against += n * k
                continue
            weighed = name_bits(one, other)
            if best is None or (weighed, one.written, other.written) > best:
                best = (weighed, one.written, other.written)
    if best is None or against > _DISSENT * some.total() * others.total():
        return None
    weighed, a, b = best
    return Verdict(weighed, (lambda: agreeing(a, b, same=person_name(a).keys == person_name(b).keys),))


def agreeing(one: str, other: str, *, same: bool) -> str:
    """That two names agree, in words."""
    return f"both “{one}”" if same else f"“{one}” and “{other}” agree"


@lru_cache(maxsize=65536)
def name_bits(one: PersonName, other: PersonName) -> float:
    """What agreeing in these full names is worth."""
    short, long = sorted((one.keys, other.keys), key=lambda keys: (len(keys), keys))
    surname = short[-1]
    meets = [key for key in long if key == surname]
    weighed = -log2(bearers(surname)) + (0.0 if meets else bits("surname", "spelt"))
    return weighed + sum(
        _part_bits(part, long[:-1] if meets and meets[-1] == long[-1] else long) for part in short[:-1]
    )


def _part_bits(part: str, others: tuple[str, ...]) -> float:
    """What a part beside the surname is worth that agrees with one of the other name's."""
    if len(part) == 1:
        return bits("given", "initial")
    if part in others:
        return bits("given", commonness(part))
    if any(len(other) > 1 and is_slip(part, other) for other in others):
        return bits("given", "spelt")
    if any(len(other) == 1 and other == part[0] for other in others):
        return bits("given", "initial")
    return bits("given", "short") if any(_is_shorter(part, other) for other in others) else 0.0


def _is_shorter(one: str, other: str) -> bool:
    return is_short_form(*sorted((one, other), key=len))


def _are_kin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names that fit each other are rather of two of a family.

    A given name before a whole name is a son's, where names are chains of fathers' names; and a middle initial is of
    the first middle name.
    """
    short, long = sorted((one, other), key=len)
    chained = 2 < len(short) < len(long) and short == long[-len(short) :] and commonness(long[0]) != "same"
    middles = (one[1], other[1]) if min(len(one), len(other)) > 2 else ("", "")
    initials = any(len(middle) == 1 for middle in middles) and middles[0][0] != middles[1][0]
    return chained or initials


def times_shared(one: Dossier, other: Dossier) -> int:
    """How often the first has a role that both have; 0 where there is none."""
    return max((one.roles[role] for role in one.roles.keys() & other.roles.keys()), default=0)


def may_follow(one: Dossier, other: Dossier) -> bool:
    """Whether both have held an office, so that other roles may be other years of one career."""
    return all(any(_is_office(role) for role in person.roles) for person in (one, other))


@lru_cache(maxsize=16384)
def _is_office(role: frozenset[str]) -> bool:
    known = (tables.title(word) for word in role)
    return any(title is not None and title.kind == "office" for title in known)


def _roles(one: Dossier, other: Dossier) -> _Weighed:
    if not one.roles or not other.roles:
        return _NOTHING
    same = one.roles.keys() & other.roles.keys()
    if same:
        best = max(same, key=lambda words: (one.roles[words] * other.roles[words], len(words), sorted(words)))
        level = "same" if not _countries_meet(one, other) else "same office" if len(best) > 1 else "same title"
        return bits("role", level) + _rarely_held(one, other, best, best), lambda: f"both {one.said[best]}"
    alike = [
        (one.roles[a] * other.roles[b], sorted(a), sorted(b), a, b)
        for a in one.roles
        for b in other.roles
        if _are_alike(a, b)
    ]
    if alike:
        _, _, _, a, b = max(alike)
        return bits("role", "alike") + _rarely_held(one, other, a, b), lambda: f"{one.said[a]} and {other.said[b]}"
    return bits("role", "other"), None


def _rarely_held(one: Dossier, other: Dossier, role: frozenset[str], fellow: frozenset[str]) -> float:
    """What a role is worth less that few of the cables give to the one of the two that more cables tell of."""
    share = min(one.roles[role] / one.roles.total(), other.roles[fellow] / other.roles.total())
    return log2(share) / 2


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one role says less than the other ("Minister", "Defense Minister"), or most of the same."""
    common = len(one & other)
    return one <= other or other <= one or (common > 1 and common >= _ALIKE * len(one | other))


def _countries_meet(one: Dossier, other: Dossier) -> bool:
    ours, theirs = (set(person.countries) or set(person.homes) for person in (one, other))
    return bool(ours & theirs)


def _countries(one: Dossier, other: Dossier) -> _Weighed:
    if one.countries and other.countries:
        same = one.own_countries & other.own_countries
        return (
            (bits("country", "same"), lambda: f"both of {_country(min(same))}")
            if same
            else (bits("country", "other"), None)
        )
    if one.countries or other.countries:
        met = one.own_countries & other.own_homes if one.countries else other.own_countries & one.own_homes
        if not met:
            return _NOTHING
        return bits("country", "of the post"), lambda: f"of {_country(min(met))}, and in cables from there"
    same = one.own_homes & other.own_homes
    if same:
        return bits("country", "same posts"), lambda: f"in cables from {_country(min(same))}"
    # Who is spoken of at many posts is no more of one than of another.
    at_few = 0 < len(one.homes) < _MANY_POSTS and 0 < len(other.homes) < _MANY_POSTS
    return (bits("country", "other posts") if at_few else 0.0), None


def _country(code: str) -> str:
    known = tables.country_of_code(code)
    return known.name if known else code


def _company(one: Dossier, other: Dossier) -> _Weighed:
    expected = len(one.company) * len(other.company) / _COMPANY
    common = one.company.keys() & other.company.keys()
    if common:
        common -= one.parts
        common -= other.parts
    if not common:
        return (bits("company", "none") if expected > 1 else 0.0), None
    # The same surname need not be the same companion where many bear it.
    shared = sum(map(_as_company, common))
    weighed = min(log2((shared + 0.5) / (expected + 0.5)), _MOST_COMPANY_BITS)
    return (weighed, lambda: _with(one, other, common)) if weighed > 0 else _NOTHING


@lru_cache(maxsize=65536)
def _as_company(surname: str) -> float:
    return _BORNE_BY_MANY if bearers(surname) >= _MANY else 1.0


def _with(one: Dossier, other: Dossier, common: set[str]) -> str:
    """Whom both are met with: whoever is met with few is the one to name."""
    told = sorted(common, key=lambda name: (-min(one.company[name], other.company[name]), name))[:_NAMED]
    return f"with {', '.join(name.title() for name in told)} in both"


def _years(one: Dossier, other: Dossier) -> float:
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return 0.0
    gap = max(one.first, other.first) - min(one.last, other.last)
    return bits("years", "near" if gap <= _NEAR else "apart" if gap <= _FAR else "far")


def _common_cables(one: Dossier, other: Dossier) -> float:
    """Two of one cable were told apart there."""
    few = min(len(one.cables), len(other.cables))
    return bits("cable", "both") * len(one.cables & other.cables) / few
