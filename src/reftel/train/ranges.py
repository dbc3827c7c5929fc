"""How large the numbers get that the exported network holds in 8 bits, measured on real windows.

Whole numbers need a scale that is fixed beforehand, so that nothing else in a batch can change an answer. A few
channels of a state are far larger than the others; each channel is divided by a factor of its own first, which the
matrix after it takes back (Xiao et al. 2023, "SmoothQuant").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray
    from torch import Tensor

    from reftel.train.encoder import Net
    from reftel.train.fit import Batch

_STEPS = 255
_CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
_PARTS = ("qkv", "out", "up", "down")
_EVERY = 4  # of the pieces seen, one in so many is kept
_ROWS = 4096  # that a clip is chosen by


@dataclass(frozen=True, slots=True)
class Range:
    """Of the input of a matrix: the factor of each channel, the scale and the zero of its 8 bits."""

    factors: NDArray[np.float32]
    scale: float
    zero: int


@torch.no_grad()
def measured(net: Net, batches: Iterable[Batch]) -> dict[str, Range]:
    """Return the ranges of the inputs of the layers' matrices, by name ("layers.0.qkv"), from a dozen batches."""
    names = [f"layers.{number}.{part}" for number in range(len(net.layers)) for part in _PARTS]
    seen: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
    real: list[Tensor] = []
    modules = dict(net.eval().named_modules())
    hooks = [modules[name].register_forward_pre_hook(_noting(seen[name], real)) for name in names]
    for batch in batches:
        real.append(batch.real)
        net.states(batch.pieces, batch.cases, batch.real)
    for hook in hooks:
        hook.remove()
    return {name: _range(np.concatenate(seen[name]), modules[name].weight.numpy(), name) for name in names}


def _noting(rows: list[NDArray[np.float32]], real: list[Tensor]) -> Callable[[Any, tuple[Tensor]], None]:
    """Return a hook that keeps some of the inputs of a matrix, padding aside."""

    def note(_module: Any, given: tuple[Tensor]) -> None:
        rows.append(given[0][real[-1]][::_EVERY].float().numpy())

    return note


def _range(rows: NDArray[np.float32], weight: NDArray[np.float32], name: str) -> Range:
    """Return the range that loses least."""
    factors = np.ones(rows.shape[1], np.float32)
    if not name.endswith("down"):  # what comes out of GELU has no channels that stand out
        largest = np.maximum(np.abs(rows).max(0), 1e-3)
        factors = np.sqrt(largest / np.maximum(np.abs(weight).max(0), 1e-4))
        factors = (factors / np.exp(np.log(factors).mean())).astype(np.float32)
    rows = rows / factors
    low, high = min(float(rows.min()), 0.0), max(float(rows.max()), 1e-6)
    some = rows[:: -(-len(rows) // _ROWS)]
    best = min(_CLIPS, key=lambda clip: _loss(some, low * clip, high * clip, weight * factors))
    return Range(factors, *_steps(low * best, high * best))


def _steps(low: float, high: float) -> tuple[float, int]:
    scale = (high - low) / _STEPS
    return scale, round(-low / scale)


def _loss(rows: NDArray[np.float32], low: float, high: float, weight: NDArray[np.float32]) -> float:
    scale, zero = _steps(low, high)
    held = (np.clip(np.rint(rows / scale) + zero, 0, _STEPS) - zero) * scale
    return float(np.square((held - rows) @ weight.T).sum())
