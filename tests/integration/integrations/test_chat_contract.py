"""The port `Chat`, sentence by sentence, on the fake and on Slack."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Chat, Message
from integrations import card, notices, slack
from integrations.notices import Command
from integrations.reactions import Reactions
from integrations.slack import SlackChat
from tests.integration.sandbox.running import RunningSandbox
from tests.unit.integrations.summaries import CHECKOUT, HOSTILE, summary

HELLO = Message("Hello.")


def recently() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def state_of(sandbox: RunningSandbox, channel: str) -> dict[str, Any]:
    shown: list[dict[str, Any]] = sandbox.get("/control/slack/state")["channels"]
    return next(each for each in shown if each["id"] == channel)


def message_of(sandbox: RunningSandbox, channel: str, timestamp: str) -> dict[str, Any]:
    shown = sandbox.get("/control/slack/state")["messages"]
    said: list[dict[str, Any]] = shown[channel] if isinstance(shown, dict) else shown
    return next(each for each in said if each["ts"] == timestamp and each.get("channel", channel) == channel)


def test_a_new_channel_has_the_name(chat: Chat) -> None:
    assert chat.open_channel("incident-42").name == "incident-42"


def test_asked_again_it_is_the_same_channel(chat: Chat) -> None:
    assert chat.open_channel("incident-42") == chat.open_channel("incident-42")


def test_a_name_that_somebody_else_took_gets_a_suffix(chat: Chat) -> None:
    first = chat.open_channel("general")
    assert first.name == "general-2"
    assert chat.open_channel("general") == first


def test_those_who_are_in_already_and_those_who_cannot_come_are_passed_over(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    chat.invite(channel, ["U0ANA"])
    chat.invite(channel, ["U0ANA", "U0NOBODY", "U0BEA"])


def test_a_message_is_found_again_by_its_mark(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    timestamp = chat.post(channel, HELLO, mark="job-1")
    assert chat.find_post(channel, mark="job-1", since=recently()) == timestamp


def test_a_message_in_a_thread_is_found_in_that_thread(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    parent = chat.post(channel, HELLO, mark="job-1")
    reply = chat.post(channel, HELLO, mark="job-2", thread=parent)
    assert chat.find_post(channel, mark="job-2", since=recently(), thread=parent) == reply


def test_there_is_none_with_another_mark_or_from_later(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    chat.post(channel, HELLO, mark="job-1")
    assert chat.find_post(channel, mark="job-2", since=recently()) is None
    assert chat.find_post(channel, mark="job-1", since=datetime.now(UTC) + timedelta(minutes=5)) is None


def test_an_edited_message_is_still_found(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    timestamp = chat.post(channel, HELLO, mark="job-1")
    chat.edit(channel, timestamp, Message("Changed."))
    assert chat.find_post(channel, mark="job-1", since=recently()) == timestamp


def test_a_message_that_does_not_exist_cannot_be_edited(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    with pytest.raises(PermanentError):
        chat.edit(channel, "1.000001", HELLO)


def test_a_message_that_is_pinned_already_stays_pinned(chat: Chat) -> None:
    channel = chat.open_channel("incident-42").id
    timestamp = chat.post(channel, HELLO, mark="job-1")
    chat.pin(channel, timestamp)
    chat.pin(channel, timestamp)


def test_groups_are_told_with_all_their_members(chat: Chat) -> None:
    [sre] = chat.groups()
    assert (sre.id, sre.handle, sre.name, set(sre.members)) == ("S0SRE", "sre", "SRE", {"U0BEA", "U0CY"})


def test_check_says_who_we_are(chat: Chat) -> None:
    assert chat.check().startswith("tocsin in ")


def test_topic_people_and_pin_arrive_in_slack(slack_chat: SlackChat, sandbox: RunningSandbox) -> None:
    channel = slack_chat.open_channel("incident-42").id
    slack_chat.set_topic(channel, notices.topic(CHECKOUT))
    slack_chat.invite(channel, ["U0ANA", "U0NOBODY", "U0BEA"])
    timestamp = slack_chat.post(channel, card.card(CHECKOUT), mark="job-1")
    slack_chat.pin(channel, timestamp)
    shown = state_of(sandbox, channel)
    assert shown["topic"] == notices.topic(CHECKOUT)
    assert {"U0ANA", "U0BEA"} <= set(shown["members"])
    assert shown["pins"] == [timestamp]


def test_an_edit_replaces_text_and_blocks(slack_chat: SlackChat, sandbox: RunningSandbox) -> None:
    channel = slack_chat.open_channel("incident-42").id
    timestamp = slack_chat.post(channel, card.card(CHECKOUT), mark="job-1")
    slack_chat.edit(channel, timestamp, Message("Changed."))
    edited = message_of(sandbox, channel, timestamp)
    assert edited["text"] == "Changed."
    assert not edited.get("blocks")


def test_a_public_channel_that_we_are_not_in_is_joined_for_a_pointer(
    slack_chat: SlackChat, sandbox: RunningSandbox
) -> None:
    slack_chat.post("C0GENERAL", notices.pointer(CHECKOUT), mark="job-1")
    assert "U0TOCSIN" in state_of(sandbox, "C0GENERAL")["members"]


def test_a_group_that_is_disabled_is_not_in_use(slack_chat: SlackChat, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/slack/group", handle="ops", users=["ana"])
    sandbox.post("/control/slack/group", handle="sre", disabled=True)
    assert [group.handle for group in slack_chat.groups()] == ["ops"]
    sandbox.post("/control/slack/group", handle="sre", disabled=False, users=[], rename="oncall")
    assert {group.handle: group.members for group in slack_chat.groups()} == {"ops": {"U0ANA"}, "oncall": set()}


@pytest.mark.parametrize("kind", ["500", "429", "garbage"])
def test_groups_that_slack_does_not_tell_are_not_taken_for_none(
    slack_chat: SlackChat, sandbox: RunningSandbox, kind: str
) -> None:
    sandbox.post("/control/fault", provider="slack", method="usergroups.list", kind=kind, times=1)
    with pytest.raises(TemporaryError):
        slack_chat.groups()


@pytest.mark.parametrize("lacks", ["id", "handle", "users"])
def test_half_a_group_is_not_taken_for_one(lacks: str) -> None:
    """Without its list of members it would look like one that nobody is in."""
    whole = {"id": "S0SRE", "handle": "sre", "name": "SRE", "users": ["U0BEA"]}
    assert slack._group(whole).members == {"U0BEA"}
    with pytest.raises(TemporaryError):
        slack._group({name: value for name, value in whole.items() if name != lacks})


def test_nobody_elses_message_is_taken_for_ours(slack_chat: SlackChat, sandbox: RunningSandbox) -> None:
    sandbox.post("/control/slack/message", user="U0ANA", channel="C0INCIDENTS", text="job-1")
    slack_chat.post("C0INCIDENTS", HELLO, mark="job-2")
    assert slack_chat.find_post("C0INCIDENTS", mark="job-1", since=recently()) is None


def test_our_message_is_found_behind_many_others(slack_chat: SlackChat) -> None:
    channel = slack_chat.open_channel("incident-42").id
    first = slack_chat.post(channel, HELLO, mark="job-0")
    for number in range(1, 5):
        slack_chat.post(channel, HELLO, mark=f"job-{number}")
    assert slack_chat.find_post(channel, mark="job-0", since=recently()) == first


def test_slack_takes_everything_that_the_builders_make(slack_chat: SlackChat) -> None:
    channel = slack_chat.open_channel("incident-42").id
    hostile = summary(title=HOSTILE, description=HOSTILE, page=HOSTILE, next_page_at=None)
    legend = Reactions().legend(CHECKOUT.categories)
    messages = [
        card.card(hostile),
        notices.pointer(hostile),
        notices.all_told(hostile),
        notices.incident_list([hostile] * 60),
        notices.help_message(hotline="+12025550100", legend=legend, commands=[Command("start", "list", "lists")]),
    ]
    for number, message in enumerate(messages):
        slack_chat.post(channel, message, mark=f"job-{number}")
    slack_chat.set_topic(channel, notices.topic(hostile))


def test_a_token_that_slack_does_not_know_is_named_as_the_cause(sandbox: RunningSandbox) -> None:
    stranger = SlackChat("xoxb-wrong", base_url=f"{sandbox.address}/slack/api/")
    with pytest.raises(PermanentError, match="SLACK_BOT_TOKEN"):
        stranger.check()


def test_an_installation_with_the_scopes_of_the_manifest_lacks_none(slack_chat: SlackChat) -> None:
    assert slack_chat.check() == "tocsin in Sandbox"


def test_a_user_is_shown_by_name_and_nobody_by_none(slack_chat: SlackChat) -> None:
    assert slack_chat.name_of("U0ANA") == "ana"
    assert slack_chat.name_of("U0NOBODY") is None
