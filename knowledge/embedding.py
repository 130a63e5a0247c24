"""Turns texts into vectors of their meaning, on this machine, with one small model."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding_model import GRAPH, NAME, TOKENIZER, ensure_model

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # It ships no types.
    from tokenizers import Tokenizer

WIDTH = 384
MOST_TOKENS = 256
"""What comes later in a text is not read."""
_BATCH = 16


class Embedder:
    """Loads the model when the first text comes. May be used by several threads."""

    name = NAME

    def __init__(self, model_folder: Path, threads: int = 1) -> None:
        self._folder = model_folder
        self._threads = threads
        self._loading = Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 a text: (texts, 384).

        Raises: PermanentError when the model is not installed.
        """
        tokenizer, session = self._load()
        encoded = tokenizer.encode_batch(list(texts))
        rows = np.empty((len(texts), WIDTH), dtype=np.float32)
        # Texts of like length go together, so that little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index].ids))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            ids, mask = _pad([encoded[index].ids for index in batch])
            rows[batch] = session.run(["embedding"], {"ids": ids, "mask": mask})[0]
        return rows

    def _load(self) -> "tuple[Tokenizer, InferenceSession]":
        with self._loading:
            if self._loaded is None:
                self._loaded = _open(ensure_model(self._folder), self._threads)
            return self._loaded


def _pad(texts: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    longest = max(len(ids) for ids in texts)
    ids = np.zeros((len(texts), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return ids, mask


def _open(model: Path, threads: int) -> "tuple[Tokenizer, InferenceSession]":
    # Else onnxruntime reports to its maker and writes into the home folder. It looks before its first line runs, and
    # its own `disable_telemetry_events` comes too late for the files.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251  # Not a setting of ours: the library's only switch.
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return tokenizer, InferenceSession(str(model / GRAPH), options, providers=["CPUExecutionProvider"])
