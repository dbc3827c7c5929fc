"""Writes a trained net as a small ONNX file: whole-number weights, float activations.

The graph is built node by node, so nothing depends on an exporter. Matrices are held in 8 or 4 bits
with one scale for every block of 64 rows (`MatMulNBits`), the word embeddings in 8 bits with one
scale a piece. Activations are never scaled by more than their own row, so what else is in a batch
cannot change an answer.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from encoder import Net
from onnx import TensorProto, helper, numpy_helper

BLOCK = 64
_CONTRIB = "com.microsoft"


class Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, contrib: bool = False, **attributes: Any) -> Any:
        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        domain = _CONTRIB if contrib else ""
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def matmul(self, x: str, weight: np.ndarray, bits: int) -> str:
        """Multiply by the transpose of `weight` (outputs, inputs)."""
        if bits == 32:
            return self.op("MatMul", x, self.constant(weight.T.astype(np.float32)))
        packed, scales = blocks(weight, bits)
        outputs, inputs = weight.shape
        return self.op(
            "MatMulNBits", x, self.constant(packed), self.constant(scales), contrib=True,
            K=inputs, N=outputs, bits=bits, block_size=BLOCK, accuracy_level=4,
        )


def blocks(weight: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the packed whole numbers and the scales of a matrix (outputs, inputs)."""
    outputs, inputs = weight.shape
    parts = weight.reshape(outputs, inputs // BLOCK, BLOCK).astype(np.float32)
    top = 2 ** (bits - 1) - 1
    scales = np.maximum(np.abs(parts).max(-1), 1e-8) / top
    whole = (np.rint(parts / scales[..., None]) + top + 1).clip(0, 2 * top + 1).astype(np.uint8)
    if bits == 4:
        whole = whole[..., ::2] | (whole[..., 1::2] << 4)
    return whole, scales.astype(np.float32)


def build(net: Net, *, bits: int = 8, positions: int = 256) -> onnx.ModelProto:
    """Return the ONNX model of a net; `bits` is 4, 8, or 32 for floats everywhere."""
    state = {k: v.detach().float().numpy() for k, v in net.state_dict().items()}
    g = Graph()
    x = _embedded(g, state, bits, positions)
    for number in range(len(net.layers)):
        x = _layer(g, state, f"layers.{number}.", x, net.layers[0].heads, bits)
    logits = g.op("MatMul", x, g.constant(state["head.weight"].T))
    g.nodes.append(helper.make_node("Add", [logits, g.constant(state["head.bias"])], ["logits"]))
    labels = state["head.bias"].shape[0]
    inputs = [
        helper.make_tensor_value_info("pieces", TensorProto.INT32, ["batch", "size"]),
        helper.make_tensor_value_info("cases", TensorProto.INT32, ["batch", "size"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "size", labels])]
    graph = helper.make_graph(g.nodes, "reftel", inputs, outputs, g.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="reftel")
    model.ir_version = 8
    return model


def _embedded(g: Graph, state: dict[str, np.ndarray], bits: int, positions: int) -> str:
    word = state["word.weight"]
    if bits == 32:
        x = g.op("Gather", g.constant(word), "pieces")
    else:
        scale = np.maximum(np.abs(word).max(1, keepdims=True), 1e-8) / 127
        whole = g.op("Gather", g.constant(np.rint(word / scale).astype(np.int8)), "pieces")
        scales = g.op("Gather", g.constant(scale.astype(np.float32)), "pieces")
        x = g.op("Mul", g.op("Cast", whole, to=TensorProto.FLOAT), scales)
    size = g.op("Shape", "pieces", start=1, end=2)
    zero = g.constant(np.array([0]))
    place = g.op("Slice", g.constant(state["place.weight"][:positions]), zero, size, zero)
    x = g.op("Add", x, place)
    x = g.op("Add", x, g.op("Gather", g.constant(state["case.weight"]), "cases"))
    return _norm(g, state, "norm", x)


def _norm(g: Graph, state: dict[str, np.ndarray], at: str, x: str) -> str:
    scale, bias = g.constant(state[f"{at}.weight"]), g.constant(state[f"{at}.bias"])
    return g.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)


def _layer(g: Graph, state: dict[str, np.ndarray], at: str, x: str, heads: int, bits: int) -> str:  # noqa: PLR0913
    def linear(name: str, y: str) -> str:
        return g.op("Add", g.matmul(y, state[f"{at}{name}.weight"], bits), g.constant(state[f"{at}{name}.bias"]))

    qkv = linear("qkv", x)
    q, k, v = g.op("Split", qkv, outputs=3, axis=-1)
    a = g.op("MultiHeadAttention", q, k, v, "", "lengths", contrib=True, num_heads=heads)
    x = _norm(g, state, f"{at}norm1", g.op("Add", x, linear("out", a)))
    inner = g.matmul(x, state[f"{at}up.weight"], bits)
    y = g.op("BiasGelu", inner, g.constant(state[f"{at}up.bias"]), contrib=True)
    return _norm(g, state, f"{at}norm2", g.op("Add", x, linear("down", y)))


def write(model: onnx.ModelProto, vocabulary: list[str], folder: Path, facts: dict[str, Any]) -> None:
    """Write weights, vocabulary and manifest; `facts` joins the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.onnx").write_bytes(model.SerializeToString())
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    files = {
        name: {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
        for name in ("weights.onnx", "vocab.txt")
    }
    text = json.dumps({**facts, "files": files}, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
