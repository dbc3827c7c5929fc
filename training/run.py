#!/usr/bin/env python3
"""Makes the tagger's weights: one command, from annotated data to a model folder.

    run.py --gold GOLD --ner NER --pages PAGES -o OUT

GOLD holds the folders train and caps-train, NER the gzipped column files, PAGES cable pages as
HTML. OUT gets the model folder `model` and the steps' files, from which a run that was stopped
goes on. What is left out of training to calibrate the scores is every thirteenth gold cable.

    1. first    the small encoder (6 layers of 384) learns from the gold and the general data
    2. teacher  a large encoder (12 layers of 768) learns from the same
    3. label    the teacher reads pages: a probability for each word and label
    4. student  the small net goes on, twice, from gold and half of the teacher's reading each;
                the mean of the two nets' weights is the student; its scores are calibrated
    5. round 2  step 4 again, from the student, with other pages and all the gold
    6. export   the result in 8 bits
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import asdict, replace
from pathlib import Path

import calibrate
import checkpoints
import export
import fit
import label
import pages
import torch
from data import LABELS, Document, read_columns, read_gold_folder
from encoder import Net, from_bert, from_mpnet
from reftel.tag.windows import LIMIT
from reftel.tag.wordpiece import CASES, WordPiece

FIRST = fit.Settings(epochs=6, general_epochs=3)
TEACHER = fit.Settings(
    epochs=4, stop=3, general_epochs=1, rate=6e-5, head_rate=5e-4, batch=2000, average=0.98, lower=0.05
)
STUDENT = fit.Settings(
    epochs=2, rate=1e-4, head_rate=2e-4, layer_decay=0.97, warmup=0.05, upper=0.3, general_epochs=0
)
ROUNDS = (  # settings, their seeds, the share of the pages
    (STUDENT, (21, 22), (0.0, 0.45)),
    (replace(STUDENT, rate=8e-5), (31, 32), (0.45, 0.88)),
)
GENERAL_WEIGHT = 0.5
SOFT_WEIGHT = 0.5
CAPS_WEIGHT = 1.3  # of the all-caps gold, in the students' training


def say(text: str) -> None:
    """Print a line at once, with the time."""
    print(time.strftime("%H:%M:%S"), text, flush=True)


def held_out(documents: list[Document]) -> tuple[list[Document], list[Document]]:
    """Return the documents to train on and those left out."""
    left_out = documents[6::13]
    return [d for d in documents if d not in left_out], left_out


def general(folder: Path) -> list[Document]:
    """Return the general data that may go into shipped weights."""
    weight = GENERAL_WEIGHT
    documents = read_columns(folder / "wikigold.txt.gz", weight=weight)
    for name in ("uner-ewt-dev", "uner-ewt-test"):
        documents += read_columns(folder / f"{name}.txt.gz", misc=False, weight=weight)
    return documents


class Run:
    """One run: its data, its folder and its steps; a step's file is not made twice."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.out: Path = args.out
        self.pages: Path = args.pages
        self.leave_out = {p.stem for p in (args.gold / "dev").glob("*.txt")}
        self.out.mkdir(parents=True, exist_ok=True)
        mixed, self.held_mixed = held_out(read_gold_folder(args.gold / "train"))
        caps, self.held_caps = held_out(read_gold_folder(args.gold / "caps-train"))
        self.weights, self.vocabulary = checkpoints.small()
        self.split = WordPiece(self.vocabulary)
        self.gold = fit.Corpus([*mixed, *caps], self.split, LIMIT)
        heavy = [replace(d, weight=CAPS_WEIGHT) for d in caps]
        heavy_held = [replace(d, weight=CAPS_WEIGHT) for d in self.held_caps]
        held_out_gold = fit.Corpus([*mixed, *heavy], self.split, LIMIT)
        all_gold = fit.Corpus(
            [*mixed, *self.held_mixed, *heavy, *heavy_held], self.split, LIMIT
        )
        self.round_gold = (held_out_gold, all_gold)
        self.general = fit.Corpus(general(args.ner), self.split, LIMIT)

    def held_f1(self, net: Net) -> None:
        """Print F1 on the cables left out."""
        for name, documents in (("mixed", self.held_mixed), ("caps", self.held_caps)):
            say(f"held out, {name}: F1 {fit.f1(documents, net, self.split, bf16=True)[2]:.4f}")

    def teacher(self) -> Net:
        """Return the trained teacher."""
        weights, ids = checkpoints.large(self.vocabulary)
        net = from_mpnet(weights, ids, len(LABELS))
        return self._trained("teacher", net, TEACHER, self.gold)

    def soft(self, number: int) -> list[list[fit.Example]]:
        """Return the windows of two halves of a round's pages with the teacher's targets."""
        path = self.out / f"soft-{number}.pt"
        if not path.exists():
            cables = pages.read_pages(self.pages, self.leave_out)
            random.Random(3).shuffle(cables)
            low, high = ROUNDS[number][2]
            cables = cables[int(low * len(cables)) : int(high * len(cables))]
            say(f"labelling {len(cables)} cables")
            torch.save(label.soft_halves([self.teacher()], cables, self.split, report=say), path)
        halves = torch.load(path, weights_only=False)
        return [[replace(e, weight=SOFT_WEIGHT) for e in half] for half in halves]

    def student(self, number: int) -> Net:
        """Return the mean of the two nets of a round; round -1 is the first net."""
        if number < 0:
            return self._trained("first", from_bert(self.weights, len(LABELS)), FIRST, self.gold)
        settings, seeds, _ = ROUNDS[number]
        states = []
        for seed, half in zip(seeds, self.soft(number), strict=True):
            net, own = self.student(number - 1), replace(settings, seed=seed)
            net = self._trained(f"student-{seed}", net, own, self.round_gold[number], half)
            states.append(net.state_dict())
        mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
        net = Net(len(self.vocabulary), len(LABELS))
        net.load_state_dict(mean)
        return net.eval()

    def _trained(self, name, net, settings, gold, soft=()) -> Net:  # noqa: ANN001, PLR0913
        path = self.out / f"{name}.pt"
        if not path.exists():
            say(f"training {name}: {asdict(settings)}")
            net = fit.train(
                net, gold, self.general, settings, soft=soft, report=say, evaluate=self.held_f1
            )
            torch.save(net.state_dict(), path)
        net.load_state_dict(torch.load(path))
        return net.eval()

    def export(self) -> None:
        """Write the model folder.

        The calibration is that of round 1, because round 2 has seen the cables left out.
        """
        folder = self.out / "round-1"
        facts = {
            "name": "default",
            "labels": LABELS,
            "limit": LIMIT,
            "cases": CASES,
            "calibration": {"slope": 1.0, "offset": 0.0},
            "training": {"first": asdict(FIRST), "teacher": asdict(TEACHER), "student": asdict(STUDENT)},
        }
        export.write(export.build(self.student(0)), self.vocabulary, folder, facts)
        slope, offset = calibrate.fit_scores(folder, self.held_mixed + self.held_caps)
        facts["calibration"] = {"slope": round(slope, 4), "offset": round(offset, 4)}
        export.write(export.build(self.student(1)), self.vocabulary, self.out / "model", facts)
        say(f"wrote {self.out / 'model'}, scores calibrated by {facts['calibration']}")


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        fit.BF16 = False
    Run(args).export()


if __name__ == "__main__":
    main()
