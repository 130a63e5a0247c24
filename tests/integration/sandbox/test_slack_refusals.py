"""What Slack refuses, the sandbox refuses with the same word."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from tests.integration.sandbox.running import RunningSandbox

Call = Callable[[WebClient], SlackResponse]
INCIDENTS = "C0INCIDENTS"


def post(slack: WebClient, **more: Any) -> str:
    return str(slack.chat_postMessage(channel=INCIDENTS, text="card", **more)["ts"])


def refused(call: Callable[[], object]) -> SlackResponse:
    with pytest.raises(SlackApiError) as caught:
        call()
    response: SlackResponse = caught.value.response
    return response


MORE: list[tuple[str, Call]] = [
    ("invalid_name_punctuation", lambda slack: slack.conversations_create(name="---")),
    ("channel_not_found", lambda slack: slack.conversations_info(channel="C0NOWHERE")),
    ("message_not_found", lambda slack: slack.reactions_add(channel=INCIDENTS, timestamp="1.1", name="eyes")),
    ("message_not_found", lambda slack: slack.pins_add(channel=INCIDENTS, timestamp="1.1")),
    ("user_not_found", lambda slack: slack.users_info(user="U0NOBODY")),
]
"""Beside the table in `refusals/`, whose kinds these are."""


@pytest.mark.parametrize(("code", "call"), MORE, ids=[f"{n}-{code}" for n, (code, _) in enumerate(MORE)])
def test_refused(slack: WebClient, code: str, call: Call) -> None:
    assert refused(lambda: call(slack))["error"] == code


def test_nobody_edits_what_others_wrote(slack: WebClient, sandbox: RunningSandbox) -> None:
    ts = sandbox.post("/control/slack/message", user="ana", channel="incidents", text="hello")["ts"]
    assert refused(lambda: slack.chat_update(channel=INCIDENTS, ts=ts, text="x"))["error"] == "cant_update_message"
    assert refused(lambda: slack.chat_delete(channel=INCIDENTS, ts=ts))["error"] == "cant_delete_message"


def test_a_channel_that_was_left_is_closed_to_the_bot(slack: WebClient) -> None:
    channel = str(slack.conversations_create(name="incident-7")["channel"]["id"])
    slack.conversations_leave(channel=channel)
    assert refused(lambda: slack.conversations_history(channel=channel))["error"] == "not_in_channel"
    assert refused(lambda: slack.conversations_invite(channel=channel, users=["U0ANA"]))["error"] == "not_in_channel"


def test_an_archived_channel_takes_nothing(slack: WebClient) -> None:
    channel = str(slack.conversations_create(name="incident-7")["channel"]["id"])
    slack.conversations_archive(channel=channel)
    assert refused(lambda: slack.chat_postMessage(channel=channel, text="x"))["error"] == "is_archived"
    assert refused(lambda: slack.conversations_archive(channel=channel))["error"] == "already_archived"
    assert refused(lambda: slack.conversations_create(name="incident-7"))["error"] == "name_taken"


def test_with_force_an_invitation_reaches_those_who_can_come(slack: WebClient) -> None:
    channel = str(slack.conversations_create(name="incident-7")["channel"]["id"])
    users = ["U0ANA", "U0NOBODY"]
    assert refused(lambda: slack.conversations_invite(channel=channel, users=users))["error"] == "user_not_found"
    slack.conversations_invite(channel=channel, users=users, force=True)
    assert "U0ANA" in slack.conversations_members(channel=channel)["members"]


def test_the_twenty_first_channel_in_a_minute_is_too_many(slack: WebClient) -> None:
    for number in range(20):
        slack.conversations_create(name=f"incident-{number}")
    response = refused(lambda: slack.conversations_create(name="incident-20"))
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_a_flood_of_messages_is_stopped_channel_by_channel(slack: WebClient) -> None:
    for _ in range(10):
        post(slack)
    assert refused(lambda: post(slack)).status_code == 429
    slack.chat_postMessage(channel="C0GENERAL", text="another channel is free")
