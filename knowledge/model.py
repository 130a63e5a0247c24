"""A language model of any provider that LangChain knows, asked once for one classification."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from incidents.errors import PermanentError
from incidents.remedies import remedies_of
from knowledge.answers import opinion_of
from knowledge.bounded import within
from knowledge.decision import ALIKE
from knowledge.filled import filled_in
from knowledge.opinion import Busy, Enquiry, Opinion, Refused, Unfit
from knowledge.prompt import answer_form, messages, new_mark
from knowledge.redact import redact

if TYPE_CHECKING:
    # Importing LangChain takes a second, which a process that never asks a model need not pay.
    from langchain_core.language_models import BaseChatModel

PATIENCE = timedelta(seconds=9)
MOST_TOKENS = 2_000
"""Of an answer, with what a model thinks before it: it bounds what one call may cost."""
_REFUSALS = {400, 413, 422}
_NOW_NOT = {408, 409, 425, 429}
_TROUBLE = ("Timeout", "Connect", "Protocol", "Network", "Read")


class LangChainModel:
    """`name` is `provider:model` in LangChain's form (`groq:openai/gpt-oss-20b`). Connects when it is first asked."""

    def __init__(
        self, name: str, base_url: str | None = None, api_key: str | None = None, *, patience: timedelta = PATIENCE
    ) -> None:
        self.name = name
        self._patience = patience
        self._base_url = base_url
        self._api_key = api_key
        self._chat: BaseChatModel | None = None

    def prepare(self) -> None:
        """Load what the first report would wait for; nothing is sent. Raises: PermanentError."""
        self._connect()

    def ask(self, enquiry: Enquiry, *, patience: timedelta | None = None) -> Opinion:
        """Ask once. `patience` is for the whole answer.

        Raises: Busy, Unfit, Refused; PermanentError when this model cannot be asked by us at all.
        """
        chat, form, mark = self._connect(), answer_form(tuple(enquiry.categories)), new_mark()
        remedies = remedies_of(entry for entry in enquiry.examples if entry.similarity >= ALIKE)
        asked = messages(enquiry.report, mark=mark, examples=enquiry.examples, remedies=remedies)
        limit = min(patience or self._patience, self._patience)
        try:
            filled, tokens = within(limit, lambda: filled_in(chat, form, asked, provider=_provider(self.name)))
        except Exception as error:  # Every provider raises errors of its own; none is swallowed.
            raise _translate(error, model=self.name) from error
        if filled is None:
            raise Unfit(f"{self.name}: no answer in the form that was asked for")
        return opinion_of(filled.model_dump(), enquiry, mark=mark, remedies=remedies, tokens=tokens)

    def _connect(self) -> "BaseChatModel":
        if self._chat is None:
            self._chat = _open(self.name, self._base_url, self._api_key, self._patience.total_seconds())
        return self._chat


def _provider(model: str) -> str:
    return model.partition(":")[0]


def _open(model: str, base_url: str | None, api_key: str | None, patience: float) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    given = {"base_url": base_url, "api_key": api_key}
    options = {**_limits(model, patience), **{name: value for name, value in given.items() if value is not None}}
    try:
        chat: BaseChatModel = init_chat_model(model, **options)
    except Exception as error:  # A name that LangChain does not know, a key that is missing, a package that is.
        raise PermanentError(f"The model {model} cannot be used: {redact(str(error))}") from error
    return chat


def _limits(model: str, patience: float) -> Mapping[str, Any]:
    """Asked once, and for no longer than `patience` between two bytes."""
    match _provider(model):
        case "ollama":
            return {"client_kwargs": {"timeout": patience}, "num_predict": MOST_TOKENS}
        case "google_genai":
            # There 0 retries mean the SDK's own five: `max_retries` counts the first try.
            return {"timeout": patience, "max_retries": 1, "max_tokens": MOST_TOKENS}
        case _:
            return {"timeout": patience, "max_retries": 0, "max_tokens": MOST_TOKENS}


def _translate(error: Exception, *, model: str) -> Exception:
    """The providers' SDKs agree on little more than a number, and name their errors alike."""
    said = f"{model}: {type(error).__name__} {_cut(error)}"
    status = next(_statuses(error), None)
    if status is None:
        chain = [type(each).__name__ for each in _causes(error)]
        if any(word in name for name in chain for word in _TROUBLE):
            return Busy(said)
        # What is left is an answer that does not fit the form: not JSON, a category of its own invention, no tool call.
        return Unfit(said)
    if status in _NOW_NOT or status >= 500:
        return Busy(said, retry_after=_retry_after(error))
    return Refused(said) if status in _REFUSALS else PermanentError(said)


def _statuses(error: BaseException) -> Iterator[int]:
    for each in _causes(error):
        for name in ("status_code", "code"):  # `code` is what Google's SDK says.
            status = getattr(each, name, None)
            if isinstance(status, int) and status >= 400:
                yield status


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _retry_after(error: Exception) -> timedelta | None:
    for each in _causes(error):
        headers = getattr(getattr(each, "response", None), "headers", None) or {}
        seconds = str(headers.get("retry-after", ""))
        if seconds.isdecimal():
            return timedelta(seconds=min(int(seconds), 86_400))
    return None


def _cut(said: object) -> str:
    return redact(str(said)[:2_000])[:300]
