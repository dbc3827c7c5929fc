"""Plain text cables of 1966 to 2010: with a header or without, one in a file or many.

A file holds several cables when it begins with a header; then each further header begins another, unless
it is the same cable's, sent again at its next section (same number or date-time group, "SECTION 02 OF 03"),
or stands in a quoted message. Exports of the National Archives' Access to Archival Databases have the text
between the lines "Message Text" and "Message Attributes", with claims about the cable after the latter.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read.names import mrn_from_name
from reftel.read.recognise import refuse_without_prose
from reftel.read.sections import Section, gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CLASS = r"(?:UNCLASSIFIED|UNCLAS|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE|TOP SECRET)\b.{0,30}"
_DTG = r"(?:[ZOPRYM] ?){0,3}\d{6}Z +[A-Z]{3} +\d{2}\b"
# The lines that a header can begin with, in the order in which they follow one another within a header.
_OPENING = re.compile(
    rf"""
    (?P<archives> [ \t]{{0,40}} Message\ Text \s*\Z )
  | (?P<extract> This\ record\ is\ a\ partial\ extract\ of\ the\ original\ cable )
  | (?P<class_line> [ \t]{{0,40}} {_CLASS.replace(" ", "[ ]")} \n?\Z )
  | (?P<page> [ \t]{{0,40}} PAGE\ 0?1\ +[A-Z] )
  | (?P<action> (?:ACTION|ORIGIN)\ +[A-Z]{{1,5}}-\d\d )
  | (?P<info> INFO\ +[A-Z]{{1,5}}-\d\d )
  | (?P<transmission> VZCZ[A-Z] )
  | (?P<routing> [ZOPR]{{2}}\ R[A-Z]{{4,6}}\b )
  | (?P<station> DE\ R[A-Z]{{4,6}}\ \#?\d )
  | (?P<dashes> -{{10,40}}\ *[A-Z0-9]{{6}}\b )
  | (?P<date> {_DTG.replace(" ", "[ ]")} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANK = dict(_OPENING.groupindex)
# What must follow within so many lines for such a line to open a header; the others always do.
_PAGE_ONE = re.compile(r"(?i)\A\s*PAGE 0?1 +[A-Z]")
_FROM = re.compile(r"(?m)^FM [A-Z]")
_DATED = re.compile(rf"(?mi)^{_DTG}[\s\S]{{0,200}}^FM [A-Z]")
_FOLLOWED_BY: dict[str, tuple[re.Pattern[str], int]] = {
    "class_line": (_PAGE_ONE, 4),
    "action": (_DATED, 40),
    "info": (_DATED, 40),
    "routing": (re.compile(r"(?m)^DE R[A-Z]{4,6} "), 8),
    "station": (_DATED, 10),
    "dashes": (_DATED, 6),
    "date": (_FROM, 5),
}
# How many lines a header can have, and how many a file may have before its first.
_REACH, _PREAMBLE = 70, 3

_PARAGRAPH = re.compile(r"[ \t]{0,9}¶?[ \t]?\d{1,2}\.[ \t]?[(A-Z]")

_FILED = re.compile(r"(?mi)^(?:[ZOPRYM] ?){0,3}(\d{6}Z) +([A-Z]{3}) +(\d{2})\b")
_NUMBERS = (
    re.compile(r"(?m)^DE R[A-Z]{4,6} #0*(?P<number>\d{1,7})(?:/(?P<section>\d\d))?"),
    re.compile(
        r"(?mi)^[ \t]{0,40}PAGE \d\d +[A-Z][A-Z .]{1,24}?[ \t]+0*(?P<number>\d{1,7})\b"
        r"(?:[ \t]+(?P<section>\d\d) OF \d\d)?"
    ),
    re.compile(
        r"(?m)^(?:(?:[A-Z] ){4,15}|UNCLAS|LIMITED OFFICIAL USE|CONFIDENTIAL|SECRET)[^\n]{0,80}?"
        r"(?:SECTION (?P<section>\d\d?) OF \d\d? )?[A-Z][A-Z .]{2,24} 0*(?P<number>\d{1,9})\b"
    ),
)
_QUOTES = re.compile(
    r"(?::|\b(?:QUOTE|QTE|BEGIN TEXT|FOLLOW(?:S|ING)|FOL|RPT|REPEAT(?:ED)?|TEXT OF|BELOW)[^a-z0-9]{0,12})\Z",
    re.IGNORECASE,
)
_MESSAGE_TEXT = re.compile(r"(?mi)^[ \t]{0,40}Message Text[ \t]*$")
_ATTRIBUTES = re.compile(r"(?mi)^[ \t]{0,40}Message Attributes[ \t]*$")
_ATTRIBUTE = re.compile(r"(?m)^[ \t]{0,40}(Document Number|From|Original Classification):[ \t]*(\S[^\n]{0,200})$")


@dataclass(frozen=True, slots=True)
class _Opening:
    """A line that opens a header, by its rank in it, and what the header says of its cable where it does."""

    rank: int
    number: int | None
    section: int
    filed: tuple[str, ...] | None


def read_texts(lines: Iterable[str], name: str) -> Iterator[RawCable | InputError]:
    """The cables in a plain text, and an error for each piece that is none."""
    for section in gather(_marked(lines), name):
        yield _cable(section, name)


def _cable(section: Section, name: str) -> RawCable | InputError:
    text = _without_source(section.text)
    try:
        if (begin := _MESSAGE_TEXT.search(text)) and (not text[: begin.start()].strip() or _ATTRIBUTES.search(text)):
            return _archived(section, text, begin.end())
        refuse_without_prose(text, section.name)
    except InputError as error:
        return error
    return RawCable(section.name, "text", text, claimed_mrn=mrn_from_name(name) if section.alone else None)


def _without_source(text: str) -> str:
    """A text without the lines at its very end that name where a sample was taken from."""
    cut = end = len(text)
    while end:
        begin = text.rfind("\n", 0, end - 1) + 1
        if text.startswith("# source:", begin):
            cut = begin
        elif not text[begin:end].isspace():
            break
        end = begin
    return text[:cut]


def _archived(section: Section, text: str, begin: int) -> RawCable | InputError:
    """A record of the National Archives; its dates have no time of day, so they claim nothing about `sent`."""
    attributes = _ATTRIBUTES.search(text)
    after = attributes.end() if attributes else len(text)
    end = attributes.start() if attributes and attributes.start() > begin else len(text)
    body = text[begin:end].strip("\n")
    if not body.strip():
        return InputError(section.name, "the record has no text (withdrawn, or on microfilm only)", "leave it out")
    said = {key: value.strip() for key, value in _ATTRIBUTE.findall(text, after) if value.strip().lower() != "n/a"}
    return RawCable(
        section.name,
        "text",
        f"{body}\n",
        claimed_mrn=mrn_from_name(said.get("Document Number", "").replace(" ", "")),
        claimed_post=said.get("From"),
        claimed_classification=said.get("Original Classification"),
    )


def _marked(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """The lines, each with whether another cable's header begins there."""
    source = iter(lines)
    ahead: deque[str] = deque()
    current: _Opening | None = None
    since, filled, before = 0, 0, ""
    while ahead or (ahead := deque(islice(source, 1))):
        line = ahead[0]
        opening = _opening(ahead, source) if current or filled < _PREAMBLE else None
        begins = False
        if opening and current:
            within = since < _REACH and opening.rank > current.rank
            begins = not within and not (_is_same(current, opening) or _QUOTES.search(before))
            current = opening if begins else _merged(current, opening) if within else current
        elif opening:
            current = opening
        yield begins, line
        since = 1 if begins else _REACH if _PARAGRAPH.match(line) else since + 1
        filled, before = (filled + 1, line.rstrip()) if line.strip() else (filled, before)
        ahead.popleft()


def _opening(ahead: deque[str], source: Iterator[str]) -> _Opening | None:
    """The header that opens at the first of the lines `ahead`, if one does; `ahead` is filled from `source` for it."""
    found = _OPENING.match(ahead[0])
    if not found or not found.lastgroup:
        return None
    size = sum(map(len, ahead))
    while len(ahead) < _REACH and size < _REACH * 100 and (line := next(source, "")):
        ahead.append(line)
        size += len(line)
    kind = found.lastgroup
    follower, within = _FOLLOWED_BY.get(kind, (None, 0))
    if follower and not follower.search("".join(islice(ahead, 0 if kind == "date" else 1, within))):
        return None
    header = "".join(_until_next(kind, ahead))
    number = next((match for pattern in _NUMBERS if (match := pattern.search(header))), None)
    filed = _FILED.search(header)
    return _Opening(
        _RANK[kind],
        int(number["number"]) if number else None,
        int((number and number["section"]) or 1),
        tuple(part.upper() for part in filed.groups()) if filed else None,
    )


def _until_next(kind: str, ahead: deque[str]) -> Iterator[str]:
    """The lines up to the first paragraph, or to the next that opens a header in the same way."""
    yield ahead[0]
    for line in islice(ahead, 1, None):
        found = _OPENING.match(line)
        if (found and found.lastgroup == kind) or _PARAGRAPH.match(line):
            return
        yield line


def _merged(current: _Opening, further: _Opening) -> _Opening:
    """A header read on: what a further line of it adds."""
    number, filed = current.number or further.number, current.filed or further.filed
    return _Opening(further.rank, number, current.section, filed)


def _is_same(current: _Opening, opening: _Opening) -> bool:
    """Whether a header in the middle of a cable is that cable's own, at its next section or sent again."""
    if opening.rank <= _RANK["extract"] or (current.number and opening.number and current.number != opening.number):
        return False
    if opening.section > 1:
        return True
    if current.filed and opening.filed:
        return current.filed == opening.filed
    return bool(current.number and opening.number)
