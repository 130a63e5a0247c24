"""The way of an incident through the workers, and what each kind does when its provider cannot or will not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from incidents import classification, jobs, lifecycle, recordings, timeline
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident, Job
from incidents.ports import Transcript
from incidents.terms import TERMS, JobKind
from incidents.words import Route, Severity, Source, Triage
from tests.core_fakes import judged
from tests.integration.core.world import ANA, BEA, CY, World

WAV = b"RIFF....WAVE"


def resolve(world: World, incident: Incident) -> None:
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=BEA, how="restarted the pool"))


def by_phone(world: World) -> Incident:
    """Somebody called and said something; the recording is with the provider."""
    incident = world.reported("Call from +1202", source=Source.PHONE)
    world.act(incident, lambda tx, row: recordings.heard_of(tx, row, sid="RE1", seconds=5))
    world.phone.recordings["RE1"] = WAV
    return incident


def test_an_incident_goes_its_whole_way(world: World) -> None:
    world.hold()
    world.triager.verdict = judged("network", Severity.HIGH)
    incident = world.reported(origin_channel="C0GENERAL", origin_thread="1.2")
    world.run_due()
    row = world.fresh(incident)
    assert (row.triage, row.category, row.severity, row.route) == (
        Triage.TRIAGED,
        "network",
        Severity.HIGH,
        Route.MEMORY,
    )
    assert row.channel_name == "incident-1"
    assert row.ticket_key == "OPS-1"
    assert (row.channel_id, row.card_ts) in world.chat.pins
    assert world.chat.members[row.channel_id or ""] == ["U0ANA", "U0BEA", "U0CY"]
    assert [(post.channel, post.thread) for post in world.chat.posts] == [(row.channel_id, None), ("C0GENERAL", "1.2")]
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    resolve(world, incident)
    world.run_due()
    ticket = world.tickets.tickets["OPS-1"]
    assert ticket.done
    assert "resolved" in world.chat.topics[row.channel_id or ""]
    assert [lesson.category for lesson in world.memory.lessons.values()] == ["network"]
    assert world.waiting(incident) == set()
    told = world.told(incident)
    assert told[:2] == ["opened", "triaged"]
    assert sorted(told[2:-2]) == ["card_posted", "channel_opened", "paged", "ticket_opened"]
    assert told[-2:] == ["acknowledged", "resolved"]


def test_what_is_resolved_before_its_ticket_and_its_category_are_there_has_a_closed_ticket_and_is_learned(
    world: World,
) -> None:
    world.hold()
    incident = world.reported()
    resolve(world, incident)
    world.run(world.job(incident, JobKind.LEARN))
    assert world.memory.lessons == {}
    world.run_due()
    assert world.tickets.tickets["OPS-1"].done
    assert [(lesson.category, lesson.helped) for lesson in world.memory.lessons.values()] == [
        ("database", "restarted the pool")
    ]


def test_the_card_says_in_the_end_what_is_true(world: World) -> None:
    incident = world.triaged(Severity.HIGH)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    card = next(post for post in world.chat.posts if post.timestamp == world.fresh(incident).card_ts)
    assert "Cy" in str(card.message)
    assert "acknowledged" in str(card.message).lower()


@pytest.mark.parametrize(
    ("provider", "method", "kind"),
    [
        ("triager", "triage", JobKind.TRIAGE),
        ("chat", "open_channel", JobKind.OPEN_CHANNEL),
        ("chat", "set_topic", JobKind.UPDATE_CHANNEL),
        ("chat", "invite", JobKind.INVITE_PEOPLE),
        ("chat", "post", JobKind.POST_CARD),
        ("chat", "pin", JobKind.POST_CARD),
        ("chat", "edit", JobKind.UPDATE_CARD),
        ("tickets", "create", JobKind.OPEN_TICKET),
        ("phone", "call", JobKind.PAGE),
    ],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_provider_that_fails_twice_for_a_while_is_asked_again_and_the_effect_is_there_once(
    world: World, provider: str, method: str, kind: JobKind, *, after: bool
) -> None:
    world.hold()
    fake: Any = getattr(world, provider)
    fake.fail(TemporaryError("away", happened=None if after else False), method=method, times=2, after=after)
    incident = world.triaged(Severity.HIGH)
    for _ in range(4):
        world.leases_lapse()
        world.pass_time(10)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.jump(400)
    world.leases_lapse()
    world.pass_time(10)
    if kind is not JobKind.PAGE:
        assert world.job(incident, kind).outcome == "done"
    assert len(world.chat.channels) == len(world.tickets.tickets) == 1
    assert sum(post.mark == str(world.job(incident, JobKind.POST_CARD).id) for post in world.chat.posts) == 1
    assert len(world.phone.placed) == 1


@pytest.mark.parametrize(
    ("provider", "method", "kind"),
    [
        ("triager", "triage", JobKind.TRIAGE),
        ("chat", "set_topic", JobKind.UPDATE_CHANNEL),
        ("chat", "invite", JobKind.INVITE_PEOPLE),
        ("chat", "edit", JobKind.UPDATE_CARD),
        ("tickets", "create", JobKind.OPEN_TICKET),
    ],
)
def test_a_refusal_is_told_in_the_timeline_and_in_the_channel_and_can_be_tried_again(
    world: World, provider: str, method: str, kind: JobKind
) -> None:
    fake: Any = getattr(world, provider)
    fake.fail(PermanentError("the scope is missing"), method=method, times=1_000)
    incident = world.triaged(Severity.HIGH)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.run_due()
    job = world.job(incident, kind)
    assert (job.outcome, job.error) == ("failed", "the scope is missing")
    assert "job_failed" in world.told(incident)
    assert any(f"{kind} failed" in note and "the scope is missing" in note for note in world.notes())
    fake.works_again()
    world.act(incident, lambda tx, _: jobs.try_again(tx, tx.get(Job, job.id, lock=True)))
    world.run_due()
    assert world.job(incident, kind).outcome == "done"


def test_a_channel_that_cannot_be_opened_is_in_the_timeline_and_paging_goes_on(world: World) -> None:
    world.hold()
    world.chat.fail(PermanentError("restricted_action"), method="open_channel", times=1_000)
    incident = world.triaged(Severity.HIGH)
    assert "job_failed" in world.told(incident)
    assert len(world.phone.placed) == 1
    world.pass_time(120)
    assert len(world.phone.placed) == 3


def test_a_workspace_that_lets_us_pin_nothing_has_its_card(world: World) -> None:
    world.chat.fail(PermanentError("missing_scope"), method="pin", times=1_000)
    incident = world.triaged(Severity.HIGH)
    assert world.fresh(incident).card_ts is not None
    assert world.job(incident, JobKind.POST_CARD).outcome == "done"


def test_a_number_that_cannot_be_called_passes_the_page_to_the_next_person_at_once(world: World) -> None:
    world.hold()
    world.phone.fail(PermanentError("the number is not verified"), method="call", times=1)
    incident = world.triaged(Severity.HIGH)
    assert [call.to for call in world.phone.placed] == ["+12025550112"]
    assert {"page_not_made", "job_failed", "escalated"} <= set(world.told(incident))


def test_when_no_number_can_be_called_everybody_is_told(world: World) -> None:
    world.hold()
    world.phone.fail(PermanentError("no credit"), method="call", times=1_000)
    incident = world.triaged(Severity.HIGH)
    world.pass_time(720)
    assert world.phone.placed == []
    assert "nobody_answered" in world.told(incident)


def test_a_page_that_breaks_before_it_is_planned_owes_the_next_one_when_it_is_given_up(world: World) -> None:
    """However it broke, the ladder goes on."""
    incident = world.reported(severity=Severity.HIGH)
    job = world.job(incident, JobKind.PAGE)
    with world.database.begin() as session:
        session.execute(update(Job).where(Job.id == job.id).values(attempts=TERMS[JobKind.PAGE].attempts))
    world.run(job)
    assert world.job(incident, JobKind.PAGE, "1:0").outcome == "failed"
    assert world.job(incident, JobKind.PAGE, "1:1").done_at is None


def test_triage_that_fails_for_good_needs_a_person_and_everything_else_goes_on(world: World) -> None:
    world.hold()
    world.triager.fail(PermanentError("it is broken"), times=1_000)
    incident = world.reported()
    world.pass_time(31)
    row = world.fresh(incident)
    assert row.triage is Triage.FAILED
    assert row.channel_id is not None
    assert row.ticket_key is not None
    assert len(world.phone.placed) == 1


def test_a_bug_in_a_handler_is_no_answer_and_the_job_comes_back(world: World) -> None:
    world.hold()
    world.triager.fail(ZeroDivisionError("a bug"), times=1)
    incident = world.reported()
    job = world.job(incident, JobKind.TRIAGE)
    with pytest.raises(ZeroDivisionError):
        world.run(job)
    assert world.run(job) is False
    world.leases_lapse()
    world.run_due()
    assert world.fresh(incident).triage is Triage.TRIAGED


def test_a_database_that_goes_away_is_no_bug_and_the_job_comes_back(world: World) -> None:
    world.hold()
    world.triager.fail(OperationalError("COMMIT", {}, ConnectionError("the server closed the connection")), times=1)
    incident = world.reported()
    with capture_logs() as lines:
        assert world.run(world.job(incident, JobKind.TRIAGE)) is True
    assert [line["event"] for line in lines] == ["database_away"]
    assert lines[0]["reason"] == "the server closed the connection"
    world.leases_lapse()
    world.run_due()
    assert world.fresh(incident).triage is Triage.TRIAGED


def test_notes_wait_for_a_channel_that_comes_late_and_are_said_then(world: World) -> None:
    world.hold()
    world.chat.fail(TemporaryError("Slack is away", happened=False), method="open_channel", times=8)
    incident = world.triaged(Severity.MEDIUM)
    world.act(incident, lambda tx, row: lifecycle.note(tx, row, "please look", key="k"))
    world.pass_time(400)
    assert world.notes().count("please look") == 1
    assert world.job(incident, JobKind.POST_NOTE).outcome == "done"


def test_everybody_is_told_even_when_the_channel_came_after_the_ladder_had_ended(world: World) -> None:
    world.hold()
    world.without_phones()
    world.chat.fail(TemporaryError("Slack is away", happened=False), method="open_channel", times=14)
    incident = world.triaged(Severity.HIGH)
    world.pass_time(719)
    assert world.fresh(incident).channel_id is None
    world.pass_time(2400)
    assert world.fresh(incident).channel_id is not None
    assert sum("Nobody answered" in note for note in world.notes()) == 1


def test_without_slack_and_jira_an_incident_is_triaged_and_paged(world: World) -> None:
    world.hold()
    world.providers.chat = world.providers.tickets = None
    incident = world.triaged(Severity.HIGH)
    world.pass_time(720)
    assert len(world.phone.placed) == 12
    assert "nobody_answered" in world.told(incident)
    assert world.waiting(incident) == set()


def test_what_a_caller_said_is_kept_understood_and_triaged(world: World) -> None:
    world.hold()
    world.speech.script = [Transcript("the checkout is down. it returns 502", 0.93)]
    incident = by_phone(world)
    world.run_due()
    row = world.fresh(incident)
    assert row.title == "the checkout is down."
    assert row.triage is Triage.TRIAGED
    assert (world.settings.data_dir / "recordings" / "RE1.wav").read_bytes() == WAV
    assert world.triager.questions[-1].description == "the checkout is down. it returns 502"


def test_a_transcript_that_comes_after_triage_is_triaged_again(world: World) -> None:
    world.hold()
    world.speech.script = [Transcript("the database is on fire", 0.9)]
    world.speech.fail(TemporaryError("speech is away"), times=9)
    incident = by_phone(world)
    world.pass_time(180)
    assert len(world.triager.questions) == 1
    world.pass_time(600)
    assert world.triager.questions[-1].description == "the database is on fire"
    assert world.fresh(incident).title == "the database is on fire"


@pytest.mark.parametrize("trouble", [PermanentError("no such model"), TemporaryError("away")], ids=["refused", "away"])
def test_when_speech_cannot_be_understood_triage_happens_all_the_same(world: World, trouble: Exception) -> None:
    world.hold()
    world.speech.fail(trouble, times=1_000)
    incident = by_phone(world)
    world.pass_time(181)
    assert world.fresh(incident).triage is Triage.TRIAGED
    world.pass_time(7200)
    assert world.job(incident, JobKind.TRANSCRIBE).outcome == "failed"
    assert "not_transcribed" in world.told(incident)
    assert any("Please call back" in note for note in world.notes())


def test_a_recording_that_nobody_can_fetch_is_a_failure_that_is_told(world: World) -> None:
    incident = by_phone(world)
    world.providers.phone = None
    world.run_due()
    assert world.job(incident, JobKind.TRANSCRIBE).outcome == "failed"
    assert any("no phone provider" in str(entry.details) for entry in world.act(incident, timeline.read))


def test_a_correction_that_came_before_triage_stays(world: World) -> None:
    incident = world.reported()
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="reaction"))
    world.run_due()
    row = world.fresh(incident)
    assert (row.category, row.route, row.predicted_category) == ("network", Route.HUMAN, "database")


def test_a_correction_teaches_and_taking_it_back_unteaches(world: World) -> None:
    incident = world.triaged(Severity.MEDIUM)
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="reaction"))
    world.run_due()
    assert [lesson.category for lesson in world.memory.lessons.values()] == ["network"]
    assert "category-network" in world.tickets.tickets["OPS-1"].labels
    world.act(incident, lambda tx, row: classification.undo_correction(tx, row, "network", by=BEA, via="reaction"))
    world.run_due()
    assert world.memory.lessons == {}
    assert "category-database" in world.tickets.tickets["OPS-1"].labels
    assert world.fresh(incident).route is Route.MEMORY


def test_reopening_takes_back_what_was_learnt_from_resolving(world: World) -> None:
    incident = world.triaged(Severity.MEDIUM)
    resolve(world, incident)
    world.run_due()
    assert len(world.memory.lessons) == 1
    world.act(incident, lambda tx, row: lifecycle.reopen(tx, row, by=ANA, reason="it is back"))
    world.run_due()
    assert world.memory.lessons == {}
    assert not world.tickets.tickets["OPS-1"].done


def test_severity_said_later_by_the_caller_pages_at_once(world: World) -> None:
    world.hold()
    incident = world.reported("Call", source=Source.PHONE)
    world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, Severity.HIGH))
    world.run_due()
    assert len(world.phone.placed) == 1
    assert world.calls(incident)[0].placed_at - incident.opened_at == timedelta(0)


@pytest.mark.parametrize("key", [None, Severity.LOW])
def test_a_call_of_which_no_word_is_understood_yet_is_not_taken_for_harmless(
    world: World, key: Severity | None
) -> None:
    """Found by a schedule: a model took "Call from +1202" for LOW, and nobody was called until the words were there."""
    world.hold()
    world.speech.fail(TemporaryError("it is away"), times=1000)
    world.speech.script = [Transcript("only asking when the canteen opens", 0.9)]
    world.triager.verdict = judged(severity=Severity.LOW)
    incident = by_phone(world)
    if key is not None:  # The caller said that it is for information only.
        world.act(incident, lambda tx, row: lifecycle.severity_reported(tx, row, key))
    world.pass_time(200)
    heard = world.fresh(incident)
    assert (heard.triage, heard.severity) == (Triage.TRIAGED, key or Severity.MEDIUM)
    assert (JobKind.PAGE in world.waiting(incident)) is (key is None)
    world.speech.works_again()
    world.pass_time(300)
    understood = world.fresh(incident)
    assert understood.severity is Severity.LOW
    assert JobKind.PAGE not in world.waiting(incident)
