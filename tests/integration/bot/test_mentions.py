"""Mentions of the bot: each is one report."""

import pytest

from incidents.words import Source
from tests.books import Books, at_once
from tests.integration.bot.slack import BOT_USER, CHANNEL, Slack

TEXT = f"<@{BOT_USER}> checkout returns 502, says <@U0BEA>"


def test_a_mention_declares_an_incident_that_is_answered_in_its_thread(slack: Slack, books: Books) -> None:
    answer = slack.mention(TEXT)
    assert answer.status == 200
    incident = books.incident()
    assert (incident.title, incident.source) == ("checkout returns 502, says @Bea", Source.MENTION)
    assert (incident.reporter_slack, incident.origin_channel) == ("U0ANA", CHANNEL)
    assert incident.origin_thread == "1720000001.000200"
    assert len(books.owed("TRIAGE")) == len(books.owed("PAGE")) == 1


def test_a_mention_in_a_thread_is_answered_there(slack: Slack, books: Books) -> None:
    slack.mention(TEXT, more={"thread_ts": "1719999999.000900"})
    assert books.incident().origin_thread == "1719999999.000900"


def test_a_mention_that_is_delivered_again_is_the_same_incident(slack: Slack, books: Books) -> None:
    slack.mention(TEXT, event_id="Ev9")
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert slack.mention(TEXT, event_id="Ev9", headers=again).status == 200
    assert len(books.incidents()) == 1


def test_a_delivery_that_says_it_is_a_repeat_may_be_the_first_that_arrives(slack: Slack, books: Books) -> None:
    slack.mention(TEXT, headers={"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"})
    assert len(books.incidents()) == 1


def test_twenty_deliveries_at_once_are_one_incident(slack: Slack, books: Books) -> None:
    answers = at_once(20, lambda: slack.mention(TEXT, event_id="Ev9"))
    assert {answer.status for answer in answers} == {200}
    assert len(books.incidents()) == 1


@pytest.mark.parametrize("text", [f"<@{BOT_USER}>", f" <@{BOT_USER}>: ", f"<@{BOT_USER}> \x00", ""])
def test_a_mention_without_a_text_reports_nothing(slack: Slack, books: Books, text: str) -> None:
    assert slack.mention(text).status == 200
    assert (books.incidents(), books.accepted()) == ([], 0)


@pytest.mark.parametrize("more", [{"bot_id": "B0OTHER"}, {"bot_id": "B0OTHER", "user": None}, {"user": None}])
def test_bots_do_not_report_by_mention(slack: Slack, books: Books, more: dict[str, str | None]) -> None:
    assert slack.mention(TEXT, more=more).status == 200
    assert books.incidents() == []


def test_a_very_long_mention_is_kept_whole(slack: Slack, books: Books) -> None:
    text = "stack trace " * 3_300
    slack.mention(f"<@{BOT_USER}> {text}")
    assert len(books.incident().title) <= 200
    assert text.strip() in books.incident().description


def test_without_a_database_slack_is_asked_to_deliver_again(slack_without_database: Slack) -> None:
    assert slack_without_database.mention(TEXT).status == 503


def test_nothing_is_answered_before_the_commit(slack: Slack, books: Books) -> None:
    with books.broken_commits():
        assert slack.mention(TEXT, event_id="Ev9").status == 503
    assert slack.mention(TEXT, event_id="Ev9", headers={"X-Slack-Retry-Num": "1"}).status == 200
    assert len(books.incidents()) == 1
