"""An e-mail beside the calls: to whoever the step calls, once their address is verified, and holding up nobody."""

import threading

import pytest

from incidents import lifecycle, members, people, preview
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Member
from incidents.people import Contact, Known
from incidents.policy import Policy, Way
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Severity
from tests.integration.core.test_duty import policy
from tests.integration.core.world import BEA, CY, World

AT_BEA = "bea@example.com"


@pytest.fixture
def world(world: World) -> World:
    """Bea is called twice, and written to at once; then Cy, written to after twenty seconds."""
    world.hold()
    steps = [
        {"calls": calls, "every": 60, "wait": 120, "also": [{"by": "email", "after": after}]}
        for calls, after in ((2, 0), (1, 20))
    ]
    policy(world, *steps, repeat=0)
    return world


def told(world: World) -> list[str]:
    return [letter.to for letter in world.mail.letters]


def bea(tx: Transaction) -> Known:
    return people.named(tx, "Bea")


def with_address(world: World, address: str | None, *, verified: bool = True) -> None:
    with world.store.begin() as tx:
        members.change(tx, bea(tx), Contact("Bea", BEA.phone, BEA.slack_user, address))
        if verified:
            tx.get(Member, bea(tx).id).email_verified_at = tx.now


def foreseen(world: World) -> list[tuple[str | None, str | None]]:
    with world.store.begin() as tx:
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.HIGH, opened=tx.now).calls
    mails = [each for each in expected if each.by is Way.EMAIL]
    return [(each.responder.name if each.responder else None, each.trouble) for each in mails]


def test_whoever_is_called_is_written_to_at_the_time_and_once(world: World) -> None:
    assert foreseen(world) == [("Bea", None), ("Cy", None)]
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    [letter] = world.mail.letters
    assert (letter.to, letter.subject) == (AT_BEA, f"HIGH #{incident.number}: Checkout returns 502")
    assert f"/incident ack {incident.number}" in letter.text
    assert letter.mark == str(world.job(incident, JobKind.MAIL_PERSON).id)
    world.pass_time(139)
    assert told(world) == [AT_BEA]
    world.pass_time(1)
    assert told(world) == [AT_BEA, "cy@example.com"]
    assert world.told(incident).count("messaged") == 2


def test_what_somebody_took_is_written_to_nobody_more(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.pass_time(125)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.pass_time(300)
    assert told(world) == [AT_BEA]


@pytest.mark.parametrize(
    ("address", "why"), [(None, "Bea has no e-mail address"), (AT_BEA, "Bea's e-mail address is not verified (POST")]
)
def test_who_has_no_verified_address_gets_none_and_the_preview_says_so(
    world: World, address: str | None, why: str
) -> None:
    with_address(world, "other@example.com", verified=False)
    with_address(world, address, verified=False)
    assert (foreseen(world)[0][1] or "").startswith(why)
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    assert (told(world), [call.to for call in world.phone.placed]) == ([], [BEA.phone])


def test_put_on_call_on_the_server_one_keeps_the_address(world: World) -> None:
    with world.store.begin() as tx:
        people.put_on_call(tx, [Contact("Bea", BEA.phone, BEA.slack_user)])
    world.triaged(Severity.HIGH, reported=Severity.HIGH)
    assert told(world) == [AT_BEA]


def test_without_a_mail_server_all_else_goes_on(world: World) -> None:
    world.providers.mail = None
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    assert [call.to for call in world.phone.placed] == [BEA.phone]
    assert world.job(incident, JobKind.MAIL_PERSON).outcome == "done"
    assert "messaged" not in world.told(incident)


def test_after_a_lost_answer_it_comes_again_under_the_same_id(world: World) -> None:
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.mail.letters.clear()
    world.pass_time(139)
    world.mail.fail(TemporaryError("no answer"), method="send", after=True)
    world.pass_time(10)
    assert told(world) == ["cy@example.com"] * 2
    assert len({letter.mark for letter in world.mail.letters}) == 1
    assert world.told(incident).count("messaged") == 2


def test_what_was_surely_not_sent_is_sent_again_and_a_refusal_is_told(world: World) -> None:
    world.mail.fail(TemporaryError("451", happened=False), method="send")
    incident = world.triaged(Severity.HIGH, reported=Severity.HIGH)
    world.pass_time(5)
    assert told(world) == [AT_BEA]
    world.mail.fail(PermanentError("550 nobody"), method="send")
    world.pass_time(140)
    assert told(world) == [AT_BEA]
    assert "job_failed" in world.told(incident)


def test_a_mail_server_that_takes_its_time_holds_up_no_call(world: World) -> None:
    """E-mails are other workers' work than calls."""
    entered, answers = threading.Event(), threading.Event()
    send = world.mail.send

    def slow(*, to: str, subject: str, text: str, mark: str) -> None:
        entered.set()
        assert answers.wait(20)
        send(to=to, subject=subject, text=text, mark=mark)

    world.mail.send = slow  # type: ignore[method-assign]  # It answers late.
    incident = world.reported(severity=Severity.HIGH)
    world.run(world.job(incident, JobKind.PAGE))
    mailing = threading.Thread(target=world.run, args=(world.job(incident, JobKind.MAIL_PERSON),))
    mailing.start()
    assert entered.wait(20)
    second = world.reported("Disk full", severity=Severity.HIGH)
    assert world.run(world.job(second, JobKind.PAGE))
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    answers.set()
    mailing.join(20)
    assert world.fresh(incident).acknowledged_by == "Cy"


@pytest.mark.parametrize(
    "title",
    ["x\r\nBcc: eve@example.com", "a\u2028b\x85c", "<b>bold</b> & so on", "Ünïcödé 🔥 " * 30, "long " * 400],
)
def test_a_title_stays_a_title(world: World, title: str) -> None:
    world.reported(title, severity=Severity.HIGH)
    world.run_due()
    [letter] = world.mail.letters
    assert "\n" not in letter.subject
    assert len(letter.subject) < 200
    assert letter.to == AT_BEA
