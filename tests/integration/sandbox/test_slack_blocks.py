"""Blocks that Slack would not take are refused with every reason and its place; more of them stand in `refusals/`."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Block:
    return {"type": "button", "action_id": "a", "text": plain("Go"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def menu(count: int, **more: Any) -> Block:
    options = [{"text": plain(f"o{n}"), "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "m", "placeholder": plain("Which?"), "options": options, **more}


BAD: list[tuple[str, list[Any], str]] = [
    ("no block at all", ["text"], "unsupported type"),
    ("an empty section", [section("")], "must be more than 0 characters"),
    ("eleven fields", [{"type": "section", "fields": [plain("f")] * 11}], "no more than 10 items"),
    ("a header in mrkdwn", [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}], "must be one of plain_text"),
    ("a value too long", [actions(button(value="v" * 2001))], "must be less than 2001 characters"),
    ("an action_id too long", [actions(button(action_id="a" * 256))], "must be less than 256 characters"),
    ("no options", [actions(menu(0))], "no fewer than 1 items"),
    ("a choice beside the options", [actions(menu(1, initial_option={"text": plain("z"), "value": "z"}))], "initial"),
    ("a style that does not exist", [actions(button(style="green"))], "must be one of primary, danger"),
    ("an empty context", [{"type": "context", "elements": []}], "no fewer than 1 items"),
]


@pytest.mark.parametrize(("blocks", "reason"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_refused(slack: WebClient, blocks: list[Any], reason: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="C0INCIDENTS", text="x", blocks=blocks)
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert reason in answer["errors"][0]
    assert "json-pointer:/blocks" in answer["response_metadata"]["messages"][0]


def test_all_usual_blocks_pass_and_get_their_ids(slack: WebClient) -> None:
    blocks: list[Block] = [
        {"type": "header", "text": plain("h")},
        section("*x*", fields=[plain("f")], accessory=menu(3)),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}]},
        {"type": "divider"},
        {"type": "actions", "elements": [{"type": "button", "text": plain("Go"), "style": "primary"}, menu(100)]},
    ]
    message = slack.chat_postMessage(channel="C0INCIDENTS", text="x", blocks=blocks)["message"]
    assert all(block["block_id"] for block in message["blocks"])
    assert message["blocks"][4]["elements"][0]["action_id"]
