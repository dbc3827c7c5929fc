"""The REF line: the cables, e-mails, calls, letters and reports that a cable answers or builds on.

Real lines label their entries twice or not at all, repeat a post's name or leave it out, and run over page breaks; the
forms here are those of real cables. What is certain becomes an MRN; the rest stays as text with its kind.

The path: the bare value, its labelled entries, their segments (between semicolons), the cables that a segment names
(`cable_numbers`) and the e-mails, calls and reports beside them (`reference_kinds`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Reference
from reftel.parse.cable_numbers import OwnCable, find_cable_numbers, mrn_of, names_a_cable, own_cable
from reftel.parse.reference_kinds import BRACKET_FILL, is_plainly_no_cable, masked, reference_kind, without_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

_I = re.IGNORECASE
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
_WORD_OF_POST = re.compile(r"[A-Za-z][A-Za-z.'’-]*")
_DIGIT = re.compile(r"\d")
_NOTHING = re.compile(r"(?:NONE|N/?A|N\.A|NIL|NOT APPLICABLE|NO REF\w{0,8})?", _I)
_AROUND_NOTHING = " \t\n.,;:-–_()[]*¶"

# Labels. "(A)" is strong; "A." is weak: it could be an initial, so its place and its turn in the order count.
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,.:)\]{BRACKET_FILL}¶]))(?P<ref>\(?REF(?:TEL)?S?\.?[ :]{{0,3}}(?=\W?\w\b))?"
    r"(?:[(\[]\s?(?P<strong>[A-Z]|\d{1,2})\s?[.:]?\s?[)\]][.:]?"
    r"|(?P<weak>[A-Z]{1,2}|\d{1,2})(?P<style>[.):\]](?![A-Z]\.)|\s{1,3}[-–]{1,2}(?=\s)|(?=\s{1,3}['\dA-Z])))",
    _I,
)
_HEAD_OF_ID = re.compile(r"\s{0,40}(?:IIR|OSC|TDX?)[\s-]{0,3}(?=\w{0,6}\d)", _I)
_NUMBER_FOLLOWS = re.compile(r"\s{0,9}\d")
_REF_B_FOLLOWS = re.compile(r"\n[ \t]{0,20}(?:REF(?:TEL)? )?B\b")
_CAN_END = re.compile(
    rf"{BRACKET_FILL}|\d|\s\s\Z|MAIL|TELCON|VTC|CALL|LETTER|NOTE|MEMO|REPORT|DAILY|POINT|CABLE|TEL\b|DOC", _I
)
_GOES_ON = re.compile(r"(?P<year>(?:19|20)\d{2})?\W*(?:AND\s+(?:PREVIOUS|PRIOR|OTHERS?)\b.*)?", _I | re.DOTALL)

# Text.
_JOINT = re.compile(r",|\n|\bAND\b", _I)
_HYPHEN_AT_WRAP = re.compile(r"(?<=[\w.])-[ \t]{0,40}\n\s{0,40}(?=\w)")
_TRIMMED = " ,;:.&-–/"
_WORD_SIGN = re.compile(r"\w")


def parse_references(value: str, *, mrn: str | None = None, sent: datetime | None = None) -> tuple[Reference, ...]:
    """The entries of a REF line, in order.

    `value` is the raw text after the label (a label still there does no harm). A reference without a year
    is of the cable's own year, which `mrn` or else `sent` gives; without both its MRN is None. `mrn` also
    gives the post of a bare number. Never raises: what cannot be read is kept as text of kind "other".
    """
    own = own_cable(mrn, sent)
    references: list[Reference] = []
    post = own.post
    for label, entry in _joined(_entries(_bare(value))):
        for segment in _segments(entry):
            last, read = _read(segment, label, own, post)
            post = last or post
            references += read
    return tuple(references)


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
    starts = [word.start() for word in _WORD_OF_POST.finditer(line)][-4:]
    starts = [start for start in starts if not _DIGIT.search(line, start)]
    known = [start for start in starts if tables.post_code(line[start:])]
    start = min(known, default=max(starts, default=len(line)))
    return len(line) - start + len(before) - len(before.rstrip())


# --- its labelled entries ---


def _entries(text: str) -> Iterator[tuple[str | None, str]]:
    """The labelled entries; a label written twice ("A. (A)") counts once, the inner one, which the author wrote."""
    visible = without_brackets(text)
    label: str | None = None
    at = 0
    for match in _LABEL.finditer(visible):
        if not _letter(match).isascii():
            continue
        doubled = label is not None and not visible[at : min(match.start(), at + 80)].strip("\n\t ¶")
        if not (_is_inner(visible, match, label) if doubled else _is_label(visible, match, label, at)):
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
    return bool(style or match["ref"]) and (letter == outer or _names_a_document(text, match.end()))


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
    return in_turn or bool(first_is_bare) or _names_a_document(text, match.end())


def _is_bare_label(text: str, match: re.Match[str], before: str | None) -> bool:
    """A capital letter without any punctuation at the start of a line ("B KUALA LUMPUR 739")."""
    if not _follows(_letter(match), before) or not match["weak"].isupper():
        return False
    goes_on = match.start() == 0 and _REF_B_FOLLOWS.search(text, 0, 4000)
    return bool(goes_on) or _names_a_document(text, match.end())


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


def _names_a_document(text: str, at: int) -> bool:
    """Whether post and number of a cable, or the id of a report, stand at `at`."""
    return bool(_HEAD_OF_ID.match(text, at)) or names_a_cable(text, at)


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
    return not match["year"] or not _names_a_document(before, 0)


def _segments(entry: str) -> list[str]:
    """An entry cut at its semicolons, those in brackets left alone."""
    cuts = [at for at, sign in enumerate(without_brackets(entry)) if sign == ";"]
    return [entry[a:b] for a, b in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(entry)], strict=True)]


# --- a segment: its cables, and what is none ---


def _read(segment: str, label: str | None, own: OwnCable, post: str | None) -> tuple[str | None, list[Reference]]:
    """The references of a segment, and the post that a bare number after it would belong to."""
    cables = find_cable_numbers(segment, own, post=post)
    if not cables:
        return None, _others(segment, label)
    start = _end_of_leading(segment, cables[0].start)
    references = _others(segment[:start], label)
    ends = [*(cable.start for cable in cables[1:]), len(segment)]
    for cable, begin, end in zip(cables, [start, *ends[:-1]], ends, strict=True):
        text, after = _without_trailing(segment[begin:end], cable.start - begin)
        references.append(Reference(label, "cable", mrn_of(cable, own), _tidy(text)))
        references += _others(after, label)
    return cables[-1].post, references


def _end_of_leading(segment: str, start: int) -> int:
    """Where the first cable's text begins: behind words that are plainly an entry of their own, else at 0."""
    end = max((match.end() for match in _JOINT.finditer(masked(segment), 0, start)), default=0)
    return end if is_plainly_no_cable(segment[:end]) else 0


def _without_trailing(text: str, at: int) -> tuple[str, str]:
    """The text of the cable that begins at `at`, and an e-mail, call or report named behind it on the same label."""
    parts = _parts(text)
    for (_, end_before), (start, end) in pairwise(parts):
        if start > at and is_plainly_no_cable(text[start:end]):
            return text[:end_before], text[start:]
    return text, ""


def _others(text: str, label: str | None) -> list[Reference]:
    """The entries of a text without a cable's number, cut only where both sides are plainly entries."""
    cuts, is_entry = [0], False
    for start, end in _parts(text):
        is_other = is_plainly_no_cable(text[start:end])
        if is_other and is_entry:
            cuts.append(start)
        is_entry = is_entry or is_other
    entries = (_tidy(text[a:b]) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True))
    return [Reference(label, reference_kind(entry), None, entry) for entry in entries if _says_something(entry)]


def _says_something(entry: str) -> bool:
    return bool(_WORD_SIGN.search(entry)) and entry.upper() not in {"AND", "OR"}


def _parts(text: str) -> list[tuple[int, int]]:
    """The stretches between commas, line breaks and "and"."""
    if not _JOINT.search(text):
        return [(0, len(text))]
    cuts = [match.span() for match in _JOINT.finditer(masked(text))]
    return list(zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True))


def _tidy(text: str) -> str:
    """An entry as it is shown: wraps joined by one blank, no pilcrows, no punctuation or "and" at its ends."""
    text = _HYPHEN_AT_WRAP.sub("-", text.replace("¶", " "))
    text = " ".join(text.split()).strip(_TRIMMED)
    if text.upper().endswith(" AND"):
        text = text[:-4].rstrip(_TRIMMED)
    if text.endswith(")") and text.count("(") < text.count(")"):
        text = text[:-1].rstrip(_TRIMMED)
    return text
