from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.read import archives, read, read_bytes
from reftel.read.archives import Member, archive_kind, members
from reftel.read.streams import buffered, held

if TYPE_CHECKING:
    from collections.abc import Callable

CABLE = b"1. MINISTER AGREED TO THE TALKS.\n\nDALY\n"
OTHER = b"1. MINISTER LEFT THE TALKS.\n\nREED\n"


def tar_bytes(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zip_bytes(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def found(data: bytes, name: str = "a.zip") -> tuple[dict[str, bytes], list[InputError]]:
    """What is in an archive, streams read out, and what was refused."""
    files, errors = {}, []
    for member in members(held(data), name):
        if isinstance(member, InputError):
            errors.append(member)
        else:
            files[member.name] = member.opened().read()
    return files, errors


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("kind", ["zip", "tar", *PACKERS])
def test_the_members_of_every_kind_of_archive_are_found_in_order(kind: str) -> None:
    files = {"b/09PARIS1.txt": CABLE, "a/09PARIS2.txt": OTHER}
    data = zip_bytes(files) if kind == "zip" else tar_bytes(files)
    data = PACKERS[kind](data) if kind in PACKERS else data
    assert archive_kind(data[:1024]) == kind
    assert found(data, "f/a") == ({"f/a!b/09PARIS1.txt": CABLE, "f/a!a/09PARIS2.txt": OTHER}, [])


@pytest.mark.parametrize("kind", PACKERS)
def test_a_single_compressed_file_is_read_too(kind: str) -> None:
    assert found(PACKERS[kind](CABLE), "09PARIS1.txt.gz") == ({"09PARIS1.txt.gz": CABLE}, [])


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="zstd is in the standard library")
def test_without_zstd_its_archives_are_refused_with_the_remedy() -> None:
    _, (error,) = found(b"\x28\xb5\x2f\xfd" + bytes(600), "a.tar.zst")
    assert "zstd -d" in error.remedy


def test_an_archive_in_an_archive_is_read_but_not_one_deeper() -> None:
    inner = tar_bytes({"x.txt": CABLE, "deep.zip": zip_bytes({"y.txt": CABLE})})
    files, (error,) = found(zip_bytes({"in.tar.gz": gzip.compress(inner), "z.txt": OTHER}))
    assert files == {"a.zip!in.tar.gz!x.txt": CABLE, "a.zip!z.txt": OTHER}
    assert error.where == "a.zip!in.tar.gz!deep.zip"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b.txt", "..\\b.txt", "\\b.txt", "C:\\b.txt", "C:b.txt"]
)
def test_a_member_whose_name_leads_out_is_refused_and_the_others_are_read(name: str) -> None:
    for data in (zip_bytes({name: CABLE, "x.txt": OTHER}), tar_bytes({name: CABLE, "x.txt": OTHER})):
        files, (error,) = found(data)
        assert files == {"a.zip!x.txt": OTHER}
        assert "leads out" in error.what


def test_links_and_devices_in_a_tar_are_refused() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("x.txt")
        info.size = len(CABLE)
        archive.addfile(info, io.BytesIO(CABLE))
    files, errors = found(buffer.getvalue(), "a.tar")
    assert files == {"a.tar!x.txt": CABLE}
    assert [error.where for error in errors] == [f"a.tar!{number}.txt" for number in range(4)]


def test_a_link_in_a_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("x.txt", CABLE)
    files, (error,) = found(buffer.getvalue())
    assert files == {"a.zip!x.txt": CABLE}
    assert error.where == "a.zip!link.txt"


def test_hidden_members_and_folders_are_no_inputs() -> None:
    files = {"./.DS_Store": b"x", "__MACOSX/._a.txt": b"x", "a/": b"", "./a/x.txt": CABLE}
    assert found(zip_bytes(files))[0] == {"a.zip!./a/x.txt": CABLE}
    assert found(zip_bytes(files))[1] == []


def test_an_encrypted_member_is_refused_and_the_others_are_read() -> None:
    data = bytearray(zip_bytes({"x.txt": CABLE, "y.txt": OTHER}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    files, (error,) = found(bytes(data))
    assert files == {"a.zip!y.txt": OTHER}
    assert "encrypted" in error.what


def test_an_archive_that_holds_nothing_is_an_error() -> None:
    _, (error,) = found(zip_bytes({}))
    assert "no files" in error.what


def test_an_office_document_is_refused_as_a_whole() -> None:
    files, (error,) = found(zip_bytes({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "a.docx")
    assert files == {}
    assert "office document" in error.what


@pytest.mark.parametrize("cut", [30, 60, 200])
def test_a_cut_zip_is_one_clear_error(cut: int) -> None:
    _, (error,) = found(zip_bytes({"x.txt": CABLE, "y.txt": OTHER})[:-cut])
    assert "damaged" in error.what


def test_a_member_with_a_wrong_checksum_is_an_error_and_the_others_are_read() -> None:
    data = zip_bytes({"x.txt": CABLE, "y.txt": OTHER})
    files, (error,) = found(data.replace(data[14:18], b"\0\0\0\0"))
    assert files == {"a.zip!y.txt": OTHER}
    assert error.where == "a.zip!x.txt"


def test_a_tar_cut_in_the_middle_gives_what_came_before() -> None:
    data = tar_bytes({"x.txt": CABLE, "y.txt": CABLE * 100})
    files, errors = found(data[:2000], "a.tar")
    assert files == {"a.tar!x.txt": CABLE}
    assert errors


def test_a_tar_with_a_damaged_header_says_so_and_gives_what_came_before() -> None:
    data = bytearray(tar_bytes({"x.txt": CABLE, "y.txt": CABLE, "z.txt": CABLE}))
    data[1024:1030] = b"??????"
    files, (error,) = found(bytes(data), "a.tar")
    assert files == {"a.tar!x.txt": CABLE}
    assert "damaged" in error.what


@pytest.mark.parametrize("kind", [*PACKERS, "zip"])
def test_an_archive_that_unpacks_to_far_more_than_its_size_is_given_up(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE", 1_000_000)
    monkeypatch.setattr(archives, "MAX_RATIO", 20)
    files = {f"{number}.txt": b"a" * 1_000_000 for number in range(40)}
    data = zip_bytes(files) if kind == "zip" else PACKERS[kind](tar_bytes(files))
    read_out, (error,) = found(data, "bomb")
    assert error.where == "bomb"
    assert "unpacks to over" in error.what
    assert len(read_out) < 40


def test_archives_within_a_trap_count_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE", 1_000_000)
    monkeypatch.setattr(archives, "MAX_RATIO", 20)
    inner = zip_bytes({"x.txt": b"a" * 900_000})
    files, (error,) = found(zip_bytes({f"{number}.zip": inner for number in range(40)}), "bomb.zip")
    assert error.where == "bomb.zip"
    assert len(files) < 3


def test_a_zip_that_lies_about_a_members_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_CABLE", 1000)
    data = bytearray(zip_bytes({"x.txt": b"word " * 1000}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (500).to_bytes(4, "little")
    files, (error,) = found(bytes(data))
    assert files == {}
    assert error.where == "a.zip!x.txt"


def test_a_tar_header_that_asks_for_memory_is_refused() -> None:
    buffer = io.BytesIO()
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2_000_000
    buffer.write(info.tobuf(tarfile.GNU_FORMAT) + bytes(2_000_384) + bytes(1024))
    _, (error,) = found(buffer.getvalue(), "a.tar")
    assert "damaged" in error.what


def test_a_tar_that_promises_terabytes_and_ends_is_given_up_at_once() -> None:
    info = tarfile.TarInfo("x.txt")
    info.size = 2 * 10**12
    files, errors = found(gzip.compress(info.tobuf() + b"word " * 500), "a.tar.gz")
    assert files == {}
    assert [error.where for error in errors] == ["a.tar.gz!x.txt", "a.tar.gz"]


def test_a_sparse_file_which_can_be_endless_is_refused() -> None:
    buffer = io.BytesIO()
    info = tarfile.TarInfo("x.txt")
    info.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[386:410] = b"000000000000\x00000000000000"[:24]
    block[483:495] = b"77777777777\0"
    block[148:156] = b"        "
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    buffer.write(block + bytes(1024))
    files, errors = found(buffer.getvalue(), "a.tar")
    assert files == {}
    assert errors


def test_a_member_too_long_for_one_cable_is_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_CABLE", 1000)
    for data in (zip_bytes({"x.csv": CABLE * 100, "y.txt": OTHER}), tar_bytes({"x.csv": CABLE * 100, "y.txt": OTHER})):
        first, second = [], None
        for member in members(held(data), "a"):
            assert isinstance(member, Member)
            if member.stream:
                first.append(member.stream.read(10))  # what is left unread does not matter
            else:
                second = member.data
        assert (first, second) == ([CABLE[:10]], OTHER)


def test_a_zip_from_a_pipe_is_refused_with_the_remedy_and_a_tar_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    (error,) = members(buffered(Pipe(zip_bytes({"x.txt": CABLE}))), "-")
    assert isinstance(error, InputError)
    assert "file name" in error.remedy
    (member,) = members(buffered(Pipe(tar_bytes({"x.txt": CABLE}, "w:xz"))), "-")
    assert isinstance(member, Member)


def test_names_in_archives_are_shown_on_one_line() -> None:
    files, _ = found(tar_bytes({"a\nb\x1b.txt": CABLE}), "a.tar")
    assert list(files) == ["a.tar!a?b?.txt"]


FILES = {"a/x.txt": CABLE, "y.txt": OTHER, "z.zip": zip_bytes({"w.txt": CABLE})}
WHOLE = {"zip": zip_bytes(FILES)} | {kind: pack(tar_bytes(FILES)) for kind, pack in {"tar": bytes, **PACKERS}.items()}


@given(st.data())
@settings(deadline=None)
def test_a_mutated_archive_gives_cables_and_errors_only(data: st.DataObject) -> None:
    whole = WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))]
    changed = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(1, 4))):
        if changed:
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    errors: list[InputError] = []
    list(read_bytes(bytes(changed), "a", on_error=errors.append))
    assert all("\n" not in str(error) for error in errors)


def test_all_real_pages_are_read_from_their_archive_without_an_error(shared: Path) -> None:
    cables = list(read(shared / "cables" / "cablegate-pages.tar.xz"))
    assert len(cables) == 1269
    assert all(cable.reader == "page" and cable.body_start is not None for cable in cables)
    assert all(cable.claimed_mrn == Path(cable.source).stem for cable in cables)
    assert all(cable.claimed_sent and cable.claimed_post and cable.claimed_classification for cable in cables)
