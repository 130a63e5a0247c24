"""Bodies as JSON, read strictly: UTF-8 only, no NaN, no endless nesting, and an error that says where it went wrong."""

from typing import Any, NoReturn

from flask import Request, request
from flask.json.provider import DefaultJSONProvider
from pydantic_core import from_json

from web.refusal import Refusal

JSON = "application/json"


class StrictJSON(DefaultJSONProvider):
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises: ValueError."""
        return from_json(s, allow_inf_nan=False)


class StrictRequest(Request):
    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body; None when there is none, which is different from a body that cannot be read."""
        if not self.get_data(cache=True):
            return None
        return super().get_json(force=force, silent=silent, cache=cache)

    def on_json_loading_failed(self, e: ValueError | None) -> NoReturn:
        raise Refusal(400, f"The body is not valid JSON: {e}. Send one JSON object in UTF-8.")


def demand_json() -> None:
    """Before a request to the API: a body says that it is JSON."""
    has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.path.startswith("/api/") and has_body and not request.is_json:
        raise Refusal(415, f"The body must be JSON. Send the header `Content-Type: {JSON}`.")
