"""The REF line: the cables, e-mails, calls, letters and reports that a cable answers or builds on.

A reference names post and number, the year in front only where it is not the cable's own ("08 ABUJA 123").
Real lines write the year in a dozen ways, leave the post out where it repeats, label their entries twice or
not at all, and run over page breaks. What is certain becomes an MRN; the rest stays as text with its kind.

The path: the bare value, its labelled entries, their segments (between semicolons), the tokens of a segment,
the cores in them (a post and a number), and around each core its year and the numbers that repeat its post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Reference, ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

_I = re.IGNORECASE
_MONTH = (
    r"(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?)(?![A-Z])\.?"
)
_PORTION_MARK = r"\((?:U|C|S|SBU|LOU|C/NF|S/NF|S//NF|SBU/NF|U//FOUO)\)"

# What does not belong to the value: the label, page lines, caption lines, and the fields or the text that follow.
_REF_LABEL = re.compile(
    r"[\s(\[*]*(?:(?:PROGRAM|MISSION)\s{1,3})?REF(?:ERENCE|TEL)?(?:\(S\)|S)?(?![\w'’])[\s:.;,-]{0,20}", _I
)
_PAGE_COUNT = re.compile(r"(?<!\d)\d{8}\s{1,4}\d{3}(?:\.\d{1,2})?\s{1,3}OF\s{1,3}[\d.]{1,6}", _I)
_OLD_PAGE_LINE = re.compile(
    r"(?:(?:UNCLAS(?:SIFIED)?|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE)\s{1,30}){0,2}PAGE\s{1,4}\d{1,2}\s{1,12}"
    r"[A-Z][A-Z .']{1,20}?\s{0,12}\d{3,6}(?:\s{1,4}\d{1,2}\s{1,2}OF\s{1,2}\d{1,2})?(?:\s{1,4}\d{6}Z)?(?![A-Z\d])"
)
_CAPTION_LINE = re.compile(
    r"^[ \t]{0,80}(?:SIPDIS|NOFORN|SENSITIVE|NODIS|EXDIS|LIMDIS|STADIS|CONFIDENTIAL|SECRET|UNCLAS(?:SIFIED)?"
    r"|LIMITED OFFICIAL USE|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|S ?E ?C ?R ?E ?T)[ \t]{0,80}$",
    _I | re.MULTILINE,
)
_END = re.compile(
    r"\n[ \t]{0,40}[-_=]{3}|(?<=\S)\s{0,40}¶\s?1\b|\b1\.\s{0,3}\([A-Z/]{1,12}\)"
    r"|(?i:\bclassified by\b|\bderived from\b|\bdeclassify on\b|\breasons?:)"
    r"|(?i:\n[ \t]{0,40}(?:subj(?:ect)?|tags|e\.?o\.? ?\d{5})\b)"
    rf"|{_PORTION_MARK}\s{{1,3}}(?:(?i:this (?:cable|message|telegram)\b)|[A-Z][a-z'’]{{1,20}},? [a-z]{{2}})"
    rf"|\n\s{{0,40}}{_PORTION_MARK}\s{{0,40}}\Z"
    r"|(?i:\bsensitive but unclassified\b|\bnot for internet\b|\b(?:please|pls|dept|department) pass\b)"
)
_NOTHING = re.compile(r"(?:NONE|N/?A|N\.A|NIL|NOT APPLICABLE|NO REF\w{0,8})?", _I)
_AROUND_NOTHING = " \t\n.,;:-–_()[]*¶"

# Stretches that hold no cable's number, blanked out at equal length; a date may still give a year.
_BRACKET_FILL, _DATE_FILL, _ID_FILL = "\ue000", "\ue001", "\ue002"
_BRACKET = re.compile(r"\([^()\[\]]{0,300}\)|\[[^()\[\]]{0,300}\]|\"[^\"]{2,300}\"|“[^“”]{2,300}”")
_LABEL_OR_YEAR = re.compile(r"\W\s?(?:[A-Z]{1,2}|['’‘]?\d{2}|\d|(?:19|20)\d{2})\s?[.:]?\s?\W", _I)
_DATE = re.compile(
    rf"(?<!\d)\d{{6}}Z?\s{{0,2}}{_MONTH}\s{{0,2}}(?P<a>\d{{4}}|\d{{2}})?(?!\d)"
    rf"|(?<!\d)\d{{1,2}}\s{{0,2}}[/-]?{_MONTH}(?:[\s/,-]{{0,3}}(?P<b>\d{{4}}|\d{{2}})(?!\d))?"
    rf"|(?<![A-Z]){_MONTH}\s{{0,2}}\d{{1,2}}(?:ST|ND|RD|TH)?(?!\d)(?:,?\s{{1,2}}(?P<c>(?:19|20)\d{{2}})(?!\d))?"
    rf"|(?<![A-Z]){_MONTH}\s{{0,2}}(?P<d>(?:19|20)\d{{2}})(?!\d)"
    r"|(?<![\d/])\d{1,2}(?P<x>[./-])\d{1,2}(?P=x)(?P<e>\d{4}|\d{2})(?![\d/])"
    r"|(?<!\d)(?P<f>(?:19|20)\d{2})(?P<y>[/-])\d{1,2}(?P=y)\d{1,2}(?!\d)",
    _I,
)
_DAY = re.compile(r"(?<![\d/])(?:0?[1-9]|1[0-2])/[0-3]?\d(?![\d/])")
_OTHER_ID = re.compile(
    r"\bIIR\W{0,3}\d[\d\s-]{0,24}|\bTDX?[\s-]{0,3}\d{3}[/-][\d/-]{1,16}|\b31[45]/[\d-]{4,12}|\b(?:CA|A)-\s?\d{1,5}"
    r"|\b\d{1,3}\s?F(?:AM|AH)\b(?:-\d)?|\b\d{1,2}\s?(?:CFR|U\.?S\.?C)\b|\b[A-Z]{3}\s?(?:19|20)\d{10,14}",
    _I,
)

# Labels. "(A)" is strong; "A." is weak: it could be an initial, so its place and its turn in the order count.
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,.:)\]{_BRACKET_FILL}¶]))(?P<ref>\(?REF(?:TEL)?S?\.?[ :]{{0,3}}(?=\W?\w\b))?"
    r"(?:[(\[]\s?(?P<strong>[A-Z]|\d{1,2})\s?[.:]?\s?[)\]][.:]?"
    r"|(?P<weak>[A-Z]{1,2}|\d{1,2})(?P<style>[.):\]](?![A-Z]\.)|\s{1,3}[-–]{1,2}(?=\s)|(?=\s{1,3}['\dA-Z])))",
    _I,
)
_HEAD_OF_CABLE = re.compile(
    r"\s{0,40}(?:['’‘(]{0,2}[O\d]{2,4}\)?[\s-]{0,3})?(?P<post>[A-Z][A-Z.'’\s-]{1,60})#?\s?\d", _I
)
_HEAD_OF_ID = re.compile(r"\s{0,40}(?:IIR|OSC|TDX?)[\s-]{0,3}(?=\w{0,6}\d)", _I)
_NUMBER_FOLLOWS = re.compile(r"\s{0,9}\d")
_REF_B_FOLLOWS = re.compile(r"\n[ \t]{0,20}(?:REF(?:TEL)? )?B\b")
_CAN_END = re.compile(
    rf"{_BRACKET_FILL}|\d|\s\s\Z|MAIL|TELCON|VTC|CALL|LETTER|NOTE|MEMO|REPORT|DAILY|POINT|CABLE|TEL\b|DOC", _I
)
_GOES_ON = re.compile(r"(?P<year>(?:19|20)\d{2})?\W*(?:AND\s+(?:PREVIOUS|PRIOR|OTHERS?)\b.*)?", _I | re.DOTALL)

# Text.
_JOINT = re.compile(r",|\n|\bAND\b", _I)
_HYPHEN_AT_WRAP = re.compile(r"(?<=[\w.])-[ \t]{0,40}\n\s{0,40}(?=\w)")
_TRIMMED = " ,;:.&-–/"
_REDACTED = re.compile(r"X{5,}", _I)
_NO_LETTERS = re.compile(r"[\W\d_]+|\bX{5,}\b", _I)

# Tokens, and the words and signs that mean something beside a number.
_TOKEN = re.compile(
    r"(?P<num>(?:[Oo](?=[\dOo]{0,3}\d)|\d)+)|(?P<word>[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?)"
    rf"|(?P<bracket>{_BRACKET_FILL}+)|(?P<date>{_DATE_FILL}+)|(?P<id>{_ID_FILL}+)|(?P<mark>[^\s\w])"
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
_NO_POST = re.compile(
    rf"{_MONTH}|(?:IIR|OSC|FBIS|TDX?|CIR|DTG|POC|FAM|FAH|CFR|USC|DOC|E-?MAILS?|MAIL|TELCONS?|S?VTC|CALLS?|LETTERS?"
    r"|NOTES?|MEMOS?|REPORTS?|POINTS?|DAILY|PARAS?|PAGES?|SECTIONS?|PARTS?|ANNEX|TAB|APPENDIX|NUMBER|NO|OF|TO|ON|FOR"
    r"|FROM|DATED|IN|THE|AND|OR|SEE|DEPTELS?|EMBTELS?|REFTELS?|SEPTELS?|RES|RESOLUTION|UNSCR?|UNGA|HR|EO|E\.O|PL|ACT"
    r"|FBI|CIA|DIA|NSA|C?JCS|OSD|SECDEF|DOD|DAO|USDAO|USDLO|MSG|CABLES?|CHAPTER|ARTICLE|VOLUME|VOL|VERSION|ROUND"
    r"|ITEMS?|DAYS?|AT|BY|WITH|DRAFT|PAPER|MEETING|Z|X{4,})\.?",
    _I,
)

# What an entry without a cable's number is, by its words; the first kind that fits.
_KIND_WORDS: dict[ReferenceKind, str] = {
    "email": r"E-?\s?MAILS?|MAIL OF",
    "telephone": r"TEL-?CONS?|(?:TELE)?PHONE|S?VTCS?|DVCS?|TELE?CONFERENCES?|PHONECONS?|CALLS?",
    "airgram": r"AIRGRAMS?|(?:CA|A)-\s?\d+",
    "report": r"IIRS?|TDX?[\s-]{0,3}\d{3}[/-]\d+|31[45]/\d+|OSC|FBIS|CIA|DIA|FBI|NSA|INR|REPORTS?|SITREPS?"
    r"|(?<!TALKING )POINTS?|DAILY|ASSESSMENTS?|BULLETINS?|CIRS?",
    "letter": r"LETTERS?|LTRS?|DIP(?:LOMATIC)?\.?\s?NOTES?|NOTES? VERBALES?|NOTE NO|MEMO(?:RANDUM|RANDA|S)?",
    "book": r"\d{1,3}\s?(?:FAM|FAH|CFR|U\.?S\.?C)|HANDBOOK|MANUAL|APPENDIX|BOOK",
    "cable": r"(?:DTG)?\d{6}Z\w*|DTGS?|MSG|MESSAGES?|CABLES?|TELEGRAMS?|(?:SEP|REF|DEP|EMB)TELS?|SECTO|TOSEC|SECDEF"
    r"|C?JCS|USDAO|X{5,}\s{1,3}\d+|\d{2}\s{1,3}X{5,}",
}
_KINDS = tuple((kind, re.compile(rf"\b(?:{words})\b", _I)) for kind, words in _KIND_WORDS.items())
_DATED = re.compile(
    "|".join(rf"\b(?:{_KIND_WORDS[kind]})\b" for kind in ("email", "telephone", "report", "letter")), _I
)


# A post numbers its cables in order, but not all leave in order: a number so far ahead is of the year before.
_OUT_OF_ORDER = 50


@dataclass(frozen=True, slots=True)
class _Own:
    """What the cable itself gives to a bare reference: the year (four digits), the post's code and the number."""

    year: int | None = None
    post: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    """A number, a word, a sign or a blanked-out stretch of a segment; `breaks`: it begins a line."""

    kind: str
    text: str
    start: int
    breaks: bool

    def says(self, words: frozenset[str]) -> bool:
        """Whether it is one of these words or signs, in capitals or not."""
        return self.text.upper().rstrip(".") in words or self.text in words


@dataclass(frozen=True, slots=True)
class _Core:
    """Post and number by token: `first` is the year's token or the post's, `last` the number's."""

    first: int
    at: int
    last: int
    post: str
    number: int
    year: int | None


@dataclass(frozen=True, slots=True)
class _Cable:
    """A cable that a segment names: where in it, the post, the number, the two-digit year (None: the cable's own)."""

    start: int
    post: str
    number: int
    year: int | None = None


def parse_references(value: str, *, mrn: str | None = None, sent: datetime | None = None) -> tuple[Reference, ...]:
    """The entries of a REF line, in order.

    `value` is the raw text after the label (a label still there does no harm). A reference without a year
    is of the cable's own year, which `mrn` or else `sent` gives; without both its MRN is None. `mrn` also
    gives the post of a bare number. Never raises: what cannot be read is kept as text of kind "other".
    """
    own = _own(mrn, sent)
    references: list[Reference] = []
    post = own.post
    for label, entry in _joined(_entries(_bare(value))):
        for segment in _segments(entry):
            last, read = _read(segment, label, own, post)
            post = last or post
            references += read
    return tuple(references)


def _own(mrn: str | None, sent: datetime | None) -> _Own:
    match = re.match(r"(?:(?:19|20)(?=\d{2}[A-Z]))?(\d{2})([A-Z]+)(\d{1,9})", mrn.upper()) if mrn else None
    if match:
        return _Own(_four_digits(int(match[1])), tables.post_code(match[2]) or match[2], int(match[3]))
    return _Own(sent.year if sent else None)


def _four_digits(year: int) -> int:
    return year + (1900 if year >= 40 else 2000)


# --- the value ---


def _bare(value: str) -> str:
    """The value without its label, page lines and what follows it; empty where it says that there is none."""
    text = _without_page_lines(value.replace("\r", "\n").replace("\xa0", " "))
    text = _CAPTION_LINE.sub("", _OLD_PAGE_LINE.sub("\n", text))
    start = 0
    while match := _REF_LABEL.match(text, start):
        start = match.end()
    end = _END.search(text, start)
    text = text[start : end.start() if end else len(text)].strip()
    return "" if _NOTHING.fullmatch(text.strip(_AROUND_NOTHING)) else text


def _without_page_lines(text: str) -> str:
    """Cuts "TRIPOLI 00000402 001.2 OF 003", also where it is glued to the reference before it."""
    parts, at = [], 0
    for match in _PAGE_COUNT.finditer(text):
        start = match.start() - _length_of_post(text[max(at, match.start() - 40) : match.start()])
        parts.append(text[at:start])
        at = match.end()
    return "\n".join([*parts, text[at:]])


def _length_of_post(before: str) -> int:
    """How many characters at the end of `before` are the post's name in a page line."""
    line = before.rstrip().rpartition("\n")[2]
    starts = [word.start() for word in re.finditer(r"[A-Za-z][A-Za-z.'’-]*", line)][-4:]
    starts = [start for start in starts if not re.search(r"\d", line[start:])]
    known = [start for start in starts if tables.post_code(line[start:])]
    start = min(known, default=max(starts, default=len(line)))
    return len(line) - start + len(before) - len(before.rstrip())


# --- its labelled entries ---


def _entries(text: str) -> Iterator[tuple[str | None, str]]:
    """The labelled entries; a label written twice ("A. (A)") counts once, the inner one, which the author wrote."""
    masked = _without_brackets(text)
    label: str | None = None
    at = 0
    for match in _LABEL.finditer(masked):
        if not _letter(match).isascii():
            continue
        doubled = label is not None and not masked[at : min(match.start(), at + 80)].strip("\n\t ¶")
        if not (_is_inner(masked, match, label) if doubled else _is_label(masked, match, label, at)):
            continue
        if not doubled:
            yield label, text[at : match.start()]
        label, at = _letter(match), match.end()
    yield label, text[at:]


def _letter(match: re.Match[str]) -> str:
    return (match["strong"] or match["weak"]).upper()


def _is_inner(text: str, match: re.Match[str], outer: str | None) -> bool:
    """Whether a label right behind a label is a label again, and not an initial or a year."""
    letter, style = _letter(match), (match["style"] or "")[:1]
    if letter.isdigit() or _is_portion_mark(match, outer):
        return False
    if match["strong"] or style in {")", ":"}:
        return True
    return bool(style or match["ref"]) and (letter == outer or _names_a_cable(text, match.end()))


def _is_label(text: str, match: re.Match[str], before: str | None, since: int) -> bool:
    """Whether a letter is a label: by its brackets, its place on the line, or its turn in the order."""
    letter, at = _letter(match), match.start()
    at_start = before is None and at - since < 40 and not text[since:at].strip()
    if letter.isdigit():
        return _follows(letter, before) and (before is not None or (at_start and match["style"] != ""))
    if match["strong"]:
        return not _is_portion_mark(match, before)
    if len(letter) == 2 and letter[0] != letter[1]:
        return False
    if match["ref"] or text[at - 1 : at] == "¶":
        return True
    begins_line = at_start or _begins_line(text, at)
    if not match["style"]:
        return begins_line and _is_bare_label(text, match, before)
    return _is_in_turn(text, match, before, since, begins_line=begins_line)


def _is_portion_mark(match: re.Match[str], before: str | None) -> bool:
    """Whether "(U)" or "(S)" is no label: so far in the alphabet it would have to have its turn."""
    letter = match["strong"]
    return letter in {"U", "S"} and letter != before and not _follows(letter, before)


def _is_in_turn(text: str, match: re.Match[str], before: str | None, since: int, *, begins_line: bool) -> bool:
    letter = _letter(match)
    in_turn = _follows(letter, before)
    if begins_line:
        in_turn = in_turn or (before is not None and before <= letter <= chr(ord(before[0]) + 4))
    else:
        in_turn = in_turn and bool(_CAN_END.search(text[max(since, match.start() - 300) : match.start()]))
    first_is_bare = before is None and letter == "B" and _NUMBER_FOLLOWS.match(text, match.end())
    return in_turn or bool(first_is_bare) or _names_a_cable(text, match.end())


def _is_bare_label(text: str, match: re.Match[str], before: str | None) -> bool:
    """A capital letter without any punctuation at the start of a line ("B KUALA LUMPUR 739")."""
    if not _follows(_letter(match), before) or not match["weak"].isupper():
        return False
    goes_on = match.start() == 0 and _REF_B_FOLLOWS.search(text, 0, 4000)
    return bool(goes_on) or _names_a_cable(text, match.end())


def _follows(letter: str, before: str | None) -> bool:
    """Whether a label is the first (A, 1) or the next after `before`."""
    if before is None:
        return letter in {"A", "1"}
    if letter.isdigit() or before.isdigit():
        return letter.isdigit() and before.isdigit() and letter == str(int(before) + 1)
    following = chr(ord(before[0]) + 1) * len(before)
    return letter == ("AA" if before == "Z" else following)


def _begins_line(text: str, at: int) -> bool:
    line = text[max(0, at - 40) : at]
    return "\n" in line and not line.rpartition("\n")[2].strip("¶ \t")


def _names_a_cable(text: str, at: int) -> bool:
    """Whether post and number of a cable, or the id of a report, stand at `at`."""
    if _HEAD_OF_ID.match(text, at):
        return True
    match = _HEAD_OF_CABLE.match(text, at)
    return bool(match) and _ends_in_a_post(match["post"].rstrip(" -").split()) if match else False


def _ends_in_a_post(words: Sequence[str]) -> bool:
    return len(words) <= 5 and any(tables.post_code(" ".join(words[k:])) for k in range(len(words)))


def _joined(entries: Iterable[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Entries without the empty ones; one that only goes on ("B. 2006 AND PREVIOUS") is put to the one before it.

    Message software put a label before every line, also before the second line of an entry.
    """
    joined: list[tuple[str | None, list[str]]] = []
    for label, text in entries:
        rest = text.strip(" \t\n¶,;.")
        if joined and rest and _only_goes_on(rest, joined[-1][1][0]):
            joined[-1][1].append(rest)
        elif rest:
            joined.append((label, [text]))
    return [(label, " ".join(texts)) for label, texts in joined]


def _only_goes_on(rest: str, before: str) -> bool:
    match = _GOES_ON.match(rest)
    if not match or not (match.end() == len(rest) or rest.startswith("(", match.end())):
        return False
    return not match["year"] or not _names_a_cable(before, 0)


def _segments(entry: str) -> list[str]:
    """An entry cut at its semicolons, those in brackets left alone."""
    cuts = [match.start() for match in re.finditer(";", _without_brackets(entry))]
    return [entry[a:b] for a, b in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(entry)], strict=True)]


# --- a segment: its cables, and what is none ---


def _read(segment: str, label: str | None, own: _Own, post: str | None) -> tuple[str | None, list[Reference]]:
    """The references of a segment, and the post that a bare number after it would belong to."""
    cables = _find_cables(segment, own, post)
    if not cables:
        return None, _others(segment, label)
    start = _end_of_leading(segment, cables[0].start)
    references = _others(segment[:start], label)
    ends = [*(cable.start for cable in cables[1:]), len(segment)]
    for cable, begin, end in zip(cables, [start, *ends[:-1]], ends, strict=True):
        text, after = _without_trailing(segment[begin:end], cable.start - begin)
        references.append(Reference(label, "cable", _mrn(cable, own), _tidy(text)))
        references += _others(after, label)
    return cables[-1].post, references


def _mrn(cable: _Cable, own: _Own) -> str | None:
    """The number; without a year it is of the cable's own year, or of the last where that had not come so far yet."""
    year = own.year if cable.year is None else cable.year
    if year is None:
        return None
    is_ahead = cable.year is None and cable.post == own.post and own.number and cable.number > own.number + _OUT_OF_ORDER
    return f"{(year - 1 if is_ahead else year) % 100:02d}{cable.post}{cable.number}"


def _end_of_leading(segment: str, start: int) -> int:
    """Where the first cable's text begins: behind words that are plainly an entry of their own, else at 0."""
    end = max((match.end() for match in _JOINT.finditer(_masked(segment), 0, start)), default=0)
    return end if _is_definite(segment[:end]) else 0


def _without_trailing(text: str, at: int) -> tuple[str, str]:
    """The text of the cable that begins at `at`, and an e-mail, call or report named behind it on the same label."""
    parts = _parts(text)
    for (_, end_before), (start, end) in pairwise(parts):
        if start > at and _is_definite(text[start:end]):
            return text[:end_before], text[start:]
    return text, ""


def _others(text: str, label: str | None) -> list[Reference]:
    """The entries of a text without a cable's number, cut only where both sides are plainly entries."""
    cuts, is_entry = [0], False
    for start, end in _parts(text):
        is_definite = _is_definite(text[start:end])
        if is_definite and is_entry:
            cuts.append(start)
        is_entry = is_entry or is_definite
    entries = (_tidy(text[a:b]) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True))
    return [Reference(label, _kind(entry), None, entry) for entry in entries if _says_something(entry)]


def _says_something(entry: str) -> bool:
    return bool(re.search(r"\w", entry)) and entry.upper() not in {"AND", "OR"}


def _parts(text: str) -> list[tuple[int, int]]:
    """The stretches between commas, line breaks and "and"."""
    if not _JOINT.search(text):
        return [(0, len(text))]
    cuts = [match.span() for match in _JOINT.finditer(_masked(text))]
    return list(zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True))


def _is_definite(text: str) -> bool:
    """Whether a text by itself is an entry other than a cable: it says its kind and has a number or date."""
    return bool(re.search(r"\d", text)) and _kind(text) not in {"cable", "other"}


def _kind(text: str) -> ReferenceKind:
    """The kind of an entry without a cable's number, by the words it uses."""
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text)), None)
    if kind:
        return kind
    words = _NO_LETTERS.sub(" ", text).strip()
    return "cable" if tables.post_code(words) else "other"


def _tidy(text: str) -> str:
    """An entry as it is shown: wraps joined by one blank, no pilcrows, no punctuation or "and" at its ends."""
    text = _HYPHEN_AT_WRAP.sub("-", text.replace("¶", " "))
    text = " ".join(text.split()).strip(_TRIMMED)
    if text.upper().endswith(" AND"):
        text = text[:-4].rstrip(_TRIMMED)
    if text.endswith(")") and text.count("(") < text.count(")"):
        text = text[:-1].rstrip(_TRIMMED)
    return text


def _without_brackets(text: str) -> str:
    """Bracketed and quoted words blanked out; labels "(A)", years "(08)" and a bracket in front are left."""
    for _ in range(2):
        text = _BRACKET.sub(_blank_bracket, text)
    return text


def _blank_bracket(match: re.Match[str]) -> str:
    in_front = match.start() < 40 and not match.string[: match.start()].strip(" \t\n¶")
    if in_front or _LABEL_OR_YEAR.fullmatch(match[0]):
        return match[0]
    return _BRACKET_FILL * len(match[0])


def _masked(segment: str) -> str:
    """The segment with brackets, dates and other numbers blanked out at equal length."""
    text = _OTHER_ID.sub(lambda match: _ID_FILL * len(match[0]), _without_brackets(segment))
    text = _DATE.sub(lambda match: _DATE_FILL * len(match[0]), text)
    if _DATED.search(text):
        text = _DAY.sub(lambda match: _DATE_FILL * len(match[0]), text)
    return text


def _find_cables(segment: str, own: _Own, post: str | None) -> list[_Cable]:
    """Every cable that the segment names, in order of the text."""
    tokens = _tokens(segment)
    cores = _find_cores(tokens, own.year)
    if not cores:
        return _bare_numbers(tokens, own.year, post) or _number_first(tokens)
    cores = _with_years_told_apart(tokens, cores, own.year)
    cables: list[_Cable] = []
    for core, limit in zip(cores, [*(core.first for core in cores[1:]), len(tokens)], strict=True):
        cables += _with_those_behind(tokens, core, limit, own.year)
    return cables


def _tokens(segment: str) -> list[_Token]:
    """The tokens of a segment; a blanked-out stretch has its original text."""
    tokens, end = [], 0
    for match in _TOKEN.finditer(_masked(segment)):
        breaks = "\n" in segment[end : match.start()]
        tokens.append(_Token(match.lastgroup or "", segment[match.start() : match.end()], match.start(), breaks))
        end = match.end()
    return tokens


# --- tokens to post and number ---


def _find_cores(tokens: Sequence[_Token], latest: int | None) -> list[_Core]:
    cores: list[_Core] = []
    floor = 0
    for index, token in enumerate(tokens):
        core = _core_at(tokens, index, floor, latest) if token.kind == "num" else None
        if core:
            cores.append(core)
            floor = index + 1
    return cores


def _core_at(tokens: Sequence[_Token], index: int, floor: int, latest: int | None) -> _Core | None:
    """Post and number, where the number is the token at `index` and nothing before `floor` is free."""
    number = _number(tokens[index].text)
    if number is None or _is_year_in_the_middle(tokens, index, latest) or _is_second_number(tokens, index, floor):
        return None
    end, year = _end_of_post(tokens, index, floor, latest)
    named = _known_post(tokens, end, floor) or (_unknown_post(tokens, end, floor, latest) if end == index else None)
    if named is None:
        return None
    at, post = named
    is_listed = _can_begin(tokens, at, floor) and not _is_year(tokens[index].text, latest)
    if floor and not is_listed and not _can_end(tokens, index):
        return None
    first = at
    if year is None:
        year, first = _year_in_front(tokens, at, floor)
    return _Core(first, at, index, post, number, year)


def _number(written: str) -> int | None:
    """A cable's number: 1 to 999999, zeros in front, the letter O for zero."""
    digits = written.upper().replace("O", "0").lstrip("0")
    return int(digits) if 0 < len(digits) <= 6 and len(written) <= 9 else None


def _is_year_in_the_middle(tokens: Sequence[_Token], index: int, latest: int | None) -> bool:
    """Whether a number is a year between post and number ("STATE 08-12345")."""
    after = index + 1
    if after < len(tokens) and tokens[after].says(_DASHES | {"/"}):
        after += 1
    if after == len(tokens) or tokens[after].kind != "num" or _year_meant(tokens[index].text, latest) is None:
        return False
    return len(tokens[after].text) >= 3 and not _is_year(tokens[after].text, latest)


def _is_second_number(tokens: Sequence[_Token], index: int, floor: int) -> bool:
    """Whether a cable just named gives the number of its other series here ("STATE 255577 TOSEC 140323")."""
    return 0 < floor == index - 1 and tokens[floor].says(frozenset({"TOSEC", "SECTO"}))


def _end_of_post(tokens: Sequence[_Token], index: int, floor: int, latest: int | None) -> tuple[int, int | None]:
    """The index behind the post's last word: back over "#", "NO." and a year between post and number."""
    year: int | None = None
    while index > floor:
        before = tokens[index - 1]
        if before.says(_NUMBER_WORDS):
            index -= 1
        elif before.text == ")" and index - floor >= 3 and tokens[index - 2].kind == "num":
            year = _year_meant(tokens[index - 2].text, latest)
            return (index, None) if year is None else (index - 3, year)
        elif before.kind == "num" and year is None and _is_year_in_the_middle(tokens, index - 1, latest):
            year = _year_meant(before.text, latest)
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
    return re.sub(r"['’]S$", "", " ".join(token.text for token in tokens).rstrip("."), flags=_I)


def _unknown_post(tokens: Sequence[_Token], end: int, floor: int, latest: int | None) -> tuple[int, str] | None:
    """A post that the tables do not know: one to three capital words and a number between two separators."""
    start = end
    while start > floor and tokens[start - 1].kind == "word" and not tokens[start - 1].says(_SEPARATORS):
        start -= 1
        if tokens[start].breaks:
            break
    words = [token.text.strip(".") for token in tokens[start:end][:4]]
    if not 1 <= len(words) <= 3 or not all(map(_could_name_a_post, words)) or _is_year(tokens[end].text, latest):
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
    digits = written.upper().replace("O", "0")
    if len(digits) == 4 and digits[:2] in {"19", "20"}:
        return int(digits[2:])
    if len(digits) == 3 and digits[:2] == "00":
        return int(digits[1:])
    if len(digits) == 3 and digits[:2] == "20":
        return int(digits[2:])
    if len(digits) == 3 and digits[0] == "0":
        return int(digits[:2])
    return int(digits) if len(digits) <= 2 else None


def _year_meant(written: str, latest: int | None) -> int | None:
    """The two-digit year of digits behind a post or number, only where it can be one: not after the cable's own."""
    digits = written.upper().replace("O", "0")
    if len(digits) not in {2, 4} or (len(digits) == 4 and digits[:2] not in {"19", "20"}):
        return None
    year = int(digits) if len(digits) == 4 else _four_digits(int(digits))
    return year % 100 if 1940 <= year <= (latest or 2039) else None


def _is_year(written: str, latest: int | None) -> bool:
    return len(written) == 4 and _year_meant(written, latest) is not None


def _with_years_told_apart(tokens: Sequence[_Token], cores: Sequence[_Core], latest: int | None) -> list[_Core]:
    """The cores, a year between two of them ("PARIS 9 08 ROME 5") given to the right one.

    A line break tells; without one it is the following cable's, unless the last cable has its year behind it.
    """
    years_are_behind = _year_behind(tokens, cores[-1].last + 1, len(tokens), latest) is not None
    told = [cores[0]]
    for core in cores[1:]:
        before, between = told[-1], tokens[told[-1].last + 1 : core.at]
        if core.first == before.last + 1 and len(between) in {1, 3} and before.year is None:
            is_before = tokens[core.at].breaks and not between[0].breaks
            is_behind = between[0].breaks and not tokens[core.at].breaks
            year = _year_meant(between[len(between) // 2].text, latest)
            if year is not None and (is_before or (years_are_behind and not is_behind)):
                told.append(replace(core, first=core.at, year=None))
                continue
        told.append(core)
    return told


def _year_behind(tokens: Sequence[_Token], index: int, limit: int, latest: int | None) -> int | None:
    """The year right behind a number: "(08)", "-01", "/08", "99", "2008", or that of a date ("DATED 5/12/06")."""
    at = index
    while index < limit and tokens[index].says(_YEAR_SIGNS):
        index += 1
    if index == limit:
        return None
    token, before = tokens[index], tokens[index - 1]
    if token.kind in {"date", "bracket"}:
        return _year_of_date(token.text.strip("()[] "))
    if token.kind != "num" or (before.text == "," and not token.text.startswith("0")):
        return None
    is_list = index + 1 < limit and tokens[index + 1].text in {"/", "-"} and index > at
    return None if is_list and before.text not in {"(", "'"} else _year_meant(token.text, latest)


def _year_of_date(written: str) -> int | None:
    match = _DATE.fullmatch(written)
    digits = next((match[name] for name in "abcdef" if match[name]), None) if match else None
    return int(digits[-2:]) if digits else None


# --- numbers behind a number, and numbers without a post ---


def _with_those_behind(tokens: Sequence[_Token], core: _Core, limit: int, latest: int | None) -> list[_Cable]:
    """The cable of a core and those behind it that leave the post out: "BRASILIA 2799 AND 2764", "KABUL 692/317"."""
    year = core.year if core.year is not None else _year_behind(tokens, core.last + 1, limit, latest)
    cables = [_Cable(tokens[core.first].start, core.post, core.number, year)]
    index = core.last + 1
    while (index := _next_number(tokens, index, limit, latest)) < limit:
        number = _number(tokens[index].text)
        if number is not None:
            cables.append(_Cable(tokens[index].start, core.post, number, year))
        index += 1
    return cables


def _next_number(tokens: Sequence[_Token], index: int, limit: int, latest: int | None) -> int:
    """The next number of the same post, or `limit`: behind a comma, "and", a slash or a blank, past any years."""
    is_joined = False
    while index < limit:
        token = tokens[index]
        if token.kind == "num":
            if _is_cable_again(tokens, index, limit, latest, is_joined=is_joined):
                return index
            if _year_meant(token.text, latest) is None:
                return limit
            is_joined = False
        elif token.says(_JOINS):
            is_joined = True
        elif token.kind != "bracket" and not token.says(_APOSTROPHES | {"(", ")"}):
            return limit
        index += 1
    return limit


def _is_cable_again(tokens: Sequence[_Token], index: int, limit: int, latest: int | None, *, is_joined: bool) -> bool:
    """Whether a number is a cable's of the post before it, not a year, a count ("and 2 others") or part of a date."""
    written, before = tokens[index].text, tokens[index - 1]
    if index + 1 < limit and tokens[index + 1].kind == "word" and not tokens[index + 1].says(_MAY_FOLLOW):
        return False
    if before.says(_APOSTROPHES | {"(", "["}):
        return False
    if before.says(_DASHES | {"/"}) or not is_joined:
        return len(written) >= 3 and not _is_year(written, latest)
    return not (before.text == "," and len(written) == 2 and written.startswith("0"))


def _bare_numbers(tokens: Sequence[_Token], latest: int | None, post: str | None) -> list[_Cable]:
    """Numbers alone, of the post last named: "B. 2962", "B. 09 456"."""
    numbers = [token.text for token in tokens[:2] if token.kind == "num"]
    if post is None or not numbers or tokens[0].kind != "num" or not _is_all_numbers(tokens):
        return []
    has_year = len(numbers) == 2 and tokens[1].kind == "num"
    year, last = (_year_of(numbers[0]), 1) if has_year else (None, 0)
    number = _number(numbers[last])
    if number is None or len(numbers[last]) < 2 or (has_year and year is None):
        return []
    return _with_those_behind(tokens, _Core(0, 0, last, post, number, year), len(tokens), latest)


def _is_all_numbers(tokens: Sequence[_Token]) -> bool:
    """Whether there is nothing but numbers, joints and "and previous"."""
    return all(token.kind in {"num", "bracket"} or token.says(_JOINS | _MAY_FOLLOW) for token in tokens)


def _number_first(tokens: Sequence[_Token]) -> list[_Cable]:
    """The number before the post: "377 KATHMANDU"."""
    if not tokens or tokens[0].kind != "num" or len(tokens[0].text) < 3 or _year_of(tokens[0].text) is not None:
        return []
    end = 1
    while end < len(tokens) and (tokens[end].kind == "word" or tokens[end].text == "-") and end < 7:
        if tokens[end].says(_MAY_FOLLOW):
            break
        end += 1
    number, post = _number(tokens[0].text), tables.post_code(_words(tokens[1:end]))
    return [_Cable(tokens[0].start, post, number)] if post and number else []
