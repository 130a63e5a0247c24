"""Slack as it comes to the door: its payloads as its documentation has them, signed as it signs."""

import json
import time
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from slack_sdk.signature import SignatureVerifier

SECRET = "a-signing-secret"
TEAM = "T0TEAM"
BOT_USER = "U0BOT"
CHANNEL = "C0GENERAL"
ROOM = "C0ROOM"
CARD = "1720000000.000100"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    text: str

    @property
    def json(self) -> Json:
        read: Json = json.loads(self.text)
        return read

    @property
    def said(self) -> str:
        return str(self.json["text"])

    @property
    def public(self) -> bool:
        return bool(self.json["response_type"] == "in_channel")

    @property
    def buttons(self) -> list[Json]:
        blocks = self.json.get("blocks", [])
        return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


class Slack:
    """One workspace. `response_url` is where answers after the fact go."""

    def __init__(self, application: Flask, response_url: str) -> None:
        self._application = application
        self._response_url = response_url
        self._numbers = count(1)

    def post(self, body: str, *, kind: str, headers: dict[str, str] | None = None) -> Reply:
        """Signed, unless the headers say otherwise."""
        given = {"Content-Type": kind, **signed(body), **(headers or {})}
        answer = self._application.test_client().post("/slack/events", data=body.encode(), headers=given)
        return Reply(answer.status_code, answer.get_data(as_text=True))

    def form(self, fields: Json, headers: dict[str, str] | None = None) -> Reply:
        return self.post(urlencode(fields), kind="application/x-www-form-urlencoded", headers=headers)

    def command(
        self,
        text: str,
        *,
        user: str = "U0ANA",
        channel: str = CHANNEL,
        trigger: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """https://docs.slack.dev/interactivity/implementing-slash-commands."""
        fields = {
            "token": "verification-token",
            "team_id": TEAM,
            "team_domain": "example",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": user.removeprefix("U0").lower(),
            "command": "/incident",
            "text": text,
            "api_app_id": "A0APP",
            "is_enterprise_install": "false",
            "response_url": self._response_url,
            "trigger_id": trigger or self.trigger(),
        }
        return self.form(fields, headers)

    def event(self, event: Json, *, event_id: str | None = None, headers: dict[str, str] | None = None) -> Reply:
        """https://docs.slack.dev/apis/events-api."""
        envelope = {
            "token": "verification-token",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": "A0APP",
            "event": event,
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "event_time": 1720000000,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-eyJldCI6ImFwcF9tZW50aW9uIn0",
        }
        return self.post(json.dumps(envelope), kind="application/json", headers=headers)

    def mention(self, text: str, *, user: str = "U0ANA", more: Json | None = None, **how: Any) -> Reply:
        """https://docs.slack.dev/reference/events/app_mention."""
        event = {
            "user": user,
            "type": "app_mention",
            "ts": "1720000001.000200",
            "client_msg_id": "8f1f6f3c",
            "text": text,
            "team": TEAM,
            "channel": CHANNEL,
            "event_ts": "1720000001.000200",
        }
        return self.event(event | (more or {}), **how)

    def react(
        self,
        name: str,
        *,
        user: str = "U0ANA",
        channel: str = ROOM,
        ts: str = CARD,
        removed: bool = False,
        at: float | None = None,
        **how: Any,
    ) -> Reply:
        """https://docs.slack.dev/reference/events/reaction_added."""
        event = {
            "type": "reaction_removed" if removed else "reaction_added",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel, "ts": ts},
            "item_user": BOT_USER,
            "event_ts": f"{at if at is not None else 1720000100 + next(self._numbers):.6f}",
        }
        return self.event(event, **how)

    def click(
        self,
        action: str,
        *,
        value: str | None = None,
        option: str | None = None,
        block: str = "b1",
        user: str = "U0BEA",
        trigger: str | None = None,
        message: str = CARD,
        ephemeral: bool = False,
    ) -> Reply:
        """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
        element: Json = {"action_id": action, "block_id": block, "action_ts": "1720000200.000300"}
        if option is None:
            element |= {"type": "button", "text": {"type": "plain_text", "text": "Button", "emoji": False}}
            element |= {} if value is None else {"value": value}
        else:
            shown = {"text": {"type": "plain_text", "text": option}, "value": option}
            element |= {"type": "static_select", "selected_option": shown}
        payload: Json = {
            "type": "block_actions",
            "user": {"id": user, "username": user.removeprefix("U0").lower(), "name": "name", "team_id": TEAM},
            "api_app_id": "A0APP",
            "token": "verification-token",
            "container": {
                "type": "message",
                "message_ts": message,
                "channel_id": CHANNEL,
                "is_ephemeral": ephemeral,
            },
            "trigger_id": trigger or self.trigger(),
            "team": {"id": TEAM, "domain": "example"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": CHANNEL, "name": "general"},
            "state": {"values": {}},
            "response_url": self._response_url,
            "actions": [element],
        }
        return self.form({"payload": json.dumps(payload)})

    def trigger(self) -> str:
        return f"{next(self._numbers)}.13345224609.738474920.8088930838d88f008e0"


def signed(body: str, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}
