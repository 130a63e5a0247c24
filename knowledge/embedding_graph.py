"""Writes the BERT encoder with mean pooling as an ONNX graph, from its weights alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, WIDTH, HEADS, NORM_EPSILON = 6, 384, 12, 1e-12
OPSET, IR = 20, 10

Weights = Mapping[str, NDArray[np.float32]]


@dataclass
class Graph:
    """Nodes and constants, in the order in which they are added. Each method gives the name of a value in the graph."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, values: NDArray[np.generic] | np.generic) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def whole(self, *numbers: int) -> str:
        return self.constant(np.array(numbers, dtype=np.int64))

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        name = output or f"value_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def dense(self, value: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """`weight` has one row an output, as PyTorch keeps it."""
        return self.add("Add", self.add("MatMul", value, self.constant(weight.T)), self.constant(bias))

    def norm(self, value: str, weights: Weights, prefix: str) -> str:
        scale, shift = weights[f"{prefix}.LayerNorm.weight"], weights[f"{prefix}.LayerNorm.bias"]
        inputs = (value, self.constant(scale), self.constant(shift))
        return self.add("LayerNormalization", *inputs, axis=-1, epsilon=NORM_EPSILON)

    def heads(self, value: str, order: tuple[int, ...]) -> str:
        """From (text, token, width) to one matrix a head."""
        split = self.add("Reshape", value, self.whole(0, 0, HEADS, WIDTH // HEADS))
        return self.add("Transpose", split, perm=order)


def build_graph(weights: Weights) -> onnx.ModelProto:
    """In: `ids` and `mask`, int64 (texts, tokens). Out: `embedding`, float32 (texts, 384), each of length 1."""
    graph = Graph()
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    # The token type is always 0, so that its vector can be added to the positions here, once.
    positions = (
        weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][:1]
    )
    length = graph.add("Shape", "ids", start=1, end=2)
    here = graph.add("Slice", graph.constant(positions), graph.whole(0), length, graph.whole(0))
    words = graph.add("Gather", graph.constant(weights["embeddings.word_embeddings.weight"]), "ids")
    value = graph.norm(graph.add("Add", words, here), weights, "embeddings")
    absent = graph.add("Sub", graph.constant(np.float32(1)), mask)
    far = graph.add("Mul", absent, graph.constant(np.float32(-10_000)))
    bias = graph.add("Unsqueeze", far, graph.whole(1, 2))
    for layer in range(LAYERS):
        value = _layer(graph, value, bias, weights, f"encoder.layer.{layer}")
    _pool(graph, value, mask)
    return _model(graph)


def _layer(graph: Graph, value: str, bias: str, weights: Weights, prefix: str) -> str:
    def dense(of: str, name: str) -> str:
        return graph.dense(of, weights[f"{prefix}.{name}.weight"], weights[f"{prefix}.{name}.bias"])

    queries = graph.heads(dense(value, "attention.self.query"), (0, 2, 1, 3))
    keys = graph.heads(dense(value, "attention.self.key"), (0, 2, 3, 1))
    values = graph.heads(dense(value, "attention.self.value"), (0, 2, 1, 3))
    scale = graph.constant(np.float32((WIDTH / HEADS) ** -0.5))
    scores = graph.add("Mul", graph.add("MatMul", queries, keys), scale)
    attention = graph.add("Softmax", graph.add("Add", scores, bias), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", attention, values), perm=(0, 2, 1, 3))
    joined = graph.add("Reshape", mixed, graph.whole(0, 0, WIDTH))
    attended = graph.add("Add", dense(joined, "attention.output.dense"), value)
    value = graph.norm(attended, weights, f"{prefix}.attention.output")
    inner = graph.add("Gelu", dense(value, "intermediate.dense"))
    return graph.norm(graph.add("Add", dense(inner, "output.dense"), value), weights, f"{prefix}.output")


def _pool(graph: Graph, value: str, mask: str) -> None:
    """The mean over the tokens that are there, scaled to length 1 (which makes dividing by their number needless)."""
    kept = graph.add("Mul", value, graph.add("Unsqueeze", mask, graph.whole(2)))
    summed = graph.add("ReduceSum", kept, graph.whole(1), keepdims=0)
    graph.add("LpNormalization", summed, output="embedding", axis=-1, p=2)


def _model(graph: Graph) -> onnx.ModelProto:
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in ("ids", "mask")]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", WIDTH])
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model)
    return model
