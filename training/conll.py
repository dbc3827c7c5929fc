#!/usr/bin/env python3
"""The same network on CoNLL-2003: trained on its train part alone, scored on testa, to be compared with others.

    conll.py NER -o OUT [--test FILE]

NER holds conll2003-train.txt.gz and conll2003-testa.txt.gz, tokens with their tags, one a line. The weights are for
this comparison only: the corpus is for research, and nothing trained on it goes into the package. OUT keeps the
weights after each epoch, from which a run that was stopped is scored (`--score`).

A mention counts when its type, its first and its last token agree, as in the shared task's own scorer. A window is
what fits of a news story, its sentences parted by separators; tokens take the label of their first word.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import data
import label
import starts
import torch

from reftel.tag.wordpiece import WordPiece
from reftel.train.documents import Document, Unit
from reftel.train.examples import Corpus
from reftel.train.fit import Settings, train

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from reftel.train.encoder import Net
    from reftel.train.examples import Example

SETTINGS = Settings(
    epochs=10,
    rate=1.5e-4,
    head_rate=6e-4,
    layer_decay=0.95,
    warmup=0.1,
    batch=2000,
    upper=0.08,
    lower=0.0,
    unglue=0.0,
    average=0.995,
    limits=(128, 256),
    seed=13,
)
_LIMIT = 256


class Story(NamedTuple):
    """A news story: its sentences as units, and where each token of them stands."""

    document: Document
    tokens: list[list[tuple[int, int]]]


def stories(path: Path) -> list[Story]:
    """Return the stories of a column file."""
    parts: list[list[list[tuple[str, str]]]] = [[]]
    for rows in data.sentences(path):
        if rows is None:
            parts.append([])
        else:
            parts[-1].append(rows)
    return [_story(f"{path.name}-{number}", part) for number, part in enumerate(parts) if part]


def _story(name: str, part: list[list[tuple[str, str]]]) -> Story:
    units = tuple(data.joined(rows) for rows in part)
    tokens = []
    for unit, rows in zip(units, part, strict=True):
        at, own = 0, []
        for token, _ in rows:
            at = unit.text.index(token, at)
            own.append((at, at + len(token)))
            at += len(token)
        tokens.append(own)
    return Story(Document(name, units), tokens)


def by_token(unit: Unit, tokens: list[tuple[int, int]]) -> set[tuple[int, int, str]]:
    """Return the marks of a unit as first token, last token, type; a token is in a mark that its start is in."""
    found = set()
    for start, end, kind in unit.marks:
        own = [number for number, (at, _) in enumerate(tokens) if start <= at < end]
        if own:
            found.add((own[0], own[-1], kind))
    return found


def score(net: Net, split: WordPiece, given: Sequence[Story]) -> str:
    """Return P, R and F1 overall and F1 by type."""
    hit, gold, got = Counter(), Counter(), Counter()
    for story in given:
        texts = [unit.text for unit in story.document.units]
        found = label.spans(net, texts, split, _LIMIT)
        for unit, tokens, own in zip(story.document.units, story.tokens, found, strict=True):
            guess = by_token(Unit(unit.text, tuple((s.start, s.end, s.type) for s in own)), tokens)
            true = by_token(unit, tokens)
            for counter, rows in ((hit, true & guess), (gold, true), (got, guess)):
                counter.update(kind for *_, kind in rows)
    types = " ".join(f"{kind} {2 * hit[kind] / max(1, gold[kind] + got[kind]):.4f}" for kind in data.TYPES)
    precision, recall = hit.total() / max(1, got.total()), hit.total() / max(1, gold.total())
    return f"P {precision:.4f} R {recall:.4f} F1 {2 * hit.total() / max(1, gold.total() + got.total()):.4f}  {types}"


def main() -> None:
    """Parse the command line, train and score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ner", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="more column files to score")
    parser.add_argument("--score", action="store_true", help="only score what OUT holds")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=SETTINGS.epochs)
    parser.add_argument("--stories", type=int, help="train on so many stories only")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    net, vocabulary = starts.small()
    split = WordPiece(vocabulary)
    weights = args.out / "conll.pt"
    if not args.score:
        given = [story.document for story in stories(args.ner / "conll2003-train.txt.gz")][: args.stories]
        torch.save(_trained(net, Corpus(given, split, share=0.0), args.epochs).state_dict(), weights)
    net.load_state_dict(torch.load(weights))
    for path in [args.ner / "conll2003-testa.txt.gz", *args.test]:
        print(path.name, score(net, split, stories(path)), flush=True)


def _trained(net: Net, corpus: Corpus, epochs: int) -> Net:
    settings = replace(SETTINGS, epochs=epochs)

    def epoch(rng: random.Random, _: int) -> list[Example]:
        return list(corpus.examples(rng, settings.limits))

    def report(step: int, total: int, loss: float) -> None:
        if step % 50 == 0 or step == total:
            print(time.strftime("%H:%M:%S"), f"step {step}/{total} loss {loss:.4f}", flush=True)

    return train(net, epoch, settings, report)


if __name__ == "__main__":
    main()
