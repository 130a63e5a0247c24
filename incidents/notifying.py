"""Notification calls: somebody asks, by hand, that one person on call is told something by phone."""

from dataclasses import dataclass

from incidents import duty, jobs, timeline
from incidents.errors import IncidentError
from incidents.models import Incident, Job
from incidents.people import Actor, Known
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Severity


class NotOnCall(IncidentError):
    """The number belongs to nobody who may be called."""


@dataclass(frozen=True, slots=True)
class Notification:
    """`duplicate` is True when the same was asked before: then nobody is called again."""

    job: Job
    responder: Known
    duplicate: bool


def notify(
    tx: Transaction, incident: Incident, *, phone: str, message: str, severity: Severity | None, key: str, by: Actor
) -> Notification:
    """The person with that number (E.164) is called soon. The incident must be locked.

    The same `key` again is the same call. Raises: NotOnCall; IncidentError when the incident is over.
    """
    on_call = duty.on_duty(tx)
    responder = next((person for person in on_call if person.phone == phone), None)
    if responder is not None and responder.why_not_called is not None:
        raise NotOnCall(f"{responder.why_not_called}.")
    if responder is None:
        reachable = ", ".join(person.name for person in on_call if person.can_be_called) or "nobody can be called yet"
        raise NotOnCall(
            f"{phone} is not the number of anybody on call, and only those are called ({reachable}). "
            "Use one of their numbers, or put the person on call first."
        )
    earlier = _job(tx, incident, key)
    if earlier is not None:
        return Notification(earlier, responder, duplicate=True)
    if incident.status.is_over:
        raise IncidentError(f"#{incident.number} is {incident.status} already. Reopen it if it is not over.")
    payload = {
        "responder": str(responder.id),
        "message": message,
        "severity": severity or incident.severity,
    }
    jobs.owe(tx, incident, JobKind.NOTIFY_BY_PHONE, key=key, payload=payload)
    timeline.write(tx, incident, "notification_requested", actor=by.name, via=by.via, who=responder.name, text=message)
    made = _job(tx, incident, key)
    if made is None:
        raise AssertionError("the incident is locked, so nobody can have taken the job away")
    return Notification(made, responder, duplicate=False)


def _job(tx: Transaction, incident: Incident, key: str) -> Job | None:
    query = tx.select(Job).where(Job.incident_id == incident.id, Job.kind == JobKind.NOTIFY_BY_PHONE, Job.key == key)
    return tx.session.scalars(query).one_or_none()
