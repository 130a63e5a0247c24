"""The keys of a paging call over HTTP, and what the call's own news mean."""

import pytest

from incidents.words import Status
from tests.books import Books, at_once
from tests.integration.voice.twilio import PUBLIC, Paged, Twilio

MENU = "Press 4 to acknowledge. 5 passes it on, 6 resolves, star repeats, 0 gives details."


@pytest.fixture
def page(twilio: Twilio, books: Books) -> Paged:
    """Bea's phone rings for incident 1; Twilio has the call."""
    books.urgent()
    page = Paged(twilio, books.call().token)
    page.is_told("ringing", 1)
    return page


def second_page(twilio: Twilio, books: Books) -> Paged:
    """The next call of the ladder."""
    return Paged(twilio, books.call().token, sid="CA10")


def test_4_acknowledges(page: Paged, books: Books) -> None:
    heard = page.presses("4")
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Acknowledged. You own incident 1.")
    incident = books.incident()
    assert (incident.status, incident.acknowledged_by, incident.acknowledged_slack) == (
        Status.ACKNOWLEDGED,
        "Bea",
        "U0BEA",
    )
    assert books.owed("PAGE") == []
    assert books.jobs_of("CANCEL_CALL") == []
    assert books.entries()[-1].details["via"] == "phone"


def test_4_twice_is_the_same_answer(page: Paged, books: Books) -> None:
    assert page.presses("4") == page.presses("4")
    assert books.timeline().count("acknowledged") == 1


def test_4_from_many_deliveries_at_once_is_one_acknowledgement(page: Paged, books: Books) -> None:
    heard = at_once(10, lambda: page.presses("4"))
    assert {each.said for each in heard} == {"Acknowledged. You own incident 1."}
    assert books.timeline().count("acknowledged") == 1


def test_4_after_somebody_else_says_who_and_when(page: Paged, books: Books) -> None:
    books.change(
        status="acknowledged", acknowledged_by="Cy", acknowledged_slack="U0CY", acknowledged_at=books.database.now()
    )
    books.forward(125)
    assert page.presses("4").said == "Cy acknowledged this two minutes ago."
    assert page.presses("5").said == "Cy acknowledged this two minutes ago."
    assert books.incident().acknowledged_by == "Cy"
    assert "escalated" not in books.timeline()


def test_an_acknowledgement_ends_the_other_calls_and_not_its_own(page: Paged, twilio: Twilio, books: Books) -> None:
    books.forward(60)
    other = second_page(twilio, books)
    other.is_told("ringing", 1)
    page.presses("4")
    (cancel,) = books.owed("CANCEL_CALL")
    assert cancel.key == str(next(call.id for call in books.calls() if call.sid == "CA10"))


def test_5_calls_the_next_person_now(page: Paged, books: Books) -> None:
    heard = page.presses("5")
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Calling Cy now.")
    assert books.next_call() == ("Cy", 0)
    assert books.entries()[-1].details["reason"] == "Bea passed it on"


def test_5_twice_in_one_call_passes_on_once(page: Paged, books: Books) -> None:
    assert page.presses("5") == page.presses("5")
    assert books.timeline().count("escalated") == 1
    assert books.next_call() == ("Cy", 0)


def test_5_after_4_gives_it_to_the_next_person(page: Paged, books: Books) -> None:
    page.presses("4")
    assert page.presses("5").said == "Calling Cy now."
    assert (books.incident().status, books.incident().acknowledged_by) == (Status.OPEN, None)


def test_6_asks_for_a_second_6(page: Paged, books: Books) -> None:
    heard = page.presses("6")
    assert heard.verb("Gather")[0].text == "Press 6 again to resolve incident 1."
    assert heard.next == f"{PUBLIC}{page.at}/key?again=6"
    assert books.incident().status is Status.OPEN
    done = page.presses("6", at=heard.next)
    assert (done.tags, done.said) == (["Say", "Hangup"], "Resolved. Incident 1 is closed.")
    assert books.incident().status is Status.RESOLVED
    assert books.owed("PAGE") == []


def test_a_first_6_that_is_delivered_twice_resolves_nothing(page: Paged, books: Books) -> None:
    assert page.presses("6") == page.presses("6")
    assert books.incident().status is Status.OPEN


@pytest.mark.parametrize(
    ("key", "said"), [("4", "Acknowledged. You own incident 1."), ("9", "I do not know that key."), ("5", "Calling Cy")]
)
def test_another_key_after_the_first_6_means_what_it_always_means(
    page: Paged, books: Books, key: str, said: str
) -> None:
    heard = page.presses(key, at=page.presses("6").next)
    assert heard.said.startswith(said)
    assert books.incident().status is not Status.RESOLVED
    if key == "9":
        assert heard.next == f"{PUBLIC}{page.at}/key"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("*", f"Tocsin. Severity high, incident 1. Checkout returns five oh two. {MENU}"),
        ("0", f"Reported by Ana. {MENU}"),
        ("1", f"I do not know that key. {MENU}"),
        ("#", f"I do not know that key. {MENU}"),
        ("", f"I do not know that key. {MENU}"),
    ],
)
def test_the_other_keys_ask_once_more(page: Paged, books: Books, key: str, said: str) -> None:
    heard = page.presses(key)
    assert heard.tags == ["Gather", "Gather", "Say", "Hangup"]
    gather = heard.verb("Gather")
    assert gather[0].text == said
    assert gather.attrib["action"] == f"{PUBLIC}{page.at}/key"
    assert (gather.attrib["numDigits"], gather.attrib["finishOnKey"], gather.attrib["method"]) == ("1", "", "POST")
    assert heard.said.endswith("No key pressed. I will try the next person.")
    assert books.incident().status is Status.OPEN
    assert books.next_call() == ("Bea", 60)


def test_only_the_first_of_several_digits_counts(page: Paged) -> None:
    assert page.presses("45").said == "Acknowledged. You own incident 1."


def test_what_is_over_needs_no_key(page: Paged, books: Books) -> None:
    books.change(status="resolved")
    over = "Incident 1 is already resolved. There is nothing to do."
    assert page.presses("4").said == over
    assert page.presses("5").said == over
    assert page.presses("6", at=page.presses("6").next).said == over
    assert books.timeline()[-1] == "paged"


def test_a_key_may_be_the_first_word_of_a_call(twilio: Twilio, books: Books) -> None:
    books.urgent()
    page = Paged(twilio, books.call().token)
    assert page.presses("4").said == "Acknowledged. You own incident 1."
    (call,) = books.calls()
    assert (call.sid, call.digits, call.answered_at) == ("CA9", "4", books.database.now())


def test_a_token_that_nobody_gave_out_is_refused(twilio: Twilio, books: Books) -> None:
    books.urgent()
    page = Paged(twilio, "nonsense")
    assert page.presses("4").status == 404
    assert page.is_told("completed", 3).status == 404


def test_a_token_belongs_to_its_own_call(page: Paged, twilio: Twilio, books: Books) -> None:
    another = Paged(twilio, page.at.rpartition("/")[2], sid="CA666")
    assert another.presses("4").status == 404
    assert another.is_told("completed", 9).status == 404
    nobody = Paged(twilio, page.at.rpartition("/")[2], sid="")
    assert nobody.presses("4").status == 404
    assert books.incident().status is Status.OPEN


def test_without_a_call_id_a_token_is_nobodys(twilio: Twilio, books: Books) -> None:
    books.urgent()
    assert Paged(twilio, books.call().token, sid="").presses("4").status == 404
    assert books.calls()[0].sid is None


def test_a_person_who_answers_and_presses_nothing_passes_it_on_at_once(page: Paged, books: Books) -> None:
    page.is_told("in-progress", 2)
    assert books.next_call() == ("Bea", 60)
    assert page.is_told("completed", 3).status == 204
    assert books.next_call() == ("Cy", 0)
    assert books.entries()[-1].details["reason"] == "Bea answered and did not acknowledge"


def test_a_person_who_only_listened_passes_it_on_at_once(page: Paged, books: Books) -> None:
    page.presses("0")
    page.is_told("completed", 3)
    assert books.next_call() == ("Cy", 0)


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_who_does_not_answer_is_called_again_in_time(page: Paged, books: Books, status: str) -> None:
    page.is_told(status, 2)
    assert books.next_call() == ("Bea", 60)
    assert "escalated" not in books.timeline()
    assert books.entries()[-1].details == {"status": status, "answered": False}


def test_who_cannot_be_reached_is_passed_over_at_once(page: Paged, books: Books) -> None:
    page.is_told("failed", 2)
    assert books.next_call() == ("Cy", 0)
    assert books.entries()[-1].details["reason"] == "Bea cannot be reached"


def test_a_call_that_we_ended_passes_nothing_on(page: Paged, books: Books) -> None:
    page.is_told("canceled", 2)
    assert books.next_call() == ("Bea", 60)


def test_after_4_the_end_of_the_call_calls_nobody(page: Paged, books: Books) -> None:
    page.is_told("in-progress", 2)
    page.presses("4")
    page.is_told("completed", 3)
    assert books.next_call() is None
    assert books.timeline()[-1] == "call_ended"


def test_after_5_the_end_of_the_call_passes_nothing_on_again(page: Paged, books: Books) -> None:
    page.presses("5")
    page.is_told("completed", 3)
    assert books.timeline().count("escalated") == 1
    assert books.next_call() == ("Cy", 0)


def test_the_end_told_twice_is_one_end(page: Paged, books: Books) -> None:
    for heard in at_once(5, lambda: page.is_told("completed", 3)):
        assert heard.status == 204
    assert books.timeline().count("call_ended") == 1
    assert books.timeline().count("escalated") == 1


def test_late_news_change_nothing(page: Paged, books: Books) -> None:
    page.is_told("completed", 3)
    assert page.is_told("in-progress", 2).status == 204
    assert page.is_told("ringing", 1).status == 204
    (call,) = books.calls()
    assert (call.status, call.sequence) == ("completed", 3)
    assert books.timeline().count("call_ended") == 1


def test_an_end_that_overtakes_the_answer_was_answered(page: Paged, books: Books) -> None:
    page.is_told("completed", 3)
    assert books.entries()[-1].details["reason"] == "Bea answered and did not acknowledge"


def test_when_the_ladder_ends_everybody_is_told(page: Paged, books: Books) -> None:
    for _ in range(12):
        upcoming = books.next_call()
        if upcoming is None:
            break
        books.forward(upcoming[1])
        books.call()
    assert books.owed("PAGE") == []
    assert len(books.owed("TELL_EVERYBODY")) == 1


def test_without_a_database_the_key_is_kept(page: Paged, books: Books, twilio_without_database: Twilio) -> None:
    away = Paged(twilio_without_database, page.at.rpartition("/")[2])
    heard = away.presses("4")
    assert (heard.status, heard.said) == (200, "One moment.")
    assert heard.next == f"{PUBLIC}{page.at}/key?Digits=4&tries=1"
    assert page.waits_at(heard.next).said == "Acknowledged. You own incident 1."


def test_without_a_database_the_second_6_is_kept_as_the_second(
    page: Paged, books: Books, twilio_without_database: Twilio
) -> None:
    away = Paged(twilio_without_database, page.at.rpartition("/")[2])
    heard = away.waits_at(away.presses("6", at=page.presses("6").next).next)
    assert page.waits_at(heard.next).said == "Resolved. Incident 1 is closed."


@pytest.mark.parametrize("key", ["*", "#", "0"])
def test_every_key_can_be_kept_in_an_address(page: Paged, twilio_without_database: Twilio, key: str) -> None:
    heard = Paged(twilio_without_database, page.at.rpartition("/")[2]).presses(key)
    assert page.waits_at(heard.next).said == page.presses(key).said


def test_without_a_database_news_of_a_call_are_an_error(page: Paged, twilio_without_database: Twilio) -> None:
    assert Paged(twilio_without_database, page.at.rpartition("/")[2]).is_told("completed", 3).status == 503


def test_nothing_is_said_before_the_commit(page: Paged, books: Books) -> None:
    with books.broken_commits():
        assert page.presses("4").said == "One moment."
    assert books.incident().status is Status.OPEN
    with books.broken_commits():
        heard = page.presses("5")
    assert page.waits_at(heard.next).said == "Calling Cy now."
    assert books.timeline().count("escalated") == 1
