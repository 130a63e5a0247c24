"""What people do with an incident: acknowledge, escalate, resolve, reopen. Every door ends here."""

from dataclasses import dataclass
from datetime import datetime

from incidents import follow_up, jobs, messages, paging, policies, stakeholders, timeline, turns
from incidents.errors import IncidentError
from incidents.models import Call, Incident, Job
from incidents.paging import Place
from incidents.people import Actor, Known, demand
from incidents.policy import Policy
from incidents.roles import Role
from incidents.stakeholders import News
from incidents.store import Transaction, locked
from incidents.terms import JobKind
from incidents.words import Severity, Status, Triage


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has the incident. `by_you` is False when somebody else was first."""

    by_you: bool
    by: str
    at: datetime


def acknowledge(tx: Transaction, incident: Incident, *, by: Actor, call: Call | None = None) -> Taken:
    """The person takes the incident: paging ends in the same transaction. The first one wins, and may say so again.

    `call` is the paging call in which a key was pressed; it goes on while the others end. The incident must be locked.
    Raises: NotAllowed; IncidentError when it is over.
    """
    demand(by, Role.RESPONDER)
    if incident.status.is_over:
        raise IncidentError(f"#{incident.number} is {incident.status} already. Reopen it if it is not over.")
    if incident.status is not Status.OPEN:
        at, yours = incident.acknowledged_at or tx.now, _same(incident, by)
        if yours:
            follow_up.begin(tx, incident)
        return Taken(by_you=yours, by=incident.acknowledged_by or "somebody", at=at)
    incident.status = Status.ACKNOWLEDGED
    incident.acknowledged_at = tx.now
    incident.acknowledged_by, incident.acknowledged_slack = by.name, by.slack_user
    paging.stop(tx, incident, but=call)
    follow_up.begin(tx, incident)
    timeline.write(tx, incident, "acknowledged", actor=by.name, via=by.via)
    if incident.channel_id is not None:
        jobs.owe(tx, incident, JobKind.INVITE_PEOPLE)
    changed(tx, incident)
    stakeholders.tell(tx, incident, News.ACKNOWLEDGED, by=by.name)
    return Taken(by_you=True, by=by.name, at=tx.now)


def escalate(tx: Transaction, incident: Incident, *, by: Actor, reason: str = "asked for") -> Known | None:
    """Call the next person now; None when nobody is left to call. Raises: NotAllowed; IncidentError when it is over."""
    demand(by, Role.RESPONDER)
    if incident.status.is_over:
        raise IncidentError(f"#{incident.number} is {incident.status} already. Reopen it if it is not over.")
    responder = paging.escalate(tx, incident, by=by, reason=reason)
    changed(tx, incident)
    return responder


def unacknowledge(tx: Transaction, incident: Incident, *, after: str) -> None:
    """Whoever has it has said nothing for so long: people are called again, from the first step on."""
    who = incident.acknowledged_by or "Somebody"
    incident.status = Status.OPEN
    incident.acknowledged_at = incident.acknowledged_by = incident.acknowledged_slack = None
    timeline.write(tx, incident, "unacknowledged", actor="Tocsin", who=who, after=after)
    text = f"{who} has had this for {after} and said nothing more. People are being called again."
    note(tx, incident, text, key=f"again-{incident.paging_run}")
    paging.start(tx, incident, due=tx.now)
    changed(tx, incident)


def resolve(
    tx: Transaction, incident: Incident, *, by: Actor, how: str | None = None, call: Call | None = None
) -> bool:
    """It is over; False when it was already. The ticket closes, and the memory learns from it. Raises: NotAllowed."""
    demand(by, Role.RESPONDER)
    if incident.status.is_over:
        return False
    incident.status = Status.RESOLVED
    incident.resolved_at, incident.resolved_by, incident.resolved_slack = tx.now, by.name, by.slack_user
    incident.resolution = how
    paging.stop(tx, incident, but=call)
    follow_up.end(tx, incident)
    timeline.write(tx, incident, "resolved", actor=by.name, via=by.via, **({"how": how} if how else {}))
    jobs.owe(tx, incident, JobKind.LEARN)
    changed(tx, incident)
    stakeholders.tell(tx, incident, News.RESOLVED, by=by.name)
    return True


def reopen(tx: Transaction, incident: Incident, *, by: Actor, reason: str) -> None:
    """It is not over, or not the same as another, after all: paging begins anew by its severity.

    Raises: NotAllowed; IncidentError.
    """
    demand(by, Role.RESPONDER)
    if not incident.status.is_over:
        here = f"#{incident.number} is {incident.status}"
        raise IncidentError(f"{here}; only a resolved incident can be reopened, or a merged one.")
    if incident.merged_into is not None:
        _part(tx, incident, by=by)
    incident.status, incident.merged_into = Status.OPEN, None
    incident.acknowledged_at = incident.acknowledged_by = incident.acknowledged_slack = None
    incident.resolved_at = incident.resolved_by = incident.resolved_slack = incident.resolution = None
    timeline.write(tx, incident, "reopened", actor=by.name, via=by.via, reason=reason)
    policy = Policy.of(incident.policy)
    if incident.severity in policy.pages:
        paging.start(tx, incident, due=tx.now + policy.first_delay(incident.severity))
    if incident.category is None and incident.triage is Triage.TRIAGED:
        jobs.owe(tx, incident, JobKind.TRIAGE)  # It was withdrawn before anybody asked what it is about.
    elif incident.triage in (Triage.TRIAGED, Triage.FAILED):
        surroundings(tx, incident)  # Merged before that was known, it had none.
    jobs.owe(tx, incident, JobKind.LEARN)
    changed(tx, incident)
    stakeholders.tell(tx, incident, News.REOPENED, by=by.name)


def _part(tx: Transaction, incident: Incident, *, by: Actor) -> None:
    """The one that it was merged into goes on without it, as bad as it has become."""
    other = tx.session.scalars(tx.select(Incident).where(Incident.number == incident.merged_into)).one_or_none()
    if other is None:
        return  # It was removed with its project.
    timeline.write(tx, other, "parted", actor=by.name, via=by.via, number=incident.number)
    text = f"#{incident.number} is not the same trouble after all: {by.name} reopened it."
    note(tx, other, text, key=f"parted-{incident.number}-{incident.version}")


def surroundings(tx: Transaction, incident: Incident) -> None:
    """It owes the channel (with card, people and pointer behind it) and the ticket, unless it has them."""
    jobs.owe(tx, incident, JobKind.OPEN_CHANNEL)
    jobs.owe(tx, incident, JobKind.OPEN_TICKET)


def changed(tx: Transaction, incident: Incident) -> None:
    """What people see of the incident is no longer true: its card, channel topic and ticket are owed an update.

    Those that do not exist yet are made from what is true then.
    """
    incident.version += 1
    if incident.card_ts is not None:
        jobs.owe(tx, incident, JobKind.UPDATE_CARD)
    if incident.channel_id is not None:
        jobs.owe(tx, incident, JobKind.UPDATE_CHANNEL)
    if incident.ticket_key is not None:
        jobs.owe(tx, incident, JobKind.UPDATE_TICKET)


def card_due(tx: Transaction, incident: Incident) -> None:
    """Only the card has something new to say (who is called next)."""
    incident.version += 1
    if incident.card_ts is not None:
        jobs.owe(tx, incident, JobKind.UPDATE_CARD)


def note(tx: Transaction, incident: Incident, text: str, *, key: str, to: str | None = None) -> None:
    """A line for the people in the incident's channel, said once for each key. The Slack user `to` is told of it."""
    jobs.owe(tx, incident, JobKind.POST_NOTE, key=key, payload={"text": text, **({"to": to} if to else {})})


def job_failed(tx: Transaction, incident: Incident, job: Job, reason: str) -> None:
    """A job was given up: the timeline says so and the people in the channel are told."""
    timeline.write(tx, incident, "job_failed", actor="Tocsin", job=job.kind, reason=reason)
    if job.kind not in (JobKind.POST_NOTE, JobKind.OPEN_CHANNEL):
        key = f"failed-{job.id}-{tx.now:%Y%m%dT%H%M%S}"
        note(tx, incident, f"{job.kind} failed and needs a person: {reason}", key=key)


def severity_reported(tx: Transaction, incident: Incident, severity: Severity) -> None:
    """The reporter says how bad it is after the report: it counts as if said at once. What triage found worse stays."""
    incident.reported_severity = severity
    known = incident.severity if incident.triage is Triage.TRIAGED else None
    incident.severity = Severity.highest(severity, known, incident.least_severity) or severity
    timeline.write(tx, incident, "severity_reported", actor=incident.reporter_name, severity=severity)
    choose_policy(tx, incident)
    if incident.severity in Policy.of(incident.policy).pages:
        severity_decided(tx, incident)
    if incident.triage is Triage.TRIAGED:
        stakeholders.tell(tx, incident, News.OPENED)
    changed(tx, incident)
    worse_where_it_goes_on(tx, incident)


def at_least(tx: Transaction, incident: Incident, severity: Severity) -> bool:
    """What turned out to be the same trouble is that bad: so is this. True when it was less; paging follows then."""
    incident.least_severity = Severity.highest(incident.least_severity, severity)
    if severity.rank <= incident.severity.rank:
        return False
    incident.severity = severity
    timeline.write(tx, incident, "severity_raised", actor="Tocsin", severity=severity)
    choose_policy(tx, incident)
    if severity in Policy.of(incident.policy).pages:
        severity_decided(tx, incident)
    if incident.triage is Triage.TRIAGED:
        stakeholders.tell(tx, incident, News.OPENED)
    changed(tx, incident)
    return True


def worse_where_it_goes_on(tx: Transaction, incident: Incident) -> None:
    """How bad a merged incident is may be known only now: the one that goes on is at least that bad.

    That one is locked after this one, which is not everybody's order: of two who wait for each other, PostgreSQL ends
    one, who does it again.
    """
    onward = incident
    while onward.merged_into is not None:
        row = tx.session.scalars(locked(tx.select(Incident).where(Incident.number == onward.merged_into))).one_or_none()
        if row is None:
            return  # It was removed with its project.
        onward = row
    if onward is not incident and not onward.status.is_over:
        at_least(tx, onward, incident.severity)


def severity_decided(tx: Transaction, incident: Incident) -> None:
    """Paging follows the severity: HIGH now, what the policy does not page never, the rest when it was due anyway.

    Paging that ended because it was not so bad begins after all when it is worse. Paging that a person asked for (a
    later run of the ladder) is not ended.
    """
    policy = Policy.of(incident.policy)
    if incident.status is not Status.OPEN:
        return
    paging.look_again(tx, incident)
    if incident.severity not in policy.pages:
        if incident.paging_run == 1 and jobs.cancel(tx, incident, JobKind.PAGE):
            messages.cancel(tx, incident)
            timeline.write(tx, incident, "paging_ended", actor="Tocsin", reason=f"{incident.severity} does not page")
    elif paging.is_off(tx, incident):
        paging.start(tx, incident, due=max(tx.now, incident.opened_at + policy.first_delay(incident.severity)))
    elif incident.severity is Severity.HIGH and not paging.was_called(tx, incident):
        paging.hurry(tx, incident)


def choose_policy(tx: Transaction, incident: Incident) -> bool:
    """More is known of the incident: another policy may be for it, as long as nobody was called by the first.

    True when another one is for it: whether anybody is called is then to be decided anew.
    """
    found = policies.chosen(
        tx,
        severity=incident.severity,
        category=incident.category,
        service=incident.service,
        project=incident.project_id,
    )
    untouched = incident.status is Status.OPEN and incident.paging_run == turns.FIRST_RUN
    same = incident.policy.get("name", policies.DEFAULT) == found.name  # As it was when the incident opened.
    if not untouched or same or paging.anybody_called(tx, incident):
        return False
    incident.policy = found.kept
    due = incident.opened_at + Policy.of(found.kept).first_delay(incident.severity)
    waiting = jobs.waiting(tx, incident, JobKind.PAGE)
    if any(Place.of(job.key).rung > 0 for job in waiting):
        paging.start(tx, incident, due=max(due, tx.now))  # The first had nobody to call, and was climbed in its time.
    else:
        for job in waiting:
            jobs.move(tx, job, due=due)
    timeline.write(tx, incident, "policy_chosen", actor="Tocsin", policy=found.name)
    return True


def _same(incident: Incident, by: Actor) -> bool:
    if by.slack_user is not None and incident.acknowledged_slack is not None:
        return by.slack_user == incident.acknowledged_slack
    return by.name == incident.acknowledged_by
