"""What outlives the sandbox's process: killed at any moment and started again, its world is as it was."""

import json
import os
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.cloud import speech
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcTransport
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.installing import allow, install
from tests.integration.sandbox.phones import ANYBODY, BEA, Pages, Phone, client, eventually
from tests.integration.sandbox.receiver import Receiver, receiving
from tests.integration.sandbox.running import RunningSandbox, sandbox_running
from tests.integration.sandbox.test_jira import FIELDS, connect
from tests.integration.sandbox.test_speech import hear
from tests.integration.sandbox.test_twilio_hotline import download

Start = Callable[[], AbstractContextManager[RunningSandbox]]
CARD: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": "#7 checkout"}}]


@pytest.fixture
def product() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tocsin-state-") as name:
        yield Path(name)


@pytest.fixture
def start(product: Receiver, folder: Path) -> Start:
    """A sandbox on the same files each time."""
    options = ["--state", str(folder / "state.db")]
    return lambda: sandbox_running(product.url, folder / "ledger.jsonl", options)


def kill(sandbox: RunningSandbox) -> None:
    os.kill(sandbox.process.pid, signal.SIGKILL)
    sandbox.process.wait(5)


def slack_of(sandbox: RunningSandbox, token: str = "xoxb-sandbox") -> WebClient:
    return WebClient(token, base_url=f"{sandbox.address}/slack/api/", timeout=10)


def world(sandbox: RunningSandbox, team: str = "T0SANDBOX") -> dict[str, Any]:
    seen: dict[str, Any] = sandbox.get(f"/control/slack/state?team={team}")
    return {name: value for name, value in seen.items() if name != "version"}


def test_channels_cards_reactions_and_pins_are_there_and_can_be_changed(start: Start) -> None:
    with start() as first:
        slack = slack_of(first)
        channel = slack.conversations_create(name="incident-7")["channel"]["id"]
        slack.conversations_invite(channel=channel, users="U0BEA,U0CY")
        slack.conversations_setTopic(channel=channel, topic="checkout")
        card = slack.chat_postMessage(channel=channel, text="card", blocks=CARD)["ts"]
        gone = slack.chat_postMessage(channel=channel, text="gone")["ts"]
        slack.chat_postMessage(channel=channel, text="a reply", thread_ts=card)
        slack.chat_delete(channel=channel, ts=gone)
        slack.pins_add(channel=channel, timestamp=card)
        slack.bookmarks_add(channel_id=channel, title="Ticket", type="link", link="https://example.com")
        slack.reactions_add(channel=channel, timestamp=card, name="lock")
        first.post("/control/slack/react", user="bea", channel=channel, ts=card, name="eyes")
        first.post("/control/slack/message", user="cy", channel="incidents", text="who is on it?")
        first.post("/control/slack/group", handle="sre", users=["cy"], rename="oncall", disabled=True)
        before = world(first)
        kill(first)
    with start() as second:
        assert world(second) == before
        slack = slack_of(second)
        assert slack.chat_update(channel=channel, ts=card, text="acknowledged")["ok"]
        with pytest.raises(SlackApiError, match="name_taken"):
            slack.conversations_create(name="incident-7")
        with pytest.raises(SlackApiError, match="already_reacted"):
            slack.reactions_add(channel=channel, timestamp=card, name="lock")
        newest = slack.chat_postMessage(channel=channel, text="next")["ts"]
        assert newest > card
        assert slack.conversations_replies(channel=channel, ts=card)["messages"][1]["text"] == "a reply"


def test_issues_go_on_where_they_were(start: Start) -> None:
    with start() as first:
        jira = connect(first)
        issue = jira.create_issue(fields=FIELDS | {"labels": ["tocsin", "tocsin-7"]})
        other = jira.create_issue(fields=FIELDS)
        jira.add_comment(issue, "restarted it")
        jira.transition_issue(issue, "In Progress")
        jira.add_simple_link(issue.key, {"url": "https://example.com", "title": "Incident"})
        first.post("/control/jira/transition", key=other.key, name="Done")
        before = first.get("/control/jira/state")
        kill(first)
    with start() as second:
        assert second.get("/control/jira/state") == before
        jira = connect(second)
        assert [one.key for one in jira.search_issues("labels = tocsin-7")] == ["OPS-1"]
        assert jira.create_issue(fields=FIELDS).key == "OPS-3"
        jira.issue("OPS-2").delete()  # type: ignore[no-untyped-call]  # The SDK has types only in part.
        kill(second)
    with start() as third:
        assert connect(third).create_issue(fields=FIELDS).key == "OPS-4"
        assert [one["key"] for one in third.get("/control/jira/state")["issues"]] == ["OPS-1", "OPS-3", "OPS-4"]


def test_recordings_still_sound_and_transcribe_the_same(start: Start, product: Receiver) -> None:
    pages = Pages(product, {"/voice/incoming": '<Record action="/voice/done" recordingStatusCallback="/voice/tape"/>'})
    with start() as first:
        caller = Phone(first, ANYBODY)
        caller.calls_hotline()
        caller.does("speak", text="payments are failing in europe")
        caller.does("hangup")
        pages.wait_for("/voice/tape")
        recording = client(first).recordings.list()[0]
        sound, before = download(first, recording.sid), caller.is_idle()
        kill(first)
    with start() as second:
        assert client(second).recordings(recording.sid).fetch().duration == recording.duration
        assert download(second, recording.sid) == sound
        assert Phone(second, ANYBODY).shows() == before
        with grpc.insecure_channel(second.speech_address) as channel:
            google = speech.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
            assert hear(google, sound) == ["payments are failing in europe"]


def test_a_call_that_was_cut_off_has_failed_and_its_caller_is_told(start: Start, product: Receiver) -> None:
    pages = Pages(product, {"/voice/page": "<Pause length='30'/>"})
    with start() as first:
        asked = {"to": BEA, "from_": "+12025550100", "url": f"{product.url}/voice/page"}
        sid = client(first).calls.create(**asked, status_callback=f"{product.url}/voice/status").sid
        Phone(first, BEA).rings()
        kill(first)
    with start() as second:
        assert client(second).calls(sid).fetch().status == "failed"
        assert pages.wait_for("/voice/status", CallSid=sid)["CallStatus"] == "failed"
        assert Phone(second, BEA).shows()["state"] == "idle"


def test_text_messages_stay_and_stop_stays_stop(start: Start, product: Receiver) -> None:
    with start() as first:
        client(first).messages.create(to=BEA, from_="+12025550100", body="#7 checkout")
        before = eventually(Phone(first, BEA).shows, lambda shown: bool(shown["texts"]))
        Phone(first, ANYBODY).does("text", text="STOP")
        Phone(first, BEA).does("line", line="busy")
        kill(first)
    with start() as second:
        assert Phone(second, BEA).shows() == {**before, "line": "busy"}
        assert [one.status for one in client(second).messages.list(to=BEA)] == ["delivered"]
        with pytest.raises(Exception, match="unsubscribed"):
            client(second).messages.create(to=ANYBODY, from_="+12025550100", body="#7 checkout")


def test_an_installation_by_oauth_and_a_revoked_token_stay(start: Start) -> None:
    with start() as first:
        token = install(first, allow(first, team="T1SANDBOX"))["access_token"]
        slack_of(first, token).conversations_join(channel="C1OPS")
        slack_of(first, token).chat_postMessage(channel="C1OPS", text="hello")
        slack_of(first).auth_revoke()
        kill(first)
    with start() as second:
        answer = slack_of(second, token).auth_test()
        assert answer["team_id"] == "T1SANDBOX"
        assert [one["text"] for one in world(second, "T1SANDBOX")["messages"]][-1] == "hello"
        with pytest.raises(SlackApiError, match="missing_scope"):
            slack_of(second, token).conversations_create(name="incident-1")
        with pytest.raises(SlackApiError, match="account_inactive"):
            slack_of(second).auth_test()


def test_a_reset_empties_the_file_too(start: Start) -> None:
    with start() as first:
        slack_of(first).conversations_create(name="incident-7")
        connect(first).create_issue(fields=FIELDS)
        first.post("/control/reset")
        fresh = world(first)
        kill(first)
    with start() as second:
        names = [one["name"] for one in world(second)["channels"]]
        assert names == [one["name"] for one in fresh["channels"]]
        assert connect(second).create_issue(fields=FIELDS).key == "OPS-1"


def test_what_another_sandbox_wrote_is_set_aside_too(start: Start, folder: Path) -> None:
    changes = ("PRAGMA user_version = 99", "UPDATE records SET json = '{}' WHERE key LIKE 'jira/issue/%'")
    for change in changes:
        with start() as sandbox:
            assert connect(sandbox).create_issue(fields=FIELDS).key == "OPS-1"
        with closing(sqlite3.connect(folder / "state.db")) as database, database:
            database.execute(change)
    with start() as last:
        assert connect(last).create_issue(fields=FIELDS).key == "OPS-1"
    assert len(list(folder.glob("state.db.unreadable-*"))) == len(changes)


def test_the_ledger_goes_on_and_only_its_newest_entries_are_taken_over(start: Start, folder: Path) -> None:
    old = {"at": "2026-01-01T00:00:00+00:00", "provider": "jira", "method": "m", "request": 1, "response": 1}
    lines = [json.dumps({"seq": seq, **old, "effect": None}) for seq in range(1, 50_101)]
    ledger = folder / "ledger.jsonl"
    ledger.write_text("\n".join(lines) + '\n{"seq": 50101, "torn')
    with start() as sandbox:
        connect(sandbox).create_issue(fields=FIELDS)
        (made,) = [one for one in sandbox.get("/ledger?after=50098") if one["effect"]]
        assert made["seq"] > 50_100
        assert sandbox.get("/ledger?after=0")[0]["seq"] == 101
        newest = sandbox.get("/ledger?after=50099")[-1]
        assert sandbox.get("/ledger?after=50099&last=1") == [newest]
    with start() as again:
        assert again.ledger("jira", made["method"])[-1] == made


@pytest.mark.parametrize("content", [b"this is no database", b""])
def test_a_broken_file_is_set_aside_and_the_world_begins_anew(
    start: Start, folder: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "state.db").write_bytes(content)
    with start() as first:
        assert connect(first).create_issue(fields=FIELDS).key == "OPS-1"
        kill(first)
    with start() as second:
        assert connect(second).create_issue(fields=FIELDS).key == "OPS-2"
    aside = [one.read_bytes() for one in folder.glob("state.db.unreadable-*")]
    assert aside == ([content] if content else [])
    assert ("the world begins anew" in capfd.readouterr().err) == bool(content)
