"""Posts: the codes of message reference numbers, and the names, addresses and abbreviations that lead to them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from reftel.distance import distance
from reftel.tables.countries import country as country_named
from reftel.tables.countries import is_country
from reftel.tables.places import capital_of, table_place
from reftel.tables.reading import cells, folded, rows

_NO_LETTER = re.compile(r"[^A-Z0-9]")
# What stands before a post's name in addresses; the longest first, so that none hides in another.
_ROUTING_WORD = re.compile(
    r"\A(?:FM\s+)?(?:(?:AMERICAN\s*)?(?:AMEMBASSY|AMEMB|EMBASSY|EMB|AMCONSULATE|AMCONSUL|AMCONGEN|CONSULATE\s*GENERAL"
    r"|CONSULATE|CONGEN|AMLEGATION|US\s*MISSION\s*TO|US\s*MISSION|US\s*INTERESTS\s*SECTION|USINT|US\s*LIAISON\s*OFFICE"
    r"|USLO|US\s*OFFICE|US\s*DELEGATION|USDEL)(?:\b\s*|(?=[A-Z]{4})))?"
)
_SHORTEST_TRUNCATION = 5
_LONGEST_POST = 60
_BLANKS = re.compile(r"\s+")
# A post as text names it, folded: "us embassy in paris", "amembassy rome", "the embassy".
_NAMED = re.compile(
    r"(?:(?:us|american|united states) )?(?:(?P<embassy>am ?embassy|am ?emb|embassy)|(?P<mission>(?:us)?mission)"
    r"|(?P<consulate>(?:am ?)?con ?gen|am ?consulate|am ?consul|consulate general|consulate)"
    r"|(?P<section>interests section|usint)|(?P<office>liaison office|uslo|reo|regional embassy office|branch office)"
    r"|(?P<post>post))(?: (?:in|at|to))?(?: (?P<where>[a-z].*))?"
)
_EMBASSIES = ("embassy", "interests section", "office")
# A post's kind to the group of _NAMED that its cables call it by.
_KINDS = {k: k for k in ("embassy", "consulate", "mission", "office")} | {"interests section": "section"}


@dataclass(frozen=True, slots=True)
class Post:
    """An embassy, consulate, mission or office: `code` as in an MRN, `name` as collections give the origin.

    `kind` is embassy, consulate, mission, office, interests section or department; `city` and `country` are
    where it stood, under the names of today, None where it had no fixed seat. `country_code` is that of the country
    whose acronyms its cables use, as in the TAGS line; `latitude` and `longitude` are degrees.
    """

    code: str
    name: str
    kind: str
    city: str | None
    country: str | None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def post(code: str) -> Post | None:
    """The post with that MRN code ("SAOPAULO"), None where there is none."""
    return _posts().get(code)


def post_code(written: str) -> str | None:
    """The MRN code of a post however it is written, None where it is not known.

    Takes a name ("Sao Paulo"), an address ("AMEMBASSY BAGHDAD", "SECSTATE WASHDC"), an abbreviation ("HCMC") and the
    names cut to six places of the 1970s ("CAPE T", "TEGUCI"); in capitals, any beginning that only one post has.
    """
    return None if len(written) > _LONGEST_POST else _post_code(written)


@lru_cache(maxsize=4096)
def _post_code(written: str) -> str | None:
    words = _ROUTING_WORD.sub("", _upper(written))
    known = _look_up(_upper(written)) or _look_up(words)
    # Numbers are cut in capitals; in mixed case "George" is a name, not Georgetown.
    return known or (_truncated(_letters(words)) if written.isupper() else None)


def nearest_post_code(written: str) -> str | None:
    """The code of the one post whose code is nearest to a damaged one, None without a clear winner.

    One slip (a letter dropped, added, wrong or swapped with its neighbour) in up to seven letters, two in more:
    SOIA is SOFIA, BUENOSQRES is BUENOSAIRES.
    """
    letters = _letters(written)
    if not 4 <= len(letters) <= _LONGEST_POST:
        return None
    limit = 1 if len(letters) <= 7 else 2
    distances = [
        (distance(letters, code, limit), code)
        for length in range(len(letters) - limit, len(letters) + limit + 1)
        for code in _codes_by_length().get(length, ())
    ]
    near = sorted(pair for pair in distances if pair[0] <= limit)
    is_clear = len(near) == 1 or (len(near) > 1 and near[0][0] < near[1][0])
    return near[0][1] if is_clear else None


def post_of(written: str) -> Post | None:
    """The post of a city, or that an address or abbreviation means ("Baghdad", "Kolkata", "HCMC"); embassies first."""
    code = post_code(written) or _seats().get(folded(written))
    return post(code) if code else None


def post_named(written: str, *, country: str | None = None, post: str | None = None) -> Post | None:
    """The U.S. post that words of a text name ("Embassy Baghdad", "AmEmbassy Rome", "ConGen Jeddah", "USUN").

    Named without its city, it is the one of the cable's `post` (an MRN code), or the embassy in that post's country or
    in `country` (a code): "the Embassy" in a cable from Lahore is Embassy Islamabad. None for other embassies.
    """
    name = folded(written)
    known = _in_text().get(name)
    match = None if known else _NAMED.fullmatch(name)
    if not match:
        return _posts().get(known) if known else None
    if match["where"]:
        return _at(match["where"])
    return _own(match.lastgroup or "", _posts().get(post or ""), country)


def is_place(name: str) -> bool:
    """Whether a name is that of a country, or of the city of a post, in any spelling; in capitals as well."""
    found = None if is_country(name) else table_place(name)
    return is_country(name) or folded(name) in _seats() or (found is not None and folded(found.name) in _seats())


def _at(where: str) -> Post | None:
    """The post in a city named behind "Embassy" or another word for a post."""
    code = _in_text().get(where) or _look_up(where.upper()) or _seats().get(where)
    return _posts().get(code) if code else None


def _own(kind: str, sender: Post | None, country: str | None) -> Post | None:
    """The post that "the Embassy" or "the Consulate" means in a cable from that post or country."""
    if sender and kind in {"post", _KINDS.get(sender.kind)}:
        return sender
    code = sender.country_code if sender else country
    return _posts().get(_embassies().get(code or "", "")) if kind == "embassy" else None


@cache
def _posts() -> dict[str, Post]:
    return {row["code"]: _post(row) for row in rows("posts.csv")}


def _post(row: dict[str, str]) -> Post:
    found = country_named(row["country"])
    code = row["acronyms_of"] or (found.code if found else None)
    seat = table_place(row["city"], country=found.code if found else None) if row["city"] else None
    latitude, longitude = (seat.latitude, seat.longitude) if seat else (None, None)
    where = row["city"] or None, row["country"] or None
    return Post(row["code"], row["name"], row["kind"], *where, code, latitude, longitude)


@cache
def _seats() -> dict[str, str]:
    """Every city to the code of the post there: of an embassy, where there is one."""
    ranked = sorted(_posts().values(), key=lambda p: (p.kind not in _EMBASSIES, p.kind != "consulate"), reverse=True)
    return {folded(p.city): p.code for p in ranked if p.city}


@cache
def _embassies() -> dict[str, str]:
    """Each country's code to its embassy: in the capital before another city, under the name of today before others."""
    found: defaultdict[str, list[tuple[bool, bool, str]]] = defaultdict(list)
    for one in _posts().values():
        if one.kind in _EMBASSIES and one.country_code and one.city:
            seat = capital_of(one.city)
            is_capital = seat is not None and seat.code == one.country_code
            found[one.country_code].append((not is_capital, one.code != _letters(one.city), one.code))
    return {code: min(ranked)[2] for code, ranked in found.items()}


@cache
def _in_text() -> dict[str, str]:
    """Every name that text has for a post without a word like "Embassy" ("USUN", "AIT") to its code."""
    named = {folded(name): row["code"] for row in rows("posts.csv") for name in cells(row["in_text"])}
    return {folded(p.name): p.code for p in _posts().values() if p.kind != "department"} | named


@cache
def _aliases() -> dict[str, str]:
    """Every other spelling, in words, to the post's code."""
    return {alias: row["code"] for row in rows("posts.csv") for alias in row["aliases"].split(";") if alias}


@cache
def _spellings() -> dict[str, str]:
    """The letters of every spelling to the post's code; a code stands before another post's alias."""
    return {_letters(alias): code for alias, code in _aliases().items()} | {code: code for code in _posts()}


def _look_up(words: str) -> str | None:
    """The code for a spelling; with its blanks first, since "USEU BRUSSELS" numbered its cables as BRUSSELS."""
    return _aliases().get(_BLANKS.sub(" ", words)) or _spellings().get(_letters(words))


@cache
def _sorted_spellings() -> tuple[str, ...]:
    return tuple(sorted(spelling for spelling in _spellings() if len(spelling) > _SHORTEST_TRUNCATION))


@cache
def _codes_by_length() -> dict[int, tuple[str, ...]]:
    lengths: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for code in sorted(_posts()):
        lengths[len(code)] += (code,)
    return dict(lengths)


def _upper(written: str) -> str:
    """Capitals without accents: "São Paulo" is "SAO PAULO"."""
    plain = unicodedata.normalize("NFKD", written)
    return "".join(c for c in plain if not unicodedata.combining(c)).upper().strip()


def _letters(written: str) -> str:
    return _NO_LETTER.sub("", _upper(written))


def _truncated(letters: str) -> str | None:
    """The code of the only post that has a spelling beginning with these letters."""
    if len(letters) < _SHORTEST_TRUNCATION:
        return None
    spellings = _sorted_spellings()
    found = set()
    for spelling in spellings[bisect_left(spellings, letters) :]:
        if not spelling.startswith(letters):
            break
        found.add(_spellings()[spelling])
    return found.pop() if len(found) == 1 else None
