"""The ladder of calls on a held clock: who is called when, who is passed over, and when everybody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from incidents import jobs, lifecycle, paging
from incidents.errors import TemporaryError
from incidents.models import Incident, Member
from incidents.people import Actor
from incidents.policy import DEFAULT_POLICY, Policy
from incidents.terms import JobKind
from incidents.words import Severity
from tests.core_fakes import judged
from tests.integration.core.world import ANA, BEA, CY, World

BEAS, CYS = "+12025550111", "+12025550112"


def escalate(world: World, incident: Incident, by: Actor = ANA) -> str | None:
    responder = world.act(incident, lambda tx, row: lifecycle.escalate(tx, row, by=by))
    return responder.name if responder else None


def called(world: World, incident: Incident) -> list[tuple[int, str]]:
    """Seconds after the report, and who."""
    return [
        (round((call.placed_at - incident.opened_at).total_seconds()), call.responder_name)
        for call in world.calls(incident)
        if call.sid is not None
    ]


def test_the_ladder_calls_as_the_policy_says_to_the_second(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    world.pass_time(3600)
    once = [(0, "Bea"), (60, "Bea"), (120, "Cy"), (180, "Cy")]
    assert called(world, incident) == [(240 * turn + after, who) for turn in range(3) for after, who in once]
    assert [call.to for call in world.phone.placed[:4]] == [BEAS, BEAS, CYS, CYS]
    assert all(call.ring_for == timedelta(seconds=25) for call in world.phone.placed)


def test_after_the_last_call_everybody_is_told_once(world: World) -> None:
    now = world.hold()
    incident = world.triaged(Severity.HIGH)
    world.pass_time(719)
    assert "nobody_answered" not in world.told(incident)
    world.pass_time(1)
    assert world.told(incident).count("nobody_answered") == 1
    assert sum("Nobody answered" in note for note in world.notes()) == 1
    assert world.summary(incident).page == "nobody answered"
    assert world.job(incident, JobKind.TELL_EVERYBODY).due == now + Policy.of(DEFAULT_POLICY).told_after
    world.pass_time(86_400)
    assert len(world.phone.placed) == 12


def test_medium_pages_thirty_seconds_after_the_report(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.MEDIUM)
    world.pass_time(29)
    assert called(world, incident) == []
    world.pass_time(1)
    assert called(world, incident) == [(30, "Bea")]


def test_high_found_by_triage_pages_at_once(world: World) -> None:
    world.hold()
    assert called(world, world.triaged(Severity.HIGH)) == [(0, "Bea")]


def test_low_does_not_page_and_the_timeline_says_so(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.LOW)
    world.pass_time(3600)
    assert called(world, incident) == []
    assert "paging_ended" in world.told(incident)
    assert world.summary(incident).page == "none"


def test_high_found_after_low_pages_after_all(world: World) -> None:
    """A second part of what a caller said is triaged again, and it is worse than the first."""
    world.hold()
    incident = world.triaged(Severity.LOW)
    world.pass_time(100)
    world.triager.verdict = judged(severity=Severity.HIGH)
    world.act(incident, lambda tx, row: jobs.owe(tx, row, JobKind.TRIAGE))
    world.run_due()
    assert called(world, incident) == [(100, "Bea")]
    world.pass_time(60)
    assert called(world, incident) == [(100, "Bea"), (160, "Bea")]


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.HIGH])
def test_a_person_who_says_that_it_is_worse_than_low_pages_after_all(world: World, severity: Severity) -> None:
    world.hold()
    incident = world.triaged(Severity.LOW)
    world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, severity))
    world.pass_time(30)
    assert called(world, incident) == [(0 if severity is Severity.HIGH else 30, "Bea")]


def test_what_triage_finds_again_does_not_call_anew_whom_the_ladder_has_called(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    for _ in range(2):
        world.act(incident, lambda tx, row: jobs.owe(tx, row, JobKind.TRIAGE))
        world.run_due()
    world.pass_time(3600)
    assert len(world.phone.placed) == 12
    world.act(incident, lambda tx, row: jobs.owe(tx, row, JobKind.TRIAGE))
    world.pass_time(3600)
    assert len(world.phone.placed) == 12


def test_an_untriaged_report_pages_after_thirty_seconds(world: World) -> None:
    world.hold()
    incident = world.reported(severity=Severity.LOW)
    world.jump(30)
    world.run(world.job(incident, JobKind.PAGE))
    assert called(world, incident) == [(30, "Bea")]


def test_triage_does_not_lower_what_a_person_said(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.LOW, reported=Severity.HIGH)
    assert world.fresh(incident).severity is Severity.HIGH
    assert called(world, incident) == [(0, "Bea")]


def test_the_page_in_words_names_the_next_person_and_the_time(world: World) -> None:
    now = world.hold()
    incident = world.triaged(Severity.MEDIUM)
    due = now + timedelta(seconds=30)
    assert world.summary(incident).page == f"next Bea at {due:%H:%M:%S} UTC"
    assert world.summary(incident).next_page_at == due


def test_when_the_last_call_is_placed_no_past_call_is_announced(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    world.pass_time(660)
    assert len(world.phone.placed) == 12
    assert not world.summary(incident).page.startswith("next")
    card = world.fresh(incident).card_ts
    shown = next(post for post in world.chat.posts if post.timestamp == card)
    assert "next Cy" not in str(shown.message)


def test_escalating_calls_the_next_person_now(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    assert escalate(world, incident) == "Cy"
    world.run_due()
    assert called(world, incident) == [(0, "Bea"), (0, "Cy")]
    world.pass_time(60)
    assert called(world, incident)[-1] == (60, "Cy")
    assert len(called(world, incident)) == 3


def test_escalating_twice_before_the_call_goes_out_is_the_same_call(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    assert [escalate(world, incident), escalate(world, incident)] == ["Cy", "Cy"]
    world.run_due()
    assert called(world, incident) == [(0, "Bea"), (0, "Cy")]


def test_escalating_before_anybody_was_called_calls_the_person_on_duty(world: World) -> None:
    world.hold()
    incident = world.reported()
    assert escalate(world, incident) == "Bea"


def test_whoever_passes_it_on_is_not_called_by_that(world: World) -> None:
    world.hold()
    incident = world.reported()
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    assert escalate(world, incident, BEA) == "Cy"
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    assert escalate(world, incident, CY) == "Bea"


def test_low_found_by_triage_does_not_end_paging_that_a_person_asked_for(world: World) -> None:
    world.hold()
    incident = world.reported()
    escalate(world, incident)
    world.triager.verdict = judged(severity=Severity.LOW)
    world.run(world.job(incident, JobKind.TRIAGE))
    world.run_due()
    assert called(world, incident) == [(0, "Bea")]
    assert world.job(incident, JobKind.PAGE, "2:1").done_at is None


def test_escalating_on_the_last_step_tells_everybody_now_and_then_begins_anew(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    world.pass_time(665)
    assert escalate(world, incident) is None
    world.run_due()
    assert world.told(incident).count("nobody_answered") == 1
    assert escalate(world, incident) == "Bea"
    world.run_due()
    assert called(world, incident)[-1] == (665, "Bea")


def test_an_escalated_incident_is_open_again(world: World) -> None:
    incident = world.reported()
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    escalate(world, incident, BEA)
    assert world.fresh(incident).acknowledged_by is None
    world.run_due()
    assert world.phone.placed[-1].to == CYS


def test_a_person_who_was_reached_and_pressed_nothing_passes_it_on_once(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    page = world.pages(incident)[0]

    def silence() -> bool:
        return world.act(incident, lambda tx, row: paging.unanswered(tx, row, page, reason="silence"))

    assert [silence(), silence()] == [True, False]
    world.run_due()
    assert silence() is False
    assert called(world, incident) == [(0, "Bea"), (0, "Cy")]
    assert world.told(incident).count("escalated") == 1


def test_silence_on_the_last_step_tells_everybody_without_waiting(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    world.pass_time(665)
    page = world.pages(incident)[-1]
    for _ in range(2):
        world.act(incident, lambda tx, row: paging.unanswered(tx, row, page, reason="silence"))
    world.run_due()
    assert world.told(incident).count("nobody_answered") == 1
    assert world.told(incident).count("escalated") == 1


def test_the_end_of_a_call_of_an_earlier_run_calls_nobody(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.HIGH)
    first = world.pages(incident)[0]
    escalate(world, incident)
    world.run_due()
    assert not world.act(incident, lambda tx, row: paging.unanswered(tx, row, first, reason="silence"))


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (59, [(59, "Bea")]),
        (60, [(60, "Bea")]),
        (130, [(130, "Bea"), (130, "Cy")]),
        (600, [(600, "Bea"), (600, "Cy")]),
    ],
)
def test_a_late_wake_up_leaves_out_calls_but_never_a_person(
    world: World, late: int, expected: list[tuple[int, str]]
) -> None:
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    world.jump(late)
    world.run_due()
    assert called(world, incident) == expected
    if late == 59:
        world.pass_time(1)
        assert called(world, incident) == expected, "the phone rings already"
        assert [page.rung for page in world.pages(incident)] == [0, 1]


def test_after_twilio_was_away_each_person_is_called_once_and_not_once_for_each_call_that_failed(world: World) -> None:
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    world.phone.fail(TemporaryError("Twilio is away", happened=False), method="call", times=10_000)
    world.pass_time(170)
    assert world.told(incident).count("page_delayed") == 3
    assert sum("Twilio is away" in note for note in world.notes()) == 1
    world.phone.works_again()
    world.pass_time(239 - 170)
    who = [call.to for call in world.phone.placed]
    assert who.count(BEAS) == 1, "her two calls that failed are one, and her next turn is at 240 s"
    assert who.count(CYS) in (1, 2), "one that failed, unless it is his turn at 180 s before it is tried again"
    assert called(world, incident)[0][0] <= 190


def test_a_provider_that_asks_for_an_hour_of_patience_delays_no_page_for_an_hour(world: World) -> None:
    world.hold()
    incident = world.reported(severity=Severity.HIGH)
    patience = TemporaryError("Twilio wants fewer requests", retry_after=timedelta(hours=1), happened=False)
    world.phone.fail(patience, method="call", times=10_000)
    world.pass_time(65)
    assert any("Twilio wants fewer requests" in note for note in world.notes())
    world.phone.works_again()
    world.pass_time(20)
    assert [who for _, who in called(world, incident)] == ["Bea"]


def test_nobody_with_a_phone_is_told_in_the_channel_and_again_at_the_end(world: World) -> None:
    world.hold()
    world.without_phones()
    incident = world.triaged(Severity.HIGH)
    assert "page_not_made" in world.told(incident)
    assert any("Bea has no phone number; Cy has no phone number" in note for note in world.notes())
    world.pass_time(720)
    assert "nobody_answered" in world.told(incident)


def test_without_a_phone_provider_the_channel_is_told(world: World) -> None:
    world.hold()
    world.providers.phone = None
    incident = world.triaged(Severity.HIGH)
    assert any("no phone provider is set up" in note for note in world.notes())
    world.pass_time(720)
    assert "nobody_answered" in world.told(incident)


def test_one_person_alone_is_called_on_every_step(world: World) -> None:
    world.hold()
    with world.store.begin() as tx:
        tx.session.execute(update(Member).where(Member.name == "Cy").values(phone=None))
    incident = world.triaged(Severity.HIGH)
    world.pass_time(720)
    assert called(world, incident) == [(60 * n, "Bea") for n in range(12)]
