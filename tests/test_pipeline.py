"""The stages in order, over many inputs, in one process or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import reftel
from reftel.pipeline import Job, Outcome, each, run

if TYPE_CHECKING:
    import pytest

PARSED = Job(format="json", tagged=False)


def outcomes(*sources: Path | str, job: Job = PARSED, workers: int = 1) -> list[Outcome]:
    return list(run([str(s) for s in sources], job, workers=workers))


def test_every_example_comes_out(examples: Path) -> None:
    found = outcomes(examples)
    wanted = [raw.source for path in sorted(examples.iterdir()) if path.suffix != ".json" for raw in reftel.read(path)]
    assert [o.source for o in found if o.error is None] == wanted


def test_a_bad_input_is_an_outcome_and_the_others_are_done(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    found = outcomes(tmp_path / "empty.txt", examples / "10BERN77.html", tmp_path / "missing.txt")
    assert [o.error is None for o in found] == [False, True, False]
    assert "empty.txt" in (found[0].error or "")


def test_an_input_with_one_cable_names_its_file(examples: Path) -> None:
    assert [o.stem for o in outcomes(examples / "1975LUSAKA01874.txt")] == ["1975LUSAKA01874"]


def test_an_input_with_several_cables_names_files_by_number(examples: Path) -> None:
    stems = [o.stem for o in outcomes(examples / "cables.csv")]
    assert len(stems) > 1
    assert all(stem[:2].isdigit() for stem in stems)


def test_several_processes_give_the_same_as_one(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    job = Job(format="brackets", tagged=True)
    sources = (examples, tmp_path / "empty.txt", examples)
    assert outcomes(*sources, job=job, workers=2) == outcomes(*sources, job=job)


def test_a_fault_in_one_cable_does_not_take_the_others(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(raw: reftel.RawCable) -> reftel.Cable:
        if "BERN" in raw.source:
            raise ZeroDivisionError("by a fault of ours")
        return reftel.parse(raw)

    monkeypatch.setattr(each, "parse", faulty)
    found = outcomes(examples)
    assert [Path(o.source).name for o in found if o.error] == ["10BERN77.html"]
    assert "please report it" in next(o.error for o in found if o.error)


def test_annotate_takes_texts_raw_cables_and_cables(examples: Path) -> None:
    raw = next(iter(reftel.read(examples / "10BERN77.html")))
    text, from_raw, from_cable = reftel.annotate(["REF: BERN 7", raw, reftel.parse(raw)])
    assert text.references
    assert from_raw == from_cable
    assert from_raw.mentions
