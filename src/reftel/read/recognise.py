"""Which format an input is in, and whether it holds prose at all: told from its content, not from its name."""

from __future__ import annotations

import re
from typing import Literal

from reftel.errors import InputError

Format = Literal["page", "table", "jsonl", "brackets", "text"]

REMEDY = "give a cable's text, its page, a table or JSON lines of cables, or a folder or archive of these"

_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"II*\0", "an image (TIFF)"),
    (b"MM\0*", "an image (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive, which must be unpacked first,"),
    (b"Rar!\x1a\x07", "a RAR archive, which must be unpacked first,"),
)
# Characters that text does not have: controls but tab, line ends, form feed, end of file and escape.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_PAGE = re.compile(
    r"<!doctype\s{1,9}html|<html\b|<head\b|<body\b|<pre\b|<table class=['\"]?cable|&#x000A;", re.IGNORECASE
)
_XML = re.compile(r"\s{0,99}(?:<\?xml|<!DOCTYPE|<[A-Za-z][\w:.-]{0,40}(?:\s[^<>]{0,400})?/?>)")
# A tag of the bracket layout, with its two blanks; one of a gold file, with or without its entity.
_BRACKETS = re.compile(r"\[(?:PER|LOC|ORG|MISC)(?::\w{1,9})? [^\[\]\n]{1,200}(?:  )\]")
_GOLD = re.compile(r"\s{0,99}# (?:SUBJECT|CLASSIFIED BY|SIGNATURE|PARA \d{1,4}|UNIT \d{1,4})\n")
_OUTER = re.compile(r"\s{0,99}(?:<code>)?<pre>", re.IGNORECASE)
_PARTED, _TOUCHING = re.compile(r" [.,] "), re.compile(r"\w[,;] ")
_ROW = re.compile(r'(?m)^"?\d{1,9}"?,"?\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?"?,')
_COLUMNS = re.compile(r'\s{0,99}"?id"?,"?(?:date|datetime|created)"?,', re.IGNORECASE)

# Lines that only cables have.
_SIGN = re.compile(
    r"(?m)^[ \t]{0,40}(?:VZCZ|(?:[ZOPR] ){1,2}\d{6}Z|FM [A-Z]{2}|TO [A-Z]{3}|PAGE \d\d +[A-Z]|DE R[A-Z]{4,6} "
    r"|E\.?O\.? ?1\d{4}|TAGS ?:|SUBJ(?:ECT)? ?:|REF(?:TEL)?S? ?:|C ?O ?N ?F ?I ?D ?E ?N ?T|S ?E ?C ?R ?E ?T\b|UNCLAS)"
)
_JSON = re.compile(
    r"\s{0,99}(?:\{\s{0,99}\"[^\"\n]{0,200}\"\s{0,9}:|\[\s{0,99}(?:[\[{\"\]]|-?\d[\d.eE+-]{0,30}\s{0,9},)|\{\s{0,99}\}\s{0,99}\Z)"
)
# An object with a cable's text, as far as a first line shows.
_JSON_LINE = re.compile(r'\s{0,99}\{[^\n]{0,65536}?"(?:text|body|content|header)"\s{0,9}:\s{0,9}"')
_WORD = re.compile(r"[\"'“‘(\[¶-]{0,3}[^\W\d_]{1,24}(?:['’./&-][^\W\d_]{1,24}){0,4}[\"'”’)\].,;:!?-]{0,4}")
_KEYWORD = re.compile(
    r"(?:def|class|import|from|return|if|elif|else|for|while|try|except|with|raise|assert|public|private|static|void|int"
    r"|const|let|var|function|package|using|struct|echo)\b[^.]*[:(){}=\"]"
    r"|#(?:include|define|if|endif)|@\w|//|/\*|\* |\*/|# "
)
_CALL = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*\(|[\w.\[\]]+ ?[-+|:]?= ?\S|\"\"\"|[\"'][^\"']*[\"'],?$|<")
# Lines that only programs have: three of them are enough, whatever the comments say.
_STATEMENT = re.compile(
    r"(?m)^[ \t]{0,40}(?:def \w+\(|class \w+(?:\([^\n]{0,200}\))?:[ \t]{0,9}$|from [\w.]+ import "
    r"|import [\w.]+(?: as \w+)?;?$"
    r"|self\.\w+ =|@\w+\(|return \w+[;(.]|if __name__|function \w+ ?\(|(?:const|let|var) \w+ =|public (?:static|class) "
    r"|<\?php|#!/|#include [<\"]|#(?:define|ifndef|endif)\b|typedef |extern )"
)
_LOOKED_AT = 64 * 1024


def refuse_binary(block: bytes, sample: str, where: str) -> None:
    """Raises InputError where the first bytes of an input, and the text they decode to, are none."""
    if not block.strip():
        raise InputError(where, "it is empty", "leave it out, or get it again")
    for magic, what in _BINARY:
        if block.startswith(magic):
            raise InputError(where, f"it is {what} not a cable", REMEDY)
    if len(_CONTROL.findall(sample)) > len(sample) * 0.02 + 2:
        raise InputError(where, "it is a binary file, not text", REMEDY)


def recognise(sample: str) -> Format:
    """The format of an input that begins with `sample`."""
    if _COLUMNS.match(sample) or _ROW.search(sample):
        return "table"
    if _JSON_LINE.match(sample):
        return "jsonl"
    if _BRACKETS.search(sample) or _GOLD.match(sample):
        return "brackets"
    if not _PAGE.search(sample):
        return "text"
    is_layout = _OUTER.match(sample) and "&#x000A;" not in sample
    return "brackets" if is_layout and (_PARTED.search(sample) or not _TOUCHING.search(sample)) else "page"


def refuse_without_prose(text: str, where: str) -> None:
    """Raises InputError where a text without a cable's header holds no readable prose.

    Generous: two words are a telegram. Refused are tables of numbers, code, markup, JSON and base64.
    """
    sample = text[:_LOOKED_AT]
    if not sample.strip():
        raise InputError(where, "it is empty", "leave it out, or get it again")
    if _JSON.match(sample):
        raise InputError(where, "it is JSON, not a cable", REMEDY)
    if _XML.match(sample):
        raise InputError(where, "it is XML or HTML without a cable", REMEDY)
    if len(set(_SIGN.findall(sample))) >= 2:
        return
    words = sample.split()
    plain = _plain(words)
    if plain < 2 or plain < len(words) * 0.5 or _is_code(sample):
        raise InputError(where, "it holds no readable prose", REMEDY)


def _plain(words: list[str]) -> int:
    """How many of the words are made of letters alone, punctuation around them aside."""
    return sum(1 for word in words if _WORD.fullmatch(word))


def _is_code(sample: str) -> bool:
    """Whether a text is a program."""
    if len(_STATEMENT.findall(sample)) > 2:
        return True
    lines = [line.strip() for line in sample.split("\n") if line.strip()]
    return len(lines) > 2 and sum(map(_is_code_line, lines)) > len(lines) * 0.4


def _is_code_line(line: str) -> bool:
    if len(line) > 200:
        return False
    if line[-1] == ";":
        words = line.split()
        return _plain(words) < len(words) * 0.6  # an agenda's items end so too
    return line[-1] in "{}" or line[0] in "{}[])" or bool(_KEYWORD.match(line) or _CALL.match(line))
