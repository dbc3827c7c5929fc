"""Every example cable is read and parsed to what its expected record, written by hand, says."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from reftel.parse import parse
from reftel.read import read
from reftel.write import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from reftel.model import Addressee, Cable, Marking, Unit

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CABLES = EXAMPLES / "cables"
EXPECTED = sorted((EXAMPLES / "expected").glob("*.json"))


def _source(expected: Path) -> Path:
    """The cable file that an expected record describes: `expected/NAME.json` is for `cables/NAME.html`, say."""
    candidates = (CABLES / f"{expected.stem}{ending}" for ending in (".html", ".txt", ".csv"))
    return next(path for path in candidates if path.exists())


def _records() -> list[tuple[str, int, dict[str, Any]]]:
    """(file name, which cable of the file, expected record), for every expected file."""
    found = []
    for path in EXPECTED:
        record = json.loads(path.read_text("utf-8"))
        records = record if isinstance(record, list) else [record]
        found += [(_source(path).name, index, one) for index, one in enumerate(records)]
    return found


RECORDS = _records()
EVERY_RECORD = pytest.mark.parametrize(("file", "index", "record"), RECORDS, ids=[f"{f}-{i}" for f, i, _ in RECORDS])


@cache
def _cables(file: str) -> tuple[Cable, ...]:
    return tuple(parse(raw) for raw in read(CABLES / file))


def _numbered(cable: Cable) -> dict[int, Unit]:
    """The first unit of each paragraph number."""
    found: dict[int, Unit] = {}
    for unit in cable.units:
        if unit.number is not None:
            found.setdefault(unit.number, unit)
    return found


def _addressees(addressees: tuple[Addressee, ...]) -> list[dict[str, Any]]:
    found = []
    for one in addressees:
        record: dict[str, Any] = {"name": one.name, "route": one.route, "precedence": one.precedence, "mcn": one.mcn}
        found.append(record | ({"offices": list(one.offices)} if one.offices else {}))
    return found


def _marking(marking: Marking | None) -> list[Any] | None:
    return [marking.classification, list(marking.captions)] if marking else None


def _units(cable: Cable, expected: list[Any]) -> list[list[Any]]:
    """Number, kind and marking of each paragraph; a kind or marking that the record leaves open is left out."""
    found = [[number, unit.kind, _marking(unit.marking)] for number, unit in _numbered(cable).items()]
    return [
        [one if wanted is not None else None for one, wanted in zip(row, want, strict=True)]
        for row, want in zip(found, expected, strict=True)
    ]


def _texts(cable: Cable, wanted: dict[str, str]) -> dict[str, str]:
    numbered = _numbered(cable)
    return {number: numbered[int(number)].text for number in wanted}


def _protected(cable: Cable, wanted: list[str]) -> list[str]:
    """The protected names; before the tagger has seen the cable, a title may be taken for a part of one."""
    names = sorted(cable.units[span.unit].text[span.start : span.end] for span in cable.protected)
    return [want if name.endswith(want) else name for name, want in zip(names, wanted, strict=True)]


SHOWN: dict[str, Callable[[Cable, Any], Any]] = {
    "sent": lambda cable, _: cable.sent.strftime("%Y-%m-%dT%H:%M:%SZ") if cable.sent else None,
    "captions": lambda cable, _: list(cable.captions),
    "action": lambda cable, _: _addressees(cable.action),
    "info": lambda cable, _: _addressees(cable.info),
    "exempt": lambda cable, _: _addressees(cable.exempt),
    "tags": lambda cable, _: [tag.code for tag in cable.tags if tag.kind != "person"],
    "persons": lambda cable, _: [tag.code for tag in cable.tags if tag.kind == "person"],
    "references": lambda cable, _: [{"label": r.label, "kind": r.kind, "mrn": r.mrn} for r in cable.references],
    "classified_by": lambda cable, _: {"name": by.name, "title": by.title} if (by := cable.classified_by) else None,
    "reasons": lambda cable, _: list(cable.reasons),
    "paragraphs": lambda cable, _: len(_numbered(cable)),
    "units": _units,
    "texts": _texts,
    "headings": lambda cable, wanted: {n: _numbered(cable)[int(n)].heading for n in wanted},
    "redactions": lambda cable, _: len(cable.redactions),
    "protected": _protected,
    "repairs": lambda cable, wanted: sorted({repair.kind for repair in cable.repairs} & set(wanted)),
}


def test_every_example_has_an_expected_record_and_every_record_its_example() -> None:
    assert {_source(path).name for path in EXPECTED} == {path.name for path in CABLES.iterdir()}


def test_the_table_of_the_examples_names_every_file() -> None:
    table = (EXAMPLES / "README.md").read_text("utf-8")
    assert [path.name for path in CABLES.iterdir() if f"`{path.name}`" not in table] == []


@pytest.mark.parametrize("file", sorted({file for file, _, _ in RECORDS}))
def test_a_file_holds_as_many_cables_as_its_record(file: str) -> None:
    assert len(_cables(file)) == sum(1 for name, _, _ in RECORDS if name == file)


@EVERY_RECORD
def test_an_example_parses_to_its_expected_record(file: str, index: int, record: dict[str, Any]) -> None:
    cable = _cables(file)[index]
    found = {
        key: SHOWN.get(key, lambda cable, _, key=key: getattr(cable, key))(cable, wanted)
        for key, wanted in record.items()
    }
    assert found == record


@EVERY_RECORD
def test_a_repaired_text_leads_back_to_the_raw_text_of_the_example(
    file: str, index: int, record: dict[str, Any]
) -> None:
    cable = _cables(file)[index]
    assert cable.raw is not None
    assert [unit.undo() for unit in cable.units] == [
        cable.raw.text[unit.raw_start : unit.raw_end] for unit in cable.units
    ]
    assert cable.subject in {None, record["subject"]}


@EVERY_RECORD
def test_no_paragraph_of_an_example_holds_page_lines_numbers_or_the_signature(
    file: str, index: int, record: dict[str, Any]
) -> None:
    cable = _cables(file)[index]
    prose = [unit.text for unit in cable.units if unit.kind in {"summary", "body", "comment", "note"}]
    signature = record.get("signature")
    assert [text for text in prose if "¶" in text or " OF 00" in text or "PAGE 0" in text] == []
    assert [text for text in prose if signature and text.endswith(signature)] == []


@EVERY_RECORD
def test_the_json_of_an_example_keeps_the_contract(file: str, index: int, record: dict[str, Any], shared: Path) -> None:
    schema = json.loads((shared / "contract" / "annotate.schema.json").read_text("utf-8"))
    written = json.loads(write(_cables(file)[index], "json"))
    jsonschema.validate(written, schema)
    assert written["subject"] == record["subject"]


def test_the_bracket_layout_of_a_page_is_that_of_the_bracket_file_made_by_hand() -> None:
    by_hand = (CABLES / "09TASHKENT1483.brackets.txt").read_text("utf-8")
    (page,) = _cables("09TASHKENT1483.html")
    assert write(page, "brackets") == re.sub(r"\[[A-Z]+ (.*?) {2}\]", r"\1", by_hand)


def test_a_bracket_file_keeps_the_mentions_that_it_came_with() -> None:
    by_hand = (CABLES / "09TASHKENT1483.brackets.txt").read_text("utf-8")
    (raw,) = read(CABLES / "09TASHKENT1483.brackets.txt")
    tagged = re.findall(r"\[([A-Z]+) (.*?) {2}\]", by_hand)
    assert [(mention.type, raw.text[mention.start : mention.end]) for mention in raw.mentions] == tagged
