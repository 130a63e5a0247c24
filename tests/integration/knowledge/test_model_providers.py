"""Models against the sandbox, once for each form that a provider may speak, with everything that may go wrong."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import Outcome
from incidents.ports import Question
from incidents.words import CATEGORIES, Route, Severity
from knowledge.chain import ModelChain
from knowledge.model import LangChainModel
from knowledge.opinion import Enquiry
from knowledge.triage import MemoryFirstTriager
from tests.integration.sandbox.running import RunningSandbox, sandbox_running
from tests.unit.knowledge.doubles import FakeAccount, FakeMemory

REPORT = "The database refuses connections, every query ends in an error"
ENQUIRY = Enquiry(UUID(int=1), REPORT, CATEGORIES, Severity.MEDIUM)
PROVIDERS = {"openai:sandbox": "/llm/v1", "groq:sandbox": "/llm", "ollama:sandbox": "/ollama"}
ANSWERS = {"openai:sandbox": "POST /v1/chat/completions", "ollama:sandbox": "POST /api/chat"}
PATIENCE = timedelta(seconds=0.8)
"""Longer than any answer here takes, and short enough to wait for."""

FAULTS = {
    "429": Outcome.AWAY,
    "429-later": Outcome.AWAY,
    "429-bare": Outcome.AWAY,
    "500": Outcome.AWAY,
    "503": Outcome.AWAY,
    "reset": Outcome.AWAY,
    "silence": Outcome.AWAY,
}
GOOD: dict[str, Any] = {
    "category": "network",
    "severity": "LOW",
    "confidence": 0.8,
    "evidence": ["refuses connections"],
    "why": "It says so.",
}
REFUSAL = "I'm sorry, but I can't help with that."
BAD_ANSWERS: dict[str, Any] = {
    "no JSON": "I think it is the network.",
    "half of JSON": '{"category": "network", "sev',
    "an invented category": GOOD | {"category": "winner"},
    "an invented severity": GOOD | {"severity": "CATASTROPHE"},
    "a confidence beyond all measure": GOOD | {"confidence": 700},
    "a list": [GOOD],
    "nothing": "",
    "100 kB of no JSON": "a" * 100_000,
    "100 kB of half of JSON": '{"why": "' + "a" * 100_000,
}


@pytest.fixture(scope="module")
def _sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    ledger: Path = tmp_path_factory.mktemp("sandbox") / "ledger.jsonl"
    with sandbox_running("http://127.0.0.1:9", ledger) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: RunningSandbox) -> RunningSandbox:
    _sandbox.post("/control/reset")
    return _sandbox


@pytest.fixture(scope="module")
def links(_sandbox: RunningSandbox) -> Iterator[dict[str, LangChainModel]]:
    made = {
        name: LangChainModel(name, _sandbox.address + path, None if name.startswith("ollama:") else "sandbox-model-key")
        for name, path in PROVIDERS.items()
    }
    for link in made.values():
        link.prepare()
    yield made
    # Ollama's client is the one that leaves its sockets to the garbage collector.
    cast("Any", made["ollama:sandbox"]._connect())._client._client.close()


@pytest.fixture(params=PROVIDERS)
def link(request: pytest.FixtureRequest, links: dict[str, LangChainModel], sandbox: RunningSandbox) -> LangChainModel:
    return links[request.param]


@pytest.fixture(params=ANSWERS)
def first(request: pytest.FixtureRequest, links: dict[str, LangChainModel], sandbox: RunningSandbox) -> LangChainModel:
    """OpenAI's form, and Ollama's."""
    return links[request.param]


@pytest.fixture
def other(links: dict[str, LangChainModel], first: LangChainModel) -> LangChainModel:
    """The one of the other form."""
    return next(links[name] for name in ANSWERS if name != first.name)


def fail(sandbox: RunningSandbox, link: LangChainModel, kind: str, *, times: int = 1) -> None:
    sandbox.post("/control/fault", provider="model", method=ANSWERS[link.name], kind=kind, times=times)


def chain(*links: LangChainModel, account: FakeAccount | None = None) -> ModelChain:
    return ModelChain(links, account or FakeAccount(), patience=PATIENCE, whole=PATIENCE * 2.2)


def test_every_provider_answers_in_the_form(link: LangChainModel) -> None:
    opinion = link.ask(ENQUIRY)
    assert opinion.category == "database"
    assert opinion.severity.rank >= Severity.MEDIUM.rank
    assert 0 <= opinion.confidence <= 1
    assert opinion.why
    assert opinion.reply is not None
    assert opinion.reply.startswith("Thank you")
    assert opinion.tokens > 50


def test_a_wrong_key_is_a_permanent_error(sandbox: RunningSandbox) -> None:
    with pytest.raises(PermanentError):
        LangChainModel("openai:sandbox", f"{sandbox.address}/llm/v1", "wrong").ask(ENQUIRY)


def test_a_model_that_was_not_pulled_is_a_permanent_error(sandbox: RunningSandbox) -> None:
    missing = LangChainModel("ollama:phi3", f"{sandbox.address}/ollama")
    with pytest.raises(PermanentError):
        missing.ask(ENQUIRY)
    cast("Any", missing._connect())._client._client.close()


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind not in ("429", "429-later")])
def test_a_fault_that_passes_is_survived(first: LangChainModel, sandbox: RunningSandbox, kind: str) -> None:
    fail(sandbox, first, kind)
    assert chain(first).classify(ENQUIRY).category == "database"


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_the_next_model_answers_at_once(
    first: LangChainModel, other: LangChainModel, sandbox: RunningSandbox, kind: str
) -> None:
    fail(sandbox, first, kind, times=9)
    account = FakeAccount()
    begun = time.monotonic()
    assert chain(first, other, account=account).classify(ENQUIRY).category == "database"
    assert account.outcomes == [(first.name, FAULTS[kind]), (other.name, Outcome.ANSWERED)]
    assert time.monotonic() - begun < PATIENCE.total_seconds() + 1


@pytest.mark.parametrize("kind", ["429-bare", "500", "garbage", "reset"])
def test_a_fault_that_stays_is_told_in_time(first: LangChainModel, sandbox: RunningSandbox, kind: str) -> None:
    fail(sandbox, first, kind, times=9)
    begun = time.monotonic()
    with pytest.raises(TemporaryError):
        chain(first).classify(ENQUIRY)
    assert time.monotonic() - begun < 2.2 * PATIENCE.total_seconds() + 1


def test_how_long_to_wait_is_heard_where_the_provider_says_it(
    links: dict[str, LangChainModel], sandbox: RunningSandbox
) -> None:
    """Ollama's SDK keeps no headers."""
    for name, wish in (("openai:sandbox", timedelta(seconds=30)), ("ollama:sandbox", None)):
        fail(sandbox, links[name], "429-later", times=9)
        account = FakeAccount()
        with pytest.raises(TemporaryError):
            ModelChain([links[name]], account, patience=PATIENCE, whole=PATIENCE / 2).classify(ENQUIRY)
        assert account.ends[0].wish == wish


@pytest.mark.parametrize("said", BAD_ANSWERS)
def test_an_answer_outside_the_form_is_none_and_the_next_model_is_asked(
    links: dict[str, LangChainModel], sandbox: RunningSandbox, said: str
) -> None:
    sandbox.post("/control/model/script", answer=BAD_ANSWERS[said])
    for name in ANSWERS:
        account = FakeAccount()
        begun = time.process_time()
        with pytest.raises(TemporaryError):
            chain(links[name], account=account).classify(ENQUIRY)
        assert account.outcomes == [(name, Outcome.UNFIT)]
        assert time.process_time() - begun < 0.5


def test_a_refusal_is_no_answer(first: LangChainModel, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/model/script", answer=REFUSAL, refuses=True)
    account = FakeAccount()
    with pytest.raises(TemporaryError):
        chain(first, account=account).classify(ENQUIRY)
    assert account.outcomes == [(first.name, Outcome.UNFIT)]


def test_what_is_too_long_is_cut_or_left_out(first: LangChainModel, sandbox: RunningSandbox) -> None:
    """100 kB in every place that takes a text, and lists without end."""
    long = "word " * 20_000
    huge = GOOD | {"why": long, "reply": long, "evidence": [long, *["refuses connections"] * 5000], "steps": [1] * 5000}
    sandbox.post("/control/model/script", answer=huge)
    opinion = chain(first).classify(ENQUIRY)
    assert len(opinion.why) <= 300
    assert opinion.reply is None
    assert opinion.evidence == ["refuses connections"] * 3
    assert opinion.remedies == []


def test_with_every_model_down_rules_decide_and_say_so(
    links: dict[str, LangChainModel], sandbox: RunningSandbox
) -> None:
    sandbox.post("/control/fault", provider="model", method="*", kind="503", times=99)
    triager = MemoryFirstTriager(FakeMemory(), chain(*links.values()))
    verdict = triager.triage(Question(UUID(int=1), "disk full on db-3"))
    assert (verdict.route, verdict.category, verdict.severity) == (Route.RULES, "storage", Severity.HIGH)
    assert "the model could not be reached" in verdict.why
