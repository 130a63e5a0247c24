"""Whoever was called calls the hotline: they are offered what it was about, and change it with their PIN."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from incidents import lifecycle, people, pins
from incidents.models import Call, Member, Page, Pin, ReturnCall
from incidents.people import Actor
from incidents.pins import MOST_WRONG
from incidents.roles import Role
from incidents.words import Severity, Status, Triage
from tests.books import Books, at_once
from tests.integration.core.world import in_parallel
from tests.integration.voice.twilio import BEA, PUBLIC, Caller, Heard, Paged, Twilio

PIN, OTHER = "27182", "31415"
DIGESTS = {pin: pins.hashed(pin, phone=BEA) for pin in (PIN, OTHER)}
MENU = "Press 4 to acknowledge. 5 passes it on, 6 resolves, star repeats, 0 gives details."
READ = f"Tocsin. Severity high, incident 1. Checkout returns five oh two. {MENU}"
OFFER = "You were called about incident 1, Checkout returns five oh two. Press 4 for it. Or report something new."
ENTER = "Enter your PIN, then press pound."
WRONG = f"That is not your PIN. {ENTER}"
LOCKED = f"Too many answers were wrong. Your PIN counts again in 15 minutes. {MENU}"
REPORT = 2
"""The number of what is opened when Bea calls back."""


@pytest.fixture
def bea(twilio: Twilio, books: Books) -> Caller:
    """Bea was called about incident 1, has a PIN, and calls back."""
    missed(twilio, books)
    give_pin(books)
    return Caller(twilio, sid="CAback", number=BEA)


def missed(twilio: Twilio, books: Books, *, number: int = 1, title: str = "Checkout returns 502") -> Paged:
    """Bea is called about an urgent incident, and does not answer."""
    books.urgent(title)
    page = Paged(twilio, books.call(number).token, sid=f"CA9{number}")
    page.is_told("no-answer", 1)
    return page


def give_pin(books: Books, pin: str = PIN, name: str = "Bea") -> None:
    with books.database.only_store().begin() as tx:
        pins.give(tx, people.named(tx, name), DIGESTS[pin])


def change_bea(books: Books, **values: Any) -> None:
    with books.database.begin() as session:
        session.execute(update(Member).where(Member.name == "Bea").values(**values))


def wrong_answers(books: Books) -> int:
    with books.database.begin() as session:
        return session.scalars(select(Pin.wrong)).one()


def reads(caller: Caller) -> Heard:
    caller.dials()
    return caller.presses("4")


def proves(caller: Caller, key: str, *, pin: str = PIN) -> Heard:
    """Hears the page, presses that key and enters the PIN."""
    return caller.presses(pin, at=caller.presses(key, at=reads(caller).next).next)


def owed(books: Books, number: int) -> set[str]:
    kinds = ("TRIAGE", "PAGE", "OPEN_CHANNEL", "OPEN_TICKET", "TELL_EVERYBODY", "LEARN", "TELL_STAKEHOLDER")
    return {kind for kind in kinds if books.owed(kind, number)}


def test_the_greeting_offers_it_and_is_otherwise_as_ever(bea: Caller, twilio: Twilio) -> None:
    heard, plain = bea.dials(), Caller(twilio, sid="CAplain").dials()
    assert heard.said.startswith(f"Hello Bea. {OFFER} This call is recorded. This is incident {REPORT}. Press 1 if")
    assert heard.said.endswith(plain.said.replace("incident 3", "incident 2").removeprefix("This call is recorded. "))
    assert heard.tags == plain.tags == ["Gather", "Record", "Say", "Hangup"]
    assert heard.verb("Gather").attrib == plain.verb("Gather").attrib
    assert heard.verb("Record").attrib == plain.verb("Record").attrib


def test_whoever_presses_nothing_or_a_severity_reports_as_ever(bea: Caller, books: Books) -> None:
    assert bea.dials() == bea.dials()
    assert bea.presses("1").said.startswith("Severity high. After the tone, say what is happening")
    bea.stops()
    report = books.incident(REPORT)
    assert (report.status, report.severity) == (Status.OPEN, Severity.HIGH)
    assert {"PAGE", "TRIAGE"} <= owed(books, REPORT)
    assert len(books.owed("TRANSCRIBE", REPORT)) == 1


NO_OFFER: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "unverified": ({"phone_verified_at": None}, {}),
    "a viewer": ({"role": Role.VIEWER}, {}),
    "removed": ({"removed_at": func.now()}, {}),
    "another number": ({"phone": "+12025550119"}, {}),
    "over": ({}, {"status": "resolved"}),
    "somebody has it": ({}, {"status": "acknowledged", "acknowledged_by": "Cy"}),
}
USUAL = {"phone_verified_at": func.now(), "role": Role.RESPONDER, "removed_at": None, "phone": BEA}


def test_nobody_else_is_offered_anything(twilio: Twilio, bea: Caller, books: Books) -> None:
    for case, (member, incident) in NO_OFFER.items():
        change_bea(books, **{**USUAL, **member})
        books.change(**{"status": "open", "acknowledged_by": None, **incident})
        caller = Caller(twilio, sid=f"CA {case}", number=BEA)
        assert "You were called" not in caller.dials().said, case
        assert "Record" in caller.presses("4").tags, f"{case}: the key means nothing, as ever"
    assert {incident.status for incident in books.incidents()[1:]} == {Status.OPEN}
    bea.dials()
    assert bea.presses("4", at="/voice/back/key").status == 404
    assert bea.presses(PIN, at="/voice/back/pin?key=4&n=1").status == 404


def test_nobody_is_offered_what_was_long_ago_or_never_rang(twilio: Twilio, bea: Caller, books: Books) -> None:
    books.forward(12 * 3600 - 1)
    assert "You were called" in Caller(twilio, sid="CA1", number=BEA).dials().said
    books.forward(1)
    assert "You were called" not in Caller(twilio, sid="CA2", number=BEA).dials().said
    with books.database.begin() as session:
        session.execute(update(Call).values(sid=None, placed_at=books.database.now()))
    assert "You were called" not in Caller(twilio, sid="CA3", number=BEA).dials().said


def test_strangers_hear_of_nothing(bea: Caller, twilio: Twilio) -> None:
    for number in ("+12025550199", "anonymous", "+12025550112", ""):
        assert "incident 1" not in Caller(twilio, sid=f"CA{number}", number=number).dials().said


def test_4_reads_it_and_the_report_is_withdrawn_before_anybody_is_told(bea: Caller, books: Books) -> None:
    heard = reads(bea)
    assert heard.said == f"{READ} No key pressed. Goodbye."
    assert heard.next == f"{PUBLIC}/voice/back/key"
    report = books.incident(REPORT)
    assert (report.status, report.triage, report.resolved_by) == (Status.RESOLVED, Triage.TRIAGED, "Bea")
    assert report.resolution == "Bea called back about #1, and reported nothing new."
    assert bea.presses("4") == heard, "delivered once more"
    bea.ends()
    assert books.timeline(REPORT) == ["opened", "withdrawn", "caller_hung_up"]
    assert owed(books, REPORT) == set()
    assert books.incident().status is Status.OPEN


def test_a_call_about_the_report_is_ended_with_it(bea: Caller, books: Books) -> None:
    """The greeting was long, and somebody's phone rings for it already."""
    bea.dials()
    books.forward(31)
    call = books.call(REPORT)
    with books.database.begin() as session:
        session.execute(update(Call).where(Call.id == call.id).values(sid="CA77", status="ringing"))
    bea.presses("4")
    assert [job.key for job in books.owed("CANCEL_CALL", REPORT)] == [str(call.id)]


def test_a_report_of_which_more_is_known_stands(twilio: Twilio, bea: Caller, books: Books) -> None:
    """Though the order is not possible on a telephone: in doubt nothing is withdrawn."""
    more: list[Callable[[Caller, int], Any]] = [
        lambda caller, _: caller.presses("2"),
        lambda caller, _: caller.recording(),
        lambda _, number: books.change(number, triage="processing"),
    ]
    for number, known in enumerate(more, start=REPORT):
        caller = Caller(twilio, sid=f"CA{number}", number=BEA)
        caller.dials()
        known(caller, number)
        assert caller.presses("4").said.startswith(READ)
        assert books.incident(number).status is Status.OPEN
        assert {"PAGE", "TRIAGE"} <= owed(books, number)


def test_pressed_after_the_tone_it_is_read_and_the_report_stands(bea: Caller, books: Books) -> None:
    """The tone comes soon, and whoever hesitates presses while they are recorded."""
    bea.dials()
    heard = bea.stops(key="4", seconds=1)
    assert heard.said.startswith(READ)
    assert bea.presses(PIN, at=bea.presses("4", at=heard.next).next).said.startswith("Acknowledged.")
    assert books.incident(1).status is Status.ACKNOWLEDGED
    assert books.incident(REPORT).status is Status.OPEN


def test_what_was_withdrawn_by_mistake_is_reopened_and_triaged(bea: Caller, books: Books) -> None:
    reads(bea)
    with books.database.only_store().begin() as tx:
        by = Actor("Bea", via="slack", role=Role.RESPONDER)
        lifecycle.reopen(tx, tx.session.merge(books.incident(REPORT)), by=by, reason="it was one")
    assert {"PAGE", "TRIAGE"} <= owed(books, REPORT)


def test_what_changes_or_tells_more_wants_the_pin_first(bea: Caller, books: Books) -> None:
    at = reads(bea).next
    for key in "4560":
        heard = bea.presses(key, at=at)
        assert heard.tags == ["Gather", "Gather", "Say", "Hangup"]
        assert heard.said == f"{ENTER} No key pressed. Goodbye."
        gather = heard.verb("Gather").attrib
        assert (gather["finishOnKey"], gather["timeout"], gather["method"]) == ("#", "10", "POST")
        assert "numDigits" not in gather
        assert heard.next == f"{PUBLIC}/voice/back/pin?key={key}&n=1"
    assert books.timeline() == ["opened", "paged", "call_ended"]


def test_listening_wants_none(bea: Caller) -> None:
    at = reads(bea).next
    for key, says in (("*", READ), ("9", "I do not know that key."), ("", "I do not know that key.")):
        assert bea.presses(key, at=at).said.startswith(says)


def test_4_with_the_pin_acknowledges(bea: Caller, books: Books) -> None:
    heard = proves(bea, "4")
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Acknowledged. You own incident 1.")
    incident = books.incident()
    assert (incident.status, incident.acknowledged_by, incident.acknowledged_slack) == (
        Status.ACKNOWLEDGED,
        "Bea",
        "U0BEA",
    )
    assert books.owed("PAGE") == []
    assert books.entries()[-1].details["via"] == "phone"
    again = bea.presses(PIN, at=f"{PUBLIC}/voice/back/pin?key=4&n=1")
    assert again == heard
    assert books.timeline().count("acknowledged") == 1


def test_5_with_the_pin_calls_the_next_person_once(bea: Caller, books: Books) -> None:
    heard = proves(bea, "5")
    assert heard.said == "Calling Cy now."
    assert bea.presses("5", at="/voice/back/key") == heard
    assert books.timeline().count("escalated") == 1


def test_what_was_passed_on_before_may_be_passed_on_again(twilio: Twilio, bea: Caller, books: Books) -> None:
    books.forward(60)
    Paged(twilio, books.call().token, sid="CA10").presses("5")
    assert books.timeline().count("escalated") == 1
    books.forward(60)
    assert proves(bea, "5").said == "Calling Cy now."
    assert books.timeline().count("escalated") == 2


def test_the_pin_is_asked_for_once_a_call(bea: Caller, books: Books) -> None:
    heard = proves(bea, "0")
    assert heard.said.startswith("Reported by Ana.")
    heard = bea.presses("6", at=heard.next)
    assert heard.said.startswith("Press 6 again to resolve incident 1.")
    assert books.incident().status is Status.OPEN
    assert bea.presses("6", at=heard.next).said == "Resolved. Incident 1 is closed."
    assert books.incident().status is Status.RESOLVED


def test_the_second_6_comes_after_the_pin(bea: Caller, books: Books) -> None:
    heard = proves(bea, "6")
    assert heard.next == f"{PUBLIC}/voice/back/key?again=6"
    assert bea.presses("6", at=heard.next).said == "Resolved. Incident 1 is closed."


def test_another_call_wants_it_anew(twilio: Twilio, bea: Caller) -> None:
    proves(bea, "0")
    other = Caller(twilio, sid="CAother", number=BEA)
    assert other.presses("0", at=reads(other).next).said.startswith(ENTER)


def test_who_has_no_pin_hears_how_to_get_one_and_may_listen(bea: Caller, books: Books) -> None:
    with books.database.only_store().begin() as tx:
        pins.take_away(tx, people.named(tx, "Bea"))
    heard = bea.presses("4", at=reads(bea).next)
    assert heard.said.startswith(
        f"You have no PIN, and that needs one when you call. An admin gives you one. {MENU} No key"
    )
    assert bea.presses("*", at=heard.next).said.startswith(READ)
    assert bea.presses("1234", at="/voice/back/pin?key=4&n=1").said == heard.said
    assert books.incident().status is Status.OPEN


def test_what_is_not_the_pin_changes_nothing_and_is_counted(bea: Caller, books: Books) -> None:
    heard = bea.presses("4", at=reads(bea).next)
    for n, answer in enumerate(("2718", "271820", "0" * 4000, " 27182*"), start=1):
        heard = bea.presses(answer, at=heard.next)
        assert heard.said == f"{WRONG} No key pressed. Goodbye."
        assert heard.next == f"{PUBLIC}/voice/back/pin?key=4&n={n + 1}"
        assert (wrong_answers(books), books.incident().status) == (n, Status.OPEN)
    assert bea.presses(PIN, at=heard.next).said == "Acknowledged. You own incident 1."
    assert wrong_answers(books) == 0


def test_nothing_entered_is_no_answer(bea: Caller, books: Books) -> None:
    heard = proves(bea, "4", pin="")
    assert (heard.said, heard.next) == (f"{ENTER} No key pressed. Goodbye.", f"{PUBLIC}/voice/back/pin?key=4&n=1")
    assert wrong_answers(books) == 0


def test_an_answer_that_is_delivered_again_counts_once(bea: Caller, books: Books) -> None:
    heard = proves(bea, "4", pin=OTHER)
    at = f"{PUBLIC}/voice/back/pin?key=4&n=1"
    assert {each.said for each in at_once(5, lambda: bea.presses(OTHER, at=at))} == {heard.said}
    assert wrong_answers(books) == 1
    assert bea.presses(PIN, at=at).said == heard.said, "an answer that was counted before is not looked at again"


def test_a_wrong_answer_counts_though_the_caller_is_gone_at_once(bea: Caller, twilio: Twilio, books: Books) -> None:
    """And in a row means over all calls."""
    proves(bea, "4", pin=OTHER)
    bea.ends()
    for n in range(MOST_WRONG - 1):
        proves(Caller(twilio, sid=f"CAback{n}", number=BEA), "4", pin=OTHER)
    last = Caller(twilio, sid="CAlast", number=BEA)
    assert last.presses("4", at=reads(last).next).said.startswith(LOCKED)


def lock(bea: Caller) -> Heard:
    heard = bea.presses("4", at=reads(bea).next)
    for _ in range(MOST_WRONG):
        heard = bea.presses(OTHER, at=heard.next)
    return heard


def test_five_wrong_answers_lock_it_for_15_minutes_and_the_person_is_told(bea: Caller, books: Books) -> None:
    heard = lock(bea)
    assert heard.said.startswith(LOCKED)
    assert bea.presses("4", at=heard.next).said == heard.said
    assert bea.presses(PIN, at=f"{PUBLIC}/voice/back/pin?key=4&n=6").said == heard.said
    assert bea.presses("*", at=heard.next).said.startswith(READ), "listening goes on"
    assert books.timeline().count("pin_locked") == 1
    (note,) = books.owed("POST_NOTE")
    assert note.payload["to"] == "U0BEA"
    assert "5 wrong PINs in a row were given by phone for Bea" in note.payload["text"]
    books.forward(15 * 60 - 1)
    assert "in one minute" in bea.presses("4", at=heard.next).said
    books.forward(1)
    assert bea.presses(PIN, at=bea.presses("4", at=heard.next).next).said == "Acknowledged. You own incident 1."


def test_after_a_lock_there_are_five_answers_again(bea: Caller, books: Books) -> None:
    heard = lock(bea)
    books.forward(15 * 60)
    heard = bea.presses("4", at=heard.next)
    assert heard.said.startswith(ENTER)
    assert bea.presses(OTHER, at=heard.next).said.startswith(WRONG)
    assert wrong_answers(books) == 1


def test_another_pin_ends_the_lock(bea: Caller, books: Books) -> None:
    heard = lock(bea)
    give_pin(books, OTHER)
    assert bea.presses(OTHER, at=bea.presses("4", at=heard.next).next).said == "Acknowledged. You own incident 1."


def test_calls_at_the_same_time_get_no_more_answers(bea: Caller, twilio: Twilio, books: Books) -> None:
    callers = [Caller(twilio, sid=f"CAback{n}", number=BEA) for n in range(8)]
    asked = [caller.presses("4", at=reads(caller).next).next for caller in callers]
    heard = in_parallel(lambda n: callers[n].presses(OTHER, at=asked[n]), threads=len(callers))
    assert sum("Too many" in each.said for each in heard) >= len(callers) - MOST_WRONG
    assert wrong_answers(books) == MOST_WRONG
    assert books.timeline().count("pin_locked") == 1


def test_the_pin_is_kept_nowhere(bea: Caller, books: Books) -> None:
    proves(bea, "4", pin=OTHER)
    bea.presses(PIN, at=f"{PUBLIC}/voice/back/pin?key=4&n=2")
    with books.database.begin() as session:
        for table in ("return_calls", "timeline", "inbox", "calls", "incidents", "jobs", "pins", "members"):
            rows = session.scalars(text(f"SELECT to_jsonb({table})::text FROM {table}"))  # noqa: S608  # Our own names.
            assert not any(f'"{pin}"' in row for row in rows for pin in (PIN, OTHER))
        assert all(digest.startswith("$argon2id$") for digest in session.scalars(select(Pin.digest)))


def test_cy_was_quicker(bea: Caller, books: Books) -> None:
    at = reads(bea).next
    asked = bea.presses("4", at=at)
    books.change(
        status="acknowledged", acknowledged_by="Cy", acknowledged_slack="U0CY", acknowledged_at=books.database.now()
    )
    books.forward(125)
    assert bea.presses(PIN, at=asked.next).said == "Cy acknowledged this two minutes ago."
    assert bea.presses("5", at=at).said == "Cy acknowledged this two minutes ago."


def test_what_was_taken_during_the_greeting_is_said_without_a_name(bea: Caller, books: Books) -> None:
    bea.dials()
    books.change(status="acknowledged", acknowledged_by="Cy", acknowledged_at=books.database.now())
    assert bea.presses("4").said.startswith(f"Somebody has taken it already. {READ}")


def test_what_was_over_during_the_greeting_needs_nobody(bea: Caller, books: Books) -> None:
    bea.dials()
    books.change(status="resolved")
    heard = bea.presses("4")
    assert (heard.tags, heard.said) == (["Say", "Hangup"], "Incident 1 is already resolved. There is nothing to do.")
    assert books.incident(REPORT).status is Status.RESOLVED


MEANWHILE: dict[str, tuple[Callable[[Books], Any], str]] = {
    "no role": (lambda books: change_bea(books, role=Role.VIEWER), "You may not do that any more"),
    "removed": (lambda books: change_bea(books, removed_at=books.database.now()), "This number is not yours here"),
    "another number": (lambda books: change_bea(books, phone="+12025550119"), "This number is not yours here"),
    "unverified": (lambda books: change_bea(books, phone_verified_at=None), "This number is not yours here"),
}


@pytest.mark.parametrize(("change", "says"), MEANWHILE.values(), ids=MEANWHILE.keys())
def test_what_an_admin_changes_counts_at_once(
    bea: Caller, twilio: Twilio, books: Books, change: Callable[[Books], Any], says: str
) -> None:
    at = proves(bea, "0").next
    other = Caller(twilio, sid="CAother", number=BEA)
    asked = other.presses("4", at=reads(other).next)
    change(books)
    for heard in (bea.presses("4", at=at), other.presses(PIN, at=asked.next)):
        assert heard.said.startswith(says)
        assert heard.tags == ["Say", "Hangup"]
    assert books.incident().status is Status.OPEN


def test_with_another_pin_what_was_proved_is_proved_no_more(bea: Caller, books: Books) -> None:
    at = proves(bea, "0").next
    books.forward(1)
    give_pin(books, OTHER)
    assert bea.presses("4", at=at).said.startswith(ENTER)


def test_several_are_read_and_taken_together(bea: Caller, twilio: Twilio, books: Books) -> None:
    missed(twilio, books, number=2, title="Disk full on db-3")
    heard = bea.dials()
    assert (
        "You were called about incident 1, Checkout returns five oh two and one more. Press 4 for them." in heard.said
    )
    heard = bea.presses("4")
    assert heard.said.startswith("Two incidents. The worst: severity high, incident 1. Checkout returns five oh two.")
    asked = bea.presses("4", at=heard.next)
    assert bea.presses(PIN, at=asked.next).said == "Acknowledged. You own incidents 1 and 2."
    assert books.incident(3).resolution == "Bea called back about #1, #2, and reported nothing new."


def test_what_came_after_the_greeting_is_not_taken_with_it(bea: Caller, twilio: Twilio, books: Books) -> None:
    at = reads(bea).next
    missed(twilio, books, number=3, title="Login fails")
    bea.presses(PIN, at=bea.presses("4", at=at).next)
    assert [incident.status for incident in books.incidents()] == [Status.ACKNOWLEDGED, Status.RESOLVED, Status.OPEN]


def test_who_has_it_may_resolve_it_by_calling_back(bea: Caller, books: Books) -> None:
    books.change(status="acknowledged", acknowledged_by="Bea", acknowledged_slack="U0BEA")
    heard = proves(bea, "6")
    assert bea.presses("6", at=heard.next).said == "Resolved. Incident 1 is closed."


def test_what_nobody_has_goes_before_what_one_has(bea: Caller, twilio: Twilio, books: Books) -> None:
    books.change(status="acknowledged", acknowledged_by="Bea", acknowledged_slack="U0BEA")
    missed(twilio, books, number=2, title="Disk full on db-3")
    assert "You were called about incident 2, Disk full on D B 3. Press 4 for it." in bea.dials().said


def test_nothing_is_said_before_the_commit(bea: Caller, books: Books) -> None:
    bea.dials()
    with books.broken_commits():
        heard = bea.presses("4")
    assert (heard.said, books.incident(REPORT).status) == ("One moment.", Status.OPEN)
    assert bea.waits_at(heard.next).said.startswith(READ)


def test_without_a_database_the_key_is_kept_and_the_pin_is_not(
    bea: Caller, twilio_without_database: Twilio, books: Books
) -> None:
    at = reads(bea).next
    away = Caller(twilio_without_database, sid="CAback", number=BEA)
    asked = bea.waits_at(away.presses("4", at=at).next)
    assert asked.said.startswith(ENTER)
    heard = away.presses(PIN, at=asked.next)
    assert heard.next == f"{PUBLIC}/voice/back/pin?key=4&tries=1"
    assert PIN not in heard.text
    asked = bea.waits_at(heard.next)
    assert asked.said.startswith(ENTER)
    assert bea.presses(PIN, at=asked.next).said == "Acknowledged. You own incident 1."


def test_a_database_that_goes_away_behind_the_answer_gives_no_answer_that_is_not_counted(
    bea: Caller, books: Books
) -> None:
    asked = bea.presses("4", at=reads(bea).next)
    with books.broken_commits():
        heard = bea.presses(OTHER, at=asked.next)
    asked = bea.waits_at(heard.next)
    bea.presses(OTHER, at=asked.next)
    with books.database.begin() as session:
        assert session.scalars(select(ReturnCall.answers)).one() == wrong_answers(books) == 1


def test_twenty_pick_ups_at_once_are_one_offer(bea: Caller, books: Books) -> None:
    heard = at_once(20, bea.dials)
    assert {each.said for each in heard} == {bea.dials().said}
    with books.database.begin() as session:
        assert session.scalar(select(func.count()).select_from(ReturnCall)) == 1
        assert session.scalar(select(func.count()).select_from(Page)) == 1


def test_without_a_key_the_ladder_goes_on(bea: Caller, books: Books) -> None:
    before = books.next_call()
    reads(bea)
    bea.ends()
    assert books.next_call() == before
