"""JSON output. The schema of the contract comes through the `shared` fixture; its key lists stand here too."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from reftel.model import (
    Addressee,
    Cable,
    Doubt,
    Edit,
    Entity,
    Marking,
    Meeting,
    Mention,
    Officer,
    RawCable,
    Reference,
    Repair,
    Span,
    Statement,
    Tag,
    Unit,
)
from reftel.write import to_dict, to_json

if TYPE_CHECKING:
    from pathlib import Path

# The keys that every line has, in the order of the contract's example.
KEYS = (
    "mrn sent post classification captions precedence action info tags subject references classified_by reasons "
    "declassify_on sections signature repairs units mentions entities meetings statements"
)
PART_KEYS = {
    "action": "name route precedence mcn",
    "tags": "code kind name",
    "references": "label kind mrn text",
    "repairs": "kind unit before after",
    "units": "kind number marking heading text",
    "mentions": "unit start end type text entity score",
    "entities": "id type name aliases role",
    "meetings": "unit start end participants place date",
    "statements": "unit start end source cue",
}
FULL = Cable(
    mrn="09LILONGWE12",
    sent=datetime(2009, 2, 3, 16, 57, tzinfo=UTC),
    post="Embassy Lilongwe",
    classification="SECRET",
    captions=("NOFORN", "SIPDIS"),
    precedence="PRIORITY",
    action=(Addressee("SECSTATE WASHDC", "RUEHC", "PRIORITY", "1402", ("JF", "UNMA")),),
    tags=(Tag("PREL", "subject", "External Political Relations"),),
    subject="VISIT TO LODGE TWELVE",
    references=(Reference("A", "cable", "09LILONGWE9", "LILONGWE 9"),),
    classified_by=Officer("Tina Berg", "Pol-Mil Counselor"),
    reasons=("1.4(b)",),
    declassify_on="2019-02-03",
    sections=2,
    signature="LIND",
    doubts=(Doubt("number", "The header says 13."),),
    outer_repairs=(Repair("id", None, None, "LILOGWE", "LILONGWE"),),
    units=(
        Unit("subject", "VISIT TO LODGE TWELVE", raw_end=21),
        Unit(
            "body",
            "Kenji Oda left.",
            1,
            Marking("SECRET", ("NOFORN",)),
            "Talks",
            22,
            38,
            (Edit("wrap", 5, " \n", " "),),
        ),
    ),
    redactions=(Span(1, 0, 5),),
    mentions=(Mention(1, 0, 9, "PER", "Kenji Oda", "e1", 0.98, "tagger"),),
    entities=(Entity("e1", "PER", "Kenji Oda", ("Oda",), "Minister"),),
    meetings=(Meeting(1, 0, 15, ("e1",), None, "2009-02-02"),),
    statements=(Statement(1, 0, 15, "e1", "said"),),
    raw=RawCable("test", "text", "VISIT TO LODGE TWELVE\nKenji \nOda left."),
)


def test_a_line_has_the_contracts_keys_in_the_contracts_order() -> None:
    keys = list(to_dict(FULL))
    assert [key for key in keys if key in KEYS.split()] == KEYS.split()


@pytest.mark.parametrize("key", PART_KEYS)
def test_the_parts_have_the_contracts_keys(key: str) -> None:
    parts: Any = to_dict(FULL)[key]
    assert [name for name in parts[0] if name in PART_KEYS[key].split()] == PART_KEYS[key].split()


def test_what_leads_back_to_the_raw_text_is_left_out() -> None:
    left_out = {"raw", "raw_start", "raw_end", "edits", "outer_repairs"}
    units: Any = to_dict(FULL)["units"]
    assert not left_out & (set(to_dict(FULL)) | set(units[0]))


def test_a_line_is_the_dict_and_has_no_line_feed() -> None:
    assert json.loads(to_json(FULL)) == to_dict(FULL)
    assert "\n" not in to_json(FULL)


def test_repairs_are_the_headers_and_then_the_units() -> None:
    assert to_dict(FULL)["repairs"] == [
        {"kind": "id", "unit": None, "start": None, "before": "LILOGWE", "after": "LILONGWE"},
        {"kind": "wrap", "unit": 1, "start": 5, "before": " \n", "after": " "},
    ]


def test_a_datetime_is_written_in_utc() -> None:
    east = datetime(2009, 2, 3, 18, 57, tzinfo=timezone(timedelta(hours=2)))
    assert to_dict(Cable(sent=east))["sent"] == "2009-02-03T16:57:00Z"


def test_letters_stand_as_they_are_and_lone_surrogates_are_escaped() -> None:
    line = to_json(Cable(subject="Çankaya \ud83d \U0001f600"))
    assert "Çankaya \\ud83d \U0001f600" in line
    assert json.loads(line.encode("utf-8"))["subject"] == "Çankaya \ud83d \U0001f600"


def test_a_cable_of_which_nothing_is_known_has_the_same_keys() -> None:
    empty = to_dict(Cable())
    assert list(empty) == list(to_dict(FULL))
    assert (empty["mrn"], empty["units"], empty["mentions"], empty["classified_by"]) == (None, [], [], None)


@pytest.mark.parametrize("cable", [FULL, Cable()])
def test_a_line_is_valid_by_the_contracts_schema(cable: Cable, shared: Path) -> None:
    schema = json.loads((shared / "contract" / "annotate.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(to_json(cable)))
    assert set(schema["required"]) == set(KEYS.split())
