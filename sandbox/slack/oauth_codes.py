"""The codes of OAuth: made when a person allows the installation, good once and for ten minutes.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

import secrets
import time
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

SECONDS = 600.0


@dataclass
class Grant:
    """Who allowed what, where; `redirect_uri` is None when the request named none."""

    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str | None
    made: float
    used: bool = False


class OAuthCodes:
    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def make(self, team: str, user: str, scopes: frozenset[str], redirect_uri: str | None) -> str:
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._grants[code] = Grant(team, user, scopes, redirect_uri, time.monotonic())
        return code

    def use(self, code: str, redirect_uri: str | None) -> Grant:
        """Raises: SlackError."""
        grant = self._grants.get(code)
        if grant is None:
            raise SlackError("invalid_code")
        if grant.used:
            # As in https://github.com/arjunattam/vscode-chat/issues/76
            raise SlackError("code_already_used")
        if time.monotonic() - grant.made > SECONDS:
            raise SlackError("invalid_code")
        if redirect_uri != grant.redirect_uri:
            raise SlackError("bad_redirect_uri")
        grant.used = True
        return grant

    def expire(self) -> None:
        """Ten minutes pass for the codes that are out."""
        for grant in self._grants.values():
            grant.made -= SECONDS
