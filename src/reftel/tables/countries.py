"""Countries and areas of 1966-2010: their names, peoples, capitals and codes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from reftel.tables.reading import cells, folded, rows

# The pronoun; the country is never written like this.
_PRONOUN = "us"
_AT_HOME = "*"


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area: `code` as in the TAGS line ("IZ"), the ISO 3166 codes, `capital` under its name of 2010.

    `peoples` are the adjectives and nouns of its people, `also` its other names and abbreviations, those in use only
    at home ("the Kingdom") included. ISO codes are "" where there are none; `latitude` and `longitude` are degrees.
    """

    name: str
    code: str
    iso2: str
    iso3: str
    capital: str | None
    peoples: tuple[str, ...]
    also: tuple[str, ...]
    latitude: float
    longitude: float


def country(written: str, *, home: str | None = None) -> Country | None:
    """The country that a name, another name or an abbreviation means ("UAE", "Holland", "U.S.S.R."), None for others.

    Names that several countries bear ("Congo", "Korea", "the Kingdom") are read as the one whose code is `home`.
    """
    return None if written == _PRONOUN else _chosen(_by_name(), written, home)


def country_of_people(written: str, *, home: str | None = None) -> Country | None:
    """The country whose people or adjective this is ("Iraqi", "Britons", "Dutch"), None for other words."""
    return _chosen(_by_people(), written, home)


def country_of_code(code: str) -> Country | None:
    """The country with that TAGS code; codes it had in other years ("DM", Dahomey) lead to it as well."""
    return _by_code().get(code)


def country_of_iso(code: str) -> Country | None:
    """The country with that ISO 3166 code of two or three letters ("IQ", "IRQ"), one of 2010 before a withdrawn one."""
    return _by_iso().get(code)


def all_countries() -> tuple[Country, ...]:
    """Every country and area, in the order of their names."""
    return tuple(dict.fromkeys(_by_code().values()))


def is_people(name: str) -> bool:
    """Whether a name is the adjective of a country or what its people are called ("Uzbek", "Danes")."""
    return folded(name) in _by_people()


def is_country(name: str) -> bool:
    """Whether a name is that of a country, also one that several countries bear."""
    return name != _PRONOUN and folded(name) in _by_name()


_Named = dict[str, dict[str | None, Country]]


def _chosen(named: _Named, written: str, home: str | None) -> Country | None:
    """The country of that name whose code is `home`, else the one that bears it everywhere (under None)."""
    bearers = named.get(folded(written), {})
    return bearers.get(home) or bearers.get(None)


@cache
def _read() -> tuple[tuple[Country, dict[str, str]], ...]:
    return tuple((_country(row), row) for row in rows("countries.csv"))


def _country(row: dict[str, str]) -> Country:
    peoples, also = (tuple(n.removeprefix(_AT_HOME) for n in cells(row[column])) for column in ("peoples", "also"))
    return Country(
        name=row["name"],
        code=row["code"],
        iso2=row["iso2"],
        iso3=row["iso3"],
        capital=row["capital"] or None,
        peoples=peoples,
        also=also,
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


@cache
def _by_name() -> _Named:
    return _named("name", "also")


@cache
def _by_people() -> _Named:
    return _named("peoples")


def _named(*columns: str) -> _Named:
    """Every name to its bearers by code, and under None the one that bears it outside its borders as well."""
    named: _Named = defaultdict(dict)
    for found, row in _read():
        for name in (name for column in columns for name in cells(row[column])):
            bearers = named[folded(name.removeprefix(_AT_HOME))]
            bearers[found.code] = found
            if not name.startswith(_AT_HOME):
                bearers[None] = found
    return dict(named)


@cache
def _by_code() -> dict[str, Country]:
    others = {code: found for found, row in _read() for code in cells(row["codes"])}
    return {found.code: found for found, _ in _read()} | others


@cache
def _by_iso() -> dict[str, Country]:
    return {code: found for found, _ in reversed(_read()) for code in (found.iso2, found.iso3) if code}
