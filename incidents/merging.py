"""Merging: what was reported twice goes on as one incident, and no page is lost by it."""

from incidents import follow_up, jobs, lifecycle, names, paging, stakeholders, timeline
from incidents.errors import IncidentError
from incidents.models import Incident
from incidents.people import Actor, demand
from incidents.roles import Role
from incidents.stakeholders import News
from incidents.store import Transaction, locked
from incidents.terms import JobKind
from incidents.words import Status


def both(tx: Transaction, name: str, into: str) -> tuple[Incident, Incident]:
    """The two incidents of those names, locked in the order in which a call locks its incidents. Raises: NotFound."""
    one, other = names.find(tx, name), names.find(tx, into)
    query = tx.select(Incident).where(Incident.id.in_({one.id, other.id})).order_by(Incident.id)
    tx.session.scalars(locked(query)).all()
    return one, other


def merge(tx: Transaction, incident: Incident, *, into: Incident, by: Actor) -> bool:
    """The incident is the same trouble as `into`, which goes on and is at least as bad; False when it was so already.

    Paging of the first ends here. Somebody is paged about the other then, unless somebody has it. Both must be locked.
    Raises: NotAllowed; IncidentError.
    """
    demand(by, Role.RESPONDER)
    if incident.status is Status.MERGED and incident.merged_into == into.number:
        return False
    _demand_mergeable(incident, into)
    was_paging = paging.goes_on(tx, incident)
    incident.status, incident.merged_into = Status.MERGED, into.number
    paging.stop(tx, incident)
    follow_up.end(tx, incident)
    timeline.write(tx, incident, "merged", actor=by.name, via=by.via, into=into.number)
    who, title = incident.reporter_name, incident.title
    timeline.write(tx, into, "took_in", actor=by.name, number=incident.number, title=title, reported_by=who)
    lifecycle.changed(tx, incident)
    worse = lifecycle.at_least(tx, into, incident.severity)
    if was_paging and into.status is Status.OPEN and not paging.goes_on(tx, into):
        paging.start(tx, into, due=tx.now)
    lifecycle.changed(tx, into)
    _tell(tx, incident, into, by=by, worse=worse)
    return True


def _demand_mergeable(incident: Incident, into: Incident) -> None:
    """What goes on is not over: so nothing goes round in a circle, and nothing ends where nobody looks."""
    if incident.id == into.id:
        raise IncidentError(f"#{incident.number} cannot be merged into itself. Name the other one.")
    if incident.status is Status.MERGED:
        where = f"#{incident.number} was merged into #{incident.merged_into} already"
        raise IncidentError(f"{where}. Reopen it first if it is the same as #{into.number}.")
    if incident.status.is_over:
        raise IncidentError(f"#{incident.number} is {incident.status} already. Reopen it if it is not over.")
    if into.status is Status.MERGED:
        raise IncidentError(f"#{into.number} was merged into #{into.merged_into}. Merge into that one.")
    if into.status.is_over:
        raise IncidentError(f"#{into.number} is {into.status} already. Reopen it first if it is not over.")


def _tell(tx: Transaction, incident: Incident, into: Incident, *, by: Actor, worse: bool) -> None:
    """In both channels, where it was reported, and those who follow the one that goes on."""
    key = f"merged-{incident.number}-{incident.version}"
    where = f"#{into.channel_name}" if into.channel_name else f"#{into.number}"
    if incident.channel_id is not None:
        text = f"{by.name} merged this into #{into.number}: it is the same trouble, and goes on in {where}."
        lifecycle.note(tx, incident, text, key=key, to=incident.reporter_slack)
    if incident.origin_channel is not None:
        jobs.owe(tx, incident, JobKind.POST_POINTER, key=key)
    reported = f"#{incident.number} “{incident.title}”, reported by {incident.reporter_name}"
    text = f"{reported}, is the same trouble: {by.name} merged it into this one."
    if worse:
        text = f"{text} This is {into.severity} now."
    lifecycle.note(tx, into, text, key=key, to=into.acknowledged_slack)
    stakeholders.tell(tx, into, News.MERGED, by=by.name)
