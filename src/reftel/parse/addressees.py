"""Addressees: the entries of a header's TO, INFO and XMT lists, each with its routing indicator, precedence and number.

An entry is "RUEHC/SECSTATE WASHDC PRIORITY 1402": routing indicator, name, precedence and message continuity number
(MCN), offices between double slashes (5 FAH-2 H-321.7). What else drafters write there (several on a line, names
wrapped, precedences misspelt, "UNN", "BY POUCH") is as found in the headers of real cables.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reftel.model import Addressee, Precedence, Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRECEDENCE_WORDS: dict[str, Precedence] = {
    "FLASH": "FLASH", "IMMEDIATE": "IMMEDIATE", "IMMED": "IMMEDIATE", "PRIORITY": "PRIORITY", "ROUTINE": "ROUTINE",
    "NIACT": "NIACT IMMEDIATE",
}  # fmt: skip
_ROUTE = re.compile(r"\s*(R[A-Z]{4,7}|ZEN)\s*/\s*(?=\S)")
_WRAPPED = re.compile(r"\s*(?://|(?:PRIORITY|IMMEDIATE|ROUTINE|FLASH|NIACT|UNN|POUCH|COLLECTIVE|DC)\b|\d{1,6}\s*\Z)")
_GOES_ON = re.compile(r"(?:\b(?:OF|AND|THE|FOR|TO)|(?<!/)/|,)\s*\Z")
_ADDRESS_STARTS = re.compile(r"\s*(?:AMEMB|AMCON|USMISSION|ORGANIZATION|ORG |ASSOCIATION)")
_PASSING = re.compile(r"\b(?:FOR|PASS|PLEASE|PLS|FROM)\b")
_NEXT_ADDRESS = re.compile(r"\s*[,;]\s*(?=(?:AM|US|SEC)[A-Z]{3}|R[A-Z]{4,7}/)|(?<=\S)\s+(?=(?:AMEMBASSY|AMCONSUL)\s)")
_ADDRESS = re.compile(
    r"\s*(?:R[A-Z]{4,7}/|ZEN/|AM(?:EMB|CON)|US[A-Z]|SEC(?:STATE|DEF)|ALL |CIA\b|DIA\b|NSC\b|FBI\b|JCS\b|JOINT |HQ "
    r"|C[DI]NC|CDR|DEPT |DEPARTMENT OF |WHITE |NATIONAL |.{0,60}\b(?:COLLECTIVE|POSTS)\b)"
)
_CUT = re.compile(r"\.{3}|…")
_MCN = re.compile(r"#?(\d{1,6}(?:-\d{1,6})?)\Z")
_NOTES = frozenset({"UNN", "UNNUMBERED", "POUCH", "BY", "VIA"})
# A number behind one of these is a unit's: "CTF 150".
_UNITS = frozenset({"CTF", "CTG", "CTU", "CTE", "TF", "JTF", "CJTF", "DET", "TASKFORCE", "FORCE", "GROUP", "SQUADRON"})


@dataclass(frozen=True, slots=True)
class AddresseeList:
    """The addressees of one list, in order, and the precedences mended on the way."""

    addressees: tuple[Addressee, ...]
    repairs: tuple[Repair, ...] = ()


def parse_addressees(lines: Sequence[str]) -> AddresseeList:
    """The addressees of a list by its lines, without the "TO", "INFO" or "XMT" in front. Never raises.

    An entry without a name is left out.
    """
    repairs: list[Repair] = []
    found = (_addressee(piece, repairs) for line in _unwrapped(lines) for piece in _NEXT_ADDRESS.split(line))
    addressees = tuple(addressee for addressee in found if addressee)
    return AddresseeList(addressees, tuple(repairs))


def can_be_addressee(line: str, *, after_gap: bool) -> bool:
    """Whether a line of a list can be an addressee; below a blank line it must look like one."""
    if not has_route(line) and _PASSING.search(line) and (after_gap or not _ADDRESS_STARTS.match(line)):
        return False
    if after_gap:
        return looks_like_addressee(line)
    return is_cut(line) or (len(line) < 100 and len(line.split()) <= 12 and line == line.upper())


def looks_like_addressee(line: str) -> bool:
    """Whether a line begins as only an addressee does: a routing indicator, "AMEMBASSY", "ALL ", "... COLLECTIVE"."""
    return bool(_ADDRESS.match(line))


def has_route(line: str) -> bool:
    """Whether a line begins with a routing indicator and its slash: "RUEHC/SECSTATE WASHDC"."""
    return bool(_ROUTE.match(line))


def is_cut(line: str) -> bool:
    """Whether a publisher cut the line off: "RUEHXX/AMEMB..."."""
    return bool(_CUT.search(line))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines of a list, one an entry: an entry may have been wrapped."""
    entries: list[str] = []
    for line in lines:
        if entries and not has_route(line) and (_WRAPPED.match(line) or _GOES_ON.search(entries[-1])):
            entries[-1] += " " * (not line.startswith("//")) + line
        elif line:
            entries.append(line)
    return entries


def _addressee(text: str, repairs: list[Repair]) -> Addressee | None:
    """One entry, None where it has no name.

    An office group is kept as written between its double slashes ("J5/J3"), because a slash both lists and subdivides.
    """
    route, rest = _route(text)
    name, *offices = rest.split("//")
    last = offices.pop() if offices else ""
    words, precedence, mcn = _without_notes(name.split(), repairs)
    office, precedence_behind, mcn_behind = _without_notes(last.split(), repairs)
    if not any(c.isalpha() for c in "".join(words)):
        return None
    groups = tuple(" ".join(group.split()) for group in (*offices, " ".join(office)) if group.strip())
    name = " ".join(words).strip(" ,;:/.")
    return Addressee(name, route, precedence_behind or precedence, mcn_behind or mcn, groups)


def _route(text: str) -> tuple[str | None, str]:
    """The routing indicator (several stay together) and what follows its slash."""
    routes = []
    while match := _ROUTE.match(text):
        routes.append(match[1])
        text = text[match.end() :]
    return " ".join(routes) or None, text.lstrip(" /")


def _without_notes(words: list[str], repairs: list[Repair]) -> tuple[list[str], Precedence | None, str | None]:
    """A name's words without the notes at its end ("UNN", "BY POUCH"); the precedence and the MCN from among them."""
    precedence: Precedence | None = None
    mcn: str | None = None
    while words:
        word = words[-1].strip(".,;()")
        number = _MCN.match(word)
        if number and mcn is None and (len(words) == 1 or words[-2] not in _UNITS):
            mcn = number[1]
        elif found := _precedence(word.upper(), repairs):
            precedence = _higher(found, precedence)
        elif word and word not in _NOTES:
            break
        words = words[:-1]
    if len(words) > 1 and words[0] in _PRECEDENCE_WORDS:
        precedence = precedence or _PRECEDENCE_WORDS[words[0]]
        words = words[1:]
    return words, precedence, mcn


def _higher(found: Precedence, before: Precedence | None) -> Precedence:
    """NIACT stands before IMMEDIATE and includes it."""
    return found if before is None or found.startswith("NIACT") else before


def _precedence(word: str, repairs: list[Repair]) -> Precedence | None:
    """The precedence that a word names, mended where it is misspelt."""
    if word in _PRECEDENCE_WORDS:
        return _PRECEDENCE_WORDS[word]
    meant = _nearest_precedence(word) if 6 <= len(word) <= 11 else None
    if meant is None:
        return None
    repairs.append(Repair("label", None, None, word, meant))
    return _PRECEDENCE_WORDS[meant]


@lru_cache(maxsize=4096)
def _nearest_precedence(word: str) -> str | None:
    near = difflib.get_close_matches(word, ("IMMEDIATE", "PRIORITY", "ROUTINE"), n=1, cutoff=0.82)
    return near[0] if near else None
