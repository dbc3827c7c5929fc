"""Bytes to lines of text that nothing downstream can stumble over.

UTF-8, UTF-16 and UTF-32 by their marks or by the pattern of their zero bytes; a line that is no UTF-8 is
taken as Windows-1252, in which the older collections were saved. Line ends become line feeds. What stands
for no character (an undefined byte, a lone surrogate, a NUL) becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from reftel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CABLE = 8 * 1024 * 1024
"""Bytes that one cable, one row or one line may have; the longest real cables have less than a tenth of it."""

DAMAGE = (
    *(OSError, EOFError, ValueError, RuntimeError, ArithmeticError, LookupError, MemoryError),
    *(struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
)
"""What the standard library raises on reading a damaged file, archive or compressed stream."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Which of four bytes are zero in text that is mostly ASCII.
_ZEROS = {
    "utf-32-le": [False, True, True, True],
    "utf-32-be": [True, True, True, False],
    "utf-16-le": [False, True, False, True],
    "utf-16-be": [True, False, True, False],
}
_BOM = "\ufeff"


def encoding_of(block: bytes) -> str:
    """The encoding of a text that begins with `block`; "utf-8" stands for UTF-8 with lines of Windows-1252."""
    for mark, encoding in _MARKS:
        if block.startswith(mark):
            return encoding
    if b"\0" not in block:
        return "utf-8"
    places = [block[k::4] for k in range(4)]
    mostly = [len(place) > 0 and place.count(0) > len(place) * 0.6 for place in places]
    return next((encoding for encoding, zeros in _ZEROS.items() if zeros == mostly), "utf-8")


def decode(data: bytes, encoding: str) -> str:
    """All of a text at once, its line ends line feeds; a character cut at the end of `data` becomes U+FFFD."""
    text = _harmless(data) if encoding == "utf-8" else data.decode(encoding, "replace")
    return _line_feeds(text).removeprefix(_BOM)


def lines(stream: BinaryIO, encoding: str, name: str) -> Iterator[str]:
    """The lines of a stream, each with its line feed, read as they are asked for.

    A line longer than MAX_CABLE comes in pieces of that length. Raises InputError where the stream is damaged.
    """
    try:
        for line in _raw_lines(stream) if encoding == "utf-8" else _wide_lines(stream, encoding):
            if "\r" in line:
                yield from _split(line)
            else:
                yield line.removeprefix(_BOM)
    except DAMAGE as error:
        raise damaged(name, error) from error


def damaged(name: str, error: BaseException) -> InputError:
    """One line for what the standard library said of a damaged input."""
    if isinstance(error, PermissionError):
        return InputError(name, "there is no permission to read it", "change its permissions or leave it out")
    said = " ".join(str(error).split())[:80] or type(error).__name__
    if isinstance(error, OSError) and error.errno:
        return InputError(name, f"it cannot be read ({said})", "check the file and what it lies on")
    return InputError(name, f"it is damaged ({said})", "get it again from where it came from")


def _raw_lines(stream: BinaryIO) -> Iterator[str]:
    while line := stream.readline(MAX_CABLE):
        yield _harmless(line)


def _wide_lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    try:
        while line := text.readline(MAX_CABLE):
            yield line.replace("\0", "\ufffd")
    finally:
        with contextlib.suppress(ValueError):  # the stream may be closed by now
            text.detach()


def _split(line: str) -> Iterator[str]:
    """The lines of a text with line feeds only: a line separator (U+2028) or next line (U+0085) is none."""
    *whole, rest = _line_feeds(line).split("\n")
    yield from (f"{part}\n" for part in whole)
    if rest:
        yield rest


def _line_feeds(text: str) -> str:
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _harmless(line: bytes) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = _mended(line)
    return text.replace("\0", "\ufffd") if "\0" in text else text


def _mended(line: bytes) -> str:
    """A line that is not UTF-8: with surrogates, with a few broken characters, or in Windows-1252."""
    try:
        pairs = line.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return pairs.decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if whole > broken else line.decode("cp1252", "replace")
