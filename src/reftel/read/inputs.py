"""What there is to read: files, folders, archives and standard input, found one at a time."""

from __future__ import annotations

import io
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from reftel.errors import InputError
from reftel.read.archives import archive_kind, members
from reftel.read.decoding import DAMAGE, damaged
from reftel.read.names import printable
from reftel.read.streams import BLOCK, buffered, held

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_INPUT = "standard input"
# Pipes that the shell opened for us: `reftel parse <(zcat x.gz)`.
_OPEN_PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


@dataclass(frozen=True, slots=True)
class Input:
    """One file with one or more cables, by whichever of `path`, `data` and `stream` is set.

    `name` is what a user finds it by: `folder/archive.zip!inner/09PARIS1.html`. With a path or with data it
    can be sent to another process. A stream (standard input, a large file in an archive) cannot, and must
    be read before the next input is asked for.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    stream: io.BufferedReader | None = None

    def open(self) -> io.BufferedReader:
        """The input's bytes; raises OSError where the file cannot be opened."""
        if self.path is not None:
            return _opened(self.path)
        return self.stream if self.stream is not None else held(self.data or b"")


def inputs(source: str | Path | BinaryIO) -> Iterator[Input | InputError]:
    """The inputs in a source, and an error for each that cannot be one; folders in the order of their names."""
    if isinstance(source, (str, Path)) and str(source) == "-":
        yield from inputs_of_stream(sys.stdin.buffer, STANDARD_INPUT)
    elif isinstance(source, (str, Path)):
        yield from _of_path(Path(source))
    else:
        name = getattr(source, "name", None)
        yield from inputs_of_stream(source, printable(name) if isinstance(name, str) else "the given stream")


def _of_path(path: Path) -> Iterator[Input | InputError]:
    mode = _mode(path)
    if isinstance(mode, InputError):
        yield mode
    elif stat.S_ISDIR(mode):
        yield from _of_folder(path)
    elif stat.S_ISREG(mode):
        yield from _of_file(path)
    elif str(path).startswith(_OPEN_PIPES):
        with path.open("rb", buffering=0) as pipe:
            yield from inputs_of_stream(cast("BinaryIO", pipe), printable(str(path)))
    else:
        what = "it is a pipe, a socket or a device, not a file"
        yield InputError(printable(str(path)), what, "give a file, or - for standard input")


def _mode(path: Path) -> int | InputError:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        what = "the link leads nowhere" if path.is_symlink() else "there is no such file or folder"
        return InputError(printable(str(path)), what, "check the name")
    except (OSError, ValueError) as error:
        return damaged(printable(str(path)), error)


def files(source: str | Path) -> Iterator[Path | InputError]:
    """The file, or the files in a folder and in the folders in it, none opened; errors and order as in `inputs`."""
    empty = True
    for found in _walked(Path(source)):
        empty = False
        yield found
    if empty:
        yield InputError(printable(str(source)), "the folder holds no files", "check that it is the right one")


def _of_folder(top: Path) -> Iterator[Input | InputError]:
    for found in files(top):
        yield from (found,) if isinstance(found, InputError) else _of_path(found)


def _walked(top: Path) -> Iterator[Path | InputError]:
    """What is in a folder and in the folders in it, by name; links are followed, and no folder is read twice."""
    waiting, seen = [top], set[tuple[int, int]]()
    while waiting:
        path = waiting.pop()
        mode = _mode(path)
        if isinstance(mode, InputError):
            yield mode
        elif not stat.S_ISDIR(mode):
            yield path
        elif isinstance(inside := _contents(path, seen), InputError):
            yield inside
        else:
            waiting += inside


def _contents(folder: Path, seen: set[tuple[int, int]]) -> list[Path] | InputError:
    """What is in a folder, hidden files left out, last name first; nothing where it was `seen` already."""
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        inside = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        return damaged(printable(str(folder)), error)
    return sorted(inside, reverse=True)


def _of_file(path: Path) -> Iterator[Input | InputError]:
    name = printable(str(path))
    try:
        with _opened(path) as stream:
            if archive_kind(stream.peek(BLOCK)):
                yield from _of_archive(stream, name)
                return
    except DAMAGE as error:
        yield damaged(name, error)
    else:
        yield Input(name, path=path)


def _opened(path: Path) -> io.BufferedReader:
    return io.BufferedReader(io.FileIO(path), BLOCK)


def inputs_of_stream(stream: BinaryIO, name: str) -> Iterator[Input | InputError]:
    """The input that a stream is, or those in the archive that it is."""
    try:
        reader = buffered(stream)
        packed = archive_kind(reader.peek(BLOCK))
    except DAMAGE as error:
        yield damaged(name, error)
    else:
        yield from _of_archive(reader, name) if packed else (Input(name, stream=reader),)


def _of_archive(stream: io.BufferedReader, name: str) -> Iterator[Input | InputError]:
    for member in members(stream, name):
        yield member if isinstance(member, InputError) else Input(member.name, data=member.data, stream=member.stream)
