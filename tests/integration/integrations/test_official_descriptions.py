"""Every request of the adapters is one that the provider documents, and they live on documented answers alone.

Between an adapter and the sandbox stands a program that takes away each field of an answer that is not in the
provider's description, turns the order of the others round, and writes the names of headers in capitals.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest

from incidents.ports import Message, Ticket
from integrations import card, notices, twiml
from integrations.jira import JiraTickets
from integrations.slack import SlackChat
from integrations.twilio import TwilioPhone
from tests.integration.integrations.descriptions.between import between
from tests.integration.integrations.descriptions.described import pruned
from tests.integration.integrations.descriptions.jira import JIRA
from tests.integration.integrations.descriptions.slack import SLACK
from tests.integration.integrations.descriptions.twilio import TWILIO
from tests.integration.sandbox.running import RunningSandbox
from tests.unit.integrations.summaries import CHECKOUT, HOSTILE, summary

BEA, ANYBODY = "+12025550111", "+12025550199"


def recently() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def test_slack(sandbox: RunningSandbox) -> None:
    hostile = summary(title=HOSTILE, description=HOSTILE, page=HOSTILE, next_page_at=None)
    with between(sandbox.address, SLACK) as middle:
        chat = SlackChat("xoxb-sandbox", base_url=f"{middle.url}/slack/api/")
        channel = chat.open_channel("incident-42")
        assert chat.open_channel("incident-42") == channel
        chat.set_topic(channel.id, notices.topic(hostile))
        chat.invite(channel.id, ["U0ANA", "U0BEA", "U0NOBODY"])
        posted = chat.post(channel.id, card.card(hostile), mark="job-1")
        reply = chat.post(channel.id, Message("Hello."), mark="job-2", thread=posted)
        chat.edit(channel.id, posted, card.card(CHECKOUT))
        chat.pin(channel.id, posted)
        chat.post("C0GENERAL", notices.pointer(hostile), mark="job-3")
        assert chat.find_post(channel.id, mark="job-1", since=recently()) == posted
        assert chat.find_post(channel.id, mark="job-2", since=recently(), thread=posted) == reply
        assert chat.name_of("U0ANA") == "ana"
        assert [group.handle for group in chat.groups()] == ["sre"]
        assert chat.check().startswith("tocsin in ")
    assert middle.faults == []
    assert middle.used >= SLACK.keys() - {"POST /slack/api/conversations.join"}


def test_twilio(sandbox: RunningSandbox) -> None:
    with between(sandbox.address, TWILIO) as middle:
        phone = TwilioPhone(
            "AC00000000000000000000000000000001",
            "sandbox-auth-token",
            number="+12025550100",
            api_url=f"{middle.url}/twilio",
        )
        page = twiml.page_call(summary(title=HOSTILE), "http://127.0.0.1:9/voice/key?token=a%2Bb")
        sid = phone.call(
            to=BEA, twiml=page, status_url="http://127.0.0.1:9/voice/status", ring_for=timedelta(seconds=25)
        )
        assert [call.sid for call in phone.find_calls(to=BEA, since=recently())] == [sid]
        phone.hang_up(sid)
        assert phone.look_up(sid).to == BEA
        with pytest.raises(Exception, match="recording"):
            phone.recording("RE" + "0" * 32)
        assert phone.check()
    assert middle.faults == []
    assert middle.used == TWILIO.keys()


def test_jira(sandbox: RunningSandbox) -> None:
    with between(sandbox.address, JIRA) as middle:
        tickets = JiraTickets(
            f"{middle.url}/jira", "sandbox@example.com", "sandbox-token", project="OPS", timeout=timedelta(seconds=5)
        )
        made = tickets.create(
            label="tocsin-1", summary="two\nlines " + "x" * 300, description=HOSTILE, priority="Highest", labels=["a"]
        )
        tickets.update(made.key, summary="New", description="Better.", priority="Unheard of", labels=["b"])
        tickets.close(made.key)
        tickets.reopen(made.key)
        assert eventually_found(tickets) == made
        assert "project" in tickets.check()
    assert middle.faults == []
    assert middle.used == JIRA.keys()


def test_what_is_not_documented_is_seen() -> None:
    post = SLACK["POST /slack/api/chat.postMessage"]
    said = {"channel": "C0INCIDENTS", "text": "x" * 40_001, "colour": "red"}
    assert [fault.split()[0] for fault in post.faults(said)] == ["colour", "text"]
    assert post.faults({"text": "x"}) == ["channel is missing"]
    account = TWILIO["GET /twilio/2010-04-01/Accounts/{Sid}.json"]
    assert pruned({"sid": "AC1", "pigeons": 3, "status": "active"}, account.answered) == {
        "status": "active",
        "sid": "AC1",
    }


def eventually_found(tickets: JiraTickets) -> Ticket | None:
    """Search learns of a ticket after a while."""
    ends = time.monotonic() + 10
    while (found := tickets.find(label="tocsin-1")) is None and time.monotonic() < ends:
        time.sleep(0.2)
    return found
