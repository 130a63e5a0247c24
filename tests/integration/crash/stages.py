"""How a job of each kind comes to be due: an incident is led there, and everything else is done."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from incidents import classification, jobs, lifecycle, notifying, recordings, stakeholders
from incidents.match import Match
from incidents.models import Incident, Organization
from incidents.people import Actor
from incidents.policy import DEFAULT_POLICY, Way
from incidents.ports import Transcript
from incidents.roles import Role
from incidents.terms import JobKind
from incidents.words import Severity, Source
from tests.core_fakes import judged
from tests.integration.core.world import BEA, CY, World

STRANGER = Actor("U0ANA", via="slack", slack_user="U0ANA", role=Role.RESPONDER)
"""Somebody whose name Slack has to tell."""
ONE_CALL = {**DEFAULT_POLICY, "steps": [{"calls": 1, "every": 60, "wait": 60}], "repeat": 0}


@dataclass(frozen=True, slots=True)
class Stage:
    """`lead` gives an incident whose job of that kind is due, and none of another kind."""

    kind: JobKind
    lead: Callable[[World], Incident]


def _reported(world: World, severity: Severity = Severity.LOW) -> Incident:
    """LOW is not paged, so that time can pass and nothing else happens."""
    world.triager.verdict = judged(severity=severity)
    return world.reported(by=STRANGER, origin_channel="C0GENERAL", origin_thread="1.2")


def _all_but(world: World, incident: Incident, kind: JobKind) -> Incident:
    """Everything else that is due is done."""
    for _ in range(20):
        now = world.now()
        due = [job for job in world.jobs(incident) if job.done_at is None and job.due <= now and job.kind != kind]
        if not due:
            return incident
        for job in due:
            world.run(job)
    raise AssertionError("there is always something due")


def _settled(world: World) -> Incident:
    incident = _reported(world)
    world.run_due()
    return incident


def _page(world: World) -> Incident:
    incident = _reported(world, Severity.MEDIUM)
    world.run_due()
    world.jump(30)
    return incident


def _called(world: World) -> Incident:
    incident = _page(world)
    world.run_due()
    return incident


def _second_page(world: World) -> Incident:
    incident = _called(world)
    world.jump(60)
    return incident


def _notify(world: World) -> Incident:
    incident = _settled(world)
    phone = BEA.phone or ""
    world.act(
        incident,
        lambda tx, row: notifying.notify(
            tx, row, phone=phone, message="please look", severity=None, key="k", by=STRANGER
        ),
    )
    return incident


def _also(kind: JobKind, by: Way) -> Callable[[World], Incident]:
    """Somebody is called, and told in another way too."""

    def lead(world: World) -> Incident:
        step = {"calls": 1, "every": 60, "wait": 600, "also": [{"by": by, "after": 0}]}
        with world.store.begin() as tx:
            tx.session.scalars(select(Organization)).one().policy = {**DEFAULT_POLICY, "steps": [step], "repeat": 0}
        return _all_but(world, _page(world), kind)

    return lead


def _tell_stakeholder(world: World) -> Incident:
    with world.store.begin() as tx:
        stakeholders.make(tx, name="Support", channel="C0SUPPORT", slack_user=None, match=Match())
    return _all_but(world, _reported(world), JobKind.TELL_STAKEHOLDER)


def _cancel_call(world: World) -> Incident:
    incident = _called(world)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    return _all_but(world, incident, JobKind.CANCEL_CALL)


def _tell_everybody(world: World) -> Incident:
    with world.store.begin() as tx:
        tx.session.scalars(select(Organization)).one().policy = ONE_CALL
    return _second_page(world)


def _follow_up(world: World) -> Incident:
    with world.store.begin() as tx:
        policy = {**DEFAULT_POLICY, "remind_after": 600, "call_again_after": 900}
        tx.session.scalars(select(Organization)).one().policy = policy
    incident = _called(world)
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    world.run_due()
    world.jump(600)
    return incident


def _call_again(world: World) -> Incident:
    incident = _follow_up(world)
    world.run_due()
    world.jump(300)
    return incident


def _opening(kind: JobKind) -> Callable[[World], Incident]:
    """What follows from triage by itself."""
    return lambda world: _all_but(world, _reported(world), kind)


def _acknowledged(kind: JobKind) -> Callable[[World], Incident]:
    def lead(world: World) -> Incident:
        incident = _settled(world)
        world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
        return _all_but(world, incident, kind)

    return lead


def _resolved(world: World) -> Incident:
    incident = _settled(world)
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=CY, how="restarted it"))
    return _all_but(world, incident, JobKind.UPDATE_TICKET)


def _note(world: World) -> Incident:
    incident = _settled(world)
    world.act(incident, lambda tx, row: lifecycle.note(tx, row, "please look", key="k"))
    return incident


def _ticket(world: World) -> Incident:
    world.tickets._lagging = True
    return _all_but(world, _reported(world), JobKind.OPEN_TICKET)


def _transcribe(world: World) -> Incident:
    """The recording comes late: nobody waited for it with the triage."""
    world.triager.verdict = judged(severity=Severity.LOW)
    world.speech.script = [Transcript("the checkout is down. it returns 502", 0.93)] * 5
    world.phone.recordings["RE1"] = b"RIFF....WAVE"
    incident = world.reported("Call from +1202", source=Source.PHONE)
    world.act(incident, lambda tx, row: jobs.hurry(tx, row, JobKind.TRIAGE))
    world.run_due()
    world.act(incident, lambda tx, row: recordings.heard_of(tx, row, sid="RE1", seconds=5))
    return incident


def _learn(world: World) -> Incident:
    incident = _settled(world)
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=CY, via="api"))
    return _all_but(world, incident, JobKind.LEARN)


def _unlearn(world: World) -> Incident:
    incident = _learn(world)
    world.run_due()
    world.act(incident, lambda tx, row: classification.undo_correction(tx, row, "network", by=CY, via="api"))
    return _all_but(world, incident, JobKind.LEARN)


STAGES = {
    "TRIAGE": Stage(JobKind.TRIAGE, _reported),
    "PAGE": Stage(JobKind.PAGE, _page),
    "PAGE-the-second-time": Stage(JobKind.PAGE, _second_page),
    "NOTIFY_BY_PHONE": Stage(JobKind.NOTIFY_BY_PHONE, _notify),
    "TEXT_PERSON": Stage(JobKind.TEXT_PERSON, _also(JobKind.TEXT_PERSON, Way.TEXT)),
    "MENTION_PERSON": Stage(JobKind.MENTION_PERSON, _also(JobKind.MENTION_PERSON, Way.SLACK)),
    "MAIL_PERSON": Stage(JobKind.MAIL_PERSON, _also(JobKind.MAIL_PERSON, Way.EMAIL)),
    "CANCEL_CALL": Stage(JobKind.CANCEL_CALL, _cancel_call),
    "TELL_EVERYBODY": Stage(JobKind.TELL_EVERYBODY, _tell_everybody),
    "FOLLOW_UP": Stage(JobKind.FOLLOW_UP, _follow_up),
    "FOLLOW_UP-to-call-again": Stage(JobKind.FOLLOW_UP, _call_again),
    "TELL_STAKEHOLDER": Stage(JobKind.TELL_STAKEHOLDER, _tell_stakeholder),
    "OPEN_CHANNEL": Stage(JobKind.OPEN_CHANNEL, _opening(JobKind.OPEN_CHANNEL)),
    "UPDATE_CHANNEL": Stage(JobKind.UPDATE_CHANNEL, _acknowledged(JobKind.UPDATE_CHANNEL)),
    "INVITE_PEOPLE": Stage(JobKind.INVITE_PEOPLE, _opening(JobKind.INVITE_PEOPLE)),
    "POST_CARD": Stage(JobKind.POST_CARD, _opening(JobKind.POST_CARD)),
    "UPDATE_CARD": Stage(JobKind.UPDATE_CARD, _acknowledged(JobKind.UPDATE_CARD)),
    "POST_POINTER": Stage(JobKind.POST_POINTER, _opening(JobKind.POST_POINTER)),
    "POST_NOTE": Stage(JobKind.POST_NOTE, _note),
    "OPEN_TICKET": Stage(JobKind.OPEN_TICKET, _ticket),
    "UPDATE_TICKET": Stage(JobKind.UPDATE_TICKET, _acknowledged(JobKind.UPDATE_TICKET)),
    "UPDATE_TICKET-to-closed": Stage(JobKind.UPDATE_TICKET, _resolved),
    "TRANSCRIBE": Stage(JobKind.TRANSCRIBE, _transcribe),
    "LEARN": Stage(JobKind.LEARN, _learn),
    "LEARN-to-forget": Stage(JobKind.LEARN, _unlearn),
}

ONCE = (
    "PAGE",
    "NOTIFY_BY_PHONE",
    "TEXT_PERSON",
    "MENTION_PERSON",
    "MAIL_PERSON",
    "OPEN_CHANNEL",
    "POST_CARD",
    "OPEN_TICKET",
    "POST_NOTE",
    "TELL_STAKEHOLDER",
    "POST_POINTER",
    "TELL_EVERYBODY",
)
"""Those whose effect is made anew by a second request, were it sent."""
