"""Trains a tagger: windows of documents, the loss, the schedule, an average of the weights."""

from __future__ import annotations

import copy
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from data import LABELS, Document
from encoder import Net
from reftel.tag import decode, windows
from reftel.tag.wordpiece import CASES, GLUED, WordPiece
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BF16 = True
"""Whether the machine multiplies in bf16, which halves the time; `run.py` finds out."""

_LOWER, _TITLE, _UPPER, _LETTER, _MIXED = (
    CASES.index(n) for n in ("lower", "title", "upper", "letter", "mixed")
)


@dataclass(frozen=True)
class Settings:
    """What a training run may vary; `rate` is the peak learning rate.

    The rate falls as if there were `epochs` epochs; `stop` ends the run after fewer.
    """

    epochs: int = 6
    stop: int = 99
    rate: float = 1.2e-4
    head_rate: float = 6e-4
    layer_decay: float = 0.95
    warmup: float = 0.1
    batch: int = 2600
    upper: float = 0.25
    lower: float = 0.03
    unglue: float = 0.3
    smooth: float = 0.0
    average: float = 0.99
    general_epochs: float = 3
    limits: tuple[int, int] = (96, 224)
    drop: float = 0.1
    seed: int = 7


@dataclass
class Example:
    """A window ready for the net; `labels` and `firsts` have one entry for each word.

    `targets` (words, labels) are a teacher's probabilities, where there is one.
    """

    pieces: list[int]
    cases: list[int]
    firsts: list[int]
    labels: list[int]
    misc: bool
    weight: float
    targets: np.ndarray | None = None


def label_words(document: Document, places: Sequence[windows.Place]) -> list[int]:
    """Return a label for each word: a word belongs to the span that it overlaps."""
    owner: dict[int, dict[int, int]] = {}
    for unit in {p.unit for p in places}:
        owner[unit] = {
            at: number
            for number, (start, end, _) in enumerate(document.units[unit].spans)
            for at in range(start, end)
        }
    labels, last = [], (-1, -1)
    for place in places:
        number = owner[place.unit].get(place.start, -1)
        if number < 0:
            number = owner[place.unit].get(place.end - 1, -1)
        if number < 0:
            labels.append(0)
        else:
            kind = document.units[place.unit].spans[number][2]
            mark = "I" if last == (place.unit, number) else "B"
            labels.append(LABELS.index(f"{mark}-{kind}"))
        last = (place.unit, number)
    return labels


class Corpus:
    """Documents cut into sentences once, and into new windows for every epoch."""

    def __init__(self, documents: Sequence[Document], split: WordPiece, limit: int) -> None:
        self.documents, self.split = documents, split
        self.sentences = [
            list(windows._sentences([u.text for u in d.units], split, 100)) for d in documents
        ]

    def examples(self, rng: random.Random, limits: tuple[int, int]) -> Iterator[Example]:
        """Yield windows of all documents, cut at limits drawn anew."""
        for document, sentences in zip(self.documents, self.sentences, strict=True):
            if not sentences:
                continue
            skip = rng.randrange(len(sentences))
            limit = rng.randint(*limits)
            parts = (sentences[:skip], sentences[skip:]) if len(sentences) > 6 else (sentences,)
            for part in parts:
                for window in windows.pack(part, self.split, limit):
                    yield example(document, window)


def example(document: Document, window: windows.Window) -> Example:
    """Return the window with its labels."""
    return Example(
        window.pieces,
        window.cases,
        [p.piece for p in window.places],
        label_words(document, window.places),
        document.misc,
        document.weight,
    )


def recase(cases: list[int], settings: Settings, rng: random.Random) -> list[int]:
    """Return the case classes as if the window had been upper- or lower-cased, at random.

    The pieces are uncased, so nothing else of the window changes.
    """
    draw = rng.random()
    if draw < settings.upper:
        cases = [_recase(c, {_LOWER: _UPPER, _TITLE: _UPPER, _MIXED: _UPPER}) for c in cases]
        if rng.random() < settings.unglue:
            cases = [c % GLUED if rng.random() < 0.5 else c for c in cases]
    elif draw < settings.upper + settings.lower:
        cases = [_recase(c, dict.fromkeys((_UPPER, _TITLE, _MIXED, _LETTER), _LOWER)) for c in cases]
    return cases


def _recase(case: int, table: dict[int, int]) -> int:
    glued = case - case % GLUED
    return table.get(case % GLUED, case % GLUED) + glued


@dataclass
class Batch:
    """Padded tensors; `rows`, `cols` say where the words' first pieces are."""

    pieces: Tensor
    cases: Tensor
    real: Tensor
    rows: Tensor
    cols: Tensor
    labels: Tensor
    misc: Tensor
    weight: Tensor
    targets: Tensor


def collate(examples: Sequence[Example], cases: Sequence[list[int]]) -> Batch:
    """Pad examples to one length."""
    size = max(len(e.pieces) for e in examples)
    pieces = torch.zeros(len(examples), size, dtype=torch.long)
    kinds = torch.zeros_like(pieces)
    real = torch.zeros(len(examples), size, dtype=torch.bool)
    for row, (e, c) in enumerate(zip(examples, cases, strict=True)):
        pieces[row, : len(e.pieces)] = torch.tensor(e.pieces)
        kinds[row, : len(c)] = torch.tensor(c)
        real[row, : len(e.pieces)] = True
    counts = [len(e.firsts) for e in examples]
    soft = [_EYE[e.labels] if e.targets is None else e.targets for e in examples]
    return Batch(
        pieces,
        kinds,
        real,
        torch.repeat_interleave(torch.arange(len(examples)), torch.tensor(counts)),
        torch.tensor([f for e in examples for f in e.firsts], dtype=torch.long),
        torch.tensor([x for e in examples for x in e.labels], dtype=torch.long),
        torch.tensor([e.misc for e in examples for _ in e.firsts], dtype=torch.bool),
        torch.tensor([e.weight for e in examples for _ in e.firsts], dtype=torch.float32),
        torch.from_numpy(np.concatenate(soft)),
    )


def batches(examples: list[Example], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Yield batches of windows of like length, about `settings.batch` pieces each, shuffled."""
    rng.shuffle(examples)
    groups: list[list[Example]] = []
    for start in range(0, len(examples), 256):
        pool = sorted(examples[start : start + 256], key=lambda e: len(e.pieces))
        held: list[Example] = []
        for e in pool:
            if held and (len(held) + 1) * len(e.pieces) > settings.batch:
                groups.append(held)
                held = []
            held.append(e)
        if held:
            groups.append(held)
    rng.shuffle(groups)
    for group in groups:
        yield collate(group, [recase(e.cases, settings, rng) for e in group])


def loss_of(net: Net, batch: Batch, settings: Settings) -> Tensor:
    """Return the mean loss over words.

    Where MISC was not annotated, "O" means "O or MISC".
    """
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
        states = net.states(batch.pieces, batch.cases, batch.real)
        logits = net.head(states[batch.rows, batch.cols])
    logs = functional.log_softmax(logits.float(), dim=-1)
    targets = (1 - settings.smooth) * batch.targets + settings.smooth / len(LABELS)
    losses = -(targets * logs).sum(-1)
    hidden = ~batch.misc & (batch.labels == 0)
    losses = torch.where(hidden, -torch.logsumexp(logs[:, [0, *_MISC]], dim=-1), losses)
    return (losses * batch.weight).sum() / batch.weight.sum()


_EYE = np.eye(len(LABELS), dtype=np.float32)
_MISC = [LABELS.index("B-MISC"), LABELS.index("I-MISC")]


class Average:
    """An exponential moving average of a net's weights."""

    def __init__(self, net: Net, decay: float) -> None:
        self.net, self.decay, self.steps = copy.deepcopy(net).eval(), decay, 0

    @torch.no_grad()
    def update(self, net: Net) -> None:
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        torch._foreach_lerp_(list(self.net.parameters()), list(net.parameters()), 1 - decay)


def optimiser(net: Net, settings: Settings) -> torch.optim.AdamW:
    """AdamW with a rate that falls from the head down to the embeddings."""
    groups = [{"params": [*net.head.parameters(), net.case.weight], "lr": settings.head_rate}]
    rate = settings.rate
    for layer in reversed(net.layers):
        groups.append({"params": list(layer.parameters()), "lr": rate})
        rate *= settings.layer_decay
    rest = [net.word.weight, net.place.weight, *net.norm.parameters()]
    groups.append({"params": rest, "lr": rate})
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def train(
    net: Net,
    gold: Corpus,
    general: Corpus | None,
    settings: Settings,
    *,
    soft: Sequence[Example] = (),
    report=print,  # noqa: ANN001
    evaluate=None,  # noqa: ANN001
) -> Net:
    """Train `net` in place and return the average of its weights.

    General documents take part in the first `general_epochs`; `soft` are a teacher's windows, all
    of them in each epoch.
    """
    rng = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    average, steps = None, 0
    plan = _plan(gold, general, soft, settings)
    optim = optimiser(net, settings)
    total = int(sum(plan))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optim, lambda step: min(step / (settings.warmup * total), max(0.02, (1 - step / total) / (1 - settings.warmup)))
    )
    start = time.time()
    for epoch in range(min(settings.epochs, settings.stop)):
        examples = _epoch(epoch, gold, general, soft, settings, rng)
        net.train()
        seen = total_loss = 0.0
        for batch in batches(examples, settings, rng):
            loss = loss_of(net, batch, settings)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optim.step()
            optim.zero_grad()
            rates.step()
            steps += 1
            seen += 1
            total_loss += float(loss.detach())
            average = average or Average(net, settings.average)
            average.update(net)
            if steps % 50 == 0:
                report(f"step {steps}/{total} loss {total_loss / seen:.4f} seconds {time.time() - start:.0f}")
        report(f"epoch {epoch + 1} steps {steps}/{total} loss {total_loss / seen:.4f} seconds {time.time() - start:.0f}")
        if evaluate:
            evaluate(average.net)
    return average.net


def _epoch(epoch, gold, general, soft, settings, rng):  # noqa: ANN001, ANN202, PLR0913
    examples = list(gold.examples(rng, settings.limits))
    if general and epoch < settings.general_epochs:
        examples += general.examples(rng, settings.limits)
    examples += soft
    return examples


def _plan(gold, general, soft, settings):  # noqa: ANN001, ANN202
    """Return the number of steps of each epoch, by a dry run."""
    rng = random.Random(settings.seed)
    for epoch in range(settings.epochs):
        examples = _epoch(epoch, gold, general, soft, settings, rng)
        yield sum(1 for _ in batches_dry(examples, settings, rng))


def batches_dry(examples: list[Example], settings: Settings, rng: random.Random) -> Iterator[int]:
    """Yield once for each batch that `batches` would make, near enough."""
    rng.shuffle(examples)
    for start in range(0, len(examples), 256):
        held = 0
        for e in sorted(examples[start : start + 256], key=lambda e: len(e.pieces)):
            if held and (held + 1) * len(e.pieces) > settings.batch:
                yield held
                held = 0
            held += 1
        if held:
            yield held


@torch.no_grad()
def probabilities(net: Net, listed: Sequence[windows.Window], *, upper: bool = False, bf16: bool = False) -> list[np.ndarray]:
    """Return the label probabilities (words, labels) of each window."""
    net.eval()
    order = sorted(range(len(listed)), key=lambda i: len(listed[i].pieces))
    answers: list[np.ndarray] = [np.zeros((0, len(LABELS)))] * len(listed)
    for start in range(0, len(order), 32):
        some = [listed[i] for i in order[start : start + 32]]
        examples = [Example(w.pieces, w.cases, [p.piece for p in w.places], [0] * len(w.places), True, 1.0) for w in some]
        table = {_LOWER: _UPPER, _TITLE: _UPPER, _MIXED: _UPPER}
        cases = [[_recase(c, table) for c in e.cases] if upper else e.cases for e in examples]
        batch = collate(examples, cases)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16 and BF16):
            logits = net.head(net.states(batch.pieces, batch.cases, batch.real)[batch.rows, batch.cols])
        chances = logits.float().softmax(-1).numpy()
        at = 0
        for i, e in zip(order[start : start + 32], examples, strict=True):
            answers[i] = chances[at : at + len(e.firsts)]
            at += len(e.firsts)
    return answers


def spans_of(document: Document, net: Net, split: WordPiece, *, limit: int = windows.LIMIT, upper: bool = False, bf16: bool = False) -> list[tuple[int, int, int, str, float]]:
    """Return (unit, start, end, type, raw score) of the mentions that the net finds."""
    listed = list(windows.windows([u.text for u in document.units], split, limit))
    found = []
    for window, chances in zip(listed, probabilities(net, listed, upper=upper, bf16=bf16), strict=True):
        if not len(chances):
            continue
        logs = np.log(chances + 1e-12)[None].astype(np.float32)
        path = decode.best_paths(logs, np.array([len(chances)]), LABELS)[0]
        for run in decode.runs(list(path), chances, LABELS):
            a, b = window.places[run.first], window.places[run.last]
            if a.unit == b.unit:
                found.append((a.unit, a.start, b.end, run.type, run.score))
    return found


def f1(documents: Sequence[Document], net: Net, split: WordPiece, *, upper: bool = False, bf16: bool = False) -> tuple[float, float, float]:
    """Return precision, recall and F1 over documents."""
    hit = gold = sys_ = 0
    for d in documents:
        true = {(u, *s) for u, unit in enumerate(d.units) for s in unit.spans}
        got = {s[:4] for s in spans_of(d, net, split, upper=upper, bf16=bf16)}
        hit, gold, sys_ = hit + len(true & got), gold + len(true), sys_ + len(got)
    p, r = hit / max(1, sys_), hit / max(1, gold)
    return p, r, 2 * p * r / max(1e-9, p + r)
