"""Modals: opened with a fresh trigger, filled in, submitted, and what the answer does to them."""

import json
import time
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "declare",
    "private_metadata": "C0GENERAL",
    "title": plain("Declare an incident"),
    "submit": plain("Declare"),
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": plain("What is happening?"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "severity",
            "optional": True,
            "label": plain("How bad?"),
            "element": {
                "type": "static_select",
                "action_id": "level",
                "options": [{"text": plain(level), "value": level} for level in ("LOW", "HIGH")],
            },
        },
    ],
}


def trigger(sandbox: RunningSandbox) -> str:
    return str(sandbox.post("/control/slack/command", user="ana", channel="general", text="")["trigger_id"])


def opened(slack: WebClient, sandbox: RunningSandbox, view: dict[str, Any] = FORM) -> str:
    return str(slack.views_open(trigger_id=trigger(sandbox), view=view)["view"]["id"])


def submitted(product: Receiver) -> dict[str, Any]:
    def is_submission(one: Received) -> bool:
        return b"view_submission" in one.body

    sent = dict(parse_qsl(product.wait_for(is_submission).body.decode()))
    payload: dict[str, Any] = json.loads(sent["payload"])
    return payload


def test_a_trigger_opens_one_view(slack: WebClient, sandbox: RunningSandbox) -> None:
    once = trigger(sandbox)
    slack.views_open(trigger_id=once, view=FORM)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        slack.views_open(trigger_id=once, view=FORM)


def test_a_trigger_lives_three_seconds(slack: WebClient, sandbox: RunningSandbox) -> None:
    late = trigger(sandbox)
    time.sleep(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        slack.views_open(trigger_id=late, view=FORM)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": plain("t" * 25)}, "must be less than 25 characters"),
        ({"submit": None}, "missing required field: submit"),
        ({"callback_id": "c" * 256}, "must be less than 256 characters"),
        ({"private_metadata": "m" * 3001}, "must be less than 3001 characters"),
        ({"type": "window"}, "must be one of modal"),
        ({"blocks": [{"type": "banner"}]}, "unsupported type: banner"),
        ({"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_a_bad_view_is_refused(slack: WebClient, sandbox: RunningSandbox, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments") as caught:
        opened(slack, sandbox, {**FORM, **change})
    assert any(reason in one for one in caught.value.response["response_metadata"]["messages"])


def test_a_submission_carries_the_state(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    view = opened(slack, sandbox)
    values = {"title": "checkout", "severity": {"level": "HIGH"}}
    said = sandbox.post("/control/slack/submit", user="ana", view_id=view, values=values)
    sent = submitted(product)["view"]
    state = sent["state"]["values"]
    assert state["title"]["text"] == {"type": "plain_text_input", "value": "checkout"}
    assert state["severity"]["level"]["selected_option"]["value"] == "HIGH"
    assert (sent["callback_id"], sent["private_metadata"]) == ("declare", "C0GENERAL")
    assert said["open"] is False


def test_what_is_required_must_be_filled_in(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    view = opened(slack, sandbox)
    product.forget()
    said = sandbox.ask("POST", "/control/slack/submit", {"user": "ana", "view_id": view, "values": {}})
    assert said.status == 422
    assert "What is happening?" in said.body["error"]
    assert product.got == []


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        ({"response_action": "errors", "errors": {"title": "too vague"}}, True),
        ({"response_action": "update", "view": {**FORM, "title": plain("Sure?")}}, True),
        ({"response_action": "push", "view": {**FORM, "title": plain("Sure?")}}, True),
        ({"response_action": "clear"}, False),
    ],
    ids=["errors", "update", "push", "clear"],
)
def test_the_answer_to_a_submission(
    slack: WebClient, sandbox: RunningSandbox, product: Receiver, answer: dict[str, Any], is_open: bool
) -> None:
    view = opened(slack, sandbox)
    product.rule = lambda received: Answered(json.dumps(answer).encode())
    said = sandbox.post("/control/slack/submit", user="ana", view_id=view, values={"title": "x"})
    assert said["open"] is is_open
    assert said["errors"] == answer.get("errors", {})
    front = {one["id"]: one for one in sandbox.get("/control/slack/state")["views"]}.get(said["view_id"])
    assert (front is not None) is is_open
    if "view" in answer:
        assert front is not None
        assert front["title"]["text"] == "Sure?"


def test_a_failed_submission_leaves_the_form_open(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    view = opened(slack, sandbox)
    product.rule = lambda received: Answered(status=500)
    said = sandbox.post("/control/slack/submit", user="ana", view_id=view, values={"title": "x"})
    assert said["open"] is True
    assert "trouble" in said["trouble"]


def test_views_are_updated_by_id_and_guarded_by_hash(slack: WebClient, sandbox: RunningSandbox) -> None:
    view = opened(slack, sandbox)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        slack.views_update(view_id=view, hash="older", view=FORM)
    assert slack.views_update(view_id=view, view={**FORM, "title": plain("New")})["view"]["title"]["text"] == "New"


def test_the_home_tab_is_published_and_opened(slack: WebClient, sandbox: RunningSandbox, product: Receiver) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    slack.views_publish(user_id="U0ANA", view=home)
    sandbox.post("/control/slack/home", user="ana")
    product.wait_for(lambda one: b"app_home_opened" in one.body)
    assert sandbox.get("/control/slack/state")["homes"]["U0ANA"]["blocks"][0]["type"] == "divider"
