from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reftel.errors import ModelError
from reftel.tag.model import Span, Tagger, load_tagger

CABLE = [
    "FOREIGN MINISTER OKONJO SEES NO QUICK END TO BORDER TALKS WITH CHAD",
    "Political Counselor Jane Whitfield for reasons 1.4 (b) and (d).",
    (
        "(C) Summary: Foreign Minister Peter Okonjo told Ambassador Harlan on March 3 that Nigeria will not reopen "
        "the border with Chad before the African Union mission reports. Okonjo's staff doubted it."
    ),
    (
        "(S/NF) The Nigerian side, he said, had asked xxxxxxxxxxxx of the Ministry of Foreign Affairs to draft it. "
        "The Chadians wanted U.S. support and had talked to USAID and the World Bank in Abuja."
    ),
    "HARLAN",
]
OTHERS = [
    ["Minister Maria Duarte met the German Ambassador in Lisbon.", "(U) The European Commission will decide in May."],
    ["THE EMBASSY IN OSLO REPORTS THAT NORWAY AND THE SOVIET UNION WILL MEET IN GENEVA."],
    ["", "Nothing here."],
    ["(C) " + "The Government of Peru welcomed the visit of Deputy Secretary Brandt to Lima and Cusco. " * 40],
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(threads=1)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    with resources.as_file(resources.files("reftel") / "data" / "models" / "default") as folder:
        return Path(shutil.copytree(folder, tmp_path / "model"))


def names(texts: list[str], spans: list[list[Span]]) -> set[tuple[str, str]]:
    return {(t[s.start : s.end], s.type) for t, own in zip(texts, spans, strict=True) for s in own}


def test_people_places_organisations_and_other_names_are_found(tagger: Tagger) -> None:
    found = names(CABLE, tagger.spans(CABLE))
    assert found >= {
        ("Peter Okonjo", "PER"),
        ("Okonjo", "PER"),
        ("Harlan", "PER"),
        ("HARLAN", "PER"),
        ("Nigeria", "LOC"),
        ("Nigerian", "MISC"),
        ("African Union", "ORG"),
        ("Ministry of Foreign Affairs", "ORG"),
        ("CHAD", "LOC"),
    }


def test_portion_marks_and_redactions_are_no_names(tagger: Tagger) -> None:
    found = {text for text, _ in names(CABLE, tagger.spans(CABLE))}
    assert not [text for text in found if "xxx" in text or "S/NF" in text or text in {"C", "S"}]


def test_spans_are_in_order_and_never_overlap(tagger: Tagger) -> None:
    for own in tagger.spans(CABLE):
        for one, next_one in pairwise(own):
            assert one.end <= next_one.start


def test_a_score_is_a_probability(tagger: Tagger) -> None:
    scores = [s.score for own in tagger.spans(CABLE) for s in own]
    assert scores
    assert all(0 <= score <= 1 for score in scores)


def test_neighbours_in_the_batch_change_nothing(tagger: Tagger) -> None:
    alone = tagger.spans(CABLE)
    crowd = [*OTHERS, CABLE, *OTHERS[::-1], CABLE, *OTHERS * 20]
    answers = list(tagger.spans_many(crowd))
    assert answers[len(OTHERS)] == alone
    assert answers[2 * len(OTHERS) + 1] == alone
    assert answers[: len(OTHERS)] == [tagger.spans(texts) for texts in OTHERS]


def test_the_number_of_threads_changes_nothing(tagger: Tagger) -> None:
    crowd = [CABLE, *OTHERS]
    assert list(load_tagger(threads=2).spans_many(crowd)) == list(tagger.spans_many(crowd))


def test_bulk_reads_lazily(tagger: Tagger) -> None:
    def endless() -> object:
        while True:
            yield CABLE

    stream = tagger.spans_many(endless())  # type: ignore[arg-type]
    assert next(stream) == tagger.spans(CABLE)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", " ", "\n\n"],
        ["\x00\x01\x02", "\ufeff", "\u200b"],
        ["\ud800 lone \udfff surrogates of Iran"],
        ["東京 and Zürich and 😀"],
        ["(((((" * 300],
    ],
)
def test_odd_texts_are_tagged_without_an_exception(tagger: Tagger, texts: list[str]) -> None:
    assert len(tagger.spans(texts)) == len(texts)


@pytest.mark.parametrize("line", ["x" * 1_000_000, "a. " * 4_000, "." * 20_000])
def test_a_very_long_line_is_tagged_without_an_exception(tagger: Tagger, line: str) -> None:
    assert len(tagger.spans([line])) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=200), max_size=4))
def test_offsets_lie_in_the_text_and_hold_no_outer_space(tagger: Tagger, texts: list[str]) -> None:
    for text, own in zip(texts, tagger.spans(texts), strict=True):
        for span in own:
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]


def test_shuffled_cables_keep_their_answers(tagger: Tagger) -> None:
    crowd = [CABLE, *OTHERS] * 3
    order = list(range(len(crowd)))
    random.Random(5).shuffle(order)  # the order need not be secret
    plain = list(tagger.spans_many(crowd))
    assert list(tagger.spans_many([crowd[i] for i in order])) == [plain[i] for i in order]


def test_the_version_names_the_model_and_its_digest(tagger: Tagger) -> None:
    name, digest = tagger.version.rsplit("-", 1)
    assert name
    assert len(digest) == 12


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json: No such file") as caught:
        load_tagger(tmp_path / "nowhere")
    assert "\n" not in str(caught.value)


def test_damaged_weights_are_one_clear_error(copied: Path) -> None:
    weights = bytearray((copied / "weights.onnx").read_bytes())
    weights[len(weights) // 2] ^= 1
    (copied / "weights.onnx").write_bytes(weights)
    with pytest.raises(ModelError, match=r"weights\.onnx: damaged"):
        load_tagger(copied)


def test_a_manifest_that_is_no_manifest_is_one_clear_error(copied: Path) -> None:
    for text in ("", "[]", "{}", '{"files": {"weights.onnx": 1}}'):
        (copied / "manifest.json").write_text(text)
        with pytest.raises(ModelError, match="not a model's manifest"):
            load_tagger(copied)


def test_weights_that_onnxruntime_refuses_are_one_clear_error(copied: Path) -> None:
    (copied / "weights.onnx").write_bytes(b"no network")
    manifest = json.loads((copied / "manifest.json").read_text())
    manifest["files"]["weights.onnx"]["sha256"] = hashlib.sha256(b"no network").hexdigest()
    (copied / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="onnxruntime refuses it"):
        load_tagger(copied)


def test_importing_the_tagger_does_not_import_onnxruntime() -> None:
    code = "import sys, reftel.tag.model; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_shipped_weights_are_small(copied: Path) -> None:
    assert (copied / "weights.onnx").stat().st_size <= 30_000_000
