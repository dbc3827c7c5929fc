"""Organizations: governments and ministries by country, offices of the United States, bodies known worldwide."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from reftel.tables.countries import Country, country_of_code, country_of_people
from reftel.tables.countries import country as country_named
from reftel.tables.posts import post_named
from reftel.tables.reading import cells, folded, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_US = "US"
_LONGEST = 200
_GOVERNMENT = frozenset(
    {"government", "govt", "gov", "central government", "federal government", "national government"}
)
_EMBASSY = frozenset({"embassy", "emb"})
_MINISTRY = re.compile(r"(?:ministry|ministery|minstry|min|department|dept)(?: of| for)?(?: the)? (?P<subject>[a-z].*)")
_MINISTRY_LAST = re.compile(r"(?P<subject>[a-z].*) ministry")
_OFFICE = re.compile(r"(?P<bureau>[A-Z][A-Z-]{0,5})(?:/[A-Z][A-Z&0-9-]{0,7}){1,3}")
_BETWEEN = re.compile(r" (?:of|for|in) ")
_POSSESSIVE = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’])\Z")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_OWNER = 5  # words
_WITH_ARTICLE = re.compile(
    r"(?:United|Republic|Democratic|People's|Central African|Czech Rep|Dominican|Soviet|German D|Gambia|Netherlands"
    r"|Philippines|Bahamas|Comoros|Maldives|Seychelles|.+ (?:Islands|Territories|Antilles))\b"
)


@dataclass(frozen=True, slots=True)
class Organization:
    """A government, ministry, office, body, party or company that the tables know.

    `key` names it in every cable: "government:IZ", "ministry:foreign:IZ", "parliament:IZ", "us:NEA/I", "org:NATO",
    "post:BAGHDAD"; `country` is the code of the country it belongs to, None for what is of several.
    """

    key: str
    name: str
    kind: str
    country: str | None
    aliases: tuple[str, ...] = ()


def organization(written: str, *, country: str | None = None) -> Organization | None:
    """The organization that a name or acronym means in a cable from the country with that code; None for others.

    "GOI" is the Government of Iraq with "IZ", that of India with "IN", and None without a country; "Iraqi
    Government" and "Government of Iraq" are so everywhere. Ministries and national bodies named without their
    country belong to the one given; offices of the Department ("NEA/I") are told by their bureau.
    """
    return None if len(written) > _LONGEST else _organization(" ".join(written.split()), country)


@lru_cache(maxsize=16384)
def _organization(written: str, home: str | None) -> Organization | None:
    name = folded(_POSSESSIVE.sub("", written))
    if not name:
        return None
    at_home = _government_at_home(name, home) or _listed(name, home) or _national(name, home)
    known = at_home or _listed(name, None) or _office(written) or _owned(name, home)
    return known or _post(written, home) or _only_government(name)


def _government_at_home(name: str, home: str | None) -> Organization | None:
    return _government(home) if home in _acronyms().get(name, ()) or (home and name in _GOVERNMENT) else None


def _only_government(name: str) -> Organization | None:
    """The government of the only country in the world that uses the acronym."""
    owners = _acronyms().get(name, ())
    return _government(owners[0]) if len(owners) == 1 else None


def _listed(name: str, code: str | None) -> Organization | None:
    """The organization of the table in the country with that code; for None, the one known by that name everywhere."""
    return _by_name().get(name, {}).get(code or "")


def _office(written: str) -> Organization | None:
    """An office of the Department, by its bureau: "NEA/I", "EUR/RPM"."""
    office = _OFFICE.fullmatch(written)
    bureau = _listed(folded(office["bureau"]), _US) if office else None
    return Organization(f"us:{written}", written, "office", _US) if bureau and bureau.kind == "bureau" else None


def _owned(name: str, home: str | None) -> Organization | None:
    """A body named with its country, before or behind: "Iraqi MFA", "Iraq's Ministry of Oil", "Parliament of Iraq"."""
    for owner, body in _owners(name, home):
        found = _of_owner(body, owner, home)
        if found:
            return found
    return None


def _owners(name: str, home: str | None) -> Iterator[tuple[Country, str]]:
    """Each way to read a name as a country and its body."""
    words = name.split(" ")
    for at in range(1, min(len(words), _LONGEST_OWNER + 1)):
        owner = _owner(" ".join(words[:at]), home)
        if owner:
            yield owner, " ".join(words[at:])
    for between in _BETWEEN.finditer(name):
        owner = _owner(name[between.end() :], home)
        if owner:
            yield owner, name[: between.start()]


def _owner(name: str, home: str | None) -> Country | None:
    """The country of an adjective, a name or a possessive (whose apostrophe is folded away)."""
    # In capitals, so that "us" before a body is the country.
    capital = name.upper()
    found = country_of_people(capital, home=home) or country_named(capital, home=home)
    return found or (country_named(capital[:-1], home=home) if capital.endswith("S") else None)


def _of_owner(body: str, owner: Country, home: str | None) -> Organization | None:
    if not body:
        return None
    if body in _GOVERNMENT:
        return _government(owner.code)
    if body in _EMBASSY:
        return _embassy(owner, home)
    return _own(body, owner.code) or _national(body, owner.code, is_owned=True)


def _own(body: str, code: str) -> Organization | None:
    """A listed organization of the country: named "U.S. Army" or "Army" in the table."""
    known = _by_name()
    listed = known.get(body, {}).get(code) or (known.get(f"us {body}", {}).get("") if code == _US else None)
    everywhere = known.get(body, {}).get("")
    return listed or (everywhere if everywhere and everywhere.country == code else None)


def _embassy(sender: Country, home: str | None) -> Organization | None:
    """The embassy of one country in another; that of the United States is a post."""
    host = country_of_code(home) if home else None
    if sender.code == _US:
        return _post("Embassy", home)
    if not host or host == sender:
        return None
    adjective = sender.peoples[0] if sender.peoples else sender.name
    return Organization(f"embassy:{sender.code}/{host.code}", f"{adjective} Embassy", "embassy", sender.code)


def _national(name: str, code: str | None, *, is_owned: bool = False) -> Organization | None:
    """A ministry or a body that every country has, of the one given; the United States have no ministries.

    A department is one where its country is named with it, or no department of the United States is called so.
    """
    owner = country_of_code(code) if code else None
    body = _bodies().get(name)
    if not owner or body or owner.code == _US:
        return _body(body[0], body[1], owner) if owner and body else None
    if name.startswith("dep") and not is_owned and _listed(name, None):
        return None
    subject = _ministry_acronyms().get(name) or _subject(name)
    return _ministry(subject, owner) if subject else None


def _subject(name: str) -> tuple[str, str] | None:
    """The key and name of a ministry written out, by its subject."""
    match = _MINISTRY.fullmatch(name) or _MINISTRY_LAST.fullmatch(name)
    subject = match["subject"] if match else ""
    if not subject or (name.startswith("dep") and subject not in _subjects()):
        return None
    return _subjects().get(subject) or (_NO_SLUG.sub("-", subject).strip("-"), f"Ministry of {subject.title()}")


def _ministry(subject: tuple[str, str], owner: Country) -> Organization:
    return Organization(f"ministry:{subject[0]}:{owner.code}", f"{subject[1]} of {_the(owner)}", "ministry", owner.code)


def _body(key: str, name: str, owner: Country) -> Organization:
    return Organization(f"{key}:{owner.code}", f"{name} of {_the(owner)}", "body", owner.code)


def _the(owner: Country) -> str:
    """The country's name as it stands behind "of"."""
    return f"the {owner.name}" if _WITH_ARTICLE.match(owner.name) else owner.name


def _government(code: str | None) -> Organization | None:
    owner = country_of_code(code) if code else None
    if not owner:
        return None
    acronyms = _acronyms_of().get(owner.code, ())
    return Organization(f"government:{owner.code}", f"Government of {_the(owner)}", "government", owner.code, acronyms)


def _post(written: str, home: str | None) -> Organization | None:
    """The post that a name like "Embassy Paris" means."""
    found = post_named(written, country=home)
    return Organization(f"post:{found.code}", found.name, "post", _US) if found else None


@cache
def _acronyms_of() -> dict[str, tuple[str, ...]]:
    return {row["country"]: cells(row["acronyms"]) for row in rows("governments.csv")}


@cache
def _acronyms() -> dict[str, tuple[str, ...]]:
    """Every acronym of governments to the codes of the countries that use it."""
    owners: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for code, acronyms in _acronyms_of().items():
        for acronym in dict.fromkeys(folded(a) for a in acronyms):
            owners[acronym] += (code,)
    return dict(owners)


@cache
def _by_name() -> dict[str, dict[str, Organization]]:
    """Every name to its bearers by country code, and under "" the one that bears it for everyone."""
    named: defaultdict[str, dict[str, Organization]] = defaultdict(dict)
    for row in rows("organizations.csv"):
        everywhere, at_home = cells(row["aliases"]), cells(row["at_home"])
        found = Organization(row["key"], row["name"], row["kind"], row["country"] or None, everywhere + at_home)
        for name in (row["name"], *everywhere, *at_home):
            bearers = named[folded(name)]
            bearers[row["country"]] = found
            if name not in at_home:
                bearers.setdefault("", found)
    return dict(named)


@cache
def _bodies() -> dict[str, tuple[str, str]]:
    """Every name of a body that every country has ("Parliament"), to its key and name."""
    return {
        folded(name): (row["key"], row["name"])
        for row in rows("bodies.csv")
        for name in (row["name"], *cells(row["aliases"]))
    }


@cache
def _subjects() -> dict[str, tuple[str, str]]:
    """Every subject of ministries ("foreign affairs") to its key and the ministry's name."""
    return {
        folded(subject): (row["key"], row["name"])
        for row in rows("ministries.csv")
        for subject in cells(row["subjects"])
    }


@cache
def _ministry_acronyms() -> dict[str, tuple[str, str]]:
    return {
        folded(acronym): (row["key"], row["name"])
        for row in rows("ministries.csv")
        for acronym in cells(row["acronyms"])
    }
