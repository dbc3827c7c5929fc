"""Which cable this is: its message reference number (MRN), mended and checked against what the text says.

An MRN is the two-digit year, the post and the number without leading zeros. Collections damaged many of them
in transmission or filing; an id is mended only where page, header and first line leave one reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Doubt, Repair

if TYPE_CHECKING:
    from datetime import datetime

MRN = re.compile(r"(\d{2})([A-Z][A-Z]*?)(\d+)\Z")
_YEAR = re.compile(r"(?:19|20)?(\d{2})")
_DOUBLED_YEAR = re.compile(r"(\d{2})\1(?=[A-Z])")
_SECTION = re.compile(r"^S?E?C?T?I?O?N?\d{1,2}OF\d{1,2}(?=[A-Z]|$)|^S?E?C?TION\d{1,2}OF\d{1,2}")
_GLUED = re.compile(
    r"^(?:E?FTO|NOFORN|EXDIS|NODIS|LIMDIS|STADIS|SIPDIS|AMEMBASSY|AMCONSUL|USMISSION|EMBASSY)(?=[A-Z]{3})"
)
_RETRANSMISSION = re.compile(r"(?<=\d)(?:ZFR|ZDK|ZDS|TOSEC|SUSPECTEDDUPLICATE)\d*$")
# A routing header has only the last four digits of the number ("#9085" of STATE 119085).
_SERIAL, _LONG_NUMBERS = 10_000, "STATE"


@dataclass(frozen=True, slots=True)
class Number:
    """What one place says of the cable's number; each part None where it does not say."""

    year: int | None = None
    post: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The cable's number, with the repairs made and the doubts left."""

    mrn: str | None
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def identify(claimed: str | None, header: Number, first_line: Number, sent: datetime | None = None) -> Identity:
    """The MRN from the source's claim, the routing header and the body's first line.

    The claim wins where it is well formed; a body that names another post or number is reported, not followed.
    """
    header = Number(sent.year % 100 if sent else header.year, header.post, header.number)
    serial = None if header.post == _LONG_NUMBERS else header.number
    found = Number(header.year, first_line.post or header.post, first_line.number or serial)
    if not claimed:
        return Identity(_mrn(found), doubts=_disagreements(None, header, first_line))
    mended = _mended(claimed, found)
    if mended is None:
        doubt = Doubt("mrn", f"the id {claimed!r} is no message reference number, and the text names no other")
        return Identity(None, doubts=(doubt,))
    repairs = () if mended == claimed else (Repair("id", None, None, claimed, mended),)
    return Identity(mended, repairs, _disagreements(split(mended), header, first_line))


def split(mrn: str) -> Number | None:
    """Year, post and number of a well-formed MRN."""
    match = MRN.match(mrn)
    return Number(int(match[1]), match[2], int(match[3])) if match else None


def _mrn(number: Number) -> str | None:
    if number.year is None or not number.post or not number.number or not number.post.isalpha():
        return None
    return f"{number.year:02d}{number.post}{number.number}"


def _mended(claimed: str, found: Number) -> str | None:
    """The MRN meant by a claimed id, or None where it cannot be told."""
    text = re.sub(r"[^A-Z0-9]", "", claimed.upper())
    year = _YEAR.match(text) if re.match(r"(?:19|20)\d{2}[A-Z]", text) else re.match(r"(\d{2})", text)
    if not year:
        return _mrn(found)
    rest = _bare(_DOUBLED_YEAR.sub(r"\1", text) if _DOUBLED_YEAR.match(text) else text, year.end())
    match = re.match(r"([A-Z]+?)0*(\d+)\Z", rest)
    if match:
        post = _post(match[1], found)
        return f"{year[1]}{post}{int(match[2])}" if int(match[2]) else _mrn(found)
    return _mrn(Number(int(year[1]), found.post or _post_in(rest), found.number))


def _bare(text: str, at: int) -> str:
    """What follows the year, without section text, captions and retransmission marks glued to it."""
    doubled = _DOUBLED_YEAR.match(text)
    rest = _SECTION.sub("", text[doubled.end() if doubled else at :])
    return _RETRANSMISSION.sub("", _GLUED.sub("", rest))


def _post(letters: str, found: Number) -> str:
    """The post meant by the letters of an id: one of the tables, the text's, else the nearest, else as it stands."""
    known = tables.post_code(letters)
    if known:
        return known
    nearest = tables.nearest_post_code(letters)
    if found.post and (nearest in {None, found.post}):
        return found.post
    return nearest or letters


def _post_in(rest: str) -> str | None:
    letters = re.sub(r"\d", "", rest)
    return tables.post_code(letters) if letters else None


def _disagreements(claim: Number | None, header: Number, first_line: Number) -> tuple[Doubt, ...]:
    """A doubt for each place that names another cable."""
    doubts = []
    base = claim or header
    if _differs(base.post, first_line.post) or _differs(base.number, first_line.number, serial=claim is None):
        said = f"{first_line.post or '?'} {first_line.number or '?'}"
        doubts.append(Doubt("body", f"the body's first line names another cable: {said}"))
    if claim and (_differs(claim.post, header.post) or _differs(claim.number, header.number, serial=True)):
        said = f"{header.post or '?'} {header.number or '?'}"
        doubts.append(Doubt("header", f"the routing header names another cable: {said}"))
    if claim and _differs(claim.year, header.year):
        doubts.append(Doubt("year", f"the id says {claim.year:02d}, the date-time group {header.year:02d}"))
    return tuple(doubts)


def _differs(one: str | int | None, other: str | int | None, *, serial: bool = False) -> bool:
    """Whether both are told and are not the same; as serials, by their last four digits."""
    if serial and isinstance(one, int) and isinstance(other, int):
        one, other = one % _SERIAL, other % _SERIAL
    return one is not None and other is not None and one != other
