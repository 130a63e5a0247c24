"""The description of the API (OpenAPI 3.1), generated from the views, with the key and the problems that all share."""

from typing import Any

from apiflask import APIFlask

from web.api.shapes import ProblemShape
from web.problems import PROBLEM_JSON

KEY = "ApiKey"
OPEN = frozenset({"/api/health", "/api/health/deep"})
ALWAYS = {
    "401": "The key is missing or not known.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "503": "The database is away; nothing was accepted.",
}
INTRODUCTION = (
    "Report incidents, follow them and act on them. Every call but health needs the header `X-API-Key`. "
    "Errors are problem details (RFC 9457): they say what is wrong and what to do."
)


def describe(application: APIFlask) -> None:
    problem = ProblemShape.model_json_schema()
    application.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=INTRODUCTION,
        LICENSE={"name": "MIT", "identifier": "MIT"},
        SECURITY_SCHEMES={KEY: {"type": "apiKey", "in": "header", "name": "X-API-Key"}},
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        SERVERS=[{"url": "/"}],
        VALIDATION_ERROR_DESCRIPTION="Something in it is not as it should be; `errors` says what.",
        NOT_FOUND_DESCRIPTION="There is no such incident.",
        VALIDATION_ERROR_SCHEMA=problem,
        HTTP_ERROR_SCHEMA=problem,
    )
    application.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """What APIFlask does not say by itself: who needs a key, and that every error is a problem."""
    if isinstance(spec, str):
        raise TypeError("the description is made as JSON, not as YAML")
    schemas = spec["components"]["schemas"]
    for doubled in ("HTTPError", "ValidationError"):
        schemas.pop(doubled, None)
    schemas["Problem"] = ProblemShape.model_json_schema()
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                _shape_parameter(parameter)
            operation["security"] = [] if path in OPEN else [{KEY: []}]
            if path not in OPEN:
                _tell_problems(operation)
            else:
                _same_shape(operation)
    return spec


def _shape_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "header":
        parameter["name"] = parameter["name"].title()
    if parameter["schema"].get("type") == "array":
        parameter |= {"style": "form", "explode": False}


def _same_shape(operation: dict[str, Any]) -> None:
    """Health is no error: whatever its status, its body has the same shape."""
    responses: dict[str, Any] = operation["responses"]
    for response in responses.values():
        response["content"] = responses["200"]["content"]


def _tell_problems(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    for status, description in ALWAYS.items():
        if "requestBody" in operation or status not in ("413", "415"):
            responses.setdefault(status, {"description": description})
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = content
