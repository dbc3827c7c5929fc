"""Cables handed over for other tools, as the reader sees each: JSON lines, CSV, BibTeX, or a zip of texts.

They are sent while they are read, one at a time, so that their number has no limit; from one state of the archive.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from reftel.archive.store import open_file
from reftel.web.addresses import address_of
from reftel.web.cite import bibtex
from reftel.web.cut import see
from reftel.write import write
from reftel.write.json import to_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from starlette.responses import Response

    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
_COLUMNS = ("mrn", "sent", "post", "classification", "captions", "tags", "subject")


class Kind(NamedTuple):
    """A form of export: its media type, how its file's name ends, what makes the pieces of it."""

    media: str
    ending: str
    pieces: Callable[[Visit, Iterable[Seen]], Iterator[bytes]]


def exported(visit: Visit, kind: str, ids: Sequence[int], *, name: str, notes: Sequence[Any] | None = None) -> Response:
    """The cables with these ids that the reader may see, as a file to keep; 404 for a kind that there is not.

    With `notes`, JSON lines are objects with a `cable` or a `note`; else each line is a cable's record.
    """
    if kind not in KINDS:
        raise HTTPException(404, f"An export is one of {', '.join(KINDS)}.")
    form = KINDS[kind]
    visit.note("exported", f"{name} as {kind}, {len(ids)} cables")
    pieces = form.pieces if kind != "jsonl" or notes is None else _with_notes(notes)
    headers = {"content-disposition": f'attachment; filename="{name}.{form.ending}"'}
    return StreamingResponse(_read(visit, ids, pieces), media_type=form.media, headers=headers)


def _read(
    visit: Visit, ids: Sequence[int], pieces: Callable[[Visit, Iterable[Seen]], Iterator[bytes]]
) -> Iterator[bytes]:
    # The page's own connection goes back to others before the first piece is sent.
    archive = open_file(visit.settings.archive)
    try:
        archive.execute("BEGIN")
        own = replace(visit, archive=archive)
        yield from pieces(own, (seen for number in ids if (seen := see(own, number)) is not None))
    finally:
        archive.close()


def _as_jsonl(_: Visit, cables: Iterable[Seen]) -> Iterator[bytes]:
    yield from (_line(to_dict(each.cable, masked=False)) for each in cables)


def _with_notes(notes: Sequence[Any]) -> Callable[[Visit, Iterable[Seen]], Iterator[bytes]]:
    def pieces(_: Visit, cables: Iterable[Seen]) -> Iterator[bytes]:
        yield from (_line({"cable": to_dict(each.cable, masked=False)}) for each in cables)
        yield from (_line({"note": note}) for note in notes)

    return pieces


def _line(row: Any) -> bytes:
    return (json.dumps(row, ensure_ascii=False, default=str) + "\n").encode("utf-8", "replace")


def _as_csv(_: Visit, cables: Iterable[Seen]) -> Iterator[bytes]:
    yield _cells(_COLUMNS)
    for cable in (each.cable for each in cables):
        sent, tags = cable.sent and cable.sent.isoformat(), " ".join(tag.code for tag in cable.tags)
        yield _cells((cable.mrn, sent, cable.post, cable.classification, " ".join(cable.captions), tags, cable.subject))


def _cells(cells: Iterable[Any]) -> bytes:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(cells)
    return row.getvalue().encode("utf-8", "replace")


def _as_bibtex(visit: Visit, cables: Iterable[Seen]) -> Iterator[bytes]:
    base = str(visit.request.base_url).rstrip("/")
    for each in cables:
        yield f"{bibtex(each.cable, base + address_of(visit, each.id))}\n\n".encode("utf-8", "replace")


def _as_zip(_: Visit, cables: Iterable[Seen]) -> Iterator[bytes]:
    held = _Pieces()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in cables:
            # The name is made of the row's id and the number alone: no path can come of it.
            name = f"{_NO_NAME.sub('', each.cable.mrn or 'cable')}-{each.id}.txt"
            packed.writestr(name, write(each.cable, "text", masked=False))
            yield held.taken()
    yield held.taken()


class _Pieces(io.RawIOBase):
    """A file that keeps what was written until it is taken; it cannot go back, and zips are written without."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


KINDS = {
    "jsonl": Kind("application/x-ndjson", "jsonl", _as_jsonl),
    "csv": Kind("text/csv; charset=utf-8", "csv", _as_csv),
    "bibtex": Kind("application/x-bibtex; charset=utf-8", "bib", _as_bibtex),
    "zip": Kind("application/zip", "zip", _as_zip),
}
"""The forms, by the last part of their address."""
