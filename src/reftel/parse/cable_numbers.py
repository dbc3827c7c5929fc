"""Cable numbers: which cables a stretch of words names by year, post and number, and where.

A number is post and number, with the year only where it is not the cable's own. Drafters write that in a dozen ways
("08 ABUJA 123", "ABUJA 123 (08)", "ABUJA 08-123", "123 ABUJA") and leave the post out where it repeats ("ABUJA 9 AND
12"); the forms here are those of the REF lines of real cables, the posts those of the tables.

The path: brackets, dates and other numbers are blanked out, the rest is cut into tokens, a post and a number among
them are a core, and around each core stand its year and the numbers that repeat its post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reftel import tables
from reftel.parse.reference_kinds import BRACKET_FILL, DATE_FILL, ID_FILL, MONTH, masked, year_of_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_I = re.IGNORECASE
_MRN = re.compile(r"(?:(?:19|20)(?=\d{2}[A-Z]))?(\d{2})([A-Z]+)(\d{1,9})")
# A post numbers its cables in order, but not all leave in order: a number so far ahead is of the year before.
_OUT_OF_ORDER = 50

# Posts and numbers.
_HEAD_OF_CABLE = re.compile(
    r"\s{0,40}(?:['’‘(]{0,2}[O\d]{2,4}\)?[\s-]{0,3})?(?P<post>[A-Z][A-Z.'’\s-]{1,60})#?\s?\d", _I
)
_REDACTED = re.compile(r"X{5,}", _I)
_YEAR_IN_FRONT = re.compile(r"(?:19|20)(\d\d)|0(0\d)|20(\d)|(0\d)\d|(\d\d?)")
_POSSESSIVE = re.compile(r"['’]S$", _I)
_NO_POST = re.compile(
    rf"{MONTH}|(?:IIR|OSC|FBIS|TDX?|CIR|DTG|POC|FAM|FAH|CFR|USC|DOC|E-?MAILS?|MAIL|TELCONS?|S?VTC|CALLS?|LETTERS?"
    r"|NOTES?|MEMOS?|REPORTS?|POINTS?|DAILY|PARAS?|PAGES?|SECTIONS?|PARTS?|ANNEX|TAB|APPENDIX|NUMBER|NO|OF|TO|ON|FOR"
    r"|FROM|DATED|IN|THE|AND|OR|SEE|DEPTELS?|EMBTELS?|REFTELS?|SEPTELS?|RES|RESOLUTION|UNSCR?|UNGA|HR|EO|E\.O|PL|ACT"
    r"|FBI|CIA|DIA|NSA|C?JCS|OSD|SECDEF|DOD|DAO|USDAO|USDLO|MSG|CABLES?|CHAPTER|ARTICLE|VOLUME|VOL|VERSION|ROUND"
    r"|ITEMS?|DAYS?|AT|BY|WITH|DRAFT|PAPER|MEETING|Z|X{4,})\.?",
    _I,
)

# Tokens, and the words and signs that mean something beside a number.
_TOKEN = re.compile(
    r"(?P<num>(?:[Oo](?=[\dOo]{0,3}\d)|\d)+)|(?P<word>[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?)"
    rf"|(?P<bracket>{BRACKET_FILL}+)|(?P<date>{DATE_FILL}+)|(?P<id>{ID_FILL}+)|(?P<mark>[^\s\w])"
)
_APOSTROPHES = frozenset("'’‘`")
_DASHES = frozenset("-–")
_NUMBER_WORDS = _DASHES | {"#", "NO", "NR", "NUMBER", "CABLE", "TEL", "TELEGRAM", "MSG", "REFTEL"}
_JOINS = _DASHES | {",", "&", "AND", "OR", "/"}
_SEPARATORS = frozenset({",", ";", ":", "&", "/", "AND", "OR", "."})
_YEAR_SIGNS = _DASHES | _APOSTROPHES | {"(", "[", "/", ",", "OF", "DATED", "DTG"}
_CAPTIONS = {"NOTAL", "EXDIS", "NODIS", "LIMDIS", "SIPDIS", "STADIS", "NOFORN"}
_MAY_FOLLOW = frozenset(
    {"AND", "OR", "ET", "PREVIOUS", "PRIOR", "OF", "DATED", "DTG", "PARA", "PARAS", "REF", "TOSEC", *_CAPTIONS}
)


@dataclass(frozen=True, slots=True)
class OwnCable:
    """The cable that names others: its year (four digits), post's code and number, each None where not known."""

    year: int | None = None
    post: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class CableNumber:
    """A cable that a text names: the post's code (its letters where it is unknown), the number, the two-digit year.

    The year is None where none is written: it is the own cable's. `start` and `end` are half-open offsets in the
    text, from the first sign of what is written of year, post and number; a year behind the number is not in them.
    """

    start: int
    end: int
    post: str
    number: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    """A number, a word, a sign or a blanked-out stretch of a text; `breaks`: it begins a line.

    `year` is the two-digit year that a number means behind a post or a number, None where it can mean none.
    """

    kind: str
    text: str
    start: int
    breaks: bool
    year: int | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_year(self) -> bool:
        """Whether it is a year in full: "2004"."""
        return self.year is not None and len(self.text) == 4

    def says(self, words: frozenset[str]) -> bool:
        """Whether it is one of these words or signs, in capitals or not."""
        return self.text.upper().rstrip(".") in words or self.text in words


@dataclass(frozen=True, slots=True)
class _Core:
    """Post and number by token: `first` is the year's token or the post's, `at` the post's, `last` the number's."""

    first: int
    at: int
    last: int
    post: str
    number: int
    year: int | None


def find_cable_numbers(text: str, own: OwnCable, *, post: str | None = None) -> tuple[CableNumber, ...]:
    """Every cable that a text names, in order: one entry of a REF line, or a phrase of prose that speaks of cables.

    No year after the own cable's is read as one. `post` is whose a number alone is ("462"); None: such a number is no
    cable's. A post that the tables do not know is taken only in capitals, between separators. What stands in brackets
    is not read, and the first number needs less proof than those behind it, as an entry begins with its cable: of
    prose, give no more than the words that name cables ("IN QUITO 2004" would be one). Never raises; linear in time.
    """
    tokens = _tokens(text, own.year)
    cores = _find_cores(tokens)
    if not cores:
        return tuple(_bare_numbers(tokens, post) or _number_first(tokens))
    cores = _with_years_told_apart(tokens, cores)
    found: list[CableNumber] = []
    for core, limit in zip(cores, [*(core.first for core in cores[1:]), len(tokens)], strict=True):
        found += _with_those_behind(tokens, core, limit)
    return tuple(found)


def names_a_cable(text: str, at: int) -> bool:
    """Whether a known post and a number stand at `at`."""
    match = _HEAD_OF_CABLE.match(text, at)
    return bool(match) and _ends_in_a_post(match["post"].rstrip(" -").split()) if match else False


def own_cable(mrn: str | None, sent: datetime | None) -> OwnCable:
    """What a cable's number tells of it, else the year of its date."""
    match = _MRN.match(mrn.upper()) if mrn else None
    if match:
        return OwnCable(_four_digits(int(match[1])), tables.post_code(match[2]) or match[2], int(match[3]))
    return OwnCable(sent.year if sent else None)


def mrn_of(cable: CableNumber, own: OwnCable) -> str | None:
    """The MRN: without a year of the own cable's, or of the last where its post had not come so far yet."""
    year = own.year if cable.year is None else cable.year
    if year is None:
        return None
    is_ahead = (
        cable.year is None and cable.post == own.post and own.number and cable.number > own.number + _OUT_OF_ORDER
    )
    return f"{(year - 1 if is_ahead else year) % 100:02d}{cable.post}{cable.number}"


# --- tokens to post and number ---


def _tokens(text: str, latest: int | None) -> list[_Token]:
    """The tokens of a text, a blanked-out stretch with what was written there; no year is after `latest`."""
    tokens, end = [], 0
    for match in _TOKEN.finditer(masked(text)):
        kind, written = match.lastgroup or "", text[match.start() : match.end()]
        year = _year_meant(written, latest) if kind == "num" else None
        tokens.append(_Token(kind, written, match.start(), "\n" in text[end : match.start()], year))
        end = match.end()
    return tokens


def _find_cores(tokens: Sequence[_Token]) -> list[_Core]:
    cores: list[_Core] = []
    floor = 0
    for index, token in enumerate(tokens):
        core = _core_at(tokens, index, floor) if token.kind == "num" else None
        if core:
            cores.append(core)
            floor = index + 1
    return cores


def _core_at(tokens: Sequence[_Token], index: int, floor: int) -> _Core | None:
    """Post and number, where the number is the token at `index` and nothing before `floor` is free."""
    number = _number(tokens[index].text)
    if number is None or _is_year_in_the_middle(tokens, index) or _is_second_number(tokens, index, floor):
        return None
    end, year = _end_of_post(tokens, index, floor)
    named = _known_post(tokens, end, floor) or (_unknown_post(tokens, end, floor) if end == index else None)
    if named is None:
        return None
    at, post = named
    is_listed = _can_begin(tokens, at, floor) and not tokens[index].is_year
    if floor and not is_listed and not _can_end(tokens, index):
        return None
    first = at
    if year is None:
        year, first = _year_in_front(tokens, at, floor)
    return _Core(first, at, index, post, number, year)


def _number(written: str) -> int | None:
    """A cable's number: 1 to 999999, zeros in front, the letter O for zero."""
    digits = _digits(written).lstrip("0")
    return int(digits) if 0 < len(digits) <= 6 and len(written) <= 9 else None


def _digits(written: str) -> str:
    return written.upper().replace("O", "0")


def _is_year_in_the_middle(tokens: Sequence[_Token], index: int) -> bool:
    """Whether a number is a year between post and number ("STATE 08-12345")."""
    after = index + 1
    if after < len(tokens) and tokens[after].says(_DASHES | {"/"}):
        after += 1
    if after == len(tokens) or tokens[after].kind != "num" or tokens[index].year is None:
        return False
    return len(tokens[after].text) >= 3 and not tokens[after].is_year


def _is_second_number(tokens: Sequence[_Token], index: int, floor: int) -> bool:
    """Whether a cable just named gives the number of its other series here ("STATE 255577 TOSEC 140323")."""
    return 0 < floor == index - 1 and tokens[floor].says(frozenset({"TOSEC", "SECTO"}))


def _end_of_post(tokens: Sequence[_Token], index: int, floor: int) -> tuple[int, int | None]:
    """The index behind the post's last word: back over "#", "NO." and a year between post and number."""
    year: int | None = None
    while index > floor:
        before = tokens[index - 1]
        if before.says(_NUMBER_WORDS):
            index -= 1
        elif before.text == ")" and index - floor >= 3 and tokens[index - 2].kind == "num":
            year = tokens[index - 2].year
            return (index, None) if year is None else (index - 3, year)
        elif before.kind == "num" and year is None and _is_year_in_the_middle(tokens, index - 1):
            year = before.year
            index -= 2 if index - 2 >= floor and tokens[index - 2].says(_APOSTROPHES) else 1
        else:
            break
    return index, year


def _known_post(tokens: Sequence[_Token], end: int, floor: int) -> tuple[int, str] | None:
    """The longest known post whose name ends before token `end`: its first token and its code."""
    if end > floor and tokens[end - 1].kind == "bracket":
        code = tables.post_code(tokens[end - 1].text.strip("()[] "))
        return (end - 1, code) if code else None
    starts = _starts_of_post(tokens, end, floor)
    for start in starts:
        code = tables.post_code(_words(tokens[start:end]))
        if code:
            return start, code
    # A country's or state's two letters behind the name ("MEXICO DF 123").
    has_letters = len(starts) > 1 and len(tokens[end - 1].text) == 2 and len(tokens[end - 2].text) > 2
    return _known_post(tokens, end - 1, floor) if has_letters else None


def _starts_of_post(tokens: Sequence[_Token], end: int, floor: int) -> list[int]:
    """Where a name of one to five words before token `end` could begin, longest first."""
    starts: list[int] = []
    for index in range(end - 1, floor - 1, -1):
        if tokens[index].kind == "word" and not _REDACTED.fullmatch(tokens[index].text):
            starts.append(index)
        elif tokens[index].text != "-" or not starts or starts[-1] != index + 1:
            break
        if len(starts) == 5:
            break
    return starts[::-1]


def _words(tokens: Sequence[_Token]) -> str:
    """The tokens' words as a post's name: "MOSCOW'S" is MOSCOW."""
    return _POSSESSIVE.sub("", " ".join(token.text for token in tokens).rstrip("."))


def _unknown_post(tokens: Sequence[_Token], end: int, floor: int) -> tuple[int, str] | None:
    """A post that the tables do not know: one to three capital words and a number between two separators."""
    start = end
    while start > floor and tokens[start - 1].kind == "word" and not tokens[start - 1].says(_SEPARATORS):
        start -= 1
        if tokens[start].breaks:
            break
    words = [token.text.strip(".") for token in tokens[start:end][:4]]
    if not 1 <= len(words) <= 3 or not all(map(_could_name_a_post, words)) or tokens[end].is_year:
        return None
    letters = "".join(letter for letter in "".join(words) if "A" <= letter <= "Z")
    if len(letters) < 3 or not _can_begin(tokens, start, floor) or not _can_end(tokens, end, strictly=True):
        return None
    nearest = tables.nearest_post_code(letters) if len(letters) >= 6 else None
    return start, tables.post_code(" ".join(reversed(words))) or nearest or letters


def _could_name_a_post(word: str) -> bool:
    return word.isupper() and len(word) > 1 and not _NO_POST.fullmatch(word)


def _can_begin(tokens: Sequence[_Token], at: int, floor: int) -> bool:
    """Whether a reference can begin at a token: in front, behind a separator or a year, or on a new line."""
    if at <= floor or tokens[at].breaks:
        return True
    before = tokens[at - 1]
    return before.kind == "num" or before.says(_SEPARATORS | _DASHES | {")"})


def _can_end(tokens: Sequence[_Token], index: int, *, strictly: bool = False) -> bool:
    """Whether a number ends a reference, and is not the start of other words ("MADRID 2004 BOMBINGS")."""
    if index + 1 == len(tokens) or tokens[index + 1].breaks:
        return True
    after = tokens[index + 1]
    if after.kind == "word":
        return after.says(_MAY_FOLLOW) or (not strictly and _is_core_ahead(tokens, index + 1))
    if after.kind == "num":
        return not strictly or len(after.text) in {2, 4}
    return not strictly or after.kind == "bracket" or after.text in {",", ":", ".", "(", ")", "&"}


def _is_core_ahead(tokens: Sequence[_Token], index: int) -> bool:
    """Whether a known post and a number stand at a token."""
    end = index
    while end < len(tokens) and end - index < 6 and tokens[end].kind == "word":
        end += 1
    return end < len(tokens) and tokens[end].kind == "num" and _ends_in_a_post([t.text for t in tokens[index:end]])


def _ends_in_a_post(words: Sequence[str]) -> bool:
    return len(words) <= 5 and any(tables.post_code(" ".join(words[k:])) for k in range(len(words)))


# --- years ---


def _year_in_front(tokens: Sequence[_Token], at: int, floor: int) -> tuple[int | None, int]:
    """The year in front of the post at token `at`, and its first token; None and `at` where there is none."""
    index = at - 1
    if index > floor and tokens[index - 1].kind == "num" and tokens[index].kind == "mark":
        is_in_front = index == 1 and len(tokens[0].text) >= 2 and tokens[index].text in {":", ",", "."}
        index -= is_in_front or tokens[index].text in {"-", "–", "/", ")", "]"}
    year = _year_of(tokens[index].text) if index >= floor and tokens[index].kind == "num" else None
    if year is None:
        return None, at
    while index > floor and tokens[index - 1].says(_APOSTROPHES | {"(", "["}):
        index -= 1
    return year, index


def _year_of(written: str) -> int | None:
    """The two-digit year meant in front of a post: "08", "2008", "8", and the slips "008", "094", "208"."""
    match = _YEAR_IN_FRONT.fullmatch(_digits(written))
    return int(match[match.lastindex or 0]) if match else None


def _year_meant(written: str, latest: int | None) -> int | None:
    """The two-digit year of digits behind a post or number, only where it can be one: not after the cable's own."""
    digits = _digits(written)
    if len(digits) not in {2, 4} or (len(digits) == 4 and digits[:2] not in {"19", "20"}):
        return None
    year = int(digits) if len(digits) == 4 else _four_digits(int(digits))
    return year % 100 if 1940 <= year <= (latest or 2039) else None


def _four_digits(year: int) -> int:
    return year + (1900 if year >= 40 else 2000)


def _with_years_told_apart(tokens: Sequence[_Token], cores: Sequence[_Core]) -> list[_Core]:
    """The cores, a year between two of them ("PARIS 9 08 ROME 5") given to the right one.

    Without a line break to tell, it is the following cable's, unless the last cable has its year behind it.
    """
    years_are_behind = _year_behind(tokens, cores[-1].last + 1, len(tokens)) is not None
    told = [cores[0]]
    for core in cores[1:]:
        before, between = told[-1], tokens[told[-1].last + 1 : core.at]
        is_between = core.first == before.last + 1 and len(between) in {1, 3} and before.year is None
        if is_between and _is_of_cable_before(between, tokens[core.at], otherwise=years_are_behind):
            told.append(replace(core, first=core.at, year=None))
        else:
            told.append(core)
    return told


def _is_of_cable_before(between: Sequence[_Token], after: _Token, *, otherwise: bool) -> bool:
    """Whether the year `between` two cables is the first's by the line it stands on, or `otherwise`."""
    if between[len(between) // 2].year is None:
        return False
    return after.breaks if after.breaks != between[0].breaks else otherwise


def _year_behind(tokens: Sequence[_Token], index: int, limit: int) -> int | None:
    """The year right behind a number: "(08)", "-01", "/08", "99", "2008", or that of a date ("DATED 5/12/06")."""
    at = index
    while index < limit and tokens[index].says(_YEAR_SIGNS):
        index += 1
    if index == limit:
        return None
    token, before = tokens[index], tokens[index - 1]
    if token.kind in {"date", "bracket"}:
        return year_of_date(token.text.strip("()[] "))
    if token.kind != "num" or (before.text == "," and not token.text.startswith("0")):
        return None
    is_list = index + 1 < limit and tokens[index + 1].text in {"/", "-"} and index > at
    return None if is_list and before.text not in {"(", "'"} else token.year


# --- numbers behind a number, and numbers without a post ---


def _with_those_behind(tokens: Sequence[_Token], core: _Core, limit: int) -> list[CableNumber]:
    """The cable of a core and those behind it that leave the post out: "BRASILIA 2799 AND 2764", "KABUL 692/317"."""
    year = core.year if core.year is not None else _year_behind(tokens, core.last + 1, limit)
    cables = [CableNumber(tokens[core.first].start, tokens[core.last].end, core.post, core.number, year)]
    index = core.last + 1
    while (index := _next_number(tokens, index, limit)) < limit:
        token = tokens[index]
        number = _number(token.text)
        if number is not None:
            cables.append(CableNumber(token.start, token.end, core.post, number, year))
        index += 1
    return cables


def _next_number(tokens: Sequence[_Token], index: int, limit: int) -> int:
    """The next number of the same post, or `limit`: behind a comma, "and", a slash or a blank, past any years."""
    is_joined = False
    while index < limit:
        token = tokens[index]
        if token.kind == "num":
            if _is_cable_again(tokens, index, limit, is_joined=is_joined):
                return index
            if token.year is None:
                return limit
            is_joined = False
        elif token.says(_JOINS):
            is_joined = True
        elif token.kind != "bracket" and not token.says(_APOSTROPHES | {"(", ")"}):
            return limit
        index += 1
    return limit


def _is_cable_again(tokens: Sequence[_Token], index: int, limit: int, *, is_joined: bool) -> bool:
    """Whether a number is a cable's of the post before it, not a year, a count ("and 2 others") or part of a date."""
    written, before = tokens[index].text, tokens[index - 1]
    if index + 1 < limit and tokens[index + 1].kind == "word" and not tokens[index + 1].says(_MAY_FOLLOW):
        return False
    if before.says(_APOSTROPHES | {"(", "["}):
        return False
    if before.says(_DASHES | {"/"}) or not is_joined:
        return len(written) >= 3 and not tokens[index].is_year
    return not (before.text == "," and len(written) == 2 and written.startswith("0"))


def _bare_numbers(tokens: Sequence[_Token], post: str | None) -> list[CableNumber]:
    """Numbers alone, of the post last named: "B. 2962", "B. 09 456"."""
    if post is None or not tokens or tokens[0].kind != "num" or not _is_all_numbers(tokens):
        return []
    has_year = len(tokens) > 1 and tokens[1].kind == "num"
    last = 1 if has_year else 0
    year = _year_of(tokens[0].text) if has_year else None
    number = _number(tokens[last].text)
    if number is None or len(tokens[last].text) < 2 or (has_year and year is None):
        return []
    return _with_those_behind(tokens, _Core(0, 0, last, post, number, year), len(tokens))


def _is_all_numbers(tokens: Sequence[_Token]) -> bool:
    """Whether there is nothing but numbers, joints and "and previous"."""
    return all(token.kind in {"num", "bracket"} or token.says(_JOINS | _MAY_FOLLOW) for token in tokens)


def _number_first(tokens: Sequence[_Token]) -> list[CableNumber]:
    """The number before the post: "377 KATHMANDU"."""
    if not tokens or tokens[0].kind != "num" or len(tokens[0].text) < 3 or _year_of(tokens[0].text) is not None:
        return []
    end = 1
    while end < len(tokens) and (tokens[end].kind == "word" or tokens[end].text == "-") and end < 7:
        if tokens[end].says(_MAY_FOLLOW):
            break
        end += 1
    number, post = _number(tokens[0].text), tables.post_code(_words(tokens[1:end]))
    return [CableNumber(tokens[0].start, tokens[end - 1].end, post, number)] if post and number else []
