"""Trains a net: batches of windows, the loss, the schedule, an average of the weights."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from reftel.train.examples import LABELS, Example, recased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch import Tensor

    from reftel.train.encoder import Net

    Epoch = Callable[[random.Random, int], list[Example]]
    Report = Callable[[int, int, float], None]

_EYE = np.eye(len(LABELS), dtype=np.float32)
_MISC = [0, LABELS.index("B-MISC"), LABELS.index("I-MISC")]
_POOL = 256  # windows that are sorted by length together


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run may vary.

    `rate` is the peak learning rate, of which a layer further down gets `layer_decay` each; it falls as if there were
    `planned` epochs, should these be more than `epochs`. `batch` counts pieces. `upper` and `lower` are the shares of
    windows put in capitals and small letters; of the former `unglue` lose marks of white space, `loose` of them.
    `average` is the decay of the average of the weights, `limits` are the least and most pieces of a window.
    """

    epochs: int = 4
    planned: int = 0
    rate: float = 5e-5
    head_rate: float = 1e-4
    layer_decay: float = 0.97
    warmup: float = 0.05
    batch: int = 2600
    upper: float = 0.25
    lower: float = 0.03
    unglue: float = 0.3
    loose: float = 0.5
    average: float = 0.99
    limits: tuple[int, int] = (104, 224)
    seed: int = 7


@dataclass(slots=True)
class Batch:
    """Padded tensors; `rows`, `cols` say where the words' first pieces are."""

    pieces: Tensor
    cases: Tensor
    real: Tensor
    rows: Tensor
    cols: Tensor
    targets: Tensor
    unscored: Tensor
    weight: Tensor


def collate(examples: Sequence[Example], cases: Sequence[np.ndarray]) -> Batch:
    """Return examples as one batch, padded to one length."""
    size = max(len(e.pieces) for e in examples)
    pieces, kinds, real = (np.zeros((len(examples), size), np.int64) for _ in range(3))
    for row, (e, own) in enumerate(zip(examples, cases, strict=True)):
        pieces[row, : len(e.pieces)], kinds[row, : len(own)], real[row, : len(own)] = e.pieces, own, 1
    counts = [len(e.firsts) for e in examples]
    labels = np.concatenate([e.labels for e in examples])
    misc = np.repeat([e.misc for e in examples], counts)
    targets = np.concatenate([_EYE[e.labels] if e.targets is None else e.targets for e in examples])
    return Batch(
        torch.from_numpy(pieces),
        torch.from_numpy(kinds),
        torch.from_numpy(real.astype(bool)),
        torch.from_numpy(np.repeat(np.arange(len(examples)), counts)),
        torch.from_numpy(np.concatenate([e.firsts for e in examples]).astype(np.int64)),
        torch.from_numpy(targets.astype(np.float32)),
        torch.from_numpy(~misc & (labels == 0)),
        torch.from_numpy(np.repeat([e.weight for e in examples], counts).astype(np.float32)),
    )


def grouped(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Return the windows in groups of like length, about `size` pieces each, shuffled."""
    rng.shuffle(examples)
    groups: list[list[Example]] = []
    for start in range(0, len(examples), _POOL):
        held: list[Example] = []
        for e in sorted(examples[start : start + _POOL], key=lambda e: len(e.pieces)):
            if held and (len(held) + 1) * len(e.pieces) > size:
                groups.append(held)
                held = []
            held.append(e)
        groups.append(held)
    rng.shuffle(groups)
    return groups


def loss_of(net: Net, batch: Batch) -> Tensor:
    """Return the mean loss over words; where MISC was not annotated, "O" means "O or MISC"."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast()):
        logits = net.head(net.states(batch.pieces, batch.cases, batch.real)[batch.rows, batch.cols])
    logs = functional.log_softmax(logits.float(), dim=-1)
    losses = -(batch.targets * logs).sum(-1)
    losses = torch.where(batch.unscored, -torch.logsumexp(logs[:, _MISC], dim=-1), losses)
    return (losses * batch.weight).sum() / batch.weight.sum()


def fast() -> bool:
    """Say whether the machine multiplies in bf16, which halves the time."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001  # there is no public name


class Average:
    """An exponential moving average of a net's weights."""

    def __init__(self, net: Net, decay: float) -> None:
        self.net: Net = copy.deepcopy(net).eval()
        self.decay, self.steps = decay, 0

    @torch.no_grad()
    def update(self, net: Net) -> None:
        """Take a step's weights in."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        torch._foreach_lerp_(list(self.net.parameters()), list(net.parameters()), 1 - decay)


def optimiser(net: Net, settings: Settings) -> torch.optim.Optimizer:
    """AdamW with a rate that falls from the head down to the embeddings."""
    groups = [{"params": [*net.head.parameters(), net.case.weight], "lr": settings.head_rate}]
    rate = settings.rate
    for layer in reversed(net.layers):
        groups.append({"params": list(layer.parameters()), "lr": rate})
        rate *= settings.layer_decay
    rest = [net.word.weight, net.place.weight, *net.norm.parameters()]
    groups.append({"params": rest, "lr": rate})
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def train(net: Net, epoch: Epoch, settings: Settings, report: Report) -> Net:
    """Train `net` in place and return the average of its weights.

    `epoch` gives the windows of an epoch by its number; `report` is called after each step with its number, the
    number of all steps and the loss.
    """
    torch.manual_seed(settings.seed)
    steps = _steps(epoch, settings)
    total, end = sum(steps[: settings.epochs]), sum(steps)
    optim, average = optimiser(net, settings), Average(net, settings.average)
    rates = torch.optim.lr_scheduler.LambdaLR(optim, lambda step: _rate(step / end, settings.warmup))
    for step, batch in enumerate(islice(_batches(epoch, settings), total), 1):
        net.train()
        loss = loss_of(net, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optim.step()
        optim.zero_grad()
        rates.step()
        average.update(net)
        report(step, total, float(loss.detach()))
    return average.net


def _steps(epoch: Epoch, settings: Settings) -> list[int]:
    """How many batches each planned epoch has, near enough: windows are cut anew each time."""
    rng = random.Random(settings.seed)  # noqa: S311  # repeatable, not secret
    epochs = range(max(settings.epochs, settings.planned))
    return [len(grouped(epoch(rng, number), settings.batch, rng)) for number in epochs]


def _rate(done: float, warmup: float) -> float:
    """The share of the peak rate when so much of the training is done: up at first, then down in a line."""
    return min((done + 1e-3) / warmup, max(0.02, (1 - done) / (1 - warmup)))


def _batches(epoch: Epoch, settings: Settings) -> Iterator[Batch]:
    rng = random.Random(settings.seed)  # noqa: S311  # repeatable, not secret
    for number in count():
        for group in grouped(epoch(rng, number), settings.batch, rng):
            yield collate(group, [recased(e.cases, settings, rng) for e in group])
