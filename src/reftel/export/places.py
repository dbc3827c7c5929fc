"""Where an export is written: whole or not at all, and never over what is not its own."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reftel.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO, TextIO

    Put = Callable[[str, str | bytes], None]

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same in every export, so that the same cables make the same file


def partial_path(path: Path) -> Path:
    """The file or folder that an export is in until it is whole; of no other use."""
    return path.with_name(f".{path.name}.reftel-partial")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands at `path`, over what was there, when the block ends well, and not at all else."""
    refuse_folder(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(path)
    try:
        with partial.open("wb") as file:
            yield file
            flush(file)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def new_text(path: Path) -> Iterator[TextIO]:
    """As `new_file`, for UTF-8 text with line feeds as they are."""
    with new_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that stands at `path` when the block ends well. Raises UsageError where something stands there."""
    refuse_what_is_there(path)
    partial = partial_path(path)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        if path.is_dir():
            path.rmdir()
        partial.replace(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def many_files(path: Path) -> Iterator[Put]:
    """A function that writes a file by its name ("2009/09LIMA3.txt"), into a folder, or a zip file for `.zip`."""
    if path.suffix.lower() == ".zip":
        with new_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:

            def put(name: str, content: str | bytes) -> None:
                zipped.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)

            yield put
    else:
        with new_folder(path) as folder:

            def put(name: str, content: str | bytes) -> None:
                place = folder / name
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))

            yield put


def flush(file: BinaryIO) -> None:
    """What was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def refuse_folder(path: Path) -> None:
    """Raise UsageError where a file is to be written and a folder stands."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder, and this format writes one file; name a file")


def refuse_what_is_there(path: Path) -> None:
    """Raise UsageError where a folder is to be made and something stands there, an empty folder apart."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise UsageError(f"{path} is there already, and what is in it stays; name another folder, or remove it first")
