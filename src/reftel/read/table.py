"""The Cablegate table: a CSV of eight columns (id, date, MRN, origin, classification, references, header, body).

Quotation marks in a field are escaped by a backslash or doubled, fields hold line feeds, and there is no
row of names, though one is let pass. The real file has 1.7 GB and 251,287 rows: it is read row by row, and
a damaged row costs no other.
"""

from __future__ import annotations

import csv
import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read.decoding import MAX_CABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = 8

# A row's beginning. In the text of a quoted field it cannot stand: its quotation marks would be escaped.
_QUOTED_ROW = re.compile(r'"\d{1,9}","\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?","')
_BARE_ROW = re.compile(r"\d{1,9},\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?,")
_REMEDY = "mend or delete the row"
_LIMIT = threading.Lock()


def read_rows(lines: Iterable[str], name: str) -> Iterator[RawCable | InputError]:
    """The cables of a table, and an error for each row that is none."""
    number = 0
    for record in _records(lines):
        rows = _rows(record) if record is not None else [None]
        for row in rows:
            number += 1
            where = f"{name} row {number}"
            if row is None:
                yield InputError(where, f"the row has over {MAX_CABLE // 2**20} MB or cannot be read", _REMEDY)
            elif not (number == 1 and _is_names(row)):
                yield _cable(row, where)


def _records(lines: Iterable[str]) -> Iterator[list[str] | None]:
    """The lines of each row, or of several where they cannot be told apart; None for one that is too long."""
    held: list[str] | None = []
    size, begins = 0, None
    for line in lines:
        begins = begins or next((row for row in (_QUOTED_ROW, _BARE_ROW) if row.match(line)), None)
        if begins and line[:1] in '"0123456789' and begins.match(line):
            if held != []:
                yield held
            held, size = [], 0
        size += len(line)
        if size > MAX_CABLE:
            held = None
        if held is not None:
            held.append(line)
    if held != []:
        yield held


def _rows(record: list[str]) -> list[list[str] | None]:
    """The rows in some lines, blank ones left out; None for what follows when they cannot be split into fields."""
    rows: list[list[str] | None] = []
    with _LIMIT:  # the limit is the csv module's own, for all readers, so it is raised for this moment only
        limit = csv.field_size_limit(MAX_CABLE)
        try:
            rows.extend(row for row in csv.reader(record, escapechar="\\") if row)
        except csv.Error:
            rows.append(None)
        finally:
            csv.field_size_limit(limit)
    return rows


def _is_names(row: list[str]) -> bool:
    """Whether a row names the columns."""
    return len(row) == COLUMNS and not any(any(map(str.isdigit, field)) for field in row)


def _cable(row: list[str], where: str) -> RawCable | InputError:
    if len(row) != COLUMNS:
        return InputError(where, f"the row has {len(row)} columns, not {COLUMNS}", _REMEDY)
    _, date, mrn, origin, classification, _, header, body = row
    if not header.strip() and not body.strip():
        return InputError(where, "the row has no text", _REMEDY)
    has_header = bool(header.strip())
    return RawCable(
        where,
        "table",
        f"{header}\n\n{body}" if has_header else body,
        len(header) + 2 if has_header else None,
        claimed_mrn=mrn.strip() or None,
        claimed_sent=_utc(date.strip()),
        claimed_post=origin.strip() or None,
        claimed_classification=classification.strip() or None,
    )


def _utc(written: str) -> datetime | None:
    """The table's "12/28/1966 18:48", which is UTC; month first."""
    for form in ("%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S"):
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
