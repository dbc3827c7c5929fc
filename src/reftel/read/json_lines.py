"""JSON lines: one cable a line, an object with its text, and perhaps its number, date, post and classification.

    {"mrn": "08OSLO412", "date": "2008-06-12T09:14:00Z", "origin": "Embassy Oslo", "text": "..."}

`text` is the cable or its page; `header` and `body` apart will do. What else an object holds is let be.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read.decoding import MAX_CABLE
from reftel.read.names import mrn_from_name
from reftel.read.page import read_pages
from reftel.read.recognise import recognise, refuse_without_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TEXT = ("text", "body", "content")
_MRN = ("mrn", "number", "reference_id", "id")
_SENT = ("sent", "date", "created")
_POST = ("post", "origin")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d\d))?")
_REMEDY = "mend or delete the line"
_LOOKED_AT = 65536


def read_json_lines(lines: Iterable[str], name: str) -> Iterator[RawCable | InputError]:
    """The cables of a file of JSON lines, and an error for each line that is none."""
    for number, line in enumerate(_whole(lines), 1):
        where = f"{name} line {number}"
        if line is None:
            yield InputError(where, f"the line has over {MAX_CABLE // 2**20} MB", _REMEDY)
        elif line.strip():
            yield from _cables(line, where)


def _whole(lines: Iterable[str]) -> Iterator[str | None]:
    """The lines, None for one that is too long; one that came in pieces is one."""
    held: list[str] = []
    size = 0
    for piece in lines:
        size += len(piece)
        if size <= MAX_CABLE:
            held.append(piece)
        if piece.endswith("\n"):
            yield "".join(held) if size <= MAX_CABLE else None
            held, size = [], 0
    if size:
        yield "".join(held) if size <= MAX_CABLE else None


def _cables(line: str, where: str) -> Iterator[RawCable | InputError]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        yield InputError(where, "it is no JSON", _REMEDY)
        return
    if not isinstance(told, dict) or not _said(told, (*_TEXT, "header")):
        yield InputError(where, f"it is no object with a cable's text ({', '.join(_TEXT)})", _REMEDY)
        return
    header, body = _said(told, ("header",)), _said(told, _TEXT) or ""
    if header is None and recognise(body[:_LOOKED_AT]) == "page":
        yield from read_pages(body.splitlines(keepends=True), where)
        return
    text = f"{header}\n\n{body}" if header else body
    try:
        refuse_without_prose(text, where)
    except InputError as error:
        yield error
        return
    yield RawCable(
        where,
        "jsonl",
        text,
        len(header) + 2 if header else None,
        claimed_mrn=next((mrn for key in _MRN if (mrn := mrn_from_name(_said(told, (key,)) or ""))), None),
        claimed_sent=_sent(_said(told, _SENT)),
        claimed_post=_said(told, _POST),
        claimed_classification=_said(told, ("classification",)),
    )


def _said(told: dict[str, Any], keys: Iterable[str]) -> str | None:
    """The first of these that is a text with something in it."""
    return next((said for key in keys if isinstance(said := told.get(key), str) and said.strip()), None)


def _sent(written: str | None) -> datetime | None:
    """A date and time, UTC where it does not say otherwise: ISO 8601, or the Cablegate table's "12/28/1966 18:48"."""
    if written is None:
        return None
    found = _AMERICAN.match(written.strip())
    try:
        if found:
            month, day, year, hour, minute = (int(each or 0) for each in found.groups())
            return datetime(year, month, day, hour, minute, tzinfo=UTC)
        sent = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)
