#!/usr/bin/env python3
"""Makes the tagger's weights: one command, from annotated data to a model folder.

    run.py --gold GOLD --ner NER --pages PAGES -o OUT

GOLD holds the folders train and caps-train, NER the gzipped column files, PAGES cable pages as
HTML. OUT gets the model folder `model` and the steps' files, from which a run that was stopped
goes on. What is left out of training to compare settings is every thirteenth gold cable.

    1. first    the large net (6 layers of 384) learns from the gold and the general data
    2. teacher  a larger encoder (12 layers of 768) learns from the same
    3. large    the large net goes on, in two rounds, each time twice, from gold and half of the teacher's
                reading of some pages; the mean of the two nets' weights is kept
    4. labels   the teacher and the large net read all pages together
    5. small    the large net loses six heads and seven neurons in ten, and learns from this reading and the gold
    6. export   the small net in 8 bits, its scores calibrated on the cables in GOLD/dev and GOLD/caps-dev
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import label
import pages
import starts
import torch
from data import gold_files, read_columns, read_gold_folder
from prune import pruned

from reftel.evaluate import evaluate
from reftel.tag import load_tagger
from reftel.tag.windows import LIMIT
from reftel.tag.wordpiece import CASES, WordPiece
from reftel.train.calibrate import fitted, pairs
from reftel.train.encoder import Net
from reftel.train.examples import LABELS, Corpus, Example, recased
from reftel.train.finetune import export
from reftel.train.fit import Batch, Settings, collate, grouped, train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reftel.evaluate import GoldFile
    from reftel.train.documents import Document

FIRST = Settings(epochs=6, rate=1.2e-4, head_rate=6e-4, layer_decay=0.95, warmup=0.1)
TEACHER = Settings(
    epochs=3, planned=4, rate=6e-5, head_rate=5e-4, layer_decay=0.95, warmup=0.1, batch=2000, average=0.98, lower=0.05
)
LARGE = Settings(epochs=2, rate=1e-4, head_rate=2e-4, upper=0.3)
ROUNDS = (  # settings, their seeds, the share of the pages
    (LARGE, (21, 22), (0.0, 0.45)),
    (replace(LARGE, rate=8e-5), (31, 32), (0.45, 0.88)),
)
SMALL = Settings(
    epochs=4, rate=2.5e-4, head_rate=5e-4, warmup=0.03, batch=3000, upper=0.3, average=0.998, seed=41
)
HEADS = (5, 6, 6, 5, 3, 3)
INNER = (256, 576, 384, 512, 384, 384)
GENERAL_WEIGHT = 0.5
SOFT_WEIGHT = 0.5
CAPS_WEIGHT = 1.3  # of the all-caps gold, in the later steps
GOLD_TIMES = 2  # that an epoch of the small net has the gold in it
BARE = 0.6  # the share of the small net's pages that have lost portion marks and labels


def say(text: str) -> None:
    """Print a line at once, with the time."""
    print(time.strftime("%H:%M:%S"), text, flush=True)


class Steps:
    """Says how training goes, every fifty steps."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def __call__(self, step: int, total: int, loss: float) -> None:
        self.losses.append(loss)
        if step % 50 == 0 or step == total:
            say(f"step {step}/{total} loss {sum(self.losses) / len(self.losses):.4f}")
            self.losses = []


def held_out(documents: list[Document]) -> tuple[list[Document], list[Document]]:
    """Return the documents to train on and those left out."""
    left_out = documents[6::13]
    return [d for d in documents if d not in left_out], left_out


def general(folder: Path) -> list[Document]:
    """Return the general data that may go into shipped weights."""
    documents = read_columns(folder / "wikigold.txt.gz", weight=GENERAL_WEIGHT)
    for name in ("uner-ewt-dev", "uner-ewt-test"):
        documents += read_columns(folder / f"{name}.txt.gz", misc=False, weight=GENERAL_WEIGHT)
    return documents


def cut(corpora: list[Corpus], settings: Settings, soft: list[Example] = ()) -> Callable[[random.Random, int], list[Example]]:  # type: ignore[assignment]
    """Return what gives an epoch's windows: all of the corpora and of the teachers'."""
    return lambda rng, _: [e for corpus in corpora for e in corpus.examples(rng, settings.limits)] + list(soft)


class Run:
    """One run: its data, its folder and its steps; a step's file is not made twice."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.out, self.pages, self.gold, self.epochs = args.out, args.pages, args.gold, args.epochs
        self.out.mkdir(parents=True, exist_ok=True)
        self.start, self.vocabulary = starts.small()
        self.split = WordPiece(self.vocabulary)
        self.mixed, self.held_mixed = held_out(read_gold_folder(args.gold / "train"))
        self.caps, self.held_caps = held_out(read_gold_folder(args.gold / "caps-train"))
        self.general = Corpus(general(args.ner), self.split, share=0.0)

    def corpus(self, *, everything: bool, weight: float = CAPS_WEIGHT) -> Corpus:
        """Return the gold: `everything`, or without the cables left out; `weight` is that of the all-caps cables."""
        mixed, caps = [*self.mixed], [*self.caps]
        if everything:
            mixed, caps = mixed + self.held_mixed, caps + self.held_caps
        return Corpus([*mixed, *(replace(d, weight=weight) for d in caps)], self.split)

    def cables(self) -> list[list[str]]:
        """Return the texts of the pages, the dev cables left out, shuffled."""
        leave_out = {path.stem for part in ("dev", "caps-dev") for path in (self.gold / part).glob("*.txt")}
        cables = pages.read_pages(self.pages, leave_out)
        random.Random(3).shuffle(cables)
        return cables

    def first(self) -> Net:
        """Step 1."""
        return self._trained("first", self.start, FIRST, self._with_general(FIRST))

    def teacher(self) -> Net:
        """Step 2."""
        return self._trained("teacher", starts.large(self.vocabulary), TEACHER, self._with_general(TEACHER, 1))

    def large(self, number: int = len(ROUNDS) - 1) -> Net:
        """Step 3: the mean of the two nets of a round."""
        if number < 0:
            return self.first()
        settings, seeds, (low, high) = ROUNDS[number]
        cables = self.cables()
        some = cables[int(low * len(cables)) : int(high * len(cables))]
        halves = self._read(f"read-{number}", lambda: [self.teacher()], some)
        states = []
        for seed, half in zip(seeds, (halves[::2], halves[1::2]), strict=True):
            own = replace(settings, seed=seed)
            soft = [plain for reading in half for plain, _ in label.examples(reading, self.split, SOFT_WEIGHT)]
            epoch = cut([self.corpus(everything=number > 0)], own, soft)
            states.append(self._trained(f"large-{seed}", self.large(number - 1), own, epoch).state_dict())
        net = Net(self.start.shape)
        net.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
        return net.eval()

    def small(self) -> Net:
        """Steps 4 and 5."""
        readings = self._read("read-all", lambda: [self.teacher(), self.large()], self.cables())
        soft = [pair for reading in readings for pair in label.examples(reading, self.split, SOFT_WEIGHT)]
        gold = self.corpus(everything=False)

        def epoch(rng: random.Random, _: int) -> list[Example]:
            own = [e for _ in range(GOLD_TIMES) for e in gold.examples(rng, SMALL.limits)]
            return own + [bare if rng.random() < BARE else plain for plain, bare in soft]

        net = pruned(self.large(), HEADS, INNER, self._sample(gold))
        return self._trained("small", net, SMALL, epoch)

    def export(self) -> None:
        """Step 6."""
        flat = {"slope": 1.0, "offset": 0.0}
        facts = {
            "name": "default",
            "labels": LABELS,
            "limit": LIMIT,
            "cases": CASES,
            "calibration": {"mixed": flat, "capitals": flat},
            "training": {"first": asdict(FIRST), "teacher": asdict(TEACHER), "large": asdict(LARGE), "small": asdict(SMALL)},
        }
        folder, corpus = self.out / "model", self.corpus(everything=True)
        export(self.small(), corpus, self.vocabulary, folder, facts)
        facts["calibration"] = calibration(self.gold, folder)
        export(self.small(), corpus, self.vocabulary, folder, facts)
        tagger = load_tagger(folder)
        for part, upper in itertools.product(("dev", "caps-dev"), (False, True)):
            if files := gold_files(self.gold / part):
                say(f"{part}{', upper-cased' * upper}: F1 {evaluate(files, tagger, upper=upper).count().f1:.4f}")

    def _with_general(self, settings: Settings, epochs: int = 3) -> Callable[[random.Random, int], list[Example]]:
        gold = self.corpus(everything=False, weight=1.0)

        def epoch(rng: random.Random, number: int) -> list[Example]:
            corpora = [gold, self.general] if number < epochs else [gold]
            return [e for corpus in corpora for e in corpus.examples(rng, settings.limits)]

        return epoch

    def _read(self, name: str, nets: Callable[[], list[Net]], cables: list[list[str]]) -> list[label.Reading]:
        path = self.out / f"{name}.pt"
        if not path.exists():
            torch.save(label.read(nets(), cables, self.split, say), path)
        return torch.load(path, weights_only=False)

    def _sample(self, corpus: Corpus) -> Iterator[Batch]:
        rng = random.Random(1)
        settings = Settings(batch=2600, upper=0.25)
        for group in grouped(list(corpus.examples(rng, (160, 192))), settings.batch, rng)[:10]:
            yield collate(group, [recased(e.cases, settings, rng) for e in group])

    def _trained(self, name: str, net: Net, settings: Settings, epoch: Callable[[random.Random, int], list[Example]]) -> Net:
        path = self.out / f"{name}.pt"
        if not path.exists():
            settings = replace(settings, epochs=min(settings.epochs, self.epochs))
            say(f"training {name}: {json.dumps(asdict(settings))}")
            torch.save(train(net, epoch, settings, Steps()).state_dict(), path)
        net.load_state_dict(torch.load(path))
        return net.eval()


def calibration(gold: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Return the curves of a model whose manifest has flat ones, fitted on dev as it is and upper-cased and caps-dev."""
    tagger = load_tagger(folder)
    dev, caps = gold_files(gold / "dev"), gold_files(gold / "caps-dev")
    rows = [*pairs(dev, tagger), *pairs(dev, tagger, upper=True), *pairs(caps, tagger)]
    curves = {
        name: fitted((score, right) for _, capitals, score, right in rows if capitals == wanted)
        for name, wanted in (("mixed", False), ("capitals", True))
    }
    return {name: curve._asdict() for name, curve in curves.items()}


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=99, help="most epochs of any step, to try the whole in minutes")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    Run(args).export()


if __name__ == "__main__":
    main()
