"""Who may use the API: whoever sends a key that we know, for what the key's role may do."""

import hmac

from flask import Flask, g, request

from incidents import keys
from incidents.keys import NotValid
from incidents.roles import Role
from incidents.store import Database
from web.caller import Caller
from web.needs import needed
from web.refusal import Refusal

OPEN = frozenset({"health.health", "health.deep", "openapi.spec", "api_page.page", "api_page.asset"})
"""The endpoints under /api that answer without a key."""

HOW = (
    "Send the header `X-API-Key`. An admin makes keys with POST /api/v1/keys. The first is the setting ADMIN_API_KEY; "
    "when that is not set, one was made at the first start and stands in `.data/admin-api-key` on the server."
)


def guard(application: Flask, key: str, database: Database) -> None:
    """From now on every address under /api demands a key, but for the open ones; a new one does so by itself.

    `key` is that of the settings: it may everything, in the first organization, and needs no database to be known.
    """
    expected = key.encode()

    def demand_key() -> None:
        if request.url_rule is None or not request.path.startswith("/api/") or request.endpoint in OPEN:
            return
        given = request.headers.get("X-API-Key")
        if given is None:
            raise Refusal(401, f"An API key is needed. {HOW}", headers=_CHALLENGE)
        if hmac.compare_digest(given.encode(), expected):
            g.caller = Caller(Role.ADMIN, "API")
        else:
            g.caller = _caller(database, given)
        _demand_role(g.caller)

    application.before_request(demand_key)


def _caller(database: Database, key: str) -> Caller:
    if not key.startswith(keys.PREFIX):
        raise _unknown()
    try:
        with database.begin() as session:
            opened = keys.opened(session, key)
    except NotValid as error:
        raise Refusal(401, f"{error} Ask an admin for another one (POST /api/v1/keys).", headers=_CHALLENGE) from error
    if opened is None:
        raise _unknown()
    return Caller(opened.role, opened.name, opened.organization)


def _unknown() -> Refusal:
    return Refusal(401, f"This API key is not known. {HOW}", headers=_CHALLENGE)


def _demand_role(caller: Caller) -> None:
    role = needed(request.endpoint or "", request.method)
    if not caller.role.may(role):
        raise Refusal(
            403,
            f"This needs the role {role}, and the key {caller.name!r} has the role {caller.role}. "
            "Ask an admin for another key (POST /api/v1/keys).",
        )


_CHALLENGE = {"WWW-Authenticate": 'ApiKey realm="Tocsin", header="X-API-Key"'}
