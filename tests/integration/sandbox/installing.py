"""A person who installs our app, in a browser that shows what it is sent."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from slack_sdk import WebClient
from slack_sdk.oauth import AuthorizeUrlGenerator

from tests.integration.sandbox.running import RunningSandbox

BACK = "http://127.0.0.1:9/slack/oauth_redirect"
SCOPES = ["commands", "chat:write", "channels:read", "channels:join", "channels:history", "users:read", "im:write"]
SCOPES += ["app_mentions:read", "team:read"]


def authorize_url(sandbox: RunningSandbox, **more: Any) -> str:
    given = {"client_id": "sandbox-client", "scopes": SCOPES, "redirect_uri": BACK, **more}
    address = f"{sandbox.address}/slack/oauth/v2/authorize"
    return AuthorizeUrlGenerator(**given, authorization_url=address).generate("state-1")


def decide(url: str, decision: str = "allow", **form: str) -> httpx.Response:
    return httpx.post(url, data={"decision": decision, **form}, trust_env=False)


def sent_back(answer: httpx.Response) -> dict[str, str]:
    """What the person's browser brings to the app."""
    assert answer.status_code == 302, answer.text
    location = urlsplit(answer.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def allow(sandbox: RunningSandbox, **form: str) -> str:
    return sent_back(decide(authorize_url(sandbox), **form))["code"]


def install(sandbox: RunningSandbox, code: str) -> dict[str, Any]:
    slack = WebClient(base_url=f"{sandbox.address}/slack/api/")
    answer = slack.oauth_v2_access(
        client_id="sandbox-client", client_secret="sandbox-client-secret", code=code, redirect_uri=BACK
    )
    return dict(answer.data)  # type: ignore[arg-type]
