"""The network: a BERT encoder with a letter-case embedding and a linear layer over BIO labels."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

CASES = 16
BUCKETS = 32


class Layer(nn.Module):
    """One encoder layer of BERT: attention, then a feed-forward step, each normed after adding."""

    def __init__(self, width: int, heads: int, inner: int, drop: float, eps: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=eps)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map states (batch, pieces, width); `mask` is added to the scores (b, heads, n, n)."""
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        drop = self.drop if self.training else 0.0
        a = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop)
        a = a.transpose(1, 2).reshape(b, n, w)
        x = self.norm1(x + functional.dropout(self.out(a), self.drop, self.training))
        y = self.down(functional.gelu(self.up(x)))
        return self.norm2(x + functional.dropout(y, self.drop, self.training))


class Net(nn.Module):
    """Piece ids and case classes (batch, pieces) to label logits (batch, pieces, labels)."""

    def __init__(  # noqa: PLR0913
        self,
        vocabulary: int,
        labels: int,
        *,
        width: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        positions: int = 512,
        drop: float = 0.1,
        eps: float = 1e-12,
        relative: bool = False,
    ) -> None:
        super().__init__()
        self.drop = drop
        self.relative = nn.Embedding(BUCKETS, heads) if relative else None
        self.word = nn.Embedding(vocabulary, width)
        self.place = nn.Embedding(positions, width)
        self.case = nn.Embedding(CASES, width)
        nn.init.zeros_(self.case.weight)
        self.norm = nn.LayerNorm(width, eps=eps)
        self.layers = nn.ModuleList(Layer(width, heads, inner, drop, eps) for _ in range(layers))
        self.head = nn.Linear(width, labels)

    def forward(self, pieces: Tensor, cases: Tensor, real: Tensor) -> Tensor:
        """Return label logits (batch, pieces, labels)."""
        return self.head(self.states(pieces, cases, real))

    def states(self, pieces: Tensor, cases: Tensor, real: Tensor) -> Tensor:
        """Return the last states; `real` (batch, pieces) is True where a piece is no padding."""
        at = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.norm(self.word(pieces) + self.place(at) + self.case(cases))
        x = functional.dropout(x, self.drop, self.training)
        mask = torch.zeros(real.shape, dtype=x.dtype, device=x.device)
        mask = mask.masked_fill(~real, -1e4)[:, None, None, :]
        if self.relative is not None:
            mask = mask + self.relative(buckets(at)).permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x, mask)
        return functional.dropout(x, self.drop, self.training)


def from_bert(weights: dict[str, Tensor], labels: int, **options: float) -> Net:
    """Return a net that starts from a BERT checkpoint's tensors, by their usual names."""
    names = {k.removeprefix("bert."): v for k, v in weights.items()}
    word = names["embeddings.word_embeddings.weight"]
    net = Net(word.shape[0], labels, **options)  # type: ignore[arg-type]
    with torch.no_grad():
        net.word.weight.copy_(word)
        kind = names["embeddings.token_type_embeddings.weight"][0]
        net.place.weight.copy_(names["embeddings.position_embeddings.weight"] + kind)
        _copy(net.norm, names, "embeddings.LayerNorm")
        for number, layer in enumerate(net.layers):
            _copy_layer(layer, names, f"encoder.layer.{number}.")
    return net


def from_mpnet(
    weights: dict[str, Tensor], ids: list[int], labels: int, **options: float
) -> Net:
    """Return a net that starts from an MPNet checkpoint; `ids` are its ids of our pieces."""
    names = {k.removeprefix("mpnet."): v for k, v in weights.items()}
    word = names["embeddings.word_embeddings.weight"][ids]
    layers = len({k.split(".")[2] for k in names if k.startswith("encoder.layer.")})
    shape = {"width": word.shape[1], "layers": layers, "inner": 4 * word.shape[1], "eps": 1e-5}
    net = Net(word.shape[0], labels, relative=True, **shape, **options)  # type: ignore[arg-type]
    with torch.no_grad():
        net.word.weight.copy_(word)
        net.place.weight.copy_(names["embeddings.position_embeddings.weight"][2:514])
        _copy(net.norm, names, "embeddings.LayerNorm")
        net.relative.weight.copy_(names["encoder.relative_attention_bias.weight"])
        for number, layer in enumerate(net.layers):
            at = f"encoder.layer.{number}."
            parts = [f"{at}attention.attn.{part}" for part in "qkv"]
            layer.qkv.weight.copy_(torch.cat([names[f"{p}.weight"] for p in parts]))
            layer.qkv.bias.copy_(torch.cat([names[f"{p}.bias"] for p in parts]))
            _copy(layer.out, names, f"{at}attention.attn.o")
            _copy(layer.norm1, names, f"{at}attention.LayerNorm")
            _copy_feed(layer, names, at)
    return net


def buckets(at: Tensor) -> Tensor:
    """Return MPNet's bucket (query, key) of the distance between positions."""
    distance = at[:, None] - at[None, :]
    half = BUCKETS // 2
    size = distance.abs()
    far = half // 2 + torch.log(size.clamp(min=1) / (half // 2)) / math.log(128 / (half // 2)) * (half - half // 2)
    bucket = torch.where(size < half // 2, size, far.long().clamp(max=half - 1))
    return bucket + (distance < 0).long() * half


def _copy(module: nn.Module, names: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(names[f"{name}.weight"])
    module.bias.copy_(names[f"{name}.bias"])


def _copy_layer(layer: nn.Module, names: dict[str, Tensor], at: str) -> None:
    parts = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
    layer.qkv.weight.copy_(torch.cat([names[f"{p}.weight"] for p in parts]))
    layer.qkv.bias.copy_(torch.cat([names[f"{p}.bias"] for p in parts]))
    _copy(layer.out, names, f"{at}attention.output.dense")
    _copy(layer.norm1, names, f"{at}attention.output.LayerNorm")
    _copy_feed(layer, names, at)


def _copy_feed(layer: nn.Module, names: dict[str, Tensor], at: str) -> None:
    _copy(layer.up, names, f"{at}intermediate.dense")
    _copy(layer.down, names, f"{at}output.dense")
    _copy(layer.norm2, names, f"{at}output.LayerNorm")
