"""What OpenAI refuses: https://platform.openai.com/docs/guides/error-codes and its rules for strict schemas."""

from typing import Any

from sandbox.model.known import MODEL

REQUIRED = "Missing required parameter: '{name}'."


class OpenAIRefusal(Exception):
    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self._body = {"message": message, "type": "invalid_request_error", "param": param, "code": code}

    def body(self) -> dict[str, Any]:
        return {"error": self._body}


def check(asked: dict[str, Any], everything: str) -> None:
    """Raises: OpenAIRefusal 400, or 404 for a model that does not exist."""
    for name in ("model", "messages"):
        if not asked.get(name):
            raise OpenAIRefusal(400, REQUIRED.format(name=name), param=name, code="missing_required_parameter")
    if asked["model"] != MODEL:
        text = f"The model `{asked['model']}` does not exist or you do not have access to it."
        raise OpenAIRefusal(404, text, code="model_not_found")
    form = asked.get("response_format") or {}
    if form.get("type") == "json_object" and "json" not in everything.lower():
        text = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        raise OpenAIRefusal(400, text, param="messages")
    described = form.get("json_schema") or {}
    if form.get("type") == "json_schema" and described.get("strict"):
        _check_strict(described["schema"], described.get("name", ""), "()")


def _check_strict(schema: Any, name: str, where: str) -> None:
    """https://platform.openai.com/docs/guides/structured-outputs#supported-schemas."""
    if isinstance(schema, list):
        for part in schema:
            _check_strict(part, name, where)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        start = f"Invalid schema for response_format '{name}': In context={where}, "
        if schema.get("additionalProperties") is not False:
            text = "'additionalProperties' is required to be supplied and to be false."
            raise OpenAIRefusal(400, start + text, param="response_format")
        if set(schema.get("required", [])) != set(schema.get("properties", {})):
            text = "'required' is required to be supplied and to be an array including every key in properties."
            raise OpenAIRefusal(400, start + text, param="response_format")
    for key, part in schema.items():
        _check_strict(part, name, f"('{key}',)")
