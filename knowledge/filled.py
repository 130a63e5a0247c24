"""Has a model fill in a form, in the way that its provider takes one."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def filled_in(
    chat: "BaseChatModel", form: type[BaseModel], messages: list[tuple[str, str]], *, provider: str
) -> tuple[BaseModel | None, int]:
    """The form, None when nothing fills it; and how many tokens it took, 0 when the provider does not tell.

    Raises: what the provider's SDK raises; pydantic's ValidationError.
    """
    as_json = _as_json(provider, form)
    if as_json is None:
        said: Any = chat.with_structured_output(form, include_raw=True).invoke(messages)
        filled = said["parsed"]
        return filled if isinstance(filled, form) else None, _tokens(said["raw"])
    # Not by `with_structured_output`: what is no JSON it tries to mend by taking one character after the other away,
    # which keeps a processor busy for seconds with 100 kB, and for hours with some megabytes.
    message = chat.bind(**as_json).invoke(messages)
    return form.model_validate_json(message.text), _tokens(message)


def _as_json(provider: str, form: type[BaseModel]) -> dict[str, Any] | None:
    """How the providers that answer in plain JSON are told the form; None for the others."""
    match provider:
        case "ollama":
            return {"format": form.model_json_schema()}
        case "google_genai":
            return {"response_mime_type": "application/json", "response_json_schema": form.model_json_schema()}
        case _:
            return None


def _tokens(message: Any) -> int:
    usage = getattr(message, "usage_metadata", None) or {}
    return int(usage.get("total_tokens") or 0)
