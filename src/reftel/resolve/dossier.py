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


@dataclass(slots=True)
class Dossier:
    """The records held to be one, by id, and what they say: names, roles, countries, years and company.

    `names` are the full names in parts, `calls` single parts that cables use; all counters count records; `first` and
    `last` are years.
    """

    records: list[Record]
    names: Counter[PersonName] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    roles: Counter[frozenset[str]] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    homes: Counter[str] = field(default_factory=Counter)
    company: Counter[str] = field(default_factory=Counter)
    officers: set[str] = field(default_factory=set)
    first: int | None = None
    last: int | None = None

    @property
    def example(self) -> Record:
        """The record that stands for all: the one with the fullest name, then the earliest."""
        return min(self.records, key=lambda record: (-_fullness(record.name), record.name, record.id))

    @property
    def cables(self) -> set[int]:
        """The cables it is from."""
        return {record.cable for record in self.records}

    def learn(self, other: Dossier) -> None:
        """Take in what another one holds."""
        self.records += other.records
        self.calls.update(other.calls)
        self.names.update(other.names)
        self.roles.update(other.roles)
        self.countries.update(other.countries)
        self.homes.update(other.homes)
        self.company.update(other.company)
        self.officers |= other.officers
        self.first = min((year for year in (self.first, other.first) if year), default=None)
        self.last = max((year for year in (self.last, other.last) if year), default=None)


def dossier(records: Iterable[Record]) -> Dossier:
    """The dossier of records that are the same beyond doubt."""
    made = Dossier(list(records))
    for record in made.records:
        parsed = [person_name(form) for form in record.forms]
        made.names.update(name for name in parsed if name.is_full)
        made.calls.update({name.keys[0] for name in parsed if len(name.keys) == 1})
        made.roles.update(filter(None, [role_words(record.role)]))
        made.countries.update(filter(None, [record.country]))
        made.homes.update(filter(None, [record.home]))
        made.officers |= {str(record.key)} if is_officer(record.key) else set()
        made.company.update(record.company)
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


def _fullness(name: str) -> int:
    return sum(len(key) > 1 for key in person_name(name).keys)
