"""Each role at each thing that can be done in Slack: whoever may not is told what it needs, and nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update

from incidents.models import Member, Organization
from incidents.roles import Role
from incidents.words import Status
from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE, block_id
from integrations.suspects import MERGE
from tests.books import Books
from tests.integration.bot.conftest import Outside
from tests.integration.bot.slack import CARD, ROOM, Reply, Slack

WHO = "U0CY"
"""Cy is on the list of those on call; the incident was reported by Bea."""
ROLES = [None, *Role]


@dataclass(frozen=True)
class Act:
    """`happened` says whether the act had its effect; for what only reads, whether it was shown."""

    name: str
    needs: Role
    do: Callable[[Slack, str], Reply]
    happened: Callable[[Books, Reply], bool]


def clicks(action: str, **how: Any) -> Callable[[Slack, str], Reply]:
    return lambda slack, block: slack.click(action, block=block, user=WHO, **how)


def reacts(name: str) -> Callable[[Slack, str], Reply]:
    return lambda slack, _: slack.react(name, user=WHO)


def types(text: str) -> Callable[[Slack, str], Reply]:
    return lambda slack, _: slack.command(text, user=WHO)


def after(before: str, text: str) -> Callable[[Slack, str], Reply]:
    """Somebody else has typed that before."""

    def do(slack: Slack, _: str) -> Reply:
        slack.command(before, user="U0BEA")
        return slack.command(text, user=WHO)

    return do


def merges(slack: Slack, block: str) -> Reply:
    slack.command("the shop is down", user="U0BEA")
    return slack.click(MERGE, block=block, user=WHO, value="2")


def status_is(status: Status) -> Callable[[Books, Reply], bool]:
    return lambda books, _: books.incident().status is status


def reported(books: Books, _: Reply) -> bool:
    return len(books.incidents()) == 2


def corrected(books: Books, _: Reply) -> bool:
    return books.incident().category == "database"


def escalated(books: Books, _: Reply) -> bool:
    return "escalated" in books.timeline()


def reopened(books: Books, _: Reply) -> bool:
    return "reopened" in books.timeline()


def shown(_: Books, reply: Reply) -> bool:
    return "blocks" in reply.json


ACTS = [
    Act("declare", Role.MEMBER, types("the search is slow"), reported),
    Act("mention", Role.MEMBER, lambda slack, _: slack.mention("<@U0BOT> the search is slow", user=WHO), reported),
    Act("correct by reaction", Role.MEMBER, reacts("file_cabinet"), corrected),
    Act("correct by menu", Role.MEMBER, clicks(CATEGORY, option="database"), corrected),
    Act(
        "acknowledge by reaction",
        Role.RESPONDER,
        reacts("eyes"),
        status_is(Status.ACKNOWLEDGED),
    ),
    Act("acknowledge by button", Role.RESPONDER, clicks(ACKNOWLEDGE), status_is(Status.ACKNOWLEDGED)),
    Act("acknowledge by command", Role.RESPONDER, types("ack 1"), status_is(Status.ACKNOWLEDGED)),
    Act("escalate by button", Role.RESPONDER, clicks(ESCALATE), escalated),
    Act("escalate by command", Role.RESPONDER, types("escalate 1"), escalated),
    Act("resolve by button", Role.RESPONDER, clicks(RESOLVE), status_is(Status.RESOLVED)),
    Act("resolve by command", Role.RESPONDER, types("resolve 1"), status_is(Status.RESOLVED)),
    Act("reopen by command", Role.RESPONDER, after("resolve 1", "reopen 1"), reopened),
    Act("merge by command", Role.RESPONDER, after("the shop is down", "merge 1 2"), status_is(Status.MERGED)),
    Act("merge by button", Role.RESPONDER, merges, status_is(Status.MERGED)),
    Act("status", Role.VIEWER, types("status 1"), shown),
    Act("list", Role.VIEWER, types("list"), shown),
    Act("oncall", Role.VIEWER, types("oncall"), shown),
    Act("stats", Role.VIEWER, types("stats"), shown),
    Act("handover", Role.VIEWER, types("handover"), shown),
]


@pytest.fixture
def card(slack: Slack, books: Books) -> str:
    slack.command("checkout returns 502", user="U0BEA")
    incident = books.change(channel_id=ROOM, card_ts=CARD, category="application", predicted_category="application")
    return block_id(incident.id)


def give(books: Books, outside: Outside, role: Role | None) -> None:
    """Cy has that role; None is a guest whom nobody made a member."""
    with books.database.begin() as session:
        cy = update(Member).where(Member.slack_user == WHO)
        session.execute(cy.values(slack_user=None) if role is None else cy.values(role=role))
    outside.guests = {WHO}  # A member's role counts, whatever Slack says of them.


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_each_role_at_each_act(
    slack: Slack, books: Books, outside: Outside, card: str, role: Role | None, act: Act
) -> None:
    give(books, outside, role)
    reply = act.do(slack, card)
    assert reply.status == 200
    may = role is not None and role.may(act.needs)
    assert act.happened(books, reply) is may
    if not may:
        assert ("You have no role here" if role is None else f"needs the role {act.needs}") in said(outside, reply)


def said(outside: Outside, reply: Reply) -> str:
    """What the person alone was told: in the answer, or after it."""
    if reply.text:
        assert not reply.public
        return reply.said
    told = outside.told()
    assert told.get("user") == WHO or told["response_type"] == "ephemeral"
    return str(told["text"])


def test_a_guest_who_reports_is_told_of_the_hotline(slack: Slack, books: Books, outside: Outside) -> None:
    outside.guests = {"U0DEE"}
    told = slack.command("everything is down", user="U0DEE").said
    assert told.startswith("Nothing was recorded. You have no role here")
    assert told.endswith("To report an incident, call the hotline: +12025550100.")
    assert books.incidents() == []


def test_slack_is_asked_once_who_somebody_is_and_never_about_members(slack: Slack, outside: Outside, card: str) -> None:
    for _ in range(3):
        slack.command("list", user="U0ANA")
        slack.command("list", user="U0CY")
    assert outside.asked == ["U0ANA"]


@pytest.mark.parametrize(("default", "may"), [(None, False), (Role.VIEWER, False), (Role.RESPONDER, True)])
def test_who_is_in_slack_and_no_member_has_the_default_role(
    slack: Slack, books: Books, default: Role | None, may: bool, card: str
) -> None:
    with books.database.begin() as session:
        session.execute(update(Organization).values(default_role=default))
    slack.command("ack 1", user="U0ANA")
    assert (books.incident().status is Status.ACKNOWLEDGED) is may


def test_people_of_other_workspaces_in_a_shared_channel_have_no_role(
    slack: Slack, books: Books, outside: Outside, card: str
) -> None:
    outside.strangers = {"U0ANA"}
    slack.click(ACKNOWLEDGE, block=card, user="U0ANA")
    assert "You have no role here" in outside.told()["text"]
    assert books.incident().status is Status.OPEN


def test_who_was_removed_is_nobody(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    with books.database.begin() as session:
        session.execute(update(Member).where(Member.slack_user == WHO).values(removed_at=books.database.now()))
    assert "You have no role here" in slack.command("ack 1", user=WHO).said
    assert books.incident().status is Status.OPEN


NONSENSE = {
    "an error": b'{"ok": false, "error": "internal_error"}',
    "no JSON": b"<html>Sorry</html>",
    "a list": b"[]",
    "nobody": b'{"ok": true}',
    "no object": b'{"ok": true, "team_id": "T0TEAM", "user": "Ana"}',
    "somebody else": b'{"ok": true, "team_id": "T0TEAM", "user": {"id": "U0BEA", "is_restricted": true}}',
    "no member": b'{"ok": true, "team_id": "T0TEAM", "user": {"id": "U0ANA", "enterprise_user": "no object"}}',
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_while_slack_does_not_say_who_it_is_an_incident_can_be_acknowledged(
    slack: Slack, books: Books, outside: Outside, card: str, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(outside, "answer", lambda path, body: answer)
    slack.command("ack 1", user="U0ANA")
    assert books.incident().status is Status.ACKNOWLEDGED


def test_while_slack_says_nothing_at_all_an_incident_can_be_acknowledged(
    slack: Slack, books: Books, outside: Outside, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes when all is over."""
    over = Event()

    def late(path: str, body: str) -> bytes:
        over.wait(60)
        return b"{}"

    monkeypatch.setattr(outside, "answer", late)
    slack.command("ack 1", user="U0ANA")
    assert not over.is_set()
    assert books.incident().status is Status.ACKNOWLEDGED
    over.set()
