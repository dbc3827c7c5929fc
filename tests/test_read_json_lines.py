"""JSON lines: a cable a line, and an error for each line that is none."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from reftel.read import read, read_bytes
from reftel.read.recognise import REMEDY

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.errors import InputError
    from reftel.model import RawCable

TEXT = "1. (C) The harbor master told Poloff that the ferry would sail on Monday, whatever the weather did."
PAGE = f"<!DOCTYPE html><html><body><pre>{TEXT.replace('. ', '.&#x000A;')}</pre></body></html>"


def cables(*lines: Any) -> list[RawCable]:
    data = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read(io.BytesIO(data.encode())))


def errors(*lines: Any) -> list[str]:
    data = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in ({"text": TEXT}, *lines))
    told: list[InputError] = []
    assert len(list(read_bytes(data.encode(), "a.jsonl", on_error=told.append))) == 1
    return [str(each) for each in told]


def test_an_object_with_a_text_is_a_cable_and_what_it_claims_is_kept() -> None:
    row = {"mrn": "08OSLO412", "date": "2008-06-12T11:14:00+02:00", "origin": "Embassy Oslo", "text": TEXT, "x": 1}
    (cable,) = cables({**row, "classification": "CONFIDENTIAL"})
    assert (cable.reader, cable.text, cable.body_start) == ("jsonl", TEXT, None)
    assert (cable.claimed_mrn, cable.claimed_post, cable.claimed_classification) == (
        "08OSLO412",
        "Embassy Oslo",
        "CONFIDENTIAL",
    )
    assert cable.claimed_sent == datetime(2008, 6, 12, 9, 14, tzinfo=UTC)
    assert cable.source.endswith("line 1")


def test_header_and_body_may_stand_apart() -> None:
    (cable,) = cables({"header": "O 121114Z JUN 08\nFM AMEMBASSY OSLO", "body": TEXT, "id": 7})
    assert cable.body_start is not None
    assert cable.text[cable.body_start :] == TEXT
    assert cable.claimed_mrn is None


def test_a_page_in_an_object_is_read_as_a_page() -> None:
    (cable,) = cables({"text": PAGE})
    assert cable.reader == "page"
    assert "harbor master told Poloff" in cable.text


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("12/28/1966 18:48", datetime(1966, 12, 28, 18, 48, tzinfo=UTC)),
        ("2008-06-12", datetime(2008, 6, 12, tzinfo=UTC)),
        ("13/45/1966", None),
        ("yesterday", None),
    ],
)
def test_dates_are_read_as_tables_and_iso_write_them(written: str, sent: datetime | None) -> None:
    assert cables({"text": TEXT, "date": written})[0].claimed_sent == sent


def test_each_line_that_is_no_cable_is_one_error_and_the_others_are_read() -> None:
    assert errors('{"text": ', "[1]", {"mrn": "08OSLO412"}, "", {"text": "7 8 9"}) == [
        "a.jsonl line 2: it is no JSON; mend or delete the line",
        "a.jsonl line 3: it is no object with a cable's text (text, body, content); mend or delete the line",
        "a.jsonl line 4: it is no object with a cable's text (text, body, content); mend or delete the line",
        f"a.jsonl line 6: it holds no readable prose; {REMEDY}",
    ]


def test_other_json_is_still_no_cable(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"name": "reftel", "version": 1}')
    told: list[InputError] = []
    assert list(read(tmp_path / "a.json", on_error=told.append)) == []
    assert "it is JSON, not a cable" in str(told[0])
