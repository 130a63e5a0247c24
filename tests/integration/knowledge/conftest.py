"""One embedding model for all tests here, built once a run, and an empty memory for each test."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from knowledge.chroma import ChromaMemory
from knowledge.embedding import Embedder
from tests.integration.knowledge.openai_server import OpenAIServer


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> Embedder:
    return Embedder(model_folder)


@pytest.fixture(scope="session")
def memory(chroma_url: str, embedder: Embedder) -> Iterator[ChromaMemory]:
    with closing(ChromaMemory(chroma_url, embedder)) as memory:
        yield memory


@pytest.fixture
def organization() -> UUID:
    """One that nobody knows yet."""
    return uuid4()


@pytest.fixture
def provider() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server
