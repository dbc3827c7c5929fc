"""Archives and compressed files, read member by member. Nothing is ever written to disk.

Zip, tar, and tar or a single file under gzip, bzip2, xz or (with Python 3.14) zstd; an archive within an
archive, one level deep. What an archive says of itself is not believed: what it unpacks to is counted while
it unpacks, names that lead out of it, links and devices are refused, and an archive that unpacks to more
than a collection of cables can is given up.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import re
import stat
import tarfile
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, cast

from reftel.errors import InputError
from reftel.read.decoding import DAMAGE, MAX_CABLE, damaged
from reftel.read.names import printable
from reftel.read.streams import BLOCK, buffered, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = Literal["zip", "tar", "gzip", "bzip2", "xz", "zstd"]

MAX_NESTED = 128 * 1024 * 1024
"""Bytes of an archive within an archive, which is held in memory."""
MAX_RATIO = 250
"""Cables shrink to a tenth or a twentieth; what unpacks to more than this many times its size is a trap."""
FREE = 256 * 1024 * 1024
"""Bytes that any archive may unpack to, however small it is."""

_MAGIC: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), "zip"),
    (re.compile(rb"\x1f\x8b\x08"), "gzip"),
    (re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"), "bzip2"),
    (re.compile(rb"\xfd7zXZ\x00"), "xz"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "zstd"),
)
_DRIVE = re.compile(r"[A-Za-z]:")
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
# A tar archive keeps long names in headers of their own, which are read into memory whole.
_MAX_HEADER = 1024 * 1024
_LONG_HEADERS = frozenset({tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, b"X"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: all its bytes, or a stream where it is too long for one cable.

    A stream can be read only until the next member is asked for.
    """

    name: str
    data: bytes | None = None
    stream: io.BufferedReader | None = None

    def opened(self) -> io.BufferedReader:
        """The member's bytes from where they stand."""
        return self.stream if self.stream is not None else held(self.data or b"")


class Meter:
    """How much of one archive was read, and what it, with the archives in it, has unpacked to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.packed = 0
        self.unpacked = 0
        self.spent = False

    def read(self, count: int) -> None:
        """Count bytes of the archive itself."""
        self.packed += count

    def unpack(self, count: int) -> None:
        """Count bytes that came out of it; raises InputError when they are too many."""
        self.unpacked += count
        if self.unpacked > max(FREE, MAX_RATIO * self.packed):
            self.spent = True
            what = f"the archive unpacks to over {self.unpacked // 2**20} MB, more than a collection of its size can"
            raise InputError(self.name, what, "if that is meant, unpack it and give the folder")


class _Header(tarfile.TarInfo):
    """A tar archive's header that says so when it is damaged or asks for too much memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        """The header in a block of an archive."""
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError:
            # Zeros, or nothing, are the archive's end; tarfile takes any other bad header for its end too.
            if buf.count(0) == len(buf):
                raise
            raise tarfile.ReadError("a member's header is unreadable") from None
        if header.type in _LONG_HEADERS and header.size > _MAX_HEADER:
            raise tarfile.ReadError("a member's name is over 1 MB long")
        return header


def archive_kind(head: bytes) -> Kind | None:
    """Which archive or compressed file begins with `head`; a tar shows in 512 bytes or more."""
    for magic, kind in _MAGIC:
        if magic.match(head):
            return kind
    if len(head) < tarfile.BLOCKSIZE:
        return None
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return None
    return "tar"


def members(stream: io.BufferedReader, name: str) -> Iterator[Member | InputError]:
    """The files in an archive or compressed file, in its order, and an error for each that is refused."""
    meter = Meter(name)
    empty = True
    for found in _guarded(_inside(stream, name, meter, depth=0), name):
        empty = False
        yield found
        if meter.spent:
            return
    if empty:
        yield InputError(name, "the archive holds no files", "check that it is the right one")


def _guarded(found: Iterator[Member | InputError], name: str) -> Iterator[Member | InputError]:
    """The same, where what goes wrong on the way is one more error and the end."""
    try:
        yield from found
    except InputError as error:
        yield error
    except DAMAGE as error:
        yield damaged(name, error)


def _inside(stream: io.BufferedReader, name: str, meter: Meter, *, depth: int) -> Iterator[Member | InputError]:
    """What an archive holds; `depth` is 1 in an archive within an archive, whose size counts as unpacked already."""
    kind = archive_kind(stream.peek(BLOCK))
    count = None if depth else meter.read
    if kind == "zip":
        found = _zipped(stream, name, meter, count)
    else:
        packed = buffered(stream, count)
        plain = packed if kind == "tar" else buffered(_unpacker(kind, packed, name), meter.unpack)
        is_tar = archive_kind(plain.peek(BLOCK)) == "tar"
        found = _tarred(plain, name) if is_tar else iter((Member(name, stream=plain),))
    for member in found:
        yield from (member,) if isinstance(member, InputError) else _unnested(member, meter, depth)


def _unnested(member: Member, meter: Meter, depth: int) -> Iterator[Member | InputError]:
    """A member, or where it is an archive what that holds."""
    try:
        kind = archive_kind(member.opened().peek(BLOCK))
    except DAMAGE as error:
        yield damaged(member.name, error)
        return
    if not kind:
        yield member
    elif depth:
        yield InputError(member.name, "it is an archive in an archive in an archive", "unpack the outermost first")
    else:
        data = member.data if member.data is not None else member.opened().read(MAX_NESTED + 1)
        if len(data) > MAX_NESTED:
            what = f"it is an archive of over {MAX_NESTED // 2**20} MB in an archive"
            yield InputError(member.name, what, "unpack the outer one first")
        else:
            yield from _guarded(_inside(held(data), member.name, meter, depth=1), member.name)


def _unpacker(kind: Kind | None, stream: io.BufferedReader, name: str) -> BinaryIO:
    """The bytes that a compressed stream stands for."""
    if kind == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if kind == "bzip2":
        return cast("BinaryIO", bz2.BZ2File(stream))
    if kind == "xz":
        return cast("BinaryIO", lzma.LZMAFile(stream))
    try:
        zstd = importlib.import_module("compression.zstd")  # in the standard library from Python 3.14 on
    except ImportError:
        raise InputError(name, "it is packed with zstd, which needs Python 3.14", "unpack it first (zstd -d)") from None
    return cast("BinaryIO", zstd.ZstdFile(stream))


def _tarred(plain: io.BufferedReader, name: str) -> Iterator[Member | InputError]:
    """The files of a tar archive, each read once, in its order."""
    with tarfile.open(fileobj=plain, mode="r|", bufsize=BLOCK, tarinfo=_Header) as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it keeps all it has passed; typeshed omits it
            if info.issparse():
                raise tarfile.ReadError("a sparse file, whose size cannot be trusted")
            content = archive.extractfile(info) if info.isreg() or info.type not in tarfile.SUPPORTED_TYPES else None
            if not info.isdir() and not _is_hidden(info.name):
                yield _tar_member(info, content, f"{name}!{printable(info.name)}")
            # Read out here: tarfile would go on looking for what a cut archive says it has.
            while content and content.read(BLOCK):
                pass


def _tar_member(info: tarfile.TarInfo, content: IO[bytes] | None, where: str) -> Member | InputError:
    if _climbs(info.name):
        return _climber(where)
    if not info.isreg() or content is None:
        return _no_file(where)
    return _member(where, buffered(cast("BinaryIO", content)), info.size)


def _zipped(
    stream: io.BufferedReader, name: str, meter: Meter, count: Callable[[int], None] | None
) -> Iterator[Member | InputError]:
    """The files of a zip archive in the order of its directory."""
    if not stream.seekable():
        raise InputError(name, "a zip archive cannot be read from a pipe", "give its file name")
    if count:
        count(stream.seek(0, io.SEEK_END))
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        if _OFFICE & {info.filename for info in infos}:
            raise InputError(name, "it is an office document", "save it as plain text first")
        for info in infos:
            if not info.is_dir() and not _is_hidden(info.filename):
                yield _zip_member(archive, info, f"{name}!{printable(info.filename)}", meter)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, meter: Meter) -> Member | InputError:
    if _climbs(info.filename):
        return _climber(where)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return _no_file(where)
    if info.flag_bits & 1:
        return InputError(where, "it is encrypted", "unpack the archive with its password and give the folder")
    try:
        content = cast("BinaryIO", archive.open(info))
    except NotImplementedError:
        return InputError(where, "it is packed by a method that is not known here", "unpack it and give the folder")
    except DAMAGE as error:
        return damaged(where, error)
    return _member(where, buffered(content, meter.unpack), info.file_size)


def _member(where: str, content: io.BufferedReader, size: int) -> Member | InputError:
    """A member with all its bytes, or with its stream where it says that it is longer than a cable."""
    if size > MAX_CABLE:
        return Member(where, stream=content)
    try:
        data = content.read(MAX_CABLE + 1)
    except DAMAGE as error:
        return damaged(where, error)
    if len(data) > MAX_CABLE:
        return InputError(where, "it unpacks to more than it says", "get it again from where it came from")
    return Member(where, data=data)


def _climbs(name: str) -> bool:
    """Whether a member's name leads out of the folder that the archive would be unpacked in."""
    return name[:1] in ("/", "\\") or bool(_DRIVE.match(name)) or ".." in re.split(r"[/\\]", name)


def _is_hidden(name: str) -> bool:
    """Whether a member is what systems hide: `.DS_Store`, `__MACOSX/...`; not `./a` or `../a`."""
    return any(part == "__MACOSX" or (part[:1] == "." and part not in (".", "..")) for part in re.split(r"[/\\]", name))


def _climber(where: str) -> InputError:
    return InputError(where, "its name leads out of the archive's folder, so it was not read", "leave it out")


def _no_file(where: str) -> InputError:
    return InputError(where, "it is a link or a device, so it was not read", "leave it out")
