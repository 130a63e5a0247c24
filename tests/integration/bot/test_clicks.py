"""Buttons and the category menu on the card."""

import uuid

import pytest

from incidents.words import Status
from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE, block_id
from integrations.suspects import MERGE
from tests.books import Books, at_once
from tests.integration.bot.conftest import Outside
from tests.integration.bot.slack import CARD, ROOM, Slack


@pytest.fixture
def card(slack: Slack, books: Books) -> str:
    """The block with the buttons of incident 1."""
    slack.command("checkout returns 502")
    incident = books.change(channel_id=ROOM, card_ts=CARD, category="application", predicted_category="application")
    return block_id(incident.id)


def test_acknowledge_takes_it_and_says_so_to_the_one_who_clicked(
    slack: Slack, books: Books, outside: Outside, card: str
) -> None:
    answer = slack.click(ACKNOWLEDGE, block=card, value=str(books.incident().id))
    assert (answer.status, answer.text) == (200, "")
    assert (books.incident().status, books.incident().acknowledged_slack) == (Status.ACKNOWLEDGED, "U0BEA")
    assert books.owed("PAGE") == []
    assert len(books.owed("UPDATE_CARD")) == 1
    told = outside.told()
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    assert told["text"].startswith("<@U0BEA> acknowledged #1.")


def test_the_second_person_is_told_who_has_it(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    slack.click(ACKNOWLEDGE, block=card, user="U0BEA")
    outside.told()
    slack.click(ACKNOWLEDGE, block=card, user="U0CY")
    assert outside.told()["text"] == "#1 was acknowledged by Bea already."
    assert books.incident().acknowledged_by == "Bea"


def test_of_ten_at_once_one_has_it(slack: Slack, books: Books, card: str) -> None:
    users = iter([f"U0P{n}" for n in range(10)])
    answers = at_once(10, lambda: slack.click(ACKNOWLEDGE, block=card, user=next(users)))
    assert {answer.status for answer in answers} == {200}
    assert books.timeline().count("acknowledged") == 1


def test_the_same_click_twice_is_one(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    for _ in range(2):
        assert slack.click(ESCALATE, block=card, trigger="t1").status == 200
    assert books.timeline().count("escalated") == 1
    outside.told()


def test_escalate_calls_the_next_person(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    slack.click(ESCALATE, block=card)
    assert "is being called" in outside.told()["text"]
    assert len(books.owed("PAGE")) == 1


def test_resolve_ends_it(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    slack.click(RESOLVE, block=card)
    assert outside.told()["text"] == "<@U0BEA> resolved #1."
    assert books.incident().status is Status.RESOLVED


@pytest.mark.parametrize(
    ("action", "told"),
    [(ACKNOWLEDGE, "Reopen it"), (ESCALATE, "Reopen it"), (RESOLVE, "#1 is resolved already.")],
)
def test_a_card_that_is_out_of_date_is_answered(
    slack: Slack, outside: Outside, card: str, action: str, told: str
) -> None:
    slack.command("resolve 1")
    assert slack.click(action, block=card).status == 200
    assert told in outside.told()["text"]


def test_the_menu_corrects_the_category(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    assert slack.click(CATEGORY, block=card, option="database").status == 200
    assert books.incident().category == "database"
    (correction,) = books.corrections()
    assert (correction.via, correction.by) == ("menu", "Bea")
    assert outside.answers.empty()


def test_a_category_that_is_none_is_said(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    assert slack.click(CATEGORY, block=card, option="weather <!here>").status == 200
    told = outside.told()["text"]
    assert "There is no category" in told
    assert "<!here>" not in told
    assert books.incident().category == "application"


@pytest.mark.parametrize("block", ["incident:nonsense", f"incident:{uuid.UUID(int=7)}", "", "b1"])
@pytest.mark.parametrize("value", [None, "", "nonsense", str(uuid.UUID(int=7))])
def test_a_card_of_no_incident_is_said(
    slack: Slack, books: Books, outside: Outside, block: str, value: str | None
) -> None:
    assert slack.click(ACKNOWLEDGE, block=block, value=value).status == 200
    assert "no incident that I know" in outside.told()["text"]
    assert books.accepted() == 0


def test_a_button_of_an_older_version_is_answered(slack: Slack, outside: Outside, card: str) -> None:
    assert slack.click("incident_mitigate", block=card).status == 200
    assert "not known any more" in outside.told()["text"]


def test_an_answer_that_slack_does_not_take_changes_nothing(
    slack: Slack, books: Books, outside: Outside, card: str
) -> None:
    outside.close()
    assert slack.click(ACKNOWLEDGE, block=card).status == 200
    assert books.incident().status is Status.ACKNOWLEDGED


def test_nothing_is_answered_before_the_commit(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    with books.broken_commits():
        assert slack.click(ACKNOWLEDGE, block=card).status == 503
    assert books.incident().status is Status.OPEN
    assert outside.answers.empty()


def test_without_a_database_a_click_fails_aloud(slack_without_database: Slack) -> None:
    assert slack_without_database.click(ACKNOWLEDGE, block=f"incident:{uuid.UUID(int=7)}").status == 503


def test_same_as_merges_it_once(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    slack.command("cannot pay")
    second = block_id(books.incident(2).id)
    assert slack.click(MERGE, block=second, value="1").status == 200
    assert outside.told()["text"] == "<@U0BEA> merged #2 into #1. Undo: `/incident reopen 2`."
    assert (books.incident(2).status, books.incident(2).merged_into) == (Status.MERGED, 1)
    assert (len(books.owed("PAGE")), books.owed("PAGE", 2)) == (1, [])
    slack.click(MERGE, block=second, value="1", user="U0CY")
    assert outside.told()["text"] == "#2 was merged into #1 already."
    assert books.timeline(2).count("merged") == 1


@pytest.mark.parametrize(("value", "says"), [("7", "no incident '7'"), ("", "no incident"), ("1", "into itself")])
def test_same_as_what_it_cannot_be_is_said(
    slack: Slack, books: Books, outside: Outside, card: str, value: str, says: str
) -> None:
    slack.click(MERGE, block=card, value=value)
    assert says in outside.told()["text"]
    assert books.incident().status is Status.OPEN


def test_same_as_one_that_is_over_by_now_is_said(slack: Slack, books: Books, outside: Outside, card: str) -> None:
    slack.command("cannot pay")
    slack.command("resolve 1")
    slack.click(MERGE, block=block_id(books.incident(2).id), value="1")
    assert "#1 is resolved already. Reopen it first" in outside.told()["text"]
    assert len(books.owed("PAGE", 2)) == 1
