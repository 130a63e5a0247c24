"""What triage found, what people correct, and what is true of the category in the end."""

from dataclasses import asdict
from typing import Any

from incidents import drafts, jobs, lifecycle, organizations, paging, stakeholders, timeline
from incidents.models import Correction, Incident
from incidents.people import Actor, demand
from incidents.ports import Neighbour, Question, Remedy, Verdict
from incidents.roles import Role
from incidents.stakeholders import News
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Route, Sentiment, Severity, Source, Status, Triage


def question(tx: Transaction, incident: Incident) -> Question:
    """What triage is asked about the incident; it is being processed from now on."""
    if incident.triage in (Triage.SUBMITTED, Triage.FAILED):
        incident.triage = Triage.PROCESSING
    return Question(
        organization=tx.organization,
        title=incident.title,
        description=incident.description,
        kind=incident.kind,
        severity=incident.reported_severity,
        categories=categories(tx),
    )


def categories(tx: Transaction) -> list[str]:
    return list(tx.own.categories)


def triaged(tx: Transaction, incident: Incident, verdict: Verdict) -> None:
    """Record the verdict and owe what follows from it. A correction that came first stays."""
    incident.triage, incident.triaged_at = Triage.TRIAGED, tx.now
    incident.predicted_category, incident.predicted_route = verdict.category, verdict.route
    incident.confidence, incident.why = verdict.confidence, verdict.why
    incident.similar = [asdict(neighbour) for neighbour in verdict.similar]
    incident.helped = [asdict(neighbour) for neighbour in verdict.helped]
    incident.urgency, incident.sentiment = verdict.urgency, verdict.sentiment
    incident.reply = verdict.reply or drafts.reply(verdict.sentiment)
    incident.remediation = [asdict(remedy) for remedy in verdict.remediation]
    known = Severity.highest(incident.reported_severity, verdict.severity, _floor(incident), incident.least_severity)
    incident.severity = known or verdict.severity
    timeline.write(
        tx,
        incident,
        "triaged",
        actor="Tocsin",
        category=verdict.category,
        severity=incident.severity,
        confidence=round(verdict.confidence, 3),
        route=verdict.route,
        why=verdict.why,
    )
    _settle_category(tx, incident)
    lifecycle.choose_policy(tx, incident)
    lifecycle.severity_decided(tx, incident)
    if incident.status.is_over:
        # It was over before it had a category to learn.
        jobs.owe(tx, incident, JobKind.LEARN)
    _owe_surroundings(tx, incident)
    lifecycle.worse_where_it_goes_on(tx, incident)
    if not incident.status.is_over:
        stakeholders.tell(tx, incident, News.OPENED)


def _floor(incident: Incident) -> Severity | None:
    """A call of which no word is understood yet may be about anything: what triage thinks of it ends no paging."""
    unheard = incident.source is Source.PHONE and not incident.description
    return Severity.MEDIUM if unheard and incident.reported_severity is None else None


def triage_failed(tx: Transaction, incident: Incident, *, reason: str) -> None:
    """Nobody could classify it: a person must look. Channel and ticket come all the same, and paging goes on."""
    incident.triage = Triage.FAILED
    incident.reply = incident.reply or drafts.reply(incident.sentiment or Sentiment.CALM)
    timeline.write(tx, incident, "triage_failed", actor="Tocsin", reason=reason)
    _owe_surroundings(tx, incident)
    stakeholders.tell(tx, incident, News.OPENED)


def correct(tx: Transaction, incident: Incident, category: str, *, by: Actor, via: str) -> bool:
    """A person says what the category is. False when that same correction of theirs stands already.

    `via` is `reaction`, `menu` or `api`. Raises: NotAllowed; IncidentError for a category that there is not.
    """
    demand(by, Role.MEMBER)
    organizations.demand_categories(tx, [category])
    standing = standing_corrections(tx, incident)
    if any(_is(correction, by) and correction.category == category for correction in standing[:1]):
        return False
    tx.session.add(
        Correction(
            organization_id=tx.organization,
            incident_id=incident.id,
            at=tx.now,
            by=by.name,
            by_slack=by.slack_user,
            voice=by.voice,
            by_admin=by.role is Role.ADMIN,
            via=via,
            predicted=incident.predicted_category,
            predicted_route=incident.predicted_route,
            confidence=incident.confidence,
            category=category,
        )
    )
    tx.session.flush()
    timeline.write(
        tx, incident, "category_corrected", actor=by.name, via=via, before=incident.category, category=category
    )
    _category_moved(tx, incident)
    return True


def undo_correction(tx: Transaction, incident: Incident, category: str, *, by: Actor, via: str) -> bool:
    """The person takes their correction to that category back; False when there is none of theirs that stands.

    Raises: NotAllowed.
    """
    demand(by, Role.MEMBER)
    mine = [
        correction
        for correction in standing_corrections(tx, incident)
        if _is(correction, by) and correction.category == category and correction.via == via
    ]
    if not mine:
        return False
    for correction in mine:
        correction.undone_at = tx.now
    tx.session.flush()
    before = incident.category
    _category_moved(tx, incident)
    timeline.write(tx, incident, "correction_undone", actor=by.name, via=via, before=before, category=incident.category)
    return True


def standing_correction(tx: Transaction, incident: Incident) -> Correction | None:
    """The correction that counts: the latest that was not undone."""
    return next(iter(standing_corrections(tx, incident)), None)


def neighbours(rows: list[Any]) -> list[Neighbour]:
    """Neighbours as they were kept with the incident."""
    return [Neighbour(**row) for row in rows]


def remedies(rows: list[Any]) -> list[Remedy]:
    """Remedies as they were kept with the incident."""
    return [Remedy(**row) for row in rows]


def standing_corrections(tx: Transaction, incident: Incident) -> list[Correction]:
    """Those that were not undone, the latest first."""
    query = tx.select(Correction).where(Correction.incident_id == incident.id, Correction.undone_at.is_(None))
    return list(tx.session.scalars(query.order_by(Correction.n.desc())).all())


def _is(correction: Correction, by: Actor) -> bool:
    return (correction.by_slack, correction.by) == (by.slack_user, by.name)


def _category_moved(tx: Transaction, incident: Incident) -> None:
    _settle_category(tx, incident)
    if lifecycle.choose_policy(tx, incident):
        lifecycle.severity_decided(tx, incident)
    paging.look_again(tx, incident)
    if incident.triage is Triage.TRIAGED:
        stakeholders.tell(tx, incident, News.OPENED)
    jobs.owe(tx, incident, JobKind.LEARN)
    lifecycle.changed(tx, incident)


def _settle_category(tx: Transaction, incident: Incident) -> None:
    correction = standing_correction(tx, incident)
    if correction is not None:
        incident.category, incident.route = correction.category, Route.HUMAN
    else:
        incident.category, incident.route = incident.predicted_category, incident.predicted_route


def _owe_surroundings(tx: Transaction, incident: Incident) -> None:
    """What is there already is made to agree. What was merged before goes on elsewhere, and needs none of its own."""
    if incident.status is not Status.MERGED:
        lifecycle.surroundings(tx, incident)
    lifecycle.changed(tx, incident)
