"""Reads the weights of a model folder back into a net, so that training can go on from the shipped model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from reftel.errors import ModelError
from reftel.train.encoder import HEAD, Net, Shape

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def facts_of(folder: Path) -> dict[str, Any]:
    """Return what the manifest of a model folder says."""
    facts: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return facts


def vocabulary_of(folder: Path) -> list[str]:
    """Return the pieces of a model folder in the order of their ids."""
    return (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()


def restored(folder: Path, drop: float = 0.1) -> Net:
    """Return the net of a model folder, its whole numbers as floats.

    Raises ModelError where the folder was not written by this package's `export`.
    """
    model = onnx.load(str(folder / "weights.onnx"))
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    try:
        state = {name: torch.from_numpy(_float(name, held).copy()) for name in _names(held)}
        net = Net(_shape(state), drop)
        net.load_state_dict(state)
    except (KeyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{folder}/weights.onnx: cannot be trained on ({reason}); name another model folder") from None
    return net


def _names(held: dict[str, Any]) -> list[str]:
    return [name for name in held if name.rsplit(".", 1)[-1] in {"weight", "bias"}]


def _float(name: str, held: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    tensor = held[name]
    part = name.rsplit(".", 1)[0]
    if name == "head.weight":
        return np.asarray(tensor.T, np.float32)
    if f"{name}.scales" not in held:
        return np.asarray(tensor, np.float32)
    scales = held[f"{name}.scales"].reshape(-1, 1)
    if name == "word.weight":
        return np.asarray(tensor * scales, np.float32)
    return np.asarray(tensor.T * scales * held.get(f"{part}.shrink", np.float32(1)), np.float32)


def _shape(state: dict[str, torch.Tensor]) -> Shape:
    count = sum(name.endswith(".up.bias") for name in state)
    heads = tuple(state[f"layers.{n}.out.weight"].shape[1] // HEAD for n in range(count))
    inner = tuple(len(state[f"layers.{n}.up.bias"]) for n in range(count))
    vocabulary, width = state["word.weight"].shape
    return Shape(vocabulary, len(state["head.bias"]), heads, inner, width, len(state["place.weight"]))
