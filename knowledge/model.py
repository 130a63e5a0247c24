"""A language model of any provider that LangChain knows, asked for one classification."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Neighbour
from incidents.words import Severity
from knowledge.opinion import Opinion
from knowledge.prompt import answer_form, fence, instructions, new_mark
from knowledge.redact import redact

if TYPE_CHECKING:
    # Importing LangChain takes a second, which a process that never asks a model need not pay.
    from langchain_core.language_models import BaseChatModel

PATIENCE = timedelta(seconds=9)
"""For one try; two tries and the pause between them stay below 20 s."""
_LONGEST_PAUSE = timedelta(seconds=1)
_TOO_SURE = 0.5
"""The most that an answer without a true quote is believed."""


class LangChainModel:
    """`model` is `provider:name` in LangChain's form (`groq:openai/gpt-oss-20b`). Connects when it is first asked."""

    def __init__(
        self, model: str, base_url: str | None = None, api_key: str | None = None, *, patience: timedelta = PATIENCE
    ) -> None:
        self._model = model
        self._patience = patience.total_seconds()
        self._base_url = base_url
        self._api_key = api_key
        self._chat: BaseChatModel | None = None

    def prepare(self) -> None:
        """Load what the first report would wait for; nothing is sent. Raises: PermanentError."""
        self._connect()

    def classify(
        self, report: str, *, categories: Sequence[str], floor: Severity | None, examples: Sequence[Neighbour]
    ) -> Opinion:
        mark = new_mark()
        messages = [("system", instructions(mark=mark, examples=examples)), ("human", fence(report, mark=mark))]
        answer = {**self._ask(messages, categories)}
        answer["why"] = " ".join(str(answer["why"]).replace(mark, "").split())
        return _opinion(answer, report=report, floor=floor)

    def _ask(self, messages: list[tuple[str, str]], categories: Sequence[str]) -> Mapping[str, Any]:
        from langchain_core.runnables import RunnableLambda

        form = answer_form(categories)
        answer = self._connect().with_structured_output(form)

        def ask(_: object) -> Mapping[str, Any]:
            try:
                filled = answer.invoke(messages)
            except Exception as error:  # Every provider raises errors of its own; none is swallowed.
                raise _translate(error, model=self._model) from error
            if not isinstance(filled, form):
                raise TemporaryError(f"{self._model} gave no answer in the form that was asked for.")
            return filled.model_dump()

        twice = RunnableLambda(ask).with_retry(
            retry_if_exception_type=(_AskAgainError,),
            stop_after_attempt=2,
            exponential_jitter_params={"initial": _LONGEST_PAUSE.total_seconds(), "max": 1.5, "jitter": 0.5},
        )
        return twice.invoke(None)

    def _connect(self) -> "BaseChatModel":
        if self._chat is None:
            self._chat = _open(self._model, self._base_url, self._api_key, self._patience)
        return self._chat


class _AskAgainError(TemporaryError):
    """Worth a second try at once."""


def _open(model: str, base_url: str | None, api_key: str | None, patience: float) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    limit: dict[str, Any] = {"timeout": patience, "max_retries": 0}
    if model.startswith("ollama:"):
        limit = {"client_kwargs": {"timeout": patience}}
    given = {"base_url": base_url, "api_key": api_key}
    options: dict[str, Any] = limit | {name: value for name, value in given.items() if value is not None}
    try:
        chat: BaseChatModel = init_chat_model(model, **options)
    except Exception as error:  # A name that LangChain does not know, a key that is missing, a package that is.
        raise PermanentError(f"The model {model} cannot be used: {redact(str(error))}") from error
    return chat


def _translate(error: Exception, *, model: str) -> Exception:
    """The providers' SDKs agree on `status_code` and `response`, and name their errors alike."""
    status = getattr(error, "status_code", None)
    said = f"{model}: {type(error).__name__} {redact(str(error))[:300]}"
    if status == 429 or (isinstance(status, int) and status >= 500) or status == 408:
        pause = _retry_after(error)
        if pause is not None and pause > _LONGEST_PAUSE:
            return TemporaryError(said, retry_after=pause)
        return _AskAgainError(said, retry_after=pause)
    if isinstance(status, int) and status >= 400:
        return PermanentError(said)
    if any(word in type(error).__name__ for word in ("Timeout", "Connect", "Protocol", "Network", "Read")):
        return _AskAgainError(said)
    # What is left is an answer that does not fit the form: not JSON, a category of its own invention, no tool call.
    return TemporaryError(said)


def _retry_after(error: Exception) -> timedelta | None:
    headers = getattr(getattr(error, "response", None), "headers", {})
    seconds = headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else None


def _opinion(answer: Mapping[str, Any], *, report: str, floor: Severity | None) -> Opinion:
    plain = " ".join(report.lower().split())
    quotes = (" ".join(quote.split()) for quote in answer["evidence"])
    evidence = [quote for quote in quotes if quote and quote.lower() in plain][:3]
    severity = Severity.highest(Severity(answer["severity"]), floor)
    confidence = answer["confidence"] if evidence else min(answer["confidence"], _TOO_SURE)
    return Opinion(
        category=answer["category"],
        severity=severity or Severity.MEDIUM,
        confidence=confidence,
        why=" ".join(answer["why"].split())[:300],
        evidence=evidence,
    )
