"""An answer that fits a JSON schema, filled from what the text sounds like."""

from typing import Any

from sandbox.model.guess import choose, passage

CONFIDENCE = 0.74
THANKS = "Thank you for the report, this is clear. Since when does it happen, and who else sees it?"


def fill(schema: dict[str, Any], text: str) -> Any:
    return _Filler(schema.get("$defs", schema.get("definitions", {})), text).fill(schema, "")


class _Filler:
    def __init__(self, definitions: dict[str, Any], text: str) -> None:
        self._definitions = definitions
        self._text = text

    def fill(self, schema: dict[str, Any], name: str) -> Any:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            options = [option for option in schema["enum"] if isinstance(option, str)]
            return choose(options, self._text) if options else schema["enum"][0]
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        kind = next((one for one in kinds if one != "null"), "null") if isinstance(kinds, list) else kinds
        return self._of_kind(kind, schema, name)

    def _of_kind(self, kind: str, schema: dict[str, Any], name: str) -> Any:
        if kind == "object":
            return {key: self.fill(part, key) for key, part in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.fill(schema.get("items", {}), name) for _ in range(max(1, schema.get("minItems", 1)))]
        if kind in ("number", "integer"):
            return _number(schema, whole=kind == "integer")
        return {"boolean": False, "null": None}.get(kind, self._string(schema, name))

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow `$ref`, and take the first of several forms that is not null."""
        for _ in range(20):
            if "$ref" in schema:
                schema = self._definitions[schema["$ref"].rsplit("/", 1)[-1]]
            elif forms := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                schema = next((form for form in forms if form.get("type") != "null"), forms[0])
            else:
                break
        return schema

    def _string(self, schema: dict[str, Any], name: str) -> str:
        if name == "reply":
            return THANKS
        quote = passage(self._text) or "nothing"
        text = f"It reads like: {quote}" if name in ("why", "reason", "reasoning", "explanation") else quote
        return text[: schema.get("maxLength", 400)].ljust(schema.get("minLength", 0), ".")


def _number(schema: dict[str, Any], *, whole: bool) -> float | int:
    least = float(schema.get("minimum", schema.get("exclusiveMinimum", 0)))
    most = float(schema.get("maximum", schema.get("exclusiveMaximum", 1)))
    value = least + (most - least) * CONFIDENCE
    return round(value) if whole else round(value, 2)
