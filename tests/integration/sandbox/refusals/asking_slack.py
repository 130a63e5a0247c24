"""How the cases ask Slack: by its SDK, by bare HTTP, at a response URL, or as a person whom the app leaves alone."""

from collections.abc import Callable
from typing import Any

import httpx
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.integration.sandbox.receiver import Answered
from tests.integration.sandbox.refusals.case import Send, World
from tests.integration.sandbox.running import RunningSandbox

INCIDENTS, GENERAL = "C0INCIDENTS", "C0GENERAL"
Json = dict[str, Any]


def client(sandbox: RunningSandbox, token: str = "xoxb-sandbox") -> WebClient:
    return WebClient(token, base_url=f"{sandbox.address}/slack/api/", timeout=10)


def told(error: SlackApiError) -> str:
    """Slack's word, the status when it is not 200, and the first reason when it gives some."""
    answer = error.response
    reasons = (answer.get("response_metadata") or {}).get("messages") or [""]
    status = "" if answer.status_code == 200 else f"{answer.status_code} "
    return f"{status}{answer['error']} {reasons[0]}".strip()


def sdk(send: Callable[[WebClient], object], *, token: str = "xoxb-sandbox") -> Send:
    def ask(world: World) -> str:
        try:
            send(client(world.sandbox, token))
        except SlackApiError as error:
            return told(error)
        return "ok"

    return ask


def narrow(send: Callable[[WebClient], object]) -> Send:
    """As an app with few scopes."""

    def ask(world: World) -> str:
        try:
            send(client(world.narrow))
        except SlackApiError as error:
            return f"{error.response['error']} {error.response['needed']}"
        return "ok"

    return ask


def raw(method: str, body: bytes, kind: str = "application/json") -> Send:
    def ask(world: World) -> str:
        headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": kind}
        url = f"{world.sandbox.address}/slack/api/{method}"
        return str(httpx.post(url, content=body, headers=headers, trust_env=False).json().get("error", "ok"))

    return ask


def post(slack: WebClient, **more: Any) -> str:
    return str(slack.chat_postMessage(channel=INCIDENTS, text="card", **more)["ts"])


def blocks(*sent: Json) -> Send:
    return sdk(lambda slack: slack.chat_postMessage(channel=INCIDENTS, text="x", blocks=list(sent)))


def typed(world: World) -> Json:
    """Ana types the command; what she and the app then have."""
    said: Json = world.sandbox.post("/control/slack/command", user="ana", channel="general", text="")
    return said


def view(send: Callable[[WebClient, str], object]) -> Send:
    """`send` gets a fresh trigger id."""
    return lambda world: sdk(lambda slack: send(slack, typed(world)["trigger_id"]))(world)


def response_url(*answers: Json, url: Callable[[World], str] = lambda world: str(typed(world)["response_url"])) -> Send:
    """Posts them all and returns what the last one got."""

    def ask(world: World) -> str:
        hook = WebhookClient(url(world))
        said = [hook.send_dict(answer) for answer in answers][-1]
        return f"{said.status_code} {said.body}"

    return ask


def late(act: Callable[[World], Json]) -> Send:
    """The app takes longer than the three seconds that Slack gives it; what the person sees then."""

    def ask(world: World) -> str:
        world.product.rule = lambda received: Answered(after_seconds=3.3)
        said = act(world)
        shown = world.sandbox.get("/control/slack/state")["messages"]
        texts = [one["text"] for one in shown if one["user"] == "USLACKBOT"]
        return f"{said['failure']} {' '.join(texts)}".strip()

    return ask
