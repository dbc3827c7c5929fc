"""JSON lines: the record of each cable, as `reftel annotate -f json` gives it.

`archive_keys` stands in it besides: by the ids of its entities, the keys that tell which entities of other cables are
the same; an entity without a key is known from this cable only.
The file is written under another name until it is whole; what is there when a run is interrupted is gone on with.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

from reftel.export.places import flush, partial_path, refuse_folder
from reftel.export.state import digest, state
from reftel.write import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from reftel.export.selection import Chosen
    from reftel.export.view import Shown, View

_CHUNK = 256  # cables between two notes of how far it is


@dataclass(frozen=True, slots=True)
class _Note:
    """How far the file is: so many cables and bytes; `past` is a hash of what the cables rest on."""

    past: str
    cables: int = 0
    size: int = 0


def write_jsonl(view: View, path: Path) -> None:
    """Write one line a cable, in the order they came in; go on with an export that was interrupted."""
    refuse_folder(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, note_path = partial_path(path), partial_path(path.with_name(f"{path.name}.note"))
    chosen = view.chosen()
    note = _gone_on(_Note(state(view, "jsonl")), note_path, partial, chosen)
    if note.cables == 0:
        chosen = view.chosen()
        partial.write_bytes(b"")
    with partial.open("r+b") as file:
        file.truncate(note.size)
        file.seek(note.size)
        _write(view, chosen, file, note, note_path)
    partial.replace(path)
    note_path.unlink(missing_ok=True)


def _gone_on(start: _Note, note_path: Path, partial: Path, chosen: Iterator[Chosen]) -> _Note:
    """The note of an interrupted export, if what it wrote still holds; `chosen` then stands behind those cables."""
    try:
        note = _Note(**json.loads(note_path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return start
    past = start.past
    for each in islice(chosen, note.cables):
        past = digest(past, each.stamp)
    holds = past == note.past and partial.is_file() and partial.stat().st_size >= note.size
    return note if holds else start


def _write(view: View, chosen: Iterable[Chosen], file: BinaryIO, note: _Note, note_path: Path) -> None:
    past, cables = note.past, note.cables
    for shown in view.shown(chosen, with_raw=True, done=note.cables):
        file.write(_line(shown))
        past, cables = digest(past, shown.chosen.stamp), cables + 1
        if cables % _CHUNK == 0:
            flush(file)
            _put(note_path, _Note(past, cables, file.tell()))
    flush(file)


def _put(note_path: Path, note: _Note) -> None:
    new = note_path.with_name(f"{note_path.name}-new")
    new.write_text(json.dumps(asdict(note)), encoding="utf-8")
    new.replace(note_path)


def _line(shown: Shown) -> bytes:
    keys = json.dumps(shown.keys, ensure_ascii=False)
    record = to_json(shown.cable, masked=False).removesuffix("}")
    return f'{record}, "archive_keys": {keys}}}\n'.encode("utf-8", "replace")
