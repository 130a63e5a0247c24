"""Who may use the API: whoever sends a key that we know."""

import hmac

from flask import Flask, request

from web.refusal import Refusal

OPEN = frozenset({"health.health", "health.deep", "openapi.spec", "api_page.page", "api_page.asset"})
"""The endpoints under /api that answer without a key."""

HOW = (
    "Send the header `X-API-Key`. The first key is the setting ADMIN_API_KEY; "
    "when that is not set, one was made at the first start and stands in `.data/admin-api-key` on the server."
)


def guard(application: Flask, key: str) -> None:
    """From now on every address under /api demands the key, but for the open ones; a new one does so by itself."""
    expected = key.encode()

    def demand_key() -> None:
        if request.url_rule is None or not request.path.startswith("/api/") or request.endpoint in OPEN:
            return
        given = request.headers.get("X-API-Key")
        if given is None:
            raise Refusal(401, f"An API key is needed. {HOW}", headers=_CHALLENGE)
        if not hmac.compare_digest(given.encode(), expected):
            raise Refusal(401, f"This API key is not known. {HOW}", headers=_CHALLENGE)

    application.before_request(demand_key)


_CHALLENGE = {"WWW-Authenticate": 'ApiKey realm="Tocsin", header="X-API-Key"'}
