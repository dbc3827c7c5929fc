"""Writes a trained net as a small ONNX file: whole-number weights and states, floats in between.

The graph is built node by node, so nothing depends on an exporter, and every tensor keeps the name that it has in the
net, so that `restore` finds it. Matrices are held in 7 bits with a scale a row (a processor without VNNI adds pairs of
products in 16 bits, which 8 would overflow), word embeddings in 8 bits with a scale a piece. The inputs of matrices are
rounded to 8 bits by scales fixed beforehand (`ranges`): nothing else in a batch can change an answer.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from reftel.train.encoder import Net
    from reftel.train.ranges import Range

TOP = 63  # of a matrix's whole numbers
TOP_WORD = 127
_CONTRIB = "com.microsoft"


class Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self, net: Net, ranges: dict[str, Range]) -> None:
        self.state = {name: tensor.detach().float().numpy() for name, tensor in net.state_dict().items()}
        self.ranges = ranges
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Return the name of a constant, which is taken up once."""
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def kept(self, name: str) -> str:
        """Return the name of a tensor of the net, kept as it is."""
        return self.constant(name, self.state[name])

    def node(self, kind: str, *inputs: str, contrib: bool = False, **attributes: Any) -> str:
        """Add a node with one output."""
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=_CONTRIB * contrib, **attributes))
        return name

    def norm(self, name: str, x: str) -> str:
        """Norm the last dimension."""
        scale, bias = self.kept(f"{name}.weight"), self.kept(f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def rounded(self, name: str, x: str) -> str:
        """Round the input of a matrix to 8 bits."""
        own = self.ranges[name]
        if np.any(own.factors != 1):
            x = self.node("Mul", x, self.constant(f"{name}.shrink", 1 / own.factors))
        scale = self.constant(f"{name}.scale", np.array(own.scale, np.float32))
        return self.node("QuantizeLinear", x, scale, self.constant(f"{name}.zero", np.array(own.zero, np.uint8)))

    def linear(self, name: str, x: str) -> str:
        """Multiply a rounded input by a matrix and add the bias."""
        whole, scales = whole_numbers(self.state[f"{name}.weight"] * self.ranges[name].factors, TOP)
        weight = self.constant(f"{name}.weight", whole.T)
        rows = self.constant(f"{name}.weight.scales", scales)
        inputs = (x, weight, f"{name}.scale", rows, f"{name}.zero", "", self.kept(f"{name}.bias"))
        return self.node("MatMulIntegerToFloat", *inputs, contrib=True)


def whole_numbers(matrix: NDArray[np.float32], top: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix as whole numbers up to `top`, and the scale of each of its rows."""
    scales = np.maximum(np.abs(matrix).max(1), 1e-8) / top
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def build(net: Net, ranges: dict[str, Range]) -> onnx.ModelProto:
    """Return the ONNX model of a net: int32 `pieces` and `cases` (batch, size) to `logits` (batch, size, labels)."""
    graph = Graph(net, ranges)
    x = _embedded(graph)
    for number, heads in enumerate(net.shape.heads):
        x = _layer(graph, f"layers.{number}", x, heads)
    logits = graph.node("MatMul", x, graph.constant("head.weight", graph.state["head.weight"].T))
    graph.nodes.append(helper.make_node("Add", [logits, graph.kept("head.bias")], ["logits"]))
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT32, ["batch", "size"]) for n in ("pieces", "cases")]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "size", net.shape.labels])]
    made = helper.make_graph(graph.nodes, "reftel", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="reftel")
    model.ir_version = 8
    return model


def _embedded(graph: Graph) -> str:
    whole, scales = whole_numbers(graph.state["word.weight"], TOP_WORD)
    ids = graph.node("Gather", graph.constant("word.weight", whole), "pieces")
    size_of = graph.node("Gather", graph.constant("word.weight.scales", scales[:, None]), "pieces")
    x = graph.node("Mul", graph.node("Cast", ids, to=TensorProto.FLOAT), size_of)
    start = graph.constant("start", np.array([0]))
    place = graph.node("Slice", graph.kept("place.weight"), start, graph.node("Shape", "pieces", start=1, end=2), start)
    x = graph.node("Add", x, place)
    return graph.norm("norm", graph.node("Add", x, graph.node("Gather", graph.kept("case.weight"), "cases")))


def _layer(graph: Graph, at: str, x: str, heads: int) -> str:
    together = graph.linear(f"{at}.qkv", graph.rounded(f"{at}.qkv", x))
    parts = [f"{together}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [together], parts, axis=-1))
    seen = graph.node("MultiHeadAttention", *parts, contrib=True, num_heads=heads)
    out = graph.linear(f"{at}.out", graph.rounded(f"{at}.out", seen))
    x = graph.norm(f"{at}.norm1", graph.node("Add", x, out))
    up = graph.node("Gelu", graph.linear(f"{at}.up", graph.rounded(f"{at}.up", x)), contrib=True)
    down = graph.linear(f"{at}.down", graph.rounded(f"{at}.down", up))
    return graph.norm(f"{at}.norm2", graph.node("Add", x, down))


def write(model: onnx.ModelProto, vocabulary: Sequence[str], folder: Path, facts: dict[str, Any]) -> None:
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
