"""The network: a BERT encoder with a letter-case embedding and a linear layer over BIO labels.

Each layer may have its own number of attention heads and its own inner width, as pruning leaves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

CASES = 16
HEAD = 32  # width of an attention head of the small encoder


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network: `heads` and `inner` (the width of the feed-forward step) layer by layer."""

    vocabulary: int
    labels: int
    heads: Sequence[int] = (12,) * 6
    inner: Sequence[int] = (1536,) * 6
    width: int = 384
    positions: int = 256
    head: int = HEAD
    eps: float = 1e-12


class Layer(nn.Module):
    """One encoder layer of BERT: attention, then a feed-forward step, each normed after adding."""

    def __init__(self, shape: Shape, number: int, drop: float) -> None:
        super().__init__()
        self.heads, self.head, self.drop = shape.heads[number], shape.head, drop
        self.qkv = nn.Linear(shape.width, 3 * self.heads * self.head)
        self.out = nn.Linear(self.heads * self.head, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=shape.eps)
        self.up = nn.Linear(shape.width, shape.inner[number])
        self.down = nn.Linear(shape.inner[number], shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=shape.eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map states (batch, pieces, width); `mask` is added to the attention scores (batch, heads, pieces, pieces)."""
        batch, size, _ = x.shape
        query, key, value = self.qkv(x).view(batch, size, 3, self.heads, self.head).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        out = self.out(seen.transpose(1, 2).reshape(batch, size, -1))
        x = self.norm1(x + functional.dropout(out, self.drop, self.training))
        fed = self.down(functional.gelu(self.up(x)))
        return self.norm2(x + functional.dropout(fed, self.drop, self.training))


class Net(nn.Module):
    """Piece ids and case classes (batch, pieces) to label logits (batch, pieces, labels)."""

    def __init__(self, shape: Shape, drop: float = 0.1) -> None:
        super().__init__()
        self.shape, self.drop = shape, drop
        self.word = nn.Embedding(shape.vocabulary, shape.width)
        self.place = nn.Embedding(shape.positions, shape.width)
        self.case = nn.Embedding(CASES, shape.width)
        nn.init.zeros_(self.case.weight)
        self.norm = nn.LayerNorm(shape.width, eps=shape.eps)
        self.layers = nn.ModuleList(Layer(shape, number, drop) for number in range(len(shape.heads)))
        self.head = nn.Linear(shape.width, shape.labels)

    def forward(self, pieces: Tensor, cases: Tensor, real: Tensor) -> Tensor:
        """Return the label logits; `real` (batch, pieces) is False where a batch's padding stands."""
        return self.head(self.states(pieces, cases, real))

    def states(self, pieces: Tensor, cases: Tensor, real: Tensor) -> Tensor:
        """Return the last states (batch, pieces, width)."""
        at = torch.arange(pieces.shape[1])
        x = self.norm(self.word(pieces) + self.place(at) + self.case(cases))
        x = functional.dropout(x, self.drop, self.training)
        mask = self.mask(real, x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return functional.dropout(x, self.drop, self.training)

    def mask(self, real: Tensor, dtype: torch.dtype) -> Tensor:
        """Return what is added to the attention scores, broadcast to (batch, heads, pieces, pieces)."""
        return torch.zeros(real.shape, dtype=dtype).masked_fill(~real, -1e4)[:, None, None, :]
