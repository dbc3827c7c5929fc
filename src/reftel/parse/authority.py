"""Under whose authority a cable is classified: executive order, declassification, officer, reasons.

The lines are the E.O. line, "Classified By" and "Reason" (E.O. 12958 sections 1.4 and, before 2003, 1.5; the
orders before it named a schedule and, in brackets, the officer). Forms vary from post to post; what does not
read as a date, a name or a section stays as written or null.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Officer, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_I = re.IGNORECASE
# The orders on national security information that were in force: 1953, 1972, 1978, 1982, 1995, 2009.
_ORDERS = ("10501", "11652", "12065", "12356", "12958", "13526")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# No value of these fields is longer in earnest.
_LONGEST = 1000
# The section that letters alone mean ("for reasons b, d"): E.O. 12958 since its amendment of 2003, and E.O. 13526.
_USUAL_SECTION = "1.4"

_ORDER = re.compile(r"(?:\bE\.? ?[O0](?:\b|(?=\d))\.?|\A)[\s:.]*(\d{4,6})(?!\d|[/-]\d)(?:[A-Z]\b)?[ \t]*[:;.,]?", _I)
_NEXT_LABEL = re.compile(r"\b(?:TAGS?|SUBJ(?:ECT)?|CLASSIFIED BY|REASONS?|REF(?:TEL)?S?)[ \t]*:|\bTAGS? [A-Z]{4},", _I)
_DECLASSIFY = re.compile(
    r"[\s:;,.]*(?:(?:DECL(?:[IL]|AS|ASS|ASSIFY|ASSIFICATION)?(?: ON)?\b|D[ECL]{2,4}(?= ?:))[ \t]*[:.;]?\s*)+", _I
)
# Codes before the date: "DNG: CO 10/18/2029" (downgrade to CONFIDENTIAL), GDS and RDS of the orders of 1972 and 1978.
_BEFORE_A_DATE = re.compile(
    r"[\s:;,.]*"
    r"(?:(?:AS AMENDED|DECLAS(?:S|SIFY|SIFIED)?(?: BY [A-Z]+)?(?: ON)?|ADS|DNG|CO|UN|(?:X?[GR]|X)DS(?:-\d)?)[\s:;,]+)*",
    _I,
)
_NO_DATE = re.compile(r"N ?[/.]? ?A\b\.?|NONE\b|NOT APPLICABLE|X{5,}", _I)
# The schedules of the orders of 1972 and 1978 (general, exempt, reviewed) stand for a date where none is written.
_SCHEDULE = re.compile(r"((?:X?[GR]|X)DS)\b(?:[ ]?[-(][ ]?(\d)\)?)?", _I)
_YEAR_FIRST = re.compile(r"(\d{4}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"0?(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4}|\d{2})(?!\d)")
_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]*([A-Z]{3,9})\.?[, -]*(\d{4}|\d{2})(?!\d)", _I)
_MONTH_DAY = re.compile(r"([A-Z]{3,9})\.? *(\d{1,2}),? *(\d{4})(?!\d)", _I)
_IN_BRACKETS = re.compile(r"\(([^()\n]{2,40})\)")

_LABEL_AGAIN = re.compile(
    r"(?:\s*\((?:SBU|[SCU])\))?[\s:(]*(?:(?:derivatively )?class?i?fi?i?ed\s+(?:[a-z]+\s+)?by\b[\s:]*)*(?:by\b[\s:]*)?",
    _I,
)
_PORTION_BELOW = re.compile(
    r"\n[ \t]*(?:¶|\d{1,2}\. ?\(|\((?:TS|SBU|LOU|[SCU])(?:/[^)\n]*)?\)\s+(?!and\b|or\b)[A-Z]|-{4,})", _I
)
_NO_OFFICER = re.compile(r"(?:derived|multiple|source|see|various)\b", _I)
_REASON_BEGINS = re.compile(
    r"\breasons?\b|(?<![\d.])1 ?[.:/] ?[3-7](?!\d)|\bE\.? ?O\.? ?\d{4,5}|\bsec(?:tion|\.)? ?1 ?[.:/]|\.\.\.",
    _I,
)
_LEADS_IN = re.compile(r"(?<!\w)(?:for|fo|fr|or|per|by|under|on|the|following|pursuant to)\Z", _I)
_AROUND = " ,;:.(-–"
_MISSPELT_REASON = re.compile(r"\b(?:for|per|by|under) +(\w{4,9}):?\Z", _I)
_REASON_TOKEN = re.compile(
    r"E\.? ?O\.? ?\d{4,5}"
    r"|(?P<section>(?<![\d.])1 ?[.:/]? ?[3-7](?!\d)\.?)"
    r"|\( ?(?P<bracketed>[a-h])\.? ?\)|(?P<letter>[a-h])(?![a-z])\)?"
    r"|(?P<range>[-–]|(?:thru|through|to)\b)"
    r"|(?:and\b|or\b|of\b|reasons?(?:\(s\)|\b)|sections?\b|sec\b|[,&/+;:.\s()])"
    r"|(?P<end>.)",
    _I,
)
_BRACKETS = re.compile(r"\([^()]{0,40}\)|\?")
_NAME = re.compile(r"[^\W\d_]{2}")
_NO_LETTER = re.compile(r"[^\w'’]")
_INITIAL_COMMA = re.compile(r"\b([A-Z]),(?= +[A-Z][a-z])")
_INITIAL_GLUED = re.compile(r"(?<![\w.])([A-Za-z])\.(?=[^\W\d_]{2})")
_AD_INTERIM_APART = re.compile(r"\ba\. i\.(?=\W|\Z)", _I)
_ZERO_INITIAL = re.compile(r"(?<= )0\.(?= |\Z)")
_LOST_APOSTROPHE = re.compile(r"\b([dD])(?:,|['’] | ['’])(?=[aA][fF]{2})")
_PIECE_ENDS = re.compile(r"\s*[,;]\s*|(?<=\A[A-Z]{2}) - |(?<=\A[A-Z]{3}) - ")
_ABBREVIATION = re.compile(r"(?:(?<![\w/])[A-Z]|\b[JS]r|a\. ?i)\.\Z", _I)
_SUFFIX = re.compile(r"(?:Jr|Sr|I{2,3}|IV)\.?\Z", _I)
_INITIAL = re.compile(r"(?:[A-Za-z]\.)+\Z|[A-Za-z]\Z")
_REDACTED = re.compile(r"x{5,}|\[", _I)
_MAC = re.compile(r"Mc([a-z]{3,})")

_BEFORE_A_POST = _words("general consulate congen embassy mission prt")
_CONNECTIVES = _words("for of to in at on")
_PARTICLES = _words("al bin da das de del della den der di do dos du el ibn la le los ten ter van von zu")
_PLAIN_WORDS = _CONNECTIVES | _words(
    "a.i ai and as based by citing due fo fr from or per pursuant reason reasons section sections the under via with"
)
_ORGANISATIONS = _words("bureau consulate department dept dos embassy mission office state u.s us usg")
# The words that positions at posts and in the Department are made of; whatever stands before the last of them is title.
_TITLE_WORDS = _ORGANISATIONS | _words(
    """
    acting ad admiral administrator adviser advisor affaires affairs agency agent agricultural ai a.i amb ambassador
    analysis assistant associate attache attaché branch brigadier cda center centre chair chairman charg charge
    chargé cheif chief chiefs captain capt col colonel commander commercial commissioner con conoff consul consular
    control coordinating coordination coordinator councilor counsel counsellor counselor country couns cultural
    d'affaire d'affaires d'affairs dep deputy desk diplomacy dir director directorate dpo dr duty ecopol econ
    economic economics economist econoff emb emboff energy enforcement environment environmental envoy executive
    financial first fiscal foreign general global governance gov head information inspector interim international
    intelligence justice labor large leader legal lieutenant lt ltc maj major management manager mgmt mgt military
    minister mr mrs ms narcotics naval officer operations pao permanent planning pol polad policy political politico
    polmil poloff post principal program programs protocol public refcoord refugee regional rep representative
    resources rso science second secretary section security senior services special staff team technology third
    trade treasury undersecretary unit vice watch
    """
)
# Of these, the ones that are surnames too.
_SURNAMES_TOO = _words("branch center chief duty energy first gov head labor large leader major post trade")
# Abbreviations that are titles only in capitals, "Po" may be a name; with the letters of the Department's bureaus.
_TITLE_CODES = _words(
    """
    AA ADCM AI AID AO APAO ARSO AS CG CLO CO COM DAO DAS DATT DCM DEA DHS DPAO DPAS EMIN ESTH FAS FBI FCS FSO GSO
    ICE IRPO LEGATT MC MIN NAS OIC PA PAS PDAS PE PMIN PO PRT RAO REO RMAS SADCM US USAID USEU VC AC AF CA DRL DS
    EAP EB EEB EUR HR INL INR IO ISN NEA NP OBO OES PM PRM SA SCA VCI WHA
    """
)
_COMPOUND = re.compile(
    r"(?:pol|econ|eco|min|mgt|con|cons|dep|prin|mil|esth|a)*(?:couns?|counc?s?el+ors?|min|off|ad|chief|mc|mincouns)\Z"
)
# Damaged forms of the long words are told too: "Couselor", "Ambasador", "Minster".
_LONG_WORDS = tuple(
    sorted(
        _words(
            """
            affairs ambassador assistant commercial consulate coordinator counselor d'affaires director economic embassy
            management military minister officer political principal regional secretary security
            """
        )
    )
)
_WHOLE_WORDS = _TITLE_WORDS | _PLAIN_WORDS


@dataclass(frozen=True, slots=True)
class Authority:
    """Order ("12958"), ISO date or the event's words, officer, reasons ("1.4(b)"); `repairs` has a mended order."""

    executive_order: str | None = None
    declassify_on: str | None = None
    classified_by: Officer | None = None
    reasons: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


def parse_authority(eo: str | None, declassify: str | None, classified_by: str | None, reason: str | None) -> Authority:
    """The authority for a classification from the raw values of its lines, each None where the cable lacks it.

    `eo` is the E.O. line with or without its label ("E.O. 12958: DECL: 01/25/2019"), `declassify` the value of a
    separate "Declassify on", `classified_by` the text after "Classified By" (with the reasons, where they follow),
    `reason` the text after a label "Reason" of its own. Line breaks may stand anywhere. Never raises.
    """
    number, rest = _order((eo or "")[:_LONGEST])
    order = _mended_order(number)
    by = _mended((classified_by or "")[:_LONGEST])
    begins = _REASON_BEGINS.search(by)
    officer = _officer(by[: begins.start()] if begins else by) or (
        _officer_in_brackets(rest) if order == "12065" else None
    )
    named = (_mended((reason or "")[:_LONGEST]), by[begins.start() :] if begins else "")
    reasons = tuple(dict.fromkeys(section for text in named for section in _reasons(text)))
    repairs = (Repair("label", None, None, number, order),) if order and number and order != number else ()
    return Authority(order, _when(rest) or _when((declassify or "")[:_LONGEST]), officer, reasons, repairs)


def _order(eo: str) -> tuple[str | None, str]:
    """The order's number as written, and what follows it."""
    match = _ORDER.search(eo)
    return (match[1], eo[match.end() :]) if match else (None, eo)


def _mended_order(number: str | None) -> str | None:
    """The number itself where it is an order's, else the one order that it is a slip away from."""
    if number is None or number in _ORDERS:
        return number
    near = [order for order in _ORDERS if _is_one_slip(number, order)]
    return near[0] if len(near) == 1 else number if len(number) == 5 else None


def _is_one_slip(written: str, meant: str) -> bool:
    """Whether one character lost, added, changed or swapped with its neighbour turns `meant` into `written`."""
    at = next((i for i, letter in enumerate(meant) if written[i : i + 1] != letter), len(meant))
    rest, due = written[at:], meant[at:]
    return rest == due[1:] or rest[1:] == due or rest[1:] == due[1:] or (rest[2:] == due[2:] and rest[1::-1] == due[:2])


def _when(value: str) -> str | None:
    """The day (ISO) or the event's words of a declassification; None where the line names neither."""
    value = _IN_BRACKETS.sub("", _NEXT_LABEL.split(value, maxsplit=1)[0])
    label = _DECLASSIFY.match(value)
    words = " ".join(value[label.end() if label else 0 :].split()).strip(" :;,.")
    lead = _BEFORE_A_DATE.match(words)
    day = _date(words[lead.end() if lead else 0 :])
    if day:
        return day.isoformat()
    if schedule := _SCHEDULE.match(words):
        return "-".join(filter(None, schedule.groups())).upper()
    return words if words and not _NO_DATE.match(words) else None


def _date(text: str) -> date | None:
    """The date that `text` begins with: American order, year first, all digits, or with the month's name."""
    if match := _YEAR_FIRST.match(text) or _DIGITS.match(text):
        return _day(match[1], match[2], match[3])
    if match := _YEAR_LAST.match(text):
        return _day(match[3], match[1], match[2])
    if match := _DAY_MONTH.match(text):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_DAY.match(text):
        return _day(match[3], _month(match[1]), match[2])
    return None


def _month(name: str) -> str:
    return str(_MONTHS.index(name[:3].lower()) + 1) if name[:3].lower() in _MONTHS else "0"


def _day(year: str, month: str, day: str) -> date | None:
    """The date; a two-digit year from 69 on is of the last century; a month above 12 can only be the day."""
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 69 else 2000)
    first, second = int(month), int(day)
    if first > 12:
        first, second = second, first
    try:
        return date(full, first, second)
    except ValueError:
        return None


def _officer_in_brackets(rest: str) -> Officer | None:
    """The classifier in the brackets of an E.O. 12065 line: "GDS 8/12/85 (DOE, JOHN Q.) OR-P"."""
    match = _IN_BRACKETS.search(rest)
    return _officer(match[1]) if match else None


def _mended(value: str) -> str:
    """The value on one line, with the words that a wrap broke put together and slips of the pen mended."""
    below = _PORTION_BELOW.search(value)
    value = value[: below.start()] if below else value
    value = value[_label_end(value) :]
    words: list[str] = []
    written = value.split()
    for word, after in zip_longest(written, written[1:], fillvalue=""):
        if words and _goes_on(words[-1], word, after):
            words[-1] += word
        else:
            words.append(word)
    text = _AD_INTERIM_APART.sub("a.i.", _LOST_APOSTROPHE.sub(r"\1'", " ".join(words)))
    return _ZERO_INITIAL.sub("O.", _INITIAL_GLUED.sub(r"\1. ", _INITIAL_COMMA.sub(r"\1.", text)))


def _label_end(value: str) -> int:
    again = _LABEL_AGAIN.match(value)
    return again.end() if again else 0


def _goes_on(before: str, word: str, after: str) -> bool:
    """Whether `word` is the other half of a word broken after `before`: "reaso ns", "FO R", "Michae l"."""
    if not (before[-1].isalpha() and word[0].isalpha()):
        return False
    left = before.rpartition("-")[2].casefold()
    right = _NO_LETTER.split(word, maxsplit=1)[0].casefold()
    if left + right in _WHOLE_WORDS:
        return not (left in _WHOLE_WORDS and right in _WHOLE_WORDS)
    is_particle = right in _PARTICLES and (after[:1].isupper() or after in _PARTICLES)
    is_word = is_particle or right in _PLAIN_WORDS or _is_title(word)
    return word[0].islower() and not is_word and before[0].isupper() and left not in _WHOLE_WORDS


def _reasons(text: str) -> Iterator[str]:
    """The sections of the order that the text names, ranges taken apart: "1.4 (b-d)" is 1.4(b), 1.4(c), 1.4(d)."""
    section, last, in_range, bare = _USUAL_SECTION, "", False, False
    for token in _REASON_TOKEN.finditer(text):
        letter = (token["bracketed"] or token["letter"] or "").lower()
        if token["end"]:
            break
        if token["section"]:
            section, last, in_range, bare = "1." + re.sub(r"\D", "", token["section"])[-1], "", False, True
        elif token["range"]:
            in_range = bool(last)
        elif letter:
            first = chr(ord(last) + 1) if in_range and last < letter else letter
            yield from (f"{section}({chr(code)})" for code in range(ord(first), ord(letter) + 1))
            last, in_range, bare = letter, False, False
    if bare:
        yield section


def _officer(text: str) -> Officer | None:
    """Name and title out of the text before the reasons."""
    bracket = _IN_BRACKETS.search(text)
    text = _trimmed(_without_misspelt_reason(_BRACKETS.sub(" ", text)))
    if not text or _NO_OFFICER.match(text):
        return None
    name, title = _name_and_title([piece for piece in _PIECE_ENDS.split(text) if piece.strip(" .")])
    if not title and bracket and _is_title(bracket[1]):
        title = bracket[1]
    name = _cased(name) if name and _NAME.search(name) and not _REDACTED.search(name) else None
    return Officer(name, title or None) if name or title else None


def _without_misspelt_reason(text: str) -> str:
    """The text without a last "for reaons"."""
    last = _MISSPELT_REASON.search(text.rstrip(" ,.:"))
    is_reason = last and difflib.SequenceMatcher(None, last[1].lower(), "reasons").ratio() > 0.75
    return text[: last.start()] if last and is_reason else text


def _trimmed(text: str) -> str:
    """The text without what leads over to the reasons ("for", a comma); the full stop of an abbreviation stays."""
    bare = text.strip(_AROUND)
    while lead := _LEADS_IN.search(bare):
        bare = bare[: lead.start()].rstrip(_AROUND)
    at = text.find(bare) + len(bare)
    return bare + "." if text[at : at + 1] == "." and _ABBREVIATION.search(bare + ".") else bare


def _name_and_title(pieces: Sequence[str]) -> tuple[str | None, str]:
    """Name and title from the pieces between commas: either may come first, and the office may follow."""
    titles: list[str] = []
    for at, piece in enumerate(pieces):
        title, name = _title_before_name(piece) if at == 0 or not _is_organisation(piece) else (piece, "")
        if title:
            titles.append(title)
        if name:
            return _with_what_follows(name, titles, list(pieces[at + 1 :]))
    return None, ", ".join(titles)


def _with_what_follows(name: str, titles: list[str], rest: list[str]) -> tuple[str, str]:
    """The name with its suffix or, where the surname came first ("DOE, JOHN Q."), in its natural order."""
    if rest and _SUFFIX.match(rest[0]):
        name = f"{name}, {rest.pop(0)}"
    elif rest and not titles and " " not in name and _is_given_names(rest[0]):
        name = f"{rest.pop(0)} {name}"
    return name, ", ".join([*titles, *rest])


def _is_given_names(piece: str) -> bool:
    words = piece.split()
    return len(words) <= 3 and not any(_is_title(word) for word in words) and all(word[0].isupper() for word in words)


def _title_before_name(piece: str) -> tuple[str, str]:
    """Splits "Deputy Political Counselor Jane Q. Doe" after the last word that belongs to a title."""
    words = piece.split()
    last = max((at for at in range(len(words)) if _is_title_at(words, at)), default=-1)
    if last < 0:
        last = _office_symbols(words) - 1
    last += _length_of_post(words[last : last + 1], words[last + 1 :])
    rest = words[last + 1 :]
    if rest and (rest[0].lower() in _CONNECTIVES or len(rest) > 6):
        last = len(words) - _name_length(rest) - 1
    return " ".join(words[: last + 1]), " ".join(words[last + 1 :])


def _is_title_at(words: Sequence[str], at: int) -> bool:
    """Whether a word is title where it stands; some are surnames after a given name ("Consul Jane Post")."""
    word = words[at]
    if at + 1 < len(words):
        return _is_title(word) or _is_misspelt_title(word)
    follows_name = at > 0 and not _is_title(words[at - 1]) and words[at - 1][0].isupper()
    return _is_title(word) and not (follows_name and word.lower() in _SURNAMES_TOO)


def _length_of_post(title: Sequence[str], rest: Sequence[str]) -> int:
    """How many words after "Consul General" or "Embassy" are the post, with a whole name left: "Istanbul Jane Doe"."""
    if not title or title[0].lower() not in _BEFORE_A_POST:
        return 0
    lengths = (n for n in (3, 2, 1) if n + 2 <= len(rest) and not _INITIAL.match(rest[n]))
    return next((n for n in lengths if tables.post_code(" ".join(rest[:n]))), 0)


def _office_symbols(words: Sequence[str]) -> int:
    """How many words before a name in mixed case are an office's letters: "SCA Jane Doe"."""
    mixed = next((at for at, word in enumerate(words) if not word.isupper()), 0)
    return mixed if all(len(word) >= 3 and word.isalpha() for word in words[:mixed]) else 0


def _name_length(words: Sequence[str]) -> int:
    """How many of the last words are a name, where nothing else tells: surname, initials, given name, suffix."""
    length = 2 if _SUFFIX.match(words[-1]) else 1
    while length < len(words) and (_INITIAL.match(words[-length - 1]) or words[-length - 1].lower() in _PARTICLES):
        length += 1
    return min(length + 1, len(words))


def _is_title(word: str) -> bool:
    """Whether a word belongs to a position's title or is an office symbol ("EUR/PRA", "A/S", "M-C")."""
    if "/" in word or word.strip(".,:").replace("-", "") in _TITLE_CODES:
        return True
    bare = word.replace("’", "'").strip(".,:'\"“”").lower()
    parts = bare.split("-")
    return any(part in _TITLE_WORDS or (len(part) > 3 and bool(_COMPOUND.match(part))) for part in (bare, *parts))


def _is_misspelt_title(word: str) -> bool:
    bare = word.strip(".,:").lower()
    return len(bare) >= 5 and bool(difflib.get_close_matches(bare, _LONG_WORDS, n=1, cutoff=0.8))


def _is_organisation(piece: str) -> bool:
    return any(word.strip(".,").lower() in _ORGANISATIONS or word.strip(",") == "U.S." for word in piece.split())


def _cased(name: str) -> str:
    """A name all in capitals or all in lower case, in title case; one in mixed case as it is."""
    if not (name.isupper() or name.islower()):
        return name
    words = [_cased_word(word, first=at == 0) for at, word in enumerate(name.split())]
    return " ".join(words)


def _cased_word(word: str, *, first: bool) -> str:
    if _SUFFIX.match(word.strip(",")) and word.strip(".,").lower() not in {"jr", "sr"}:
        return word.upper()
    if word.lower() in _PARTICLES and not first:
        return word.lower()
    return _MAC.sub(lambda match: "Mc" + match[1].capitalize(), word.title().replace("’S", "’s"))
