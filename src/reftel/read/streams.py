"""Byte streams that give as much as is asked for, count what they give, and leave closing to their owner."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

BLOCK = 64 * 1024
"""Bytes that are looked at to recognise an input."""


class Counted(io.RawIOBase):
    """A stream over another, whose bytes are counted as they are read.

    A read gives all it was asked for, up to the end: a pipe's short reads would hide what an input is.
    """

    def __init__(self, source: BinaryIO, count: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._source = source
        self._count = count

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Whether the stream beneath is."""
        return self._source.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the stream beneath."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """The place in the stream beneath."""
        return self._source.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` as far as the stream lasts."""
        view = memoryview(buffer).cast("B")
        got = 0
        while got < len(view) and (chunk := self._source.read(len(view) - got)):
            view[got : got + len(chunk)] = chunk
            got += len(chunk)
        if self._count:
            self._count(got)
        return got


def buffered(source: BinaryIO, count: Callable[[int], None] | None = None) -> io.BufferedReader:
    """A stream that can be peeked into for BLOCK bytes; closing it leaves `source` open."""
    return io.BufferedReader(Counted(source, count), BLOCK)


def held(data: bytes) -> io.BufferedReader:
    """Bytes in memory as such a stream."""
    return buffered(cast("BinaryIO", io.BytesIO(data)))
