"""LangChain against the model: every way of asking for a structured answer, a script, refusals, faults."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import openai
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_groq import ChatGroq
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field, SecretStr

from tests.integration.sandbox.running import RunningSandbox


class Category(StrEnum):
    NETWORK = "network"
    DATABASE = "database"


class Answer(BaseModel):
    """What to classify."""

    category: Category
    severity: str = Field(json_schema_extra={"enum": ["LOW", "MEDIUM", "HIGH"]})
    confidence: float = Field(ge=0, le=1)
    evidence: list[str]
    why: str | None


Models = dict[str, BaseChatModel]


@pytest.fixture
def models(sandbox: RunningSandbox) -> Iterator[Models]:
    ollama = ChatOllama(model="sandbox", base_url=f"{sandbox.address}/ollama")
    yield {
        "openai": ChatOpenAI(model="sandbox", base_url=f"{sandbox.address}/llm/v1", api_key=KEY, max_retries=0),
        "groq": ChatGroq(model_name="sandbox", base_url=f"{sandbox.address}/llm", api_key=KEY, max_retries=0),
        "ollama": ollama,
    }
    ollama._client.close()  # type: ignore[no-untyped-call]  # The SDK has types only in part.


KEY = SecretStr("sandbox-model-key")
REPORT = "The database is down: nobody can run a query since the replica lost its disk."
WAYS = [(name, way) for name in ("openai", "groq", "ollama") for way in ("json_schema", "function_calling")]


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_a_structured_answer_fits_the_form_and_the_text(models: Models, name: str, way: str) -> None:
    answer: Any = models[name].with_structured_output(Answer, method=way).invoke(REPORT)
    assert isinstance(answer, Answer)
    assert (answer.category, answer.severity) == ("database", "HIGH")
    assert 0 < answer.confidence < 1
    assert answer.evidence[0] in REPORT


@pytest.mark.parametrize("name", ["openai", "groq", "ollama"])
def test_a_script_answers_for_what_it_matches(sandbox: RunningSandbox, models: Models, name: str) -> None:
    scripted = {"category": "network", "severity": "LOW", "confidence": 0.2, "evidence": [], "why": "as scripted"}
    sandbox.post("/control/model/script", match="REPLICA", answer=scripted)
    for way in ("json_schema", "function_calling", "json_mode"):
        asked = models[name].with_structured_output(Answer, method=way)
        answer: Any = asked.invoke(f"Answer in JSON. {REPORT}")
        assert answer.model_dump(mode="json") == scripted


def test_a_scripted_refusal_stands_where_openai_has_one(sandbox: RunningSandbox, models: Models) -> None:
    sandbox.post("/control/model/script", answer="I can't help with that.", refuses=True)
    refused: Any = models["openai"].invoke(REPORT)
    assert (refused.content, refused.additional_kwargs["refusal"]) == ("", "I can't help with that.")
    local: Any = models["ollama"].invoke(REPORT)
    assert local.content == "I can't help with that."


@pytest.mark.parametrize("name", ["openai", "groq", "ollama"])
def test_plain_talk_counts_its_tokens(sandbox: RunningSandbox, models: Models, name: str) -> None:
    sandbox.post("/control/model/script", answer="It is the disk.")
    answer: Any = models[name].invoke(REPORT)
    assert answer.content == "It is the disk."
    assert answer.usage_metadata["input_tokens"] == len(REPORT) // 4
    assert "".join(str(part.content) for part in models[name].stream(REPORT)) == "It is the disk."


def test_the_same_text_gets_the_same_answer(models: Models) -> None:
    asked = models["openai"].with_structured_output(Answer)
    assert asked.invoke("Packets get lost on the vpn") == asked.invoke("Packets get lost on the vpn")


def test_its_models_are_listed(sandbox: RunningSandbox) -> None:
    with openai.OpenAI(base_url=f"{sandbox.address}/llm/v1", api_key="sandbox-model-key", max_retries=0) as direct:
        assert [one.id for one in direct.models.list()] == ["sandbox"]


def test_a_model_in_trouble(sandbox: RunningSandbox, models: Models) -> None:
    sandbox.post("/control/fault", provider="model", method="POST /v1/chat/completions", kind="429", times=1)
    with pytest.raises(openai.RateLimitError):
        models["openai"].invoke(REPORT)
    assert models["openai"].invoke(REPORT).content


@pytest.mark.parametrize(("kind", "waits"), [("429", "1"), ("429-later", "30"), ("429-bare", None)])
def test_too_many_requests_with_and_without_a_time_to_wait(
    sandbox: RunningSandbox, models: Models, kind: str, waits: str | None
) -> None:
    sandbox.post("/control/fault", provider="model", method="*", kind=kind, times=1)
    with pytest.raises(openai.RateLimitError) as caught:
        models["openai"].invoke(REPORT)
    assert caught.value.response.headers.get("retry-after") == waits
