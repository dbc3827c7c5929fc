from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read.decoding import MAX_CABLE
from reftel.read.table import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = "R 281848Z DEC 66\nFM AMEMBASSY LIMA\nTO SECSTATE WASHDC"


def row(number: int, body: str = "1. MINISTER AGREED.", header: str = HEADER, **changes: str) -> str:
    fields = [
        str(number),
        "12/28/1966 18:48",
        f"66LIMA{number}",
        "Embassy Lima",
        "SECRET",
        "66STATE106206|66LIMA1",
        header,
        body,
    ]
    for column, value in changes.items():
        fields[int(column[1:])] = value
    return (
        ",".join(f'"{field.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"' for field in fields)
        + "\n"
    )


def read(text: str) -> list[RawCable | InputError]:
    return list(read_rows(io.StringIO(text, newline="\n"), "cables.csv"))


def test_a_row_is_a_cable_with_its_claims() -> None:
    (cable,) = read(row(1, 'He said "no".\nThen\\he left.'))
    assert isinstance(cable, RawCable)
    assert cable.text == f'{HEADER}\n\nHe said "no".\nThen\\he left.'
    assert cable.text[cable.body_start :].startswith("He said")
    assert cable.claimed_mrn == "66LIMA1"
    assert cable.claimed_sent == datetime(1966, 12, 28, 18, 48, tzinfo=UTC)
    assert (cable.claimed_post, cable.claimed_classification) == ("Embassy Lima", "SECRET")
    assert (cable.source, cable.reader) == ("cables.csv row 1", "table")


def test_doubled_quotation_marks_and_bare_fields_are_read_too() -> None:
    (cable,) = read('7,12/28/1966 18:48,66LIMA7,Embassy Lima,SECRET,,,"He said ""no"", and left"\n')
    assert isinstance(cable, RawCable)
    assert cable.text == 'He said "no", and left'
    assert cable.body_start is None


def test_a_row_of_names_is_let_pass() -> None:
    found = read('"id","date","mrn","origin","classification","references","header","body"\n' + row(1))
    assert [cable.source for cable in found if isinstance(cable, RawCable)] == ["cables.csv row 2"]
    assert len(found) == 1


@pytest.mark.parametrize(
    "bad",
    [
        '"2","12/28/1966 18:48","66LIMA2","Embassy Lima","SECRET"\n',
        '"2","12/28/1966 18:48","66LIMA2","Embassy Lima","SECRET","","header, not closed\nand more\n',
        row(2).rstrip("\n") + ',"one more"\n',
        row(2, "", ""),
        'some damaged "words, and\n',
    ],
)
def test_a_damaged_row_is_an_error_and_costs_no_other(bad: str) -> None:
    found = read(row(1) + bad + row(3) + row(4))
    cables = [item.claimed_mrn for item in found if isinstance(item, RawCable)]
    (error,) = [item for item in found if isinstance(item, InputError)]
    assert cables == (["66LIMA1", "66LIMA3", "66LIMA4"])
    assert error.where == "cables.csv row 2"


def test_a_row_longer_than_a_cable_can_be_is_an_error_and_costs_no_other() -> None:
    found = read(row(1) + row(2, "many words\n" * (MAX_CABLE // 10)) + row(3))
    assert [type(item) for item in found] == [RawCable, InputError, RawCable]


def test_a_cable_longer_than_the_csv_modules_limit_is_read_and_the_limit_left_alone() -> None:
    before = 131_072  # the module's own; a library that another test imports may have raised it
    csv.field_size_limit(before)
    (cable,) = read(row(1, "MINISTER AGREED AGAIN. " * 20_000))
    assert isinstance(cable, RawCable)
    assert len(cable.text) > before
    assert csv.field_size_limit() == before


def test_a_date_that_is_none_claims_nothing() -> None:
    (cable,) = read(row(1, c1="02/30/1966 18:48"))
    assert isinstance(cable, RawCable)
    assert cable.claimed_sent is None


def test_rows_are_read_one_at_a_time() -> None:
    def endless() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield from row(number).splitlines(keepends=True)

    rows = read_rows(endless(), "cables.csv")
    assert [next(rows).claimed_mrn for _ in range(3)] == ["66LIMA1", "66LIMA2", "66LIMA3"]  # type: ignore[union-attr]


@given(
    st.lists(st.text(max_size=40).map(lambda text: text.replace("\r", " ").replace("\0", " ")), min_size=1, max_size=5)
)
def test_every_body_comes_back_as_it_was_written(bodies: list[str]) -> None:
    found = read("".join(row(number, f"x{body}") for number, body in enumerate(bodies)))
    assert [cable.text[cable.body_start :] for cable in found if isinstance(cable, RawCable)] == [
        f"x{body}" for body in bodies
    ]


@given(st.data())
def test_a_mutated_table_gives_cables_and_errors_only(data: st.DataObject) -> None:
    whole = row(1) + row(2, 'a "b"\nc') + row(3)
    at = data.draw(st.integers(0, len(whole)))
    text = whole[:at] + data.draw(st.text(alphabet='",\\\n1x', max_size=5)) + whole[at + data.draw(st.integers(0, 9)) :]
    assert all(isinstance(item, RawCable | InputError) for item in read(text))
