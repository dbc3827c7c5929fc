"""Going on training with marked cables of one's own."""

from __future__ import annotations

import json
import random
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reftel.errors import UsageError
from reftel.evaluate import GoldFile, GoldUnit
from reftel.model import RawMention
from reftel.tag import load_tagger
from reftel.tag.scores import Curve
from reftel.tag.windows import read_words, rows, windows
from reftel.tag.wordpiece import WordPiece
from reftel.train import train
from reftel.train.calibrate import fitted
from reftel.train.documents import Document, Unit, document, unmarked
from reftel.train.examples import LABELS, Corpus

if TYPE_CHECKING:
    from pathlib import Path

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None or find_spec("onnx") is None, reason="needs the extra: pip install 'reftel[train]'"
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPLIT = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{c}" for c in LETTERS), *".():"])


def gold(number: int) -> GoldFile:
    """A marked cable, in which a made-up word is a place."""
    text = f"(C) Minister Haddad went to Quillon on day {number}."
    mentions = (RawMention(13, 19, "PER"), RawMention(28, 35, "LOC"))
    return GoldFile(f"cable-{number}", (GoldUnit("PARA 1", text, mentions), GoldUnit("PARA 2", "He left.", ())))


def test_names_are_labelled_word_by_word() -> None:
    corpus = Corpus([Document("", (Unit("Ada Quill saw Peru.", ((0, 9, "PER"), (14, 18, "LOC"))),))], SPLIT, share=0.0)
    (example,) = corpus.examples(random.Random(1), (104, 104))
    assert [LABELS[label] for label in example.labels] == ["B-PER", "I-PER", "O", "B-LOC", "O"]
    assert len(example.firsts) == 5
    assert len(example.pieces) % 8 == 0


def test_a_portion_mark_and_a_label_can_be_taken_off() -> None:
    given = Document("", (Unit("(S/NF) Summary: Peru agreed.", ((16, 20, "LOC"),)), Unit("(U) Peru", ((4, 8, "LOC"),))))
    assert unmarked(given).units == (Unit("Peru agreed.", ((0, 4, "LOC"),)), Unit("Peru", ((0, 4, "LOC"),)))


@pytest.mark.parametrize("text", ["Peru agreed.", "(C)", "", "(REL) Peru"])
def test_a_text_without_an_opening_stays(text: str) -> None:
    given = Document("", (Unit(text, ()),))
    assert unmarked(given) == given


def test_a_gold_file_is_a_document() -> None:
    assert document(gold(1)).units[0].marks == ((13, 19, "PER"), (28, 35, "LOC"))


def test_what_is_missing_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reftel.train.find_spec", {}.get)
    with pytest.raises(UsageError, match=r"training needs torch and onnx; install them with: pip install 'reftel"):
        train([gold(1), gold(2)], tmp_path)


def test_a_curve_says_how_often_a_score_was_right() -> None:
    scored = [(raw, n < share * 200) for raw, share in ((0.95, 0.9), (0.7, 0.5), (0.3, 0.2)) for n in range(200)]
    curve = fitted(scored)
    assert curve(0.95) == pytest.approx(0.9, abs=0.05)
    assert curve(0.7) == pytest.approx(0.5, abs=0.1)
    assert curve(0.3) == pytest.approx(0.2, abs=0.05)


def test_no_scores_leave_the_curve_as_it_was() -> None:
    assert fitted([]) == Curve(1.0, 0.0)


@needs_torch
def test_a_window_in_capitals_differs_in_its_case_classes_alone() -> None:
    from reftel.train.examples import recased  # noqa: PLC0415  # with the settings
    from reftel.train.fit import Settings  # noqa: PLC0415  # needs the extra

    corpus = Corpus([Document("", (Unit("Ada saw the U.N. twice.", ()),))], SPLIT, share=0.0)
    (example,) = corpus.examples(random.Random(1), (104, 104))
    settings = Settings(upper=1.0, unglue=0.0)
    (shouted,) = Corpus([Document("", (Unit("ADA SAW THE U.N. TWICE.", ()),))], SPLIT, share=0.0).examples(
        random.Random(1), (104, 104)
    )
    assert recased(example.cases, settings, random.Random(1)).tolist() == shouted.cases.tolist()


@needs_torch
def test_one_cable_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one cable is too few"):
        train([gold(1)], tmp_path)


@needs_torch
def test_the_shipped_weights_can_be_read_back_and_give_the_same_answers(tmp_path: Path) -> None:
    import torch  # noqa: PLC0415  # an extra

    from reftel.train.finetune import export  # noqa: PLC0415  # needs the extra
    from reftel.train.restore import facts_of, restored, vocabulary_of  # noqa: PLC0415  # needs the extra

    with resources.as_file(resources.files("reftel") / "data" / "models" / "default") as folder:
        net, vocabulary, facts = restored(folder), vocabulary_of(folder), facts_of(folder)
        export(net, Corpus([document(gold(n)) for n in range(40)], WordPiece(vocabulary)), vocabulary, tmp_path, facts)
    texts = ["Minister Haddad of Tunisia met the African Union in Tunis."]
    words = read_words(texts, split := WordPiece(vocabulary))
    ids, cases = rows(words, list(windows(words, [1])), (split.id("[CLS]"), split.id("[SEP]")))
    exported = load_tagger()._session.run(["logits"], {"pieces": ids, "cases": cases})[0]
    with torch.no_grad():
        own = net.eval()(*(torch.from_numpy(x).long() for x in (ids, cases)), torch.ones(ids.shape, dtype=torch.bool))
    assert np.abs(own.numpy() - exported).max() < 1
    found = [[(s.start, s.end, s.type) for s in load_tagger(m).spans(texts)[0]] for m in (None, tmp_path)]
    assert found[0] == found[1]


@needs_torch
def test_a_trained_folder_is_a_model_with_its_own_name_and_scores(tmp_path: Path) -> None:
    steps = []
    out = tmp_path / "mine"
    trained = train(
        [gold(n) for n in range(9)], out, epochs=1, report=lambda step, total, loss: steps.append((step, total, loss))
    )
    assert (trained.taught, trained.held_out) == (8, 1)
    assert [step for step, _, _ in steps] == list(range(1, len(steps) + 1))
    assert all(step <= total for step, total, _ in steps)
    assert trained.after.tagger == load_tagger(out).version
    assert load_tagger(out).version.startswith("mine-")
    assert trained.after.count(mention_type="PER").right == 1
    assert json.loads((out / "manifest.json").read_text())["labels"] == list(LABELS)
