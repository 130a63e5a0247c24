"""Reactions on the card: they correct the category, or acknowledge."""

import pytest

from incidents.words import Status
from tests.books import Books, at_once
from tests.integration.bot.slack import BOT_USER, CARD, ROOM, Slack


@pytest.fixture
def card(slack: Slack, books: Books) -> None:
    """Incident 1 is triaged as `application`, and its card is in its channel."""
    slack.command("checkout returns 502")
    books.change(
        channel_id=ROOM,
        channel_name="incident-1",
        card_ts=CARD,
        category="application",
        predicted_category="application",
    )


pytestmark = pytest.mark.usefixtures("card")


def test_a_reaction_corrects_the_category_and_what_people_see(slack: Slack, books: Books) -> None:
    assert slack.react("file_cabinet").status == 200
    assert books.incident().category == "database"
    assert books.timeline()[-1] == "category_corrected"
    assert len(books.owed("UPDATE_CARD")) == len(books.owed("LEARN")) == 1
    (correction,) = books.corrections()
    assert (correction.by_slack, correction.via, correction.predicted) == ("U0ANA", "reaction", "application")


def test_taking_it_back_undoes_the_correction(slack: Slack, books: Books) -> None:
    slack.react("file_cabinet")
    assert slack.react("file_cabinet", removed=True).status == 200
    assert books.incident().category == "application"
    assert books.timeline()[-1] == "correction_undone"


def test_somebody_elses_reaction_is_not_undone(slack: Slack, books: Books) -> None:
    slack.react("file_cabinet", user="U0ANA")
    slack.react("file_cabinet", user="U0BEA", removed=True)
    assert books.incident().category == "database"


def test_a_skin_tone_does_not_matter(slack: Slack, books: Books) -> None:
    slack.react("handshake::skin-tone-3")
    assert books.incident().category == "third-party"
    slack.react("handshake::skin-tone-3", removed=True)
    assert books.incident().category == "application"


def test_the_last_of_two_reactions_counts_and_the_first_stands_behind_it(slack: Slack, books: Books) -> None:
    slack.react("file_cabinet")
    slack.react("lock")
    assert books.incident().category == "security"
    slack.react("lock", removed=True)
    assert books.incident().category == "database"


@pytest.mark.parametrize("name", ["tada", "file_cabinet_2", "", "lock::", "+1::skin-tone-2"])
def test_other_emoji_mean_nothing(slack: Slack, books: Books, name: str) -> None:
    books.change(category="security", predicted_category="security")
    assert slack.react(name).status == 200
    assert (books.incident().category, books.incident().status) == ("security", Status.OPEN)


@pytest.mark.parametrize(("channel", "ts"), [(ROOM, "1720000000.000999"), ("C0OTHER", CARD)])
def test_a_reaction_to_another_message_means_nothing(slack: Slack, books: Books, channel: str, ts: str) -> None:
    for name in ("file_cabinet", "eyes"):
        assert slack.react(name, channel=channel, ts=ts).status == 200
    assert (books.incident().category, books.incident().status) == ("application", Status.OPEN)


def test_a_reaction_to_a_file_means_nothing(slack: Slack) -> None:
    event = {"type": "reaction_added", "user": "U0ANA", "reaction": "lock", "item": {"type": "file", "file": "F1"}}
    assert slack.event(event).status == 200


def test_our_own_reaction_means_nothing(slack: Slack, books: Books) -> None:
    assert slack.react("file_cabinet", user=BOT_USER).status == 200
    assert books.corrections() == []


def test_before_the_card_is_known_slack_is_asked_to_deliver_again(slack: Slack, books: Books) -> None:
    books.change(card_ts=None)
    assert slack.react("file_cabinet", at=1720000100).status == 503
    assert slack.react("eyes").status == 503
    assert slack.react("tada").status == 200
    books.change(card_ts=CARD)
    assert slack.react("file_cabinet", at=1720000100, headers={"X-Slack-Retry-Num": "1"}).status == 200
    assert books.incident().category == "database"


def test_a_reaction_that_is_delivered_again_counts_once(slack: Slack, books: Books) -> None:
    answers = at_once(10, lambda: slack.react("file_cabinet", at=1720000100, event_id="Ev9"))
    assert {answer.status for answer in answers} == {200}
    assert len(books.corrections()) == 1


def test_a_late_delivery_does_not_bring_back_what_was_taken_back(slack: Slack, books: Books) -> None:
    slack.react("file_cabinet", at=1720000101, removed=True)
    assert slack.react("file_cabinet", at=1720000100, headers={"X-Slack-Retry-Num": "2"}).status == 200
    assert books.incident().category == "application"


def test_a_late_delivery_does_not_undo_a_newer_reaction(slack: Slack, books: Books) -> None:
    slack.react("file_cabinet", at=1720000100)
    slack.react("file_cabinet", at=1720000102)
    slack.react("file_cabinet", at=1720000101, removed=True)
    assert books.incident().category == "database"


def test_eyes_acknowledge_and_are_not_taken_back(slack: Slack, books: Books) -> None:
    slack.react("eyes", user="U0BEA")
    assert (books.incident().status, books.incident().acknowledged_by) == (Status.ACKNOWLEDGED, "Bea")
    assert books.owed("PAGE") == []
    slack.react("eyes", user="U0BEA", removed=True)
    slack.react("eyes", user="U0CY")
    assert (books.incident().status, books.incident().acknowledged_by) == (Status.ACKNOWLEDGED, "Bea")
    assert books.timeline().count("acknowledged") == 1


def test_eyes_on_what_is_over_change_nothing(slack: Slack, books: Books) -> None:
    slack.command("resolve 1")
    assert slack.react("eyes").status == 200
    assert books.incident().status is Status.RESOLVED


def test_a_category_that_the_organization_does_not_have_means_nothing(slack: Slack, books: Books) -> None:
    with books.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE organizations SET categories = '[\"application\"]'")
    assert slack.react("file_cabinet").status == 200
    assert books.incident().category == "application"


def test_without_a_database_slack_is_asked_to_deliver_again(slack_without_database: Slack) -> None:
    assert slack_without_database.react("file_cabinet").status == 503
    assert slack_without_database.react("tada").status == 200


def test_nothing_is_answered_before_the_commit(slack: Slack, books: Books) -> None:
    with books.broken_commits():
        assert slack.react("file_cabinet").status == 503
    assert books.incident().category == "application"
