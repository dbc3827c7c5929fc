"""The routing header above the body: who sent the cable to whom, when, and how fast.

Shapes: the modern one (transmission id, routing line, "DE" line, ZNY/ZNR line, date-time group, FM, TO, INFO; 5 FAH-2
H-321), the same without routing, and the full telegram of the 1970s with its page line, office counts and
drafting lines. A header is read line by line; a line that fits nowhere is left out, with a doubt where it matters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Literal

from reftel.model import Addressee, Doubt, Precedence, Repair
from reftel.parse.addressees import can_be_addressee, has_route, is_cut, looks_like_addressee, parse_addressees
from reftel.parse.marking import caption_line, parse_classification_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_Kind = Literal[
    "partial", "transmission", "routing", "de", "security", "dtg", "sender", "action", "info", "exempt",
    "distribution", "drafted", "approved", "cleared", "rule", "serial", "page", "end", "blank", "other",
]  # fmt: skip
_I = re.IGNORECASE
_PRECEDENCES: dict[str, Precedence] = {"Z": "FLASH", "Y": "FLASH", "O": "IMMEDIATE", "P": "PRIORITY", "R": "ROUTINE"}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Two-digit years from here on are of the last century.
_FIRST_YEAR = 66
# A header is short: lines, characters, and how far into a text it may begin.
_MOST_LINES, _LONGEST, _LONGEST_LINE, _LATEST_LINE = 700, 60_000, 400, 60
# The message is filed between these after its date-time group; retransmissions run late.
_FILED_EARLY, _FILED_LATE = timedelta(hours=-12), timedelta(days=10)

_PARTIAL = re.compile(r"\s*This record is a partial extract of the original cable", _I)
_TRANSMISSION = re.compile(r"\s*(V ?Z ?C ?Z ?C ?\w{3,12})\b")
_ROUTING = re.compile(r"\s*(?:([ZOPRY])\1\s+)?R[A-Z]{3,7}(?:\s+R[A-Z]{3,7})*\s*\Z")
_DE = re.compile(r"\s*DE\s+(R[A-Z]{3,7})\b(?:\s+#?\s*(\d{1,6})(?:/\d+)?)?(?:\s+(\d{3})(\d{2})(\d{2})\b)?")
_SECURITY = re.compile(r"\s*ZN[RY]\s+([A-Z])\1{3,4}\b(.*)")
_DTG = re.compile(
    r"\s*((?:[ZOPRY]{1,2}\s+){0,3})(\d{2})(\d{2})(\d{2})\s?Z\s*([A-Z]{3,9})\.?\s*((?:19|20)?\d{2})\b(?!\d)(.*)",
    _I,
)
_HEAD = re.compile(r"\s*(FM|TO|INFO|XMT)(?:[ \t$]+|\Z)(?!:)")
_HEADS: dict[str, _Kind] = {"FM": "sender", "TO": "action", "INFO": "info", "XMT": "exempt"}
_LISTS = ("action", "info", "exempt")
_PAGE = re.compile(
    r"\s*PAGE\s+\d{1,3}\s+\S.{0,80}\d{6}Z\s*\Z|\s*PAGE\s+\d{1,3}\s+[A-Z][A-Z ]{1,20}\s+\d{4,}\b.{0,40}\Z"
)
_OFFICE = re.compile(r"\b[A-Z]{1,5}-\d{2,3}\b")
_OFFICES = re.compile(
    r"\s*(?:(?:ACTION|ORIGIN|INFO)\b\s*)?(?:[A-Z]{1,5}-\d{2,3}\s*|\([A-Z]{1,5}\)\s*)*(?:/\d{1,4}\s*[RWX]?\s*)?\Z"
)
_OFFICES_NAMED = re.compile(r"\s*(?:ACTION|ORIGIN|INFO)\s*:\s*(.*)")
_DRAFTING: tuple[tuple[_Kind, re.Pattern[str]], ...] = (
    ("drafted", re.compile(r"\s*DRAFTED(?: BY)?\b\s*:?\s*(.*)")),
    ("approved", re.compile(r"\s*APPROVED(?: BY)?\b\s*:?\s*(.*)")),
    ("cleared", re.compile(r"\s*CLEAR(?:ED|ANCES?)(?: BY)?\b\s*:?\s*(.*)")),
)
_DRAFTING_KINDS = ("drafted", "approved", "cleared")
_RULE = re.compile(r"\s*-{5,}\s*[0-9A-F]{6}\b|\s*-{15,}\s*\Z")
_SERIAL = re.compile(
    r"\s*(?:\d{1,6}|[A-Z]{2,4}\d{4})\s*\Z|\s*SOURCE:|\s*CX[A-Z]{3,}:|\s*(?:DISSEMINATION|CHARGE|Distribution):"
)
_END = re.compile(r"\s*BT\s*\Z")
# The first that matches a line tells its kind.
_PATTERNS: tuple[tuple[_Kind, re.Pattern[str]], ...] = (
    *_DRAFTING,
    ("transmission", _TRANSMISSION),
    ("de", _DE),
    ("security", _SECURITY),
    ("dtg", _DTG),
    ("page", _PAGE),
    ("rule", _RULE),
    ("distribution", _OFFICES_NAMED),
    ("serial", _SERIAL),
    ("end", _END),
    ("partial", _PARTIAL),
    ("routing", _ROUTING),
)
_BODY_LABEL = re.compile(r"\s*(?:E\.? ?O\b|TAGS?\b|SUBJ(?:ECT)?\b|REFS?\b|REFTEL|¶|\d{1,2}\. )", _I)
_PARAGRAPH = re.compile(r"\s*(?:¶|\d{1,2}\.\s*(?:\(|[A-Za-z])|E\.? ?O\.? ?\d)")
_PROSE = re.compile(r"(?:\S+ ){7}\S")
_INLINE_HEAD = re.compile(r"(?<=\S)\s+(?=(?:FM|TO|INFO|XMT) [A-Z])")
_INLINE_SENDER = re.compile(r"\sFM [A-Z]")
_INFO_AT_END = re.compile(r"(?<=\S)\s+INFO\s*\Z")

_DRAFTING_DATE = re.compile(r"\s+--?\s+\d.*|\s{2,}\d.*")
_REDACTED = re.compile(r"x{5,}", _I)


@dataclass(frozen=True, slots=True)
class HeaderSpan:
    """Half-open offsets of a routing header in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says. `sender` is the name after FM, `route` and `serial` the DE line's ("RUEHGB", "0197").

    A serial is the last four digits of the number ("#9085" of STATE 119085). `precedence` is the action addressees',
    `info_precedence` the second letter of the date-time line. `service` are the marks behind the date-time group or
    the ZNY line (ZDK, ZDS ...), `security` the letter of the ZNY or ZNR line. `distribution` lists the offices of the
    Department and their copies ("AF-00"), who are no addressees.
    """

    transmission: str | None = None
    precedence: Precedence | None = None
    info_precedence: Precedence | None = None
    dtg: str | None = None
    sent: datetime | None = None
    service: tuple[str, ...] = ()
    sender: str | None = None
    route: str | None = None
    serial: str | None = None
    security: str | None = None
    action: tuple[Addressee, ...] = ()
    info: tuple[Addressee, ...] = ()
    exempt: tuple[Addressee, ...] = ()
    distribution: tuple[str, ...] = ()
    drafted_by: str | None = None
    approved_by: str | None = None
    cleared_by: str | None = None
    partial: bool = False
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def find_header(text: str, start: int, end: int) -> HeaderSpan | None:
    """Where a routing header stands at the head of `text[start:end]`, None where prose begins without one.

    A few lines may stand above it (a publisher's, a printout's); what follows it (classification line, captions, E.O.
    line, prose) is not in it. Reads no further than the header, at most 700 lines.
    """
    lines = list(islice(_lines(text, start, end), _MOST_LINES))
    anchor = _anchor(lines)
    if anchor is None:
        partial = next((line for line in lines[:_LATEST_LINE] if _PARTIAL.match(line.text)), None)
        return HeaderSpan(partial.start, partial.end) if partial else None
    first = next((at for at in range(anchor) if _is_above_header(lines[at].text)), anchor)
    return HeaderSpan(lines[first].start, lines[_last(lines, anchor)].end)


def parse_header(text: str, start: int, end: int) -> Header:
    """The fields of the header `text[start:end]`; what it does not say is None or empty. Never raises."""
    parts = _sorted_lines(text[start : min(end, start + _LONGEST)])
    doubts = [Doubt("header", f"a routing line is cut off: {line!r}") for line in parts["cut"]]
    lists = [parse_addressees(parts[kind]) for kind in _LISTS]
    action, info, exempt = (each.addressees for each in lists)
    repairs = [Repair("page-line", None, None, line, "") for line in parts["page"]]
    repairs += [repair for each in lists for repair in each.repairs]
    senders = parse_addressees(parts["sender"][:1]).addressees
    filed = next((match for line in parts["de"] if (match := _DE.match(line))), None)
    written = _DTG.match(parts["dtg"][-1]) if parts["dtg"] else None
    sent = _sent(written, doubts)
    service = _service(written, parts["security"])
    if sent and filed and not service:
        doubts += _filing_doubts(sent, filed)
    first, second = _precedences(written, parts["routing"], action)
    return Header(
        transmission=parts["transmission"][0] if parts["transmission"] else None,
        precedence=first,
        info_precedence=second,
        dtg=_normal(written),
        sent=sent,
        service=service,
        sender=senders[0].name if senders and not _REDACTED.fullmatch(senders[0].name) else None,
        route=filed[1] if filed else None,
        serial=filed[2] if filed else None,
        security=_security(parts["security"]),
        action=action,
        info=info,
        exempt=exempt,
        distribution=tuple(parts["distribution"]),
        drafted_by=_drafting(parts["drafted"]),
        approved_by=_drafting(parts["approved"]),
        cleared_by=_drafting(parts["cleared"]),
        partial=bool(parts["partial"]),
        repairs=tuple(repairs),
        doubts=tuple(doubts),
    )


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    """The lines of `text[start:end]`, up to the first that is too long for a header."""
    at = start
    while at < end:
        stop = text.find("\n", at, min(end, at + _LONGEST_LINE))
        stop = stop if stop >= 0 else min(end, at + _LONGEST_LINE)
        yield _Line(at, stop, text[at:stop])
        if stop < end and text[stop] != "\n":
            return
        at = stop + 1


def _kind(line: str) -> _Kind:
    """What a line of a header is, by itself."""
    if not line.strip():
        return "blank"
    if kind := next((kind for kind, pattern in _PATTERNS if pattern.match(line)), None):
        return kind
    if _OFFICE.search(line) and _OFFICES.match(line):
        return "distribution"
    head = _HEAD.match(line)
    return _HEADS[head[1]] if head else "other"


def _anchor(lines: Sequence[_Line]) -> int | None:
    """The first line that only a header has; None where prose comes first."""
    prose, is_partial = 0, False
    for at, line in enumerate(lines[:_LATEST_LINE]):
        kind = _kind(line.text)
        is_partial = is_partial or kind == "partial"
        if _is_sure(line.text, kind, is_partial=is_partial) or (kind == "sender" and _leads_to_list(lines, at)):
            return at
        prose = prose + 1 if kind == "other" and _PROSE.search(line.text) else 0
        if prose == 3 or _PARAGRAPH.match(line.text) or len(line.text) >= _LONGEST_LINE:
            return None
    return None


def _is_sure(line: str, kind: _Kind, *, is_partial: bool) -> bool:
    """Whether only a header has such a line; a date-time group needs a precedence or a partial record's notice."""
    if kind == "routing":
        routing = _ROUTING.match(line)
        return bool(routing and routing[1])
    return kind in {"transmission", "de", "security"} or (kind == "dtg" and (is_partial or line.strip()[:1].isalpha()))


def _following(lines: Sequence[_Line], at: int, *, most: int = 1) -> list[_Kind]:
    """The kinds of the next lines that are not blank, as many as are wanted."""
    return list(islice((kind for line in lines[at + 1 :] if (kind := _kind(line.text)) != "blank"), most))


def _leads_to_list(lines: Sequence[_Line], at: int) -> bool:
    """Whether below an FM line, the name perhaps on the next line, comes TO, INFO or a date-time group."""
    return bool({*_LISTS, "dtg"} & {*_following(lines, at, most=2)})


def _is_above_header(line: str) -> bool:
    """Whether a line above the first sure line of a header belongs to it already."""
    kind = _kind(line)
    if kind in {"partial", "distribution", "drafted", "approved", "cleared", "page", "rule"}:
        return True
    return kind == "other" and len(line) < 100 and parse_classification_line(line).classification is not None


def _last(lines: Sequence[_Line], anchor: int) -> int:
    """The index of the header's last line."""
    last, strangers, in_list = anchor, 0, False
    for at in range(anchor, len(lines)):
        line = lines[at].text
        kind = _kind(line)
        in_list = in_list or kind in {"sender", *_LISTS}
        if kind == "blank":
            continue
        is_gap = at - last > 1
        is_sentence = kind in _LISTS and is_gap and not _is_list_head(lines, at)
        if is_sentence or (kind == "other" and _begins_body(lines, at)):
            break
        if kind not in {"other", "serial"} or (in_list and can_be_addressee(line, after_gap=is_gap)):
            last, strangers = at, 0
        elif in_list or strangers == 3:
            break
        else:
            strangers += 1
        if kind == "end":
            break
    return last


def _is_list_head(lines: Sequence[_Line], at: int) -> bool:
    """Whether a TO or INFO line below a gap heads a list, and no sentence ("TO THE SECRETARY FROM THE AMBASSADOR")."""
    rest = _HEAD.sub("", lines[at].text)
    return not rest.strip() or looks_like_addressee(rest) or bool(_PAGE.match(rest))


def _begins_body(lines: Sequence[_Line], at: int) -> bool:
    """Whether the body begins here: captions, a label, a paragraph, a classification line not above a page line."""
    line = lines[at].text
    if _BODY_LABEL.match(line) or caption_line(line) is not None:
        return True
    is_above_page = bool({"page", "distribution"} & {*_following(lines, at)})
    return parse_classification_line(line).classification is not None and not is_above_page


def _sorted_lines(text: str) -> defaultdict[str, list[str]]:
    """The header's lines by what they are; those of a list under the list's name, without "TO" and its like."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    current = ""
    for line in _split_lines(text):
        kind = _kind(line)
        if kind == "end" or (current in _LISTS and kind == "other" and parse_classification_line(line).classification):
            break
        if is_cut(line) and kind != "partial" and (current in _LISTS or kind in _LISTS):
            parts["cut"].append(line.strip())
            current = kind if kind in _LISTS else current
        else:
            current = _sort_line(line, kind, current, parts)
    return parts


def _split_lines(text: str) -> Iterator[str]:
    """The lines, with those taken apart that hold several heads ("... FM ... TO ..." or "... INFO" at the end)."""
    for line in text.split("\n"):
        may_hold_more = _HEAD.match(line) or has_route(line) or (_DTG.match(line) and _INLINE_SENDER.search(line))
        for piece in _INLINE_HEAD.split(line[:_LONGEST]) if may_hold_more else (line,):
            bare = _INFO_AT_END.sub("", piece)
            yield bare[:_LONGEST_LINE]
            if bare != piece:
                yield "INFO"


def _sort_line(line: str, kind: _Kind, current: str, parts: defaultdict[str, list[str]]) -> str:
    """Files one line; returns the list that is open after it."""
    if kind in {"sender", *_LISTS}:
        return _sort_head(line, kind, parts)
    if kind == "blank":
        return "" if current in {"exempt", "approved", "drafted"} else current
    if kind == "page":
        parts["page"] += [line.strip()] if current in _LISTS else []
        return current
    place = _place(kind, current, parts)
    if place == "distribution":
        parts[place] += _OFFICE.findall(line) or _named_offices(line)
    elif place:
        parts[place].append(_value(line, kind) if kind in _DRAFTING_KINDS else line.strip())
    return place if place in {"sender", *_LISTS, *_DRAFTING_KINDS} else ""


def _place(kind: _Kind, current: str, parts: Mapping[str, Sequence[str]]) -> str:
    """Where a line without a head of its own belongs, "" for nowhere."""
    is_sender_known = bool(parts["sender"])
    if kind == "dtg":
        return "" if is_sender_known and parts["dtg"] else "dtg"
    if kind == "distribution" and not is_sender_known:
        return "distribution"
    if current in _LISTS or (current == "sender" and not is_sender_known):
        return current
    if kind == "other" and current in {"approved", "cleared"}:
        return "cleared"
    return kind if kind in {"transmission", "routing", "de", "security", "partial", *_DRAFTING_KINDS} else ""


def _sort_head(line: str, kind: _Kind, parts: defaultdict[str, list[str]]) -> str:
    """Files an FM, TO, INFO or XMT line, from which a page line may have driven the address to the next line."""
    head = _HEAD.match(line)
    rest = line[head.end() :].strip() if head else ""
    if kind != "sender" and not (parts["sender"] or parts["dtg"]):
        return ""
    if _PAGE.match(rest):
        parts["page"].append(rest)
    elif rest:
        parts[kind].append(rest)
    return kind


def _named_offices(line: str) -> list[str]:
    """The offices of a post's own copy: "INFO:   AMB DCM ECON"."""
    named = _OFFICES_NAMED.match(line)
    return named[1].split() if named else []


def _value(line: str, kind: _Kind) -> str:
    match = dict(_DRAFTING)[kind].match(line)
    return match[1].strip() if match else ""


def _drafting(lines: Sequence[str]) -> str | None:
    """Office and name of a DRAFTED, APPROVED or CLEARED line, without date and telephone number."""
    return "; ".join(filter(None, (_DRAFTING_DATE.sub("", line) for line in lines))) or None


def _normal(written: re.Match[str] | None) -> str | None:
    """The date-time group as it is normally written: "261657Z JAN 09"."""
    if written is None:
        return None
    return f"{written[2]}{written[3]}{written[4]}Z {written[5][:3].upper()} {written[6][-2:]}"


def _sent(written: re.Match[str] | None, doubts: list[Doubt]) -> datetime | None:
    if written is None:
        return None
    month, year = written[5][:3].upper(), int(written[6])
    if year < 100:
        year += 1900 if year >= _FIRST_YEAR else 2000
    try:
        return datetime(year, _MONTHS.index(month) + 1, int(written[2]), int(written[3]), int(written[4]), tzinfo=UTC)
    except ValueError:
        doubts.append(Doubt("dtg", f"the date-time group is no date: {_normal(written)}"))
        return None


def _service(written: re.Match[str] | None, security: Sequence[str]) -> tuple[str, ...]:
    """The service marks: what stands behind the date-time group, and behind ZZH on the ZNY line."""
    behind = [written[7]] if written else []
    behind += [match[2] for line in security if (match := _SECURITY.match(line))]
    marks = (" ".join(text.replace("ZZH", "", 1).split()) for text in behind)
    return tuple(mark for mark in marks if mark)


def _security(lines: Sequence[str]) -> str | None:
    return next((match[1] for line in lines if (match := _SECURITY.match(line))), None)


def _filing_doubts(sent: datetime, filed: re.Match[str]) -> list[Doubt]:
    """A doubt where the DE line's day of the year and time are not those of the date-time group."""
    if filed[3] is None:
        return []
    late = min((_lateness(sent, year, filed) for year in (sent.year - 1, sent.year, sent.year + 1)), key=abs)
    if _FILED_EARLY <= late <= _FILED_LATE:
        return []
    return [Doubt("dtg", f"the DE line's day {filed[3]} is not that of the date-time group, {sent:%d %b %Y}")]


def _lateness(sent: datetime, year: int, filed: re.Match[str]) -> timedelta:
    day = timedelta(days=int(filed[3]) - 1, hours=int(filed[4]), minutes=int(filed[5]))
    return datetime(year, 1, 1, tzinfo=UTC) + day - sent


def _precedences(
    written: re.Match[str] | None, routing: Sequence[str], action: Sequence[Addressee]
) -> tuple[Precedence | None, Precedence | None]:
    """Action and info precedence by the date-time line's letters, the routing line's or the first addressee's word."""
    letters = [word[0].upper() for word in written[1].split()] if written else []
    if not letters:
        letters = [match[1] for line in routing if (match := _ROUTING.match(line)) and match[1]][:1]
    known = [_PRECEDENCES[letter] for letter in letters]
    if not known:
        known = [to.precedence for to in action if to.precedence][:1]
    return known[0] if known else None, known[1] if len(known) > 1 else None
