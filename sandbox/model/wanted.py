"""What a request wants of the model, the same for both forms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wanted:
    """`text` is what the user said last; `schema` what the answer must fit; `tool` the function that takes it."""

    model: str
    text: str
    everything: str
    schema: dict[str, Any] | None = None
    tool: str | None = None
    as_json: bool = False


def words_of(messages: Sequence[Any]) -> tuple[str, str]:
    """The last user message, and all messages together."""
    said = [(str(message.get("role", "")), _text(message.get("content"))) for message in messages]
    users = [text for role, text in said if role == "user"]
    return (users[-1] if users else ""), "\n".join(text for _, text in said)


def tokens(text: str) -> int:
    return max(1, len(text) // 4)


def _text(content: Any) -> str:
    """A plain text, or the text parts of a list."""
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else json.dumps(content)
