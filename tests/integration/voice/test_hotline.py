"""The hotline over HTTP: a call is an incident from the moment it is picked up."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from incidents.words import Severity, Source
from tests.books import Books, at_once
from tests.integration.voice.twilio import BEA, PUBLIC, Caller, Heard, Twilio


@pytest.fixture
def caller(twilio: Twilio) -> Caller:
    return Caller(twilio)


def seconds_to_page(books: Books) -> float:
    (page,) = books.owed("PAGE")
    return (page.due - books.database.now()).total_seconds()


def recordings(books: Books) -> list[str]:
    return [entry.details["recording"] for entry in books.entries() if entry.kind == "recorded"]


def test_picking_up_is_an_incident_that_pages_anyway(caller: Caller, books: Books) -> None:
    heard = caller.dials()
    incident = books.incident()
    assert (incident.source, incident.reporter_phone) == (Source.PHONE, "+12025550199")
    assert seconds_to_page(books) == 30
    assert len(books.owed("TRIAGE")) == 1
    assert heard.tags == ["Gather", "Record", "Say", "Hangup"]
    assert heard.said.startswith("This call is recorded. This is incident 1. ")
    assert "Press 1 if it is urgent, 2 if it can wait, 3 for information only" in heard.said


def test_a_key_before_the_tone_counts_at_once_and_then_the_caller_speaks(caller: Caller, books: Books) -> None:
    gather = caller.dials().verb("Gather").attrib
    assert (gather["action"], gather["numDigits"], gather["timeout"]) == (f"{PUBLIC}/voice/severity", "1", "1")
    heard = caller.presses("1")
    assert heard.tags == ["Say", "Record", "Say", "Hangup"]
    assert heard.said.startswith("Severity high. After the tone, say what is happening")
    assert seconds_to_page(books) == 0
    assert caller.stops().said == "Thank you. Incident 1, severity high. Bea is being called. Goodbye."


def test_a_key_that_means_nothing_before_the_tone_changes_nothing(caller: Caller, books: Books) -> None:
    caller.dials()
    assert caller.presses("9").tags == ["Say", "Record", "Say", "Hangup"]
    assert books.timeline() == ["opened"]


def test_what_is_said_is_recorded_and_every_word_of_it_comes_to_us(caller: Caller) -> None:
    record = caller.dials().verb("Record").attrib
    assert record["action"] == f"{PUBLIC}/voice/recorded"
    assert record["recordingStatusCallback"].split("#")[0] == f"{PUBLIC}/voice/recording"
    assert record["recordingStatusCallback"].endswith("#rc=5&rp=5xx,ct,rt")
    assert record["recordingStatusCallbackEvent"] == "in-progress completed absent"
    assert (record["maxLength"], record["timeout"], record["finishOnKey"]) == ("55", "5", "123#")


def test_the_same_call_twice_is_one_incident(caller: Caller, books: Books) -> None:
    assert caller.dials() == caller.dials()
    assert len(books.incidents()) == 1


def test_twenty_at_once_are_one_incident(caller: Caller, books: Books) -> None:
    heard = at_once(20, caller.dials)
    assert {each.status for each in heard} == {200}
    assert len({each.said for each in heard}) == 1
    assert [incident.number for incident in books.incidents()] == [1]
    assert len(books.owed("PAGE")) == 1


def test_two_calls_are_two_incidents(twilio: Twilio, books: Books) -> None:
    assert "This is incident 1." in Caller(twilio, sid="CA1").dials().said
    assert "This is incident 2." in Caller(twilio, sid="CA2").dials().said


def test_a_caller_whom_we_know_is_greeted_by_name(twilio: Twilio, books: Books) -> None:
    assert Caller(twilio, number=BEA).dials().said.startswith("Hello Bea. This call is recorded.")
    assert books.incident().title == "Call from Bea"
    assert books.incident().reporter_slack == "U0BEA"


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687", "+7378742833"])
def test_a_caller_who_hides_the_number_is_heard_as_well(twilio: Twilio, books: Books, number: str) -> None:
    assert Caller(twilio, number=number).dials().said.startswith("This call is recorded.")
    assert books.incident().title == "Call from unknown number"
    assert not books.incident().reporter_phone


@pytest.mark.parametrize(
    ("key", "severity", "said"),
    [
        ("1", Severity.HIGH, "Thank you. Incident 1, severity high. Bea is being called. Goodbye."),
        ("2", Severity.MEDIUM, "Thank you. Incident 1, severity medium. Goodbye."),
        ("3", Severity.LOW, "Thank you. Incident 1, severity low. Goodbye."),
        ("#", None, "Thank you. Incident 1, severity medium. Goodbye."),
        ("", None, "Thank you. Incident 1, severity medium. Goodbye."),
    ],
)
def test_the_key_that_ends_the_recording_says_how_bad_it_is(
    caller: Caller, books: Books, key: str, severity: Severity | None, said: str
) -> None:
    caller.dials()
    heard = caller.stops(key=key)
    assert (heard.tags, heard.said) == (["Say", "Hangup"], said)
    assert books.incident().reported_severity is severity
    assert recordings(books) == ["RE1"]
    assert len(books.owed("TRANSCRIBE")) == 1


def test_urgent_pages_now(caller: Caller, books: Books) -> None:
    caller.dials()
    books.bell.rings.clear()
    caller.stops(key="1")
    assert seconds_to_page(books) == 0
    assert "page" in {ring.queue for ring in books.bell.rings}


def test_who_has_it_already_is_not_said_to_be_called(caller: Caller, books: Books) -> None:
    caller.dials()
    books.change(status="acknowledged", acknowledged_by="Cy")
    assert "is being called" not in caller.stops(key="1").said


def test_the_same_word_twice_changes_nothing(caller: Caller, books: Books) -> None:
    caller.dials()
    caller.stops(key="1")
    before = books.timeline()
    assert "severity high" in caller.stops(key="1").said
    assert books.timeline() == before
    assert len(books.jobs_of("TRANSCRIBE")) == 1


def test_hanging_up_in_mid_sentence_loses_nothing(caller: Caller, books: Books) -> None:
    caller.dials()
    assert caller.stops(key="hangup", live=False).status == 200
    assert caller.recording().status == 204
    assert caller.ends().status == 204
    assert recordings(books) == ["RE1"]
    assert len(books.owed("TRANSCRIBE")) == 1
    assert books.timeline()[-1] == "caller_hung_up"


def test_who_is_cut_off_goes_on_and_the_parts_are_one_report(caller: Caller, books: Books) -> None:
    caller.dials()
    heard = caller.stops(seconds=55)
    assert heard.tags == ["Say", "Record", "Say", "Hangup"]
    assert heard.said.startswith("Go on after the tone.")
    assert "I heard nothing" not in heard.said
    assert "Thank you. Incident 1, severity medium." in heard.said
    assert caller.stops(key="1", seconds=8, recording="RE2").tags == ["Say", "Hangup"]
    assert recordings(books) == ["RE1", "RE2"]
    assert len(books.owed("TRANSCRIBE")) == 2
    assert len(books.incidents()) == 1
    assert books.incident().severity is Severity.HIGH


@pytest.mark.parametrize(("key", "live"), [("#", True), ("2", True), ("hangup", False)])
def test_who_ended_the_recording_is_not_asked_to_go_on(caller: Caller, key: str, live: bool) -> None:
    caller.dials()
    assert caller.stops(key=key, seconds=55, live=live).tags == ["Say", "Hangup"]


@pytest.mark.parametrize("first", ["action", "callback"])
def test_a_recording_is_known_once_whoever_tells_first(caller: Caller, books: Books, first: str) -> None:
    caller.dials()
    told: list[Callable[[], Heard]] = [caller.stops, caller.recording, caller.recording]
    for tell in told if first == "action" else reversed(told):
        assert tell().status in (200, 204)
    assert recordings(books) == ["RE1"]
    assert len(books.jobs_of("TRANSCRIBE")) == 1


def test_the_callback_alone_is_enough(caller: Caller, books: Books) -> None:
    caller.dials()
    assert caller.recording("in-progress").status == 204
    assert recordings(books) == []
    caller.recording()
    assert recordings(books) == ["RE1"]


def test_silence_is_written_down_once_and_triaged_soon(caller: Caller, books: Books) -> None:
    caller.dials()
    for _ in range(2):
        assert caller.recording("absent").status == 204
        assert caller.ends().status == 204
    assert books.timeline() == ["opened", "nothing_recorded", "caller_hung_up"]
    assert books.owed("TRANSCRIBE") == []
    assert books.owed("TRIAGE")[0].due == books.database.now() + timedelta(seconds=10)
    assert seconds_to_page(books) == 30


def test_silence_after_what_was_said_is_no_silence(caller: Caller, books: Books) -> None:
    caller.dials()
    caller.stops(seconds=55)
    caller.recording("absent", recording="RE2")
    assert "nothing_recorded" not in books.timeline()


def test_a_recording_without_an_id_is_none(caller: Caller, books: Books) -> None:
    caller.dials()
    assert caller.stops(recording="", seconds=0).status == 200
    assert (recordings(books), books.jobs_of("TRANSCRIBE")) == ([], [])


def test_a_call_of_which_only_the_end_reached_us_is_an_incident(caller: Caller, books: Books) -> None:
    assert caller.ends().status == 204
    assert books.incident().title == "Call from +12025550199"
    assert books.timeline() == ["opened", "caller_hung_up"]
    assert len(books.owed("PAGE")) == 1


@pytest.mark.parametrize("status", ["ringing", "in-progress", "queued"])
def test_news_that_are_not_the_end_change_nothing(caller: Caller, books: Books, status: str) -> None:
    caller.dials()
    assert caller.ends(status).status == 204
    assert books.timeline() == ["opened"]


def test_a_recording_of_a_call_that_never_came_in_is_refused(caller: Caller) -> None:
    assert caller.stops().status == 404
    assert caller.recording().status == 404


def test_without_a_database_the_caller_waits_and_then_gets_through(
    caller: Caller, books: Books, twilio_without_database: Twilio
) -> None:
    heard = Caller(twilio_without_database).dials()
    assert (heard.status, heard.tags) == (200, ["Say", "Pause", "Redirect"])
    assert heard.said == "One moment."
    assert heard.next == f"{PUBLIC}/voice/incoming?tries=1"
    assert "This is incident 1." in caller.waits_at(heard.next).said


def test_after_ten_moments_twilio_goes_to_the_fallback(twilio_without_database: Twilio) -> None:
    caller = Caller(twilio_without_database)
    heard = caller.dials()
    for _ in range(9):
        heard = caller.waits_at(heard.next)
        assert heard.said == "One moment."
    assert caller.waits_at(heard.next).status == 503


def test_without_a_database_the_key_and_the_recording_are_kept(
    caller: Caller, books: Books, twilio_without_database: Twilio
) -> None:
    caller.dials()
    away = Caller(twilio_without_database)
    heard = away.waits_at(away.stops(key="1").next)
    assert "severity high. Bea is being called." in caller.waits_at(heard.next).said
    assert recordings(books) == ["RE1"]
    assert books.incident().severity is Severity.HIGH


def test_without_a_database_who_was_cut_off_goes_on_later(caller: Caller, twilio_without_database: Twilio) -> None:
    caller.dials()
    heard = Caller(twilio_without_database).stops(seconds=55)
    assert caller.waits_at(heard.next).said.startswith("Go on after the tone.")


def test_without_a_database_news_are_asked_for_again(twilio_without_database: Twilio) -> None:
    caller = Caller(twilio_without_database)
    assert caller.recording().status == 503
    assert caller.ends().status == 503


def test_nothing_is_said_before_the_commit(caller: Caller, books: Books) -> None:
    with books.broken_commits():
        assert caller.dials().said == "One moment."
    assert books.incidents() == []
    assert "incident 1" in caller.dials().said
    with books.broken_commits():
        heard = caller.stops(key="1")
    assert (heard.said, recordings(books)) == ("One moment.", [])
    caller.waits_at(heard.next)
    assert (books.incident().severity, recordings(books)) == (Severity.HIGH, ["RE1"])
