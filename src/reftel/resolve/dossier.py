"""What is known of one person, or of one thing, from the records that are held to be it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.records import is_officer, person_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.resolve.names import PersonName
    from reftel.resolve.records import Record

# Words of a role that do not tell it from others.
_IDLE = frozenset(
    [
        "of",
        "for",
        "the",
        "and",
        "to",
        "in",
        "at",
        "a",
        "an",
        "de",
        "former",
        "ex",
        "then",
        "acting",
        "current",
        "new",
        "u",
        "us",
    ]
)
_CHIEF = frozenset({"chief", "mission"})
_OWN = 0.3  # the share of its records that makes a country one's own


@dataclass(slots=True)
class Dossier:
    """The records held to be one, by id, and what they say: names, roles, countries, years and company.

    `example` is the record that stands for all: the one with the fullest name, then the earliest. `cables` are those it
    is from, `names` the full names in parts, `calls` single parts that cables use, `parts` the parts of either; `said`
    is a role as some record has it; all counters count records; `first` and `last` are years.
    """

    records: list[Record]
    example: Record
    cables: set[int] = field(default_factory=set)
    names: Counter[PersonName] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    parts: set[str] = field(default_factory=set)
    roles: Counter[frozenset[str]] = field(default_factory=Counter)
    said: dict[frozenset[str], str] = field(default_factory=dict)
    countries: Counter[str] = field(default_factory=Counter)
    homes: Counter[str] = field(default_factory=Counter)
    company: Counter[str] = field(default_factory=Counter)
    officers: set[str] = field(default_factory=set)
    first: int | None = None
    last: int | None = None

    # What follows from the above, for as long as nothing is learnt: comparing asks for it a million times.
    _own_countries: frozenset[str] | None = None
    _own_homes: frozenset[str] | None = None

    @property
    def own_countries(self) -> frozenset[str]:
        """The countries that a good share of its records say."""
        if self._own_countries is None:
            self._own_countries = _own(self.countries)
        return self._own_countries

    @property
    def own_homes(self) -> frozenset[str]:
        """The countries whose posts a good share of its records are from."""
        if self._own_homes is None:
            self._own_homes = _own(self.homes)
        return self._own_homes

    def learn(self, other: Dossier) -> None:
        """Take in what another one holds."""
        self.records += other.records
        self.example = min(self.example, other.example, key=_prominence)
        self.cables |= other.cables
        self.parts |= other.parts
        self.calls.update(other.calls)
        self.names.update(other.names)
        self.roles.update(other.roles)
        for role, said in other.said.items():
            self.said[role] = min(said, self.said.get(role, said))
        self.countries.update(other.countries)
        self.homes.update(other.homes)
        self.company.update(other.company)
        self.officers |= other.officers
        self.first = min((year for year in (self.first, other.first) if year), default=None)
        self.last = max((year for year in (self.last, other.last) if year), default=None)
        self._own_countries = self._own_homes = None


def of_records(records: list[Record]) -> Dossier:
    """A dossier that knows which records it is of, and nothing of what they say."""
    return Dossier(records, min(records, key=_prominence), {record.cable for record in records})


def dossier(records: Iterable[Record]) -> Dossier:
    """The dossier of records that are the same beyond doubt."""
    made = of_records(list(records))
    for record in made.records:
        parsed = [person_name(form) for form in record.forms]
        made.names.update(name for name in parsed if name.is_full)
        made.calls.update({name.keys[0] for name in parsed if len(name.keys) == 1})
        role = role_words(record.role)
        if role and record.role:
            made.roles[role] += 1
            made.said[role] = min(record.role, made.said.get(role, record.role))
        made.countries.update(filter(None, [record.country]))
        made.homes.update(filter(None, [record.home]))
        made.officers |= {str(record.key)} if is_officer(record.key) else set()
        made.company.update(record.company)
    made.parts = {part for name in made.names for part in name.keys} | made.calls.keys()
    years = [record.year for record in made.records if record.year]
    made.first, made.last = min(years, default=None), max(years, default=None)
    return made


@lru_cache(maxsize=65536)
def role_words(role: str | None) -> frozenset[str]:
    """The words that make a role: abbreviations written out, countries and small words left out."""
    if not role:
        return frozenset()
    words = tables.folded(role).split()
    spelt = frozenset(expanded for word in words for expanded in _written_out(word)) - _IDLE
    return frozenset({"ambassador"}) if spelt == _CHIEF else spelt


@lru_cache(maxsize=16384)
def _written_out(word: str) -> tuple[str, ...]:
    if tables.country_of_people(word.title()) or tables.country(word.title()):
        return ()
    known = tables.title(word)
    return tuple(tables.folded(known.expansion).split()) if known else (word,)


def _prominence(record: Record) -> tuple[int, str, int]:
    return -_fullness(record.name), record.name, record.id


@lru_cache(maxsize=65536)
def _fullness(name: str) -> int:
    return sum(len(key) > 1 for key in person_name(name).keys)


def _own(counted: Counter[str]) -> frozenset[str]:
    least = _OWN * counted.total()
    return frozenset(code for code, n in counted.items() if n >= least)
