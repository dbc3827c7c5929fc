from __future__ import annotations

import io
import os
import pickle
import socket
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read import find_inputs, read, read_input
from reftel.read.inputs import Input, inputs

if TYPE_CHECKING:
    from pathlib import Path

CABLE = "1. MINISTER AGREED TO THE TALKS.\n\nDALY\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "cables"
    (top / "b").mkdir(parents=True)
    (top / ".git").mkdir()
    for name in ("b/09PARIS2.txt", "a.txt", "c.txt", ".hidden.txt", ".git/x.txt"):
        (top / name).write_text(CABLE)
    with zipfile.ZipFile(top / "b.zip", "w") as archive:
        archive.writestr("in/09PARIS3.txt", CABLE)
    return top


def names(source: Path) -> list[str]:
    return [item.name for item in inputs(source) if isinstance(item, Input)]


def only_error(source: str | Path) -> InputError:
    (error,) = inputs(source)
    assert isinstance(error, InputError)
    return error


def test_a_folder_gives_its_files_by_name_with_archives_opened_and_hidden_ones_left_out(folder: Path) -> None:
    expected = ["a.txt", "b/09PARIS2.txt", "b.zip!in/09PARIS3.txt", "c.txt"]
    assert names(folder) == [f"{folder}/{name}" for name in expected]


def test_inputs_of_files_and_small_members_can_be_sent_to_another_process(folder: Path) -> None:
    for found in find_inputs(folder):
        (cable,) = read_input(pickle.loads(pickle.dumps(found)))
        assert cable.text == CABLE
        assert cable.source == found.name


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "no such file" in only_error(tmp_path / "x.txt").what
    assert "no such file" in only_error("x" * 20 + "/y.txt").what
    assert only_error("a\0b").where == "a?b"


def test_a_folder_with_nothing_in_it_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    assert "no files" in only_error(tmp_path).what


def test_folders_linked_in_a_circle_are_read_once(folder: Path) -> None:
    (folder / "b" / "up").symlink_to(folder)
    (folder / "itself").symlink_to(folder / "itself")
    found = list(inputs(folder))
    assert len([item for item in found if isinstance(item, Input)]) == 4
    assert [item.where for item in found if isinstance(item, InputError)] == [f"{folder}/itself"]


def test_a_linked_file_is_read_and_a_broken_link_an_error(folder: Path) -> None:
    (folder / "z1.txt").symlink_to(folder / "a.txt")
    (folder / "z2.txt").symlink_to(folder / "nowhere.txt")
    found = list(inputs(folder))
    assert isinstance(found[-2], Input)
    assert isinstance(found[-1], InputError)
    assert "leads nowhere" in found[-1].what


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_pipes_sockets_and_devices_are_passed_over_with_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.pipe")
    (tmp_path / "c.txt").write_text(CABLE)
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's name must be short
        server.bind("b.sock")
        found = list(inputs(tmp_path))
    assert [isinstance(item, InputError) for item in found] == [True, True, False]
    assert "device" in only_error("/dev/null").what


def test_a_file_without_permission_is_an_error_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = io.FileIO

    def refuse(path: Path, mode: str = "r") -> io.FileIO:
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(io, "FileIO", refuse)
    errors: list[InputError] = []
    assert len(list(read(folder, on_error=errors.append))) == 3
    assert [error.what for error in errors] == ["there is no permission to read it"]


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CABLE.encode())))
    (cable,) = read("-")
    assert (cable.source, cable.text) == ("standard input", CABLE)


def test_an_open_stream_is_read_and_left_open(folder: Path) -> None:
    with (folder / "a.txt").open("rb") as stream:
        (cable,) = read(stream)
        assert cable.text == CABLE
        assert not stream.closed
    archive = io.BytesIO((folder / "b.zip").read_bytes())
    (cable,) = read(archive)
    assert cable.source == "the given stream!in/09PARIS3.txt"


def test_a_pipe_that_gives_a_few_bytes_at_a_time_is_recognised_all_the_same() -> None:
    class Slow(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.rest = data

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            piece, self.rest = self.rest[: min(size, 3)], self.rest[min(size, 3) :]
            return piece

    page = f"<html><body><pre>FM AMEMBASSY PARIS\nTO X</pre><pre>{CABLE}</pre></body></html>"
    (cable,) = read(Slow(page.encode()))  # type: ignore[arg-type]  # a raw stream will do
    assert isinstance(cable, RawCable)
    assert cable.reader == "page"
