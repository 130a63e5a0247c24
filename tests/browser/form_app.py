"""A small Slack app in the product's place: `/incident` opens a form of every field, its home tab has every block."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from tests.integration.sandbox.receiver import Answered, Received, receiving
from tests.integration.sandbox.running import RunningSandbox, sandbox_running

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.capitalize()), "value": value}


def field(name: str, label: str, element: Json, *, optional: bool = True) -> Json:
    block = {"type": "input", "block_id": name, "label": plain(label), "optional": optional}
    return block | {"element": {"action_id": name, **element}}


OPTIONS = [option("low"), option("high")]
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Declare"),
    "submit": plain("Declare it"),
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Who* would be paged: <@U0BEA>"}},
        field("what", "What is happening?", {"type": "plain_text_input"}, optional=False),
        field("details", "Details", {"type": "plain_text_input", "multiline": True}),
        field("bad", "How bad?", {"type": "radio_buttons", "options": OPTIONS}),
        field("also", "Also", {"type": "checkboxes", "options": [option("private"), option("page")]}),
        field("day", "Since", {"type": "datepicker"}),
        field("service", "Service", {"type": "static_select", "options": [option("checkout"), option("search")]}),
        field("who", "Who knows more?", {"type": "users_select"}),
        field("where", "Where?", {"type": "channels_select"}),
        field("tags", "Tags", {"type": "multi_static_select", "options": [option("network"), option("disk")]}),
    ],
}
SURE = {"title": plain("Really?"), "text": plain("It rings."), "confirm": plain("Ring"), "deny": plain("No")}
HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Open incidents")},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "*Open*\n2"}, {"type": "mrkdwn", "text": "*Owed*\n0"}],
        },
        {"type": "image", "image_url": "/page/bell.svg", "alt_text": "A bell", "title": plain("The bell")},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": ":bell: on duty: <@U0BEA>"}]},
        {"type": "divider"},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "Page somebody"},
            "accessory": {"type": "button", "action_id": "page", "text": plain("Page"), "confirm": SURE},
        },
    ],
}


class FormApp:
    """`submitted` are the values of the last form; `clicked` the buttons pressed in the home tab."""

    def __init__(self) -> None:
        self.submitted: Json | None = None
        self.clicked: list[str] = []
        self.address = ""

    def answer(self, received: Received) -> Answered:
        body = received.body.decode()
        said = self._app().dispatch(BoltRequest(body=body, headers=dict(received.headers)))
        return Answered((said.body or "").encode(), said.status)

    def _app(self) -> App:
        client = WebClient("xoxb-sandbox", base_url=f"{self.address}/slack/api/")
        app = App(client=client, signing_secret="sandbox-signing-secret", token_verification_enabled=False)
        app.command("/incident")(self._open)
        app.view("form")(self._submit)
        app.event("app_home_opened")(self._home)
        app.action("page")(self._page)
        return app

    def _open(self, ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    def _submit(self, ack: Any, view: Json) -> None:
        values = {name: held[name] for name, held in view["state"]["values"].items()}
        if len(values["what"]["value"]) < 5:
            ack(response_action="errors", errors={"what": "Say a little more."})
            return
        self.submitted = values
        ack()

    def _home(self, event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=HOME)

    def _page(self, ack: Any) -> None:
        self.clicked.append("page")
        ack()


@contextmanager
def form_app(folder: Path) -> Iterator[tuple[FormApp, RunningSandbox]]:
    app = FormApp()
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    with receiving() as receiver:
        options = ["--manifest", str(manifest)]
        with sandbox_running(receiver.url, folder / "ledger.jsonl", options) as sandbox:
            app.address = sandbox.address
            receiver.rule = app.answer
            yield app, sandbox


MANIFEST = {
    "features": {"slash_commands": [{"command": "/incident"}], "app_home": {"home_tab_enabled": True}},
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "interactivity": {"is_enabled": True}},
}
