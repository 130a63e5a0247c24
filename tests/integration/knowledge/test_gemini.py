"""Gemini in the form that its SDK speaks, on a server of the test's: the sandbox has no such form."""

import json
from typing import Any
from uuid import UUID

import pytest

from incidents.errors import PermanentError
from incidents.words import CATEGORIES
from knowledge.model import LangChainModel
from knowledge.opinion import Busy, Enquiry, Unfit
from tests.integration.knowledge.openai_server import OpenAIServer

ENQUIRY = Enquiry(UUID(int=1), "The database refuses connections", CATEGORIES)
GOOD = {
    "category": "database",
    "severity": "HIGH",
    "confidence": 0.9,
    "evidence": ["refuses connections"],
    "why": "It says so.",
}


def gemini(provider: OpenAIServer) -> LangChainModel:
    return LangChainModel("google_genai:gemini-2.5-flash", provider.url.removesuffix("/v1"), "AIza-test")


def completion(text: str) -> str:
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}
    usage = {"promptTokenCount": 90, "candidatesTokenCount": 30, "totalTokenCount": 120}
    return json.dumps({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-flash"})


def test_it_answers_in_the_form(provider: OpenAIServer) -> None:
    opinion = gemini(provider.then_raw(completion(json.dumps(GOOD)))).ask(ENQUIRY)
    assert (opinion.category, opinion.evidence, opinion.tokens) == ("database", ["refuses connections"], 120)
    (request,) = provider.requests
    assert "refuses connections" not in json.dumps(request["systemInstruction"])


@pytest.mark.parametrize(
    ("status", "error"), [(429, Busy), (500, Busy), (503, Busy), (403, PermanentError), (400, PermanentError)]
)
def test_it_is_asked_once_and_its_errors_are_ours(provider: OpenAIServer, status: int, error: type[Exception]) -> None:
    said: dict[str, Any] = {"error": {"code": status, "message": "no", "status": "NO"}}
    with pytest.raises(error):
        gemini(provider.then_raw(json.dumps(said), status=status)).ask(ENQUIRY)
    assert len(provider.requests) == 1


@pytest.mark.parametrize("text", ["I think it is the network.", json.dumps(GOOD | {"category": "winner"}), ""])
def test_what_does_not_fit_is_no_answer(provider: OpenAIServer, text: str) -> None:
    with pytest.raises(Unfit):
        gemini(provider.then_raw(completion(text))).ask(ENQUIRY)
