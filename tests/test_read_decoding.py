from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.read.decoding import MAX_CABLE, decode, encoding_of, lines

TEXT = "The Chargé d’affaires called.\nHe “saw” the Minister – twice.\n"


def read(data: bytes) -> str:
    return "".join(lines(io.BytesIO(data), encoding_of(data[:1000]), "a.txt"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_every_encoding_that_collections_come_in_gives_the_same_text(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"])
def test_line_ends_become_line_feeds_and_nothing_else_changes(end: str) -> None:
    text = "One  two\t\n\n three \x0c four\u2028five\x85six \n"
    assert read(text.replace("\n", end).encode()) == text


def test_a_line_in_another_encoding_does_not_spoil_the_others() -> None:
    assert read("é one\n".encode() + "é two\n".encode("cp1252")) == "é one\né two\n"


def test_a_character_cut_in_utf_8_does_not_spoil_its_line() -> None:
    assert read("éàü and é".encode()[:-1]) == "éàü and \ufffd"


def test_bytes_that_windows_1252_does_not_define_become_the_replacement_character() -> None:
    assert read(b"a \x81 \xe9 b") == "a \ufffd é b"


def test_surrogates_in_pairs_are_joined_and_lone_ones_replaced() -> None:
    pair = "\ud83d\ude00".encode("utf-8", "surrogatepass")
    lone = "\udcff".encode("utf-8", "surrogatepass")
    assert read(b"a " + pair + b" b " + lone) == "a \U0001f600 b \ufffd"
    assert read("a ".encode("utf-16") + b"\x00\xd8") == "a \ufffd"


def test_a_nul_is_replaced() -> None:
    assert read(b"one \0 two") == "one \ufffd two"


def test_a_byte_order_mark_at_the_start_of_a_line_is_dropped() -> None:
    assert read("\ufeffone\n\ufefftwo\n".encode()) == "one\ntwo\n"


def test_a_line_longer_than_a_cable_comes_in_pieces() -> None:
    data = b"a" * (MAX_CABLE + 5)
    assert [len(line) for line in lines(io.BytesIO(data), "utf-8", "a.txt")] == [MAX_CABLE, 5]


def test_a_damaged_stream_is_one_clear_error() -> None:
    class Broken(io.BytesIO):
        def readline(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output\nerror")

    with pytest.raises(InputError) as error:
        list(lines(Broken(), "utf-8", "a.txt"))
    assert "\n" not in str(error.value)
    assert error.value.where == "a.txt"


@given(st.binary(max_size=300))
def test_any_bytes_become_text_that_can_be_written_as_utf_8(data: bytes) -> None:
    encoding = encoding_of(data)
    for text in (decode(data, encoding), "".join(lines(io.BytesIO(data), encoding, "a"))):
        assert "\r" not in text
        assert "\0" not in text
        text.encode()
