"""The output folder: parts of datasets named by their content, and notes that say which parts count.

A task writes the parts of a run of cables, then one note that names them and the cables (`_reftel/NOTE.json`): what no
note names does not count, so a task that was killed, or is done twice, leaves nothing behind that is read. The note of
a run is named by its cables: done again, it stands in the place of the first. The driver settles at the end which notes
count (never two with the same cable), takes away all other parts, and writes `_SUCCESS`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from reftel.errors import UsageError
from reftel.export.layout import OF_ARCHIVE, tables
from reftel.export.parquet import NO_YEAR, SUCCESS, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa
    from pyarrow.fs import FileSystem

_NOTES = "_reftel"
_UNREAD = "unread.json"
_ACROSS = "across.json"
_NO_RUN = frozenset({_UNREAD, _ACROSS})
_YEAR = "/year="
_SCHEME = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*):/+")


class Note(NamedTuple):
    """A run of cables that is done: who did it, its parts, its cables, where these were found, and what failed.

    `cables` are content hashes, `found` hashes of a cable and where it was found, `failures` rows of that table.
    """

    by: str
    parts: tuple[str, ...]
    cables: tuple[str, ...]
    found: tuple[str, ...]
    failures: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of the datasets, in whatever file system: a path, or a URL such as `s3a://bucket/cables`."""

    url: str
    _system: tuple[FileSystem, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", _opened(self.url))

    def claim(self, by: str) -> None:
        """Make the folder, or make sure that it is one of ours and of this version. Raises UsageError if not."""
        notes = self._names(_NOTES)
        if not notes and self._names("."):
            raise UsageError(f"{self.url} is there already and is no output of the Spark engine; name another folder")
        others = {str(self._json(f"{_NOTES}/{each}").get("by")) for each in sorted(notes)[:1]} - {by}
        if others:
            made = f"was made by {others.pop()}" if others != {"None"} else "was written by `reftel export`"
            raise UsageError(f"{self.url} {made}, this is {by}; name another folder")
        self.put(f"{_NOTES}/{_UNREAD}", json.dumps({"by": by, "rows": self.unread()}).encode())
        self.reopen()

    def reopen(self) -> None:
        """Say that the folder is not whole for now."""
        self.remove([SUCCESS])

    def write_rows(self, table: str, year: int | None, held: Iterable[pa.Table]) -> str:
        """Write a part of a table; returns its name in the folder."""
        import pyarrow as pa  # noqa: PLC0415  # an optional library
        import pyarrow.parquet as pq  # noqa: PLC0415  # the same

        sink = io.BytesIO()
        pq.write_table(pa.concat_tables(held), sink, compression="zstd")
        content = sink.getvalue()
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        folder = table if table in OF_ARCHIVE else f"{table}/year={NO_YEAR if year is None else year}"
        name = f"{folder}/part-{digest}.parquet"
        self.put(name, content)
        return name

    def read(self, part: str, *, columns: list[str] | None = None) -> pa.Table:
        """The rows of a part."""
        import pyarrow.parquet as pq  # noqa: PLC0415  # an optional library

        system, path = self._at(part)
        return pq.read_table(path, columns=columns, filesystem=system, partitioning=None, use_threads=False)

    def write_note(self, name: str, note: Note) -> None:
        """Let the parts of a note count."""
        self.put(f"{_NOTES}/{name}.json", json.dumps(note._asdict()).encode())

    def settled(self) -> dict[str, Note]:
        """The notes that count, by their name: all parts there, and no cable that an earlier note has."""
        parts = {part for table in tables() for part in self._parts(table)}
        counted: dict[str, Note] = {}
        taken: set[bytes] = set()
        for name in sorted(self._names(_NOTES) - _NO_RUN):
            read = self._json(f"{_NOTES}/{name}")
            note = Note(read["by"], *(tuple(read[each]) for each in Note._fields[1:]))
            own = {bytes.fromhex(each) for each in (*note.cables, *note.found)}
            if parts.issuperset(note.parts) and taken.isdisjoint(own):
                taken |= own
                counted[name] = note
        return counted

    def note_count(self) -> int:
        """How many notes there are, those that do not count among them."""
        return len(self._names(_NOTES) - _NO_RUN)

    def sweep(self, notes: Mapping[str, Note]) -> None:
        """Take away what does not count: notes, and parts that no note names."""
        kept = {part for note in notes.values() for part in note.parts} | set(self.across(notes) or ())
        self.remove(f"{_NOTES}/{name}" for name in self._names(_NOTES) - _NO_RUN - notes.keys())
        self.remove(part for table in tables() for part in self._parts(table) if part not in kept)

    def row_count(self, table: str) -> int:
        """How many rows a table of no one cable has."""
        return sum(self.read(part, columns=[]).num_rows for part in self._parts(table))

    def across(self, notes: Mapping[str, Note]) -> list[str] | None:
        """The parts of who is who across cables, if it is that of these notes."""
        told = self._json(f"{_NOTES}/{_ACROSS}")
        parts: list[str] = told.get("parts", [])
        there = {part for table in OF_ARCHIVE for part in self._parts(table)}
        return parts if told.get("rests_on") == _rest(notes) and there.issuperset(parts) else None

    def put_across(self, by: str, notes: Mapping[str, Note], parts: Iterable[str]) -> None:
        """Keep notes whose parts were written anew, and say which parts tell who is who across their cables."""
        for name, note in notes.items():
            self.put(f"{_NOTES}/{name}", json.dumps(note._asdict()).encode())
        told = {"by": by, "rests_on": _rest(notes), "parts": sorted(parts)}
        self.put(f"{_NOTES}/{_ACROSS}", json.dumps(told).encode())

    def finish(self, failures: list[dict[str, Any]]) -> None:
        """Write the dataset of failures, an empty part for each table that has none of a known year, and `_SUCCESS`."""
        self._write_whole("failures", failures)
        for table in tables():
            of_a_year = (part for part in self._parts(table) if f"year={NO_YEAR}" not in part)
            if next(of_a_year, None) is None:
                self._write_whole(table, [])
        self.put(SUCCESS, b"")

    def unread(self) -> list[dict[str, Any]]:
        """What earlier runs could not read or parse: rows of failures."""
        rows: list[dict[str, Any]] = self._json(f"{_NOTES}/{_UNREAD}").get("rows", [])
        return rows

    def put_unread(self, by: str, rows: list[dict[str, Any]]) -> None:
        """Keep what could not be read or parsed for the next run."""
        self.put(f"{_NOTES}/{_UNREAD}", json.dumps({"by": by, "rows": rows}).encode())

    def spark_path(self, name: str) -> str:
        """A file of the folder as Spark names it."""
        root = self.url if _SCHEME.match(self.url) else f"file://{Path(self.url).absolute()}"
        return f"{root.partition('?')[0].rstrip('/')}/{name}"

    def put(self, name: str, content: bytes) -> None:
        """Write a file so that it is there whole, or not at all."""
        system, path = self._at(name)
        if system.type_name not in {"local", "hdfs"}:
            with system.open_output_stream(path) as file:  # an object is there when its last byte is
                file.write(content)
            return
        new = f"{path}.{uuid4().hex}.new"
        system.create_dir(path.rpartition("/")[0], recursive=True)
        with system.open_output_stream(new) as file:
            file.write(content)
        system.move(new, path)

    def remove(self, names: Iterable[str]) -> None:
        """Take files away; one that is not there is no error."""
        for name in names:
            system, path = self._at(name)
            if system.get_file_info(path).is_file:
                system.delete_file(path)

    def _write_whole(self, table: str, rows: list[dict[str, Any]]) -> None:
        """A table that has one part and no other."""
        import pyarrow as pa  # noqa: PLC0415  # an optional library

        part = self.write_rows(table, 0, [pa.Table.from_pylist(rows, schema(table))])
        self.remove(each for each in self._parts(table) if each != part and f"year={NO_YEAR}" not in each)

    def _at(self, name: str) -> tuple[FileSystem, str]:
        system, root = self._system
        return system, f"{root}/{name}"

    def _names(self, folder: str) -> set[str]:
        """The names of the files and folders in a folder; those of notes that are being written left out."""
        from pyarrow.fs import FileSelector  # noqa: PLC0415  # an optional library

        system, root = self._system
        path = root if folder == "." else f"{root}/{folder}"
        found = system.get_file_info(FileSelector(path, allow_not_found=True))
        return {each.base_name for each in found if not each.base_name.endswith(".new")}

    def _parts(self, table: str) -> list[str]:
        """The parts of a table, by name in the folder; and files of tasks that were killed."""
        from pyarrow.fs import FileSelector  # noqa: PLC0415  # an optional library

        system, path = self._at(table)
        found = system.get_file_info(FileSelector(path, allow_not_found=True, recursive=True))
        return sorted(f"{table}{each.path[len(path) :]}" for each in found if each.is_file)

    def _json(self, name: str) -> dict[str, Any]:
        system, path = self._at(name)
        if not system.get_file_info(path).is_file:
            return {}
        with system.open_input_stream(path) as file:
            read: dict[str, Any] = json.loads(file.read())
        return read


def year_of_part(part: str) -> int | None:
    """The year of the cables whose rows a part has."""
    written = part.partition(_YEAR)[2].partition("/")[0]
    return int(written) if written.isdigit() else None


def _rest(notes: Mapping[str, Note]) -> str:
    """A name for all parts that these notes let count."""
    parts = sorted(part for note in notes.values() for part in note.parts)
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _opened(url: str) -> tuple[FileSystem, str]:
    """The file system and the path in it. Raises UsageError for a URL that Arrow has none for."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library
    from pyarrow.fs import FileSystem, LocalFileSystem  # noqa: PLC0415  # the same

    found = _SCHEME.match(url)
    if not found or found[1] in {"file", "dbfs"}:
        path = url if not found else ("/dbfs/" if found[1] == "dbfs" else "/") + url[found.end() :]
        return LocalFileSystem(), str(Path(path).absolute())
    arrow = {"s3a": "s3", "s3n": "s3"}.get(found[1], found[1])
    try:
        system, path = FileSystem.from_uri(f"{arrow}://{url[found.end() :]}")
    except (pa.ArrowException, OSError) as error:
        what = str(error).splitlines()[0].rstrip(".")
        raise UsageError(f"{url}: cannot be written to ({what}); name a folder, or one in s3a:// or hdfs://") from None
    return system, path.rstrip("/")
