"""Cablegate HTML pages, as published in 2010-11: a table of claims, a block with the header, one with the body."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from reftel.errors import InputError
from reftel.model import Markup, RawCable
from reftel.read.names import mrn_from_name
from reftel.read.recognise import REMEDY, refuse_without_prose
from reftel.read.sections import Section, gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Only these are markup: cables hold "<220571>" and the like as text.
TAG = re.compile(
    r"<(/?(?:a|br|strong|em|b|i|u|p|td|th|tr|table|tbody|span|div|pre|code|font))(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE
)
# Only with its semicolon, and only HTML 4's: cables hold "R&D;" and "&notably" as text.
_ENTITY = re.compile(rf"&(?:#\d{{1,8}}|#[xX][0-9a-fA-F]{{1,8}}|apos|{'|'.join(name2codepoint)});")
_LINE_END = re.compile(r"[ \t]*(?:\n|&#x0*A;|&#10;)", re.IGNORECASE)
_BREAKS = frozenset({"br", "/p", "/div", "/tr"})

_BLOCK = re.compile(r"<pre(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:pre|code|body|html)\b|<(?:pre|script)\b", re.IGNORECASE)
_CUT_TAG = re.compile(r"(?:<(?:/?[A-Za-z][^<>]{0,2000})?|&(?:#\w{0,8})?)\Z")
_TABLE = re.compile(r"<table\s+class=['\"]?cable\b[^<>]{0,200}>", re.IGNORECASE)
_CELL = re.compile(r"<t([hd])\b[^<>]{0,500}>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"<[^<>]{0,2000}>")
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\Z")
_HEADER = re.compile(r"(?m)^(?:FM |TO |INFO |VZCZ|ZNY |(?:[ZOPR] )?\d{6}Z |This record is a partial)")
_PAGE_BEGINS = re.compile(r"\s*(?:<\?xml|<!doctype|<html)\b", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"</html\s{0,9}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A `<pre>` block as text, the tags that were in it, and whether the page ends within it."""

    text: str
    markup: tuple[Markup, ...]
    is_cut: bool


def read_pages(lines: Iterable[str], name: str) -> Iterator[RawCable | InputError]:
    """The cable of a page, or of several pages in one file; an error for a page without one.

    A page that ends in the middle of its text is read as far as it goes, and an error says so after it.
    """
    for section in gather(_marked(lines), name):
        yield from _page(section, name)


def plain(written: str) -> tuple[str, tuple[Markup, ...]]:
    """Written HTML as text, and its tags as markup of that text."""
    parts: list[str] = []
    markup: list[Markup] = []
    at, end = 0, 0
    for tag in TAG.finditer(written):
        part = _unescaped(written[end : tag.start()])
        parts.append(part)
        at += len(part)
        markup.append(Markup(at, tag[0]))
        end = tag.end()
        if tag[1].lower() in _BREAKS and not _LINE_END.match(written, end) and end < len(written):
            parts.append("\n")
            at += 1
    parts.append(_unescaped(written[end:]))
    return "".join(parts), tuple(markup)


def _marked(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """The lines, each with whether another page begins there."""
    ended = False
    for line in lines:
        begins = ended and bool(_PAGE_BEGINS.match(line))
        ended = (ended and not begins) or "</html" in line or "</HTML" in line
        yield begins, line


def _page(section: Section, name: str) -> Iterator[RawCable | InputError]:
    page, where = section.text, section.name
    table = _TABLE.search(page)
    claims = _claims(page, table.end()) if table else {}
    blocks = list(_blocks(page, table.start() if table else 0))
    if not any(block.text.strip() for block in blocks):
        what = "the page holds no cable" if _PAGE_ENDS.search(page) else "the page is cut off before the cable's text"
        yield InputError(where, what, REMEDY if _PAGE_ENDS.search(page) else "get the whole page")
        return
    header = 1 if len(blocks) > 1 and (table or _HEADER.search(blocks[0].text)) else 0
    text, markup, starts = _joined(blocks)
    if not table and not header:
        try:
            refuse_without_prose(text, where)
        except InputError as error:
            yield error
            return
    yield RawCable(
        where,
        "page",
        text,
        starts[1] if header else None,
        claimed_mrn=claims.get("reference id") or (mrn_from_name(name) if section.alone else None),
        claimed_sent=_utc(claims.get("created", "")),
        claimed_post=claims.get("origin"),
        claimed_classification=claims.get("classification"),
        markup=markup,
    )
    if blocks[-1].is_cut:
        yield InputError(where, "the page is cut off; its cable was read as far as it goes", "get the whole page")


def _blocks(page: str, at: int) -> Iterator[_Block]:
    while (begin := _BLOCK.search(page, at)) is not None:
        end = _BLOCK_END.search(page, begin.end())
        written = page[begin.end() : end.start() if end else len(page)]
        text, markup = plain(written if end else _CUT_TAG.sub("", written))
        yield _Block(text, markup, is_cut=end is None)
        at = end.start() if end else len(page)


def _joined(blocks: list[_Block]) -> tuple[str, tuple[Markup, ...], list[int]]:
    """The blocks with a blank line between, their markup, and where each begins."""
    starts, at, markup = [], 0, []
    for block in blocks:
        starts.append(at)
        markup += [Markup(at + tag.at, tag.text) for tag in block.markup]
        at += len(block.text) + 2
    return "\n\n".join(block.text for block in blocks), tuple(markup), starts


def _claims(page: str, begin: int) -> dict[str, str]:
    """The page's table: what stands under "Reference ID", "Created", "Classification" and "Origin"."""
    end = page.find("</table", begin)
    written = page[begin : end if end >= 0 else begin + 5000]
    _, *cells = _CELL.split(written)
    kinds, texts = cells[::2], [" ".join(_unescaped(_OTHER_TAG.sub("", cell)).split()) for cell in cells[1::2]]
    named = [text.lower() for kind, text in zip(kinds, texts, strict=True) if kind in "hH"]
    given = [text for kind, text in zip(kinds, texts, strict=True) if kind in "dD"]
    return {name: text for name, text in zip(named, given, strict=False) if text}


def _utc(written: str) -> datetime | None:
    """The page's "2009-01-26 16:04", which is UTC."""
    if not _DATE.match(written):
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def _unescaped(written: str) -> str:
    text = written.replace("&#x000A;", "\n")
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
