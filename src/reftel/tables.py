"""The code tables: posts, TAGS and captions, read from `data/` when they are first asked for.

`data/README.md` names each table's sources.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from reftel.model import TagKind

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
_LONGEST_CAPTION = 200
# The Secretary's traffic is numbered: "TOSEC 140323".
_NUMBERED = re.compile(r"(TOSEC|SECTO) ?(\d{1,6})")
_RELEASABLE = re.compile(r"REL(?:EASABLE)?(?: TO)? ([A-Z][A-Z ,/&-]+)")
_RELEASE_SEPARATOR = re.compile(r"[,/&]| AND ")
_TRIGRAPHS = re.compile(r"[A-Z]{3}(?: [A-Z]{3})+")


@dataclass(frozen=True, slots=True)
class Post:
    """An embassy, consulate, mission or office: `code` as in an MRN, `name` as collections give the origin.

    `kind` is embassy, consulate, mission, office, interests section or department; `city` and `country` are
    where it stood, under the names of today, None where it had no fixed seat.
    """

    code: str
    name: str
    kind: str
    city: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A code of the TAGS lists; `name` is None where no published list that we know names it."""

    code: str
    kind: TagKind
    name: str | None


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
        (_distance(letters, code, limit), code)
        for length in range(len(letters) - limit, len(letters) + limit + 1)
        for code in _codes_by_length().get(length, ())
    ]
    near = sorted(pair for pair in distances if pair[0] <= limit)
    is_clear = len(near) == 1 or (len(near) > 1 and near[0][0] < near[1][0])
    return near[0][1] if is_clear else None


def tag_entry(code: str) -> TagEntry | None:
    """The TAGS code's kind and name, None where the code is not known."""
    return _tags().get(code)


def tag_codes() -> frozenset[str]:
    """Every known TAGS code."""
    return _tag_codes()


def tag_code(written: str) -> str | None:
    """The TAGS code that exactly these letters mean: a code, or others in use for it ("RU" is "RS")."""
    return _tag_letters().get(written)


def is_place(name: str) -> bool:
    """Whether a name is that of a country, or of the city of a post; in capitals as well."""
    return name.casefold() in _places()


def is_people(name: str) -> bool:
    """Whether a name is the adjective of a country or what its people are called ("Uzbek", "Danes")."""
    return name.casefold() in _peoples()


def caption(written: str) -> str | None:
    """The canonical form of a caption ("NF" is "NOFORN", "REL USA, GBR" is "REL TO USA, GBR"), None for other words."""
    words = _BLANKS.sub(" ", written.strip(" \t\r\n,;:.()[]").upper())
    if len(words) > _LONGEST_CAPTION:
        return None
    known = _captions().get(words.replace(" ", ""))
    if known:
        return known
    numbered = _NUMBERED.fullmatch(words)
    if numbered:
        return f"{numbered[1]} {numbered[2]}"
    released = _RELEASABLE.fullmatch(words)
    return "REL TO " + ", ".join(_receivers(released[1])) if released else None


def _receivers(written: str) -> list[str]:
    """Who may see it: names with commas or slashes between them, or three-letter codes with blanks."""
    if _TRIGRAPHS.fullmatch(written):
        return written.split(" ")
    return [name.strip() for name in _RELEASE_SEPARATOR.split(written) if name.strip()]


def _rows(table: str) -> list[dict[str, str]]:
    text = files("reftel").joinpath("data", table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _places() -> frozenset[str]:
    countries = [name for row in _rows("countries.csv") for name in (row["name"], *row["also"].split(";")) if name]
    cities = [post.city for post in _posts().values() if post.city]
    return frozenset(name.casefold() for name in (*countries, *cities))


@cache
def _peoples() -> frozenset[str]:
    return frozenset(name.casefold() for row in _rows("countries.csv") for name in row["peoples"].split(";") if name)


@cache
def _posts() -> dict[str, Post]:
    return {
        row["code"]: Post(row["code"], row["name"], row["kind"], row["city"] or None, row["country"] or None)
        for row in _rows("posts.csv")
    }


@cache
def _aliases() -> dict[str, str]:
    """Every other spelling, in words, to the post's code."""
    return {alias: row["code"] for row in _rows("posts.csv") for alias in row["aliases"].split(";") if alias}


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


@cache
def _tags() -> dict[str, TagEntry]:
    return {
        row["code"]: TagEntry(row["code"], cast("TagKind", row["kind"]), row["name"] or None)
        for row in _rows("tags.csv")
    }


@cache
def _tag_codes() -> frozenset[str]:
    return frozenset(_tags())


@cache
def _tag_letters() -> dict[str, str]:
    others = {letters: row["code"] for row in _rows("tags.csv") for letters in row["also"].split(";") if letters}
    return others | {code: code for code in _tags()}


@cache
def _captions() -> dict[str, str]:
    """Every written form without blanks to the canonical caption."""
    return {
        form.replace(" ", ""): row["caption"]
        for row in _rows("captions.csv")
        for form in [row["caption"], *row["forms"].split(";")]
        if form
    }


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


def _distance(one: str, other: str, limit: int) -> int:
    """Edit distance with swaps of neighbours counted once (optimal string alignment); past `limit`, any larger."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if earlier and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
