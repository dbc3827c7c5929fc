"""The same cable twice: versions are linked, and their differences told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import reftel
from reftel.archive import open_archive
from reftel.archive.versions import diff
from reftel.model import RawCable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive import Archive

PARAGRAPHS = (
    "The harbour master of Port Elm told us that no ship had left since Friday, and that none would before the tide.",
    "His deputy, who joined late, disagreed: two trawlers had slipped out at night, with their lamps covered.",
    "The Consulate will send an officer to the quay at dawn, and report what he finds there by separate telegram.",
    "Port Elm has seen quieter autumns than this one, and it has seen harbour masters who kept better count.",
)


def body(*paragraphs: str, first: str = "UNCLAS BERN 000077", more: str = "") -> str:
    numbered = "\n\n".join(f"{number}. {text}" for number, text in enumerate(paragraphs, 1))
    return f"{first}\n{more}\nE.O. 12958: N/A\nTAGS: PREL, SZ\nSUBJECT: A QUIET HARBOUR\n\n{numbered}\n"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", create=True) as opened:
        yield opened


def add(archive: Archive, text: str, *, mrn: str = "09BERN77") -> int:
    raw = RawCable(f"{mrn}-{len(archive)}.txt", "text", text, claimed_mrn=mrn)
    with archive.transaction():
        cable_id = archive.add(reftel.parse(raw), parsed_by="p")
        archive.link(cable_id, linked_by="p")
    return cable_id


def test_cables_of_one_number_are_versions_and_both_are_kept(archive: Archive) -> None:
    one = add(archive, body(*PARAGRAPHS))
    two = add(archive, body(*PARAGRAPHS[:3], PARAGRAPHS[3].replace("quieter", "louder")))
    ((other, kind, similarity),) = archive.versions(one)
    assert (other, kind) == (two, "same number")
    assert similarity is not None
    assert 0.6 < similarity < 0.9
    assert archive.versions(two) == [(one, kind, similarity)]


def test_a_corrected_copy_is_one(archive: Archive) -> None:
    one = add(archive, body(*PARAGRAPHS))
    two = add(archive, body(*PARAGRAPHS, first="C O R R E C T E D COPY\n\nUNCLAS BERN 000077"))
    assert archive.versions(one)[0][:2] == (two, "corrected")


def test_a_part_of_a_cable_is_an_extract_of_it(archive: Archive) -> None:
    whole = add(archive, body(*PARAGRAPHS))
    part = add(archive, body(*PARAGRAPHS[:2]))
    assert archive.versions(part)[0][:2] == (whole, "extract")


def test_a_body_filed_under_another_number_is_told(archive: Archive) -> None:
    right = add(archive, body(*PARAGRAPHS), mrn="09BERN77")
    wrong = add(archive, body(*PARAGRAPHS), mrn="09ROME12")
    assert archive.versions(wrong)[0][:2] == (right, "misfiled")


def test_the_same_text_sent_again_under_a_new_number_is_a_retransmission(archive: Archive) -> None:
    header = (
        "VZCZCXYZ0001\nRR RUEHC\nDE RUEHSW #{0:04}/01 0271515\nZNR UUUUU ZZH\nR 271515Z JAN 09\n"
        "FM AMEMBASSY BERN\nTO RUEHC/SECSTATE WASHDC\nBT\n"
    )
    one, two = (
        add(archive, header.format(number) + body(*PARAGRAPHS, first=f"UNCLAS BERN {number:06}"), mrn=f"09BERN{number}")
        for number in (77, 81)
    )
    assert archive.versions(two)[0][:2] == (one, "retransmitted")


def test_cables_that_share_little_are_not_linked(archive: Archive) -> None:
    one = add(archive, body(*PARAGRAPHS))
    add(archive, body(PARAGRAPHS[0], *(text[::-1] for text in PARAGRAPHS), first="UNCLAS BERN 000078"), mrn="09BERN78")
    assert archive.versions(one) == []


def test_a_stock_paragraph_of_many_cables_links_none(archive: Archive) -> None:
    for number in range(15):
        own = f"Day {number} of the strike at the docks of Port Elm brought {number} new demands, and no answer to one."
        last = add(
            archive, body(own, PARAGRAPHS[0], first=f"UNCLAS BERN {number + 100:06}"), mrn=f"09BERN{number + 100}"
        )
    assert archive.versions(last) == []


def test_a_redaction_is_never_filled_from_a_twin(archive: Archive) -> None:
    open_text = add(archive, body(*PARAGRAPHS))
    redacted = add(archive, body(*PARAGRAPHS[:1], PARAGRAPHS[1].replace("His deputy", "xxxxxxxxxxxx"), *PARAGRAPHS[2:]))
    assert archive.versions(redacted)[0][0] == open_text
    assert "xxxxxxxxxxxx" in " ".join(unit.text for unit in archive.cable(redacted).units)
    assert "deputy" not in " ".join(unit.text for unit in archive.cable(redacted).units)


def test_a_diff_tells_stretch_by_stretch_what_changed() -> None:
    one = reftel.parse(body(*PARAGRAPHS[:3]))
    two = reftel.parse(body(PARAGRAPHS[0], PARAGRAPHS[1].replace("two", "three"), *PARAGRAPHS[2:]))
    steps = [(step.kind, len(step.first), len(step.second)) for step in diff(one, two)]
    assert [kind for kind, _, _ in steps] == ["equal", "replaced", "equal", "added"]
    assert steps[1][1:] == (1, 1)


def test_linking_again_gives_the_same_links(archive: Archive) -> None:
    ids = [add(archive, body(*PARAGRAPHS)), add(archive, body(*PARAGRAPHS[:2]))]
    before = archive.versions(ids[0])
    with archive.transaction():
        archive.link(ids[0], linked_by="q")
    assert archive.versions(ids[0]) == before
