"""read: files, folders, archives or standard input to raw cables, one at a time.

The format is told from the content: Cablegate pages, plain text, the Cablegate table, JSON lines, tagged text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from reftel.errors import InputError
from reftel.read.brackets import read_brackets
from reftel.read.decoding import DAMAGE, damaged, decode, encoding_of, lines
from reftel.read.inputs import Input, files, inputs, inputs_of_stream
from reftel.read.json_lines import read_json_lines
from reftel.read.names import printable
from reftel.read.page import read_pages
from reftel.read.recognise import recognise, refuse_binary
from reftel.read.streams import BLOCK, held
from reftel.read.table import read_rows
from reftel.read.text import read_texts

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    from reftel.model import RawCable

__all__ = ["Input", "OnError", "files", "find_inputs", "read", "read_bytes", "read_input"]

OnError = Callable[[InputError], None]
"""Is told of each input that could not be read; reading goes on with the others when it returns."""

_READERS = {
    "page": read_pages,
    "text": read_texts,
    "table": read_rows,
    "jsonl": read_json_lines,
    "brackets": read_brackets,
}
_T = TypeVar("_T")


def read(source: str | Path | BinaryIO, *, on_error: OnError | None = None) -> Iterator[RawCable]:
    """The cables in a file, a folder and its folders, an archive, an open binary stream, or `-` for standard input.

    One cable is held at a time, whatever the source's size. A bad input (a file, an archive's member, a row
    of a table) is told to `on_error`, and all others are still read; without `on_error` the InputError is
    raised where it occurs, which ends the reading.
    """
    for found in find_inputs(source, on_error=on_error):
        yield from read_input(found, on_error=on_error)


def find_inputs(source: str | Path | BinaryIO, *, on_error: OnError | None = None) -> Iterator[Input]:
    """The files in a source, archives opened, folders in the order of their names; errors as in `read`.

    An input with a path or with data can be sent to a worker process, and `read_input` called there.
    """
    yield from _good(inputs(source), on_error)


def read_input(found: Input, *, on_error: OnError | None = None) -> Iterator[RawCable]:
    """The cables of one input; errors as in `read`."""
    yield from _good(_cables(found), on_error)


def read_bytes(data: bytes, name: str, *, on_error: OnError | None = None) -> Iterator[RawCable]:
    """The cables in a file's bytes, which may be an archive's; `name` is the file's; errors as in `read`."""
    for found in _good(inputs_of_stream(held(data), printable(name)), on_error):
        yield from read_input(found, on_error=on_error)


def _cables(found: Input) -> Iterator[RawCable | InputError]:
    try:
        with found.open() as stream:
            block = _beginning(stream, found.name)
            encoding = encoding_of(block)
            sample = decode(block, encoding)
            refuse_binary(block, sample, found.name)
            reader = _READERS[recognise(sample)]
            yield from reader(lines(stream, encoding, found.name), found.name)
    except InputError as error:
        yield error
    except OSError as error:
        yield damaged(found.name, error)


def _beginning(stream: BufferedReader, name: str) -> bytes:
    try:
        return stream.peek(BLOCK)[:BLOCK]
    except DAMAGE as error:
        raise damaged(name, error) from error


def _good(found: Iterable[_T | InputError], on_error: OnError | None) -> Iterator[_T]:
    for item in found:
        if not isinstance(item, InputError):
            yield item
        elif on_error is None:
            raise item
        else:
            on_error(item)
