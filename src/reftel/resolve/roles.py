"""Roles: the title or position that a cable gives a person, in front of the name or behind it.

"Foreign Minister" in "met with Iranian Foreign Minister Karimi", "secretary of the Water Council" in "Karimi, secretary
of the Water Council," and "the deputy minister" in brackets. What counts as a title is in the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from reftel import tables
from reftel.resolve.words import known

if TYPE_CHECKING:
    from reftel.resolve.sightings import Sighting

_TOKEN = re.compile(r"[^\W_][\w'’&./+-]*|\S")
_JOINTS = re.compile(r"[-/.]+")
_OPENER = re.compile(
    r"\s*(?:,|--?|–|—|\()\s*(?:(?:who (?:is|was)|also|then|now|currently|himself|herself)\s+)?"
    r"(?:(?:the|a|an|his|her)\s+)?",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"mr|mrs|ms|miss|mme|mlle|sir|dame|lady|dr|dra|drs|eng|hon|messrs", re.IGNORECASE)
# The head of a state or government, as the last words of a role; not "Vice President", nor the bureau in "PM A/S".
_HEAD = re.compile(
    r"(?:\A|.*\s|then-)(?:president|prime minister|pm|premier|chancellor|king|queen|emir|amir|sultan|shah|pope)"
    r"(?:-elect)?\Z",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:vice|deputy|minister|company|bank|university|party)[ -](?:president|pm|prime minister)(?:-elect)?\Z",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"[^\w\s'’]|(?:who|whose|which|from|with|under|since|until|responsible|based)\b")
_LONGEST = 100
_MOST_WORDS = 14


@dataclass(frozen=True, slots=True)
class Role:
    """What a cable says someone is: `text` as it says it, empty for a mere "Mr."; `titles` are its title words, folded.

    An office of several words stands among the titles in full ("foreign minister"). `country` is the TAGS code of the
    country named with it ("Iranian President").
    """

    text: str
    titles: frozenset[str]
    country: str | None = None

    @property
    def gender(self) -> str | None:
        """The letter f or m where a title tells."""
        return "f" if self.titles & known("female") else "m" if self.titles & known("male") else None

    @property
    def is_royal(self) -> bool:
        """Whether the title goes with a given name: "King Abdullah", "Prince Saud"."""
        return bool(self.titles & known("royal"))

    @property
    def is_head(self) -> bool:
        """Whether it is the office of the head of a state or a government."""
        return bool(_HEAD.match(self.text)) and not _SECOND.search(self.text)

    @property
    def is_ruler(self) -> bool:
        """Whether it is the title of a monarch or a pope."""
        return bool(self.titles & known("ruler"))


def roles_of(sighting: Sighting) -> tuple[Role, ...]:
    """The roles given with one mention of a person, in front of it and behind it."""
    return tuple(role for role in (role_before(sighting), role_after(sighting)) if role)


def role_before(sighting: Sighting) -> Role | None:
    """The title that stands before a name: "National Security Advisor", "Minister of Defense", "former governor"."""
    if not sighting.before[-1:].isspace():
        return None
    found = [match[0] for match in _TOKEN.finditer(sighting.before)]
    return _role(_from_leftmost_title(_taken_backwards(found, in_capitals=sighting.before.isupper())))


def role_after(sighting: Sighting) -> Role | None:
    """The position that stands behind a name, after a comma, a dash or in brackets."""
    opener = _OPENER.match(sighting.after)
    if not opener or not opener[0].strip():
        return None
    rest = sighting.after[opener.end() :]
    taken, end = _taken_forwards(rest)
    follows = rest[end:].lstrip()
    # "..., President Obama": the title of the next name; "..., the DCM said": the next clause.
    closes = _CLOSES.match(follows) if follows else not sighting.next_is_person
    if not taken or not closes or ("(" in opener[0] and follows[:1] not in {")", ",", ";"}):
        return None
    return _role(taken)


def _taken_backwards(found: list[str], *, in_capitals: bool) -> list[str]:
    """The words before a name, from the first that can belong to its title on; in capitals only words of titles can."""
    taken: list[str] = []
    seen_title = False
    for word in reversed(found):
        low = word.lower().rstrip(".")
        is_end = (word.endswith(".") and not _is_abbreviation(word)) or low.startswith("xxxx")
        is_end |= low == "under" and not "".join(taken[:1]).lower().startswith("secretar")  # "Chad under President X"
        if is_end or len(taken) > _MOST_WORDS:
            break
        if low in known("connector"):
            if not taken or seen_title:
                break
        elif not (_is_of_title(word) or (word[0].isupper() and (not in_capitals or country_of_people(word)))):
            break
        seen_title |= bool(titles_in(word)) and not _titles_are_ranks(word)
        taken.insert(0, word)
    return taken


def _from_leftmost_title(found: list[str]) -> list[str]:
    """Of the words before a name, the leftmost title with what goes before it on."""
    first = next((at for at, word in enumerate(found) if titles_in(word)), None)
    if first is None:
        return []
    start = first
    while start and found[start - 1].lower() not in known("connector") and not found[start - 1].isdigit():
        start -= 1
    while start < first and found[start].lower().rstrip(".,") in known("no beginning"):
        start += 1
    return found[start:]


def _taken_forwards(text: str) -> tuple[list[str], int]:
    """The words behind a name that tell a position, and where they end."""
    taken: list[str] = []
    end, unknown = 0, 0
    for match in _TOKEN.finditer(text):
        full_stop = match[0].endswith(".") and not _is_abbreviation(match[0])
        word = match[0].rstrip(".") if full_stop else match[0]
        if not word[:1].isalnum() or not _goes_on(word, taken):
            break
        if not _is_of_title(word) and word[0].islower() and word not in known("connector"):
            unknown += 1
            if unknown > 2 or (taken and taken[-1].lower() not in known("connector") and any(map(titles_in, taken))):
                break
        taken.append(word)
        end = match.start() + len(word)
        if full_stop:
            break
    while taken and (taken[-1].lower() in known("connector") or taken[-1] == "under"):
        end = text.rindex(taken.pop(), 0, end)
    return (taken, end) if any(map(titles_in, taken)) else ([], end)


def _goes_on(word: str, taken: list[str]) -> bool:
    """Whether a word can go on with a position, or begin one where nothing was taken."""
    low = word.lower()
    return bool(taken) if low in known("connector") else low not in known("no beginning")


def _role(found: list[str]) -> Role | None:
    """The words as a role; a nationality among its first or a country at its end is its country."""
    titles = frozenset(title for word in found for title in titles_in(word))
    if not titles:
        return None
    country = next((code for word in found[:3] if (code := country_of_people(word))), None)
    while found and country_of_people(found[0]):
        found = found[1:]
    plain = [word for word in found if not _HONORIFIC.fullmatch(word.rstrip("."))]
    text = " ".join(plain)[:_LONGEST].strip(" ,") if any(map(titles_in, plain)) else ""
    office = _office(text)
    return Role(text, titles | ({office} if office else set()), country or _country_in(plain))


@lru_cache(maxsize=8192)
def titles_in(word: str) -> tuple[str, ...]:
    """The title words in a word, in small letters: "Minister-Counselor" has two, "Damascus" none."""
    low = word.lower()
    parts = dict.fromkeys([low.rstrip(".,"), *_JOINTS.split(low)])
    common = known("capitals only") if word.islower() else frozenset()
    return tuple(part for part in parts if part in _title_words() and part not in common)


@lru_cache(maxsize=8192)
def country_of_people(word: str) -> str | None:
    """The TAGS code of the country whose people or adjective a word is."""
    country = tables.country_of_people(word)
    return country.code if country else None


@lru_cache(maxsize=4096)
def _office(text: str) -> str | None:
    """The office that the end of a role names, in small letters and in full: "foreign minister" for "Iranian FM"."""
    found = text.split()
    for at in range(max(len(found) - 4, 0), len(found)):
        title = tables.title(" ".join(found[at:]))
        if title:
            return title.expansion.lower()
    return None


def _country_in(found: list[str]) -> str | None:
    """The country at the head of the words, or behind "of", "to" or "in"."""
    for at, word in enumerate(found):
        if not at or found[at - 1].lower() in {"of", "to", "in", "for"}:
            country = tables.country(word)
            if country:
                return country.code
    return None


def _is_of_title(word: str) -> bool:
    """Whether a word is a title or modifies one."""
    return bool(titles_in(word)) or word.lower().rstrip(".") in _modifiers()


def _is_abbreviation(word: str) -> bool:
    return "." in word[:-1] or (len(word) <= 5 and word[0].isupper() and bool(titles_in(word)))


def _titles_are_ranks(word: str) -> bool:
    return all(title in known("rank") or _HONORIFIC.fullmatch(title) for title in titles_in(word))


@cache
def _title_words() -> frozenset[str]:
    """Single words that are titles, or the last ones of longer titles."""
    # "Minister of Defense" is no reason to take "Defense" for a title.
    whole = [title for title in tables.title_words() if not known("connector") & set(title.split())]
    return (frozenset(title.rpartition(" ")[2] for title in whole) | known("position")) - known("no title alone")


@cache
def _modifiers() -> frozenset[str]:
    return known("modifier") | {word for word in tables.title_modifiers() if " " not in word}
