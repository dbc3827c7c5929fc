"""What in a REF line is no cable's number: titles in brackets, dates, other papers' numbers, and the kinds of entries.

An entry without a cable's number is an e-mail, a call, a report ... by the words it uses, which are those of the REF
lines of real cables. What could be taken for a cable's number is blanked out at equal length, so that offsets hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel import tables

if TYPE_CHECKING:
    from reftel.model import ReferenceKind

_I = re.IGNORECASE

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
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{words})\b", _I)) for kind, words in _KIND_WORDS.items())
_NO_LETTERS = re.compile(r"[\W\d_]+|\bX{5,}\b", _I)
_DIGIT = re.compile(r"\d")

MONTH = (
    r"(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?)(?![A-Z])\.?"
)

# Stretches that hold no cable's number, blanked out at equal length; a date may still give a year.
BRACKET_FILL, DATE_FILL, ID_FILL = "\ue000", "\ue001", "\ue002"
_BRACKET = re.compile(r"\([^()\[\]]{0,300}\)|\[[^()\[\]]{0,300}\]|\"[^\"]{2,300}\"|“[^“”]{2,300}”")
_LABEL_OR_YEAR = re.compile(r"\W\s?(?:[A-Z]{1,2}|['’‘]?\d{2}|\d|(?:19|20)\d{2})\s?[.:]?\s?\W", _I)
_DATE = re.compile(
    rf"(?<!\d)\d{{6}}Z?\s{{0,2}}{MONTH}\s{{0,2}}(?P<a>\d{{4}}|\d{{2}})?(?!\d)"
    rf"|(?<!\d)\d{{1,2}}\s{{0,2}}[/-]?{MONTH}(?:[\s/,-]{{0,3}}(?P<b>\d{{4}}|\d{{2}})(?!\d))?"
    rf"|(?<![A-Z]){MONTH}\s{{0,2}}\d{{1,2}}(?:ST|ND|RD|TH)?(?!\d)(?:,?\s{{1,2}}(?P<c>(?:19|20)\d{{2}})(?!\d))?"
    rf"|(?<![A-Z]){MONTH}\s{{0,2}}(?P<d>(?:19|20)\d{{2}})(?!\d)"
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
# Entries of these kinds are told by their day, "5/12".
_TOLD_BY_DAY = re.compile(
    "|".join(rf"\b(?:{_KIND_WORDS[kind]})\b" for kind in ("email", "telephone", "report", "letter")), _I
)


def reference_kind(entry: str) -> ReferenceKind:
    """The kind of an entry without a cable's number: "cable" where it says so or is a post's name, else "other"."""
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(entry)), None)
    if kind:
        return kind
    return "cable" if tables.post_code(_NO_LETTERS.sub(" ", entry).strip()) else "other"


def is_plainly_no_cable(text: str) -> bool:
    """Whether a text by itself is an entry other than a cable: it says its kind and has a number or date."""
    return bool(_DIGIT.search(text)) and reference_kind(text) not in {"cable", "other"}


def without_brackets(text: str) -> str:
    """Bracketed and quoted words blanked out; labels "(A)", years "(08)" and a bracket in front are left."""
    for _ in range(2):
        text = _BRACKET.sub(_blank_bracket, text)
    return text


def _blank_bracket(match: re.Match[str]) -> str:
    in_front = match.start() < 40 and not match.string[: match.start()].strip(" \t\n¶")
    if in_front or _LABEL_OR_YEAR.fullmatch(match[0]):
        return match[0]
    return BRACKET_FILL * len(match[0])


def masked(text: str) -> str:
    """The text with brackets, dates and other numbers blanked out at equal length."""
    text = _OTHER_ID.sub(lambda match: ID_FILL * len(match[0]), without_brackets(text))
    text = _DATE.sub(lambda match: DATE_FILL * len(match[0]), text)
    if _TOLD_BY_DAY.search(text):
        text = _DAY.sub(lambda match: DATE_FILL * len(match[0]), text)
    return text


def year_of_date(written: str) -> int | None:
    """The two-digit year of a date such as `masked` blanks out, None where it has none."""
    match = _DATE.fullmatch(written)
    digits = next((match[name] for name in "abcdef" if match[name]), None) if match else None
    return int(digits[-2:]) if digits else None
