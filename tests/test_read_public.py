"""The public functions of reftel.read: every format by its content, bad input told and passed over."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read import read, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "FM AMEMBASSY LISBON\nTO SECSTATE WASHDC\n\n1. MINISTER AGREED TO THE TALKS.\n\nDALY\n"
PAGE = (
    "<?xml version='1.0' encoding='utf-8' ?>\n<html><body>\n<table class='cable'>\n"
    "<tr><th>Reference ID</th>\n<th>Created</th></tr>\n"
    "<tr><td><a href='x'>09LISBON12</a></td>\n<td>2009-01-26 16:04</td></tr></table>\n"
    "<code><pre>FM AMEMBASSY LISBON&#x000A;TO SECSTATE WASHDC</pre></code>\n"
    "<code><pre>S E C R E T LISBON 000012 &#x000A;<a id='par1' href='#par1'>¶</a>1. (S) He left. "
    "&#x000A;DALY</pre></code>\n"
    "</body></html>\n"
)
ROW = '"1","12/28/1966 18:48","66LIMA1","Embassy Lima","SECRET","","FM LIMA","1. MINISTER AGREED."\n'
LAYOUT = (
    "<code><pre>SECRET [LOC LISBON  ] 000012 <a id='par1' href='#par1'>¶</a>1 . \n"
    "( S ) He left . \nDALY</pre></code> \n"
)


@pytest.mark.parametrize(("data", "reader"), [(TEXT, "text"), (PAGE, "page"), (ROW, "table"), (LAYOUT, "brackets")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_format_is_told_by_its_content_in_every_encoding(data: str, reader: str, encoding: str) -> None:
    (cable,) = read_bytes(data.encode(encoding), "no-suffix")
    assert cable.reader == reader
    assert "LISBON" in cable.text or "LIMA" in cable.text


BAD = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "paper.pdf": b"%PDF-1.7\n1 0 obj",
    "program": b"\x7fELF" + bytes(100),
    "base.sqlite": b"SQLite format 3\0" + bytes(100),
    "page.html": b"<!DOCTYPE html><html><body><p>Welcome to our pages about cables.</p></body></html>",
    "cut.html": PAGE[: PAGE.index("<code>") - 20].encode(),
    "numbers.txt": b"1 2 3\n4 5 6\n7 8 9\n",
    "code.py": b"import os\n\n\ndef run(path):\n    return os.stat(path)\n",
    "data.json": b'{"mrn": "09LISBON12", "title": "He left."}',
    "row.csv": ROW.encode().replace(b'"SECRET",', b""),
    "long.txt": b"a" * 9_000_000,
    "broken.zip": b"PK\x03\x04" + bytes(100),
    "broken.gz": b"\x1f\x8b\x08" + bytes(100),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line_with_where_what_and_remedy(name: str) -> None:
    errors: list[InputError] = []
    assert list(read_bytes(BAD[name], name, on_error=errors.append)) == []
    (error,) = errors
    assert str(error).startswith(name)
    assert error.what
    assert error.remedy
    assert "\n" not in str(error)
    assert len(str(error)) < 250


def test_all_other_inputs_are_read(tmp_path: Path) -> None:
    for name, data in BAD.items():
        (tmp_path / name).write_bytes(data)
    for name, text in {"a.txt": TEXT, "m.html": PAGE, "z.csv": ROW, "zz.txt": LAYOUT}.items():
        (tmp_path / name).write_text(text, "utf-8")
    errors: list[InputError] = []
    cables = list(read(tmp_path, on_error=errors.append))
    assert [cable.reader for cable in cables] == ["text", "page", "table", "brackets"]
    assert len(errors) == len(BAD)


def test_without_a_listener_the_error_is_raised_where_it_occurs(tmp_path: Path) -> None:
    for name, data in {"a.txt": TEXT.encode(), "b.txt": b"", "c.txt": TEXT.encode()}.items():
        (tmp_path / name).write_bytes(data)
    cables = read(str(tmp_path))
    assert next(cables).source.endswith("a.txt")
    with pytest.raises(InputError, match=r"b\.txt: it is empty"):
        next(cables)


def test_a_cut_page_is_both_read_and_reported() -> None:
    errors: list[InputError] = []
    (cable,) = read_bytes(PAGE[: PAGE.index("par1'")].encode(), "09LISBON12.html", on_error=errors.append)
    assert cable.claimed_mrn == "09LISBON12"
    assert len(errors) == 1


def test_a_line_of_a_hundred_megabytes_is_refused_without_being_held() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    source = Endless()
    tracemalloc.start()
    with pytest.raises(InputError, match="over 8 MB"):
        list(read(source))  # type: ignore[arg-type]  # a raw stream will do
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert source.given < 20_000_000
    assert peak < 60_000_000


def test_a_large_table_in_an_archive_is_read_without_being_held(tmp_path: Path) -> None:
    row = ROW.replace("1. MINISTER", "1. MINISTER " * 1000)
    with (
        zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive,
        archive.open("cables.csv", "w") as file,
    ):
        for _ in range(2000):
            file.write(row.encode())
    tracemalloc.start()
    count = sum(1 for _ in read(tmp_path / "a.zip"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2000
    assert peak < 5_000_000


@given(st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_an_input_error(data: bytes) -> None:
    errors: list[InputError] = []
    for cable in read_bytes(data, "x", on_error=errors.append):
        cable.text.encode()
    assert all("\n" not in str(error) for error in errors)


@given(st.sampled_from([TEXT, PAGE, ROW * 2, LAYOUT]), st.data())
def test_random_changes_raise_nothing_but_an_input_error(whole: str, data: st.DataObject) -> None:
    written = whole.encode()
    begin = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(begin, len(written)))
    between = data.draw(st.one_of(st.binary(max_size=20), st.just(written[begin:end] * 2), st.just(written[:begin])))
    for cable in read_bytes(written[:begin] + between + written[end:], "x", on_error=lambda _: None):
        assert isinstance(cable, RawCable)
        assert 0 <= (cable.body_start or 0) <= len(cable.text)
        assert "\r" not in cable.text
        cable.text.encode()
