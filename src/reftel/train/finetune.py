"""Goes on training a model on a user's own marked cables, on a CPU."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.errors import UsageError
from reftel.evaluate import evaluate
from reftel.tag import load_tagger
from reftel.tag.wordpiece import WordPiece
from reftel.train.documents import document
from reftel.train.examples import Corpus, recased
from reftel.train.export import build, write
from reftel.train.fit import Settings, collate, grouped, train
from reftel.train.ranges import measured
from reftel.train.restore import facts_of, restored, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reftel.evaluate import GoldFile, Scores
    from reftel.train.encoder import Net
    from reftel.train.fit import Report

_HELD_OUT = 8  # one cable in so many
_BATCHES = 12  # that the ranges are measured on


@dataclass(frozen=True, slots=True)
class Trained:
    """How a model scores on the cables held out, before and after, and how many cables taught it."""

    taught: int
    held_out: int
    before: Scores
    after: Scores


def finetune(files: Sequence[GoldFile], model: Path, out: Path, settings: Settings, report: Report) -> Trained:
    """Train the model of a folder on most of the files, write it to `out`, score it on the others.

    Raises UsageError where there are fewer than two files, and ModelError where the model cannot be trained on.
    """
    if len(files) < 2:
        raise UsageError("one cable is too few to train on and to score; mark at least one more")
    order = random.Random(settings.seed).sample(range(len(files)), len(files))  # noqa: S311  # repeatable, not secret
    size = max(1, len(files) // _HELD_OUT)
    held_out, taught = ([files[n] for n in sorted(some)] for some in (order[:size], order[size:]))
    vocabulary, facts = vocabulary_of(model), facts_of(model)
    corpus = Corpus([document(file) for file in taught], WordPiece(vocabulary))
    net = train(restored(model), lambda rng, _: list(corpus.examples(rng, settings.limits)), settings, report)
    export(net, corpus, vocabulary, out, {**facts, "name": out.resolve().name})
    before, after = (evaluate(held_out, load_tagger(folder)) for folder in (model, out))
    return Trained(len(taught), len(held_out), before, after)


def export(net: Net, corpus: Corpus, vocabulary: Sequence[str], out: Path, facts: dict[str, object]) -> None:
    """Write the net as a model folder, its ranges measured on windows of the corpus, some of them in capitals."""
    rng = random.Random(3)  # noqa: S311  # repeatable, not secret
    settings = Settings(upper=0.3)
    examples = list(corpus.examples(rng, settings.limits))
    groups = grouped(examples, settings.batch, rng)[:_BATCHES]
    batches = [collate(group, [recased(e.cases, settings, rng) for e in group]) for group in groups]
    write(build(net, measured(net, batches)), vocabulary, out, facts)
