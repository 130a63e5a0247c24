"""A call about several incidents: nobody acknowledges what was not said, and nothing that was not said is lost."""

import pytest

from incidents import lifecycle
from incidents.models import Call, Incident
from incidents.people import Actor
from incidents.roles import Role
from incidents.words import Status
from tests.books import Books, at_once
from tests.integration.voice.twilio import PUBLIC, Heard, Paged, Twilio

MENU = "Press 4 to acknowledge all of them. 5 passes them on, star repeats, 0 gives details."


@pytest.fixture
def ringing(twilio: Twilio, books: Books) -> Paged:
    """Bea's phone rings for incident 1; incidents 2 and 3 joined the call."""
    books.urgent()
    call = books.call()
    page = Paged(twilio, call.token)
    page.is_told("ringing", 1)
    for number, title in ((2, "Disk full on db-3"), (3, "Login fails")):
        books.urgent(title)
        books.joins(number, call)
    return page


def owners(books: Books) -> list[str | None]:
    return [incident.acknowledged_by for incident in books.incidents()]


def first_key(page: Paged, key: str = "4") -> Heard:
    page.is_told("in-progress", 2)
    return page.presses(key)


def test_the_first_4_takes_what_was_said_and_tells_of_the_others(ringing: Paged, books: Books) -> None:
    heard = first_key(ringing)
    told = "Two more incidents. The worst: severity high, incident 2. Disk full on D B 3."
    assert heard.said.startswith(f"Acknowledged. You own incident 1. {told}")
    assert MENU in heard.said
    assert heard.next == f"{PUBLIC}{ringing.at}/key?round=2"
    assert owners(books) == ["Bea", None, None]


def test_the_second_4_takes_the_others(ringing: Paged, books: Books) -> None:
    heard = ringing.presses("4", at=first_key(ringing).next)
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Acknowledged. You own incidents 2 and 3.")
    assert owners(books) == ["Bea", "Bea", "Bea"]
    ringing.is_told("completed", 3)
    assert [books.next_call(number) for number in (1, 2, 3)] == [None, None, None]


def test_a_4_that_is_delivered_again_takes_nothing_that_was_not_said(ringing: Paged, books: Books) -> None:
    once = first_key(ringing)
    assert set(at_once(5, lambda: ringing.presses("4"))) == {once}
    assert owners(books) == ["Bea", None, None]


def test_what_comes_after_the_second_round_is_told_in_a_third(ringing: Paged, books: Books) -> None:
    second = first_key(ringing)
    books.urgent("The queue is stuck")
    books.joins(4, books.calls()[0])
    assert ringing.presses("4") == second, "the repeated answer does not tell of what came later"
    heard = ringing.presses("4", at=second.next)
    assert "Acknowledged. You own incidents 2 and 3. One more incident. Severity high, incident 4." in heard.said
    assert heard.next == f"{PUBLIC}{ringing.at}/key?round=3"
    assert ringing.presses("4", at=heard.next).said == "Acknowledged. You own incident 4."


def test_5_passes_on_what_was_said(ringing: Paged, books: Books) -> None:
    heard = ringing.presses("5", at=first_key(ringing).next)
    assert heard.said == "Calling Cy now."
    assert owners(books) == ["Bea", None, None]
    assert [books.next_call(number) for number in (2, 3)] == [("Cy", 0), ("Cy", 0)]
    assert ringing.presses("5", at=f"{PUBLIC}{ringing.at}/key?round=2") == heard
    assert books.timeline(2).count("escalated") == 1


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("*", "Two more incidents. The worst: severity high, incident 2."),
        ("0", "Incident 2, high: Disk full on D B 3. Incident 3, high: Login fails."),
        ("6", "Several incidents are resolved one by one, in Slack."),
        ("9", "I do not know that key."),
    ],
)
def test_the_other_keys_ask_once_more(ringing: Paged, books: Books, key: str, said: str) -> None:
    second = first_key(ringing).next
    heard = ringing.presses(key, at=second)
    assert heard.said.startswith(said)
    assert MENU in heard.said
    assert heard.next == second
    assert owners(books) == ["Bea", None, None]


def test_an_incident_that_comes_to_the_call_a_second_time_is_still_the_one_that_was_said(
    twilio: Twilio, books: Books
) -> None:
    page = come_again(twilio, books)
    heard = first_key(page)
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Acknowledged. You own incident 1.")
    assert owners(books) == ["Bea"]


def test_who_passes_it_on_is_not_told_of_it_once_more(twilio: Twilio, books: Books) -> None:
    page = come_again(twilio, books)
    heard = first_key(page, "5")
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Calling Cy now.")
    assert page.presses("5") == heard
    assert books.timeline(1).count("escalated") == 2
    page.is_told("completed", 3)
    assert books.next_call(1) == ("Cy", 0)


def test_a_round_that_never_was_is_not_found(ringing: Paged, books: Books) -> None:
    assert ringing.presses("4", at=f"{PUBLIC}{ringing.at}/key?round=9").status == 404
    assert owners(books) == [None, None, None]


def come_again(twilio: Twilio, books: Books) -> Paged:
    """While Bea's phone rings for the incident, Cy passes it on, and it comes to Bea's call again."""
    books.urgent()
    call = books.call()
    with books.database.only_store().begin() as tx:
        incident = tx.session.scalars(tx.select(Incident)).one()
        lifecycle.escalate(tx, incident, by=Actor("Cy", via="slack", role=Role.RESPONDER), reason="Cy does not know it")
    books.joins(1, call)
    return Paged(twilio, call.token)


def test_one_more_incident_can_be_resolved(twilio: Twilio, books: Books) -> None:
    books.urgent()
    call = books.call()
    page = Paged(twilio, call.token)
    books.urgent("Disk full")
    books.joins(2, call)
    second = page.presses("4")
    assert "One more incident. Severity high, incident 2. Disk full." in second.said
    asks = page.presses("6", at=second.next)
    assert asks.next == f"{PUBLIC}{page.at}/key?again=6&round=2"
    assert page.presses("6", at=asks.next).said == "Resolved. Incident 2 is closed."
    assert [incident.status for incident in books.incidents()] == [Status.ACKNOWLEDGED, Status.RESOLVED]


def test_what_somebody_took_meanwhile_is_not_told(ringing: Paged, books: Books) -> None:
    books.change(2, status="acknowledged", acknowledged_by="Cy", acknowledged_at=books.database.now())
    assert "One more incident. Severity high, incident 3." in first_key(ringing).said


def test_what_somebody_took_while_it_was_told_is_theirs(ringing: Paged, books: Books) -> None:
    second = first_key(ringing).next
    for number in (2, 3):
        books.change(number, status="acknowledged", acknowledged_by="Cy", acknowledged_at=books.database.now())
    assert ringing.presses("4", at=second).said == "Somebody has taken them already. There is nothing to do."
    assert owners(books) == ["Bea", "Cy", "Cy"]


def test_who_hears_of_more_and_hangs_up_passes_it_on(ringing: Paged, books: Books) -> None:
    first_key(ringing)
    ringing.is_told("completed", 3)
    assert [books.next_call(number) for number in (1, 2, 3)] == [None, ("Cy", 0), ("Cy", 0)]


def test_what_came_too_late_to_be_told_calls_the_same_person_again_at_once(twilio: Twilio, books: Books) -> None:
    books.urgent()
    call = books.call()
    page = Paged(twilio, call.token)
    assert first_key(page).tags == ["Say", "Hangup"]
    books.urgent("Disk full")
    books.joins(2, call)
    page.is_told("completed", 3)
    assert books.next_call(2) == ("Bea", 0)
    assert books.timeline(2)[-1] == "page_unheard"
    assert (books.call(2).to, books.next_call(2)) == (call.to, ("Bea", 60))


def test_who_answers_and_presses_nothing_passes_everything_on(ringing: Paged, books: Books) -> None:
    ringing.is_told("in-progress", 2)
    ringing.is_told("completed", 3)
    assert [books.next_call(number) for number in (1, 2, 3)] == [("Cy", 0)] * 3


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_a_phone_that_nobody_took_is_called_again_in_time(ringing: Paged, books: Books, status: str) -> None:
    ringing.is_told(status, 2)
    assert [books.next_call(number) for number in (1, 2, 3)] == [("Bea", 60)] * 3
    assert [books.timeline(number)[-1] for number in (1, 2, 3)] == ["call_ended"] * 3


def test_a_call_that_we_end_while_another_incident_joins_it_is_made_again(ringing: Paged, books: Books) -> None:
    def ending(call: Call) -> None:
        with books.database.begin() as session:
            session.get_one(Call, call.id).ending_at = books.database.now()

    ending(books.calls()[0])
    ringing.is_told("completed", 2)
    assert [books.next_call(number) for number in (1, 2, 3)] == [("Bea", 60), ("Bea", 0), ("Bea", 0)]


def test_the_end_told_by_many_deliveries_at_once_is_one_end(ringing: Paged, books: Books) -> None:
    first_key(ringing)
    at_once(5, lambda: ringing.is_told("completed", 3))
    assert [books.timeline(number).count("call_ended") for number in (1, 2, 3)] == [1, 1, 1]
    assert books.timeline(2).count("escalated") == 1


def test_without_a_database_the_round_is_kept(ringing: Paged, books: Books, twilio_without_database: Twilio) -> None:
    second = first_key(ringing).next
    away = Paged(twilio_without_database, ringing.at.rpartition("/")[2])
    waiting = away.presses("4", at=second)
    assert ringing.waits_at(waiting.next).said == "Acknowledged. You own incidents 2 and 3."
