"""The model against the sandbox, once for each form that a provider may speak."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.words import CATEGORIES, Severity
from knowledge.model import LangChainModel
from tests.integration.sandbox.running import RunningSandbox, sandbox_running

REPORT = "The database refuses connections, every query ends in an error"
PROVIDERS = {"openai:sandbox": "/llm/v1", "groq:sandbox": "/llm", "ollama:sandbox": "/ollama"}


@pytest.fixture(scope="module")
def _sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    ledger: Path = tmp_path_factory.mktemp("sandbox") / "ledger.jsonl"
    with sandbox_running("http://127.0.0.1:9", ledger) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: RunningSandbox) -> RunningSandbox:
    _sandbox.post("/control/reset")
    return _sandbox


@pytest.fixture(params=PROVIDERS)
def model(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Iterator[LangChainModel]:
    name = request.param
    key = None if name.startswith("ollama:") else "sandbox-model-key"
    model = LangChainModel(name, sandbox.address + PROVIDERS[name], key)
    yield model
    if name.startswith("ollama:"):
        # Ollama's client is the one that leaves its sockets to the garbage collector.
        cast("Any", model._connect())._client._client.close()


def test_every_provider_answers_in_the_form(model: LangChainModel) -> None:
    opinion = model.classify(REPORT, categories=CATEGORIES, floor=Severity.MEDIUM, examples=())
    assert opinion.category == "database"
    assert opinion.severity.rank >= Severity.MEDIUM.rank
    assert 0 <= opinion.confidence <= 1
    assert opinion.why


@pytest.mark.parametrize("kind", ["429", "500", "503", "reset"])
def test_a_fault_that_passes_is_survived(model: LangChainModel, sandbox: RunningSandbox, kind: str) -> None:
    sandbox.post("/control/fault", provider="model", method="*", kind=kind, times=1)
    opinion = model.classify(REPORT, categories=CATEGORIES, floor=None, examples=())
    assert opinion.category == "database"


@pytest.mark.parametrize("kind", ["500", "garbage", "reset"])
def test_a_fault_that_stays_is_a_temporary_error(model: LangChainModel, sandbox: RunningSandbox, kind: str) -> None:
    sandbox.post("/control/fault", provider="model", method="*", kind=kind, times=5)
    with pytest.raises(TemporaryError):
        model.classify(REPORT, categories=CATEGORIES, floor=None, examples=())


def test_a_wrong_key_is_a_permanent_error(sandbox: RunningSandbox) -> None:
    model = LangChainModel("openai:sandbox", f"{sandbox.address}/llm/v1", "wrong")
    with pytest.raises(PermanentError):
        model.classify(REPORT, categories=CATEGORIES, floor=None, examples=())
