"""Calling back: what somebody who calls the hotline was called about lately, and may be told of again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from incidents.models import Call, Incident, Member, Page, ReturnCall
from incidents.people import Known
from incidents.roles import Role
from incidents.store import Transaction
from incidents.words import Status

CALLED_WITHIN = timedelta(hours=12)


def offer(tx: Transaction, report: Incident, person: Known, *, sid: str) -> Sequence[Page]:
    """The pages that are offered in that call, by their incidents' numbers; asked again, they are the same.

    `report` is what was opened when the hotline picked up. It must be locked.
    """
    known = of_call(tx, sid)
    if known is not None:
        return pages(tx, known)
    wanted = _called_about(tx, person) if person.phone_verified and person.role.may(Role.RESPONDER) else []
    if wanted:
        tx.session.add(
            ReturnCall(
                organization_id=tx.organization,
                incident_id=report.id,
                member_id=person.id,
                phone=person.phone,
                sid=sid,
                pages=[str(page.id) for page in wanted],
                begun_at=tx.now,
            )
        )
    return wanted


def of_call(tx: Transaction, sid: str) -> ReturnCall | None:
    return tx.session.scalars(tx.select(ReturnCall).where(ReturnCall.sid == sid)).one_or_none()


def pages(tx: Transaction, call: ReturnCall) -> Sequence[Page]:
    """Those that were offered."""
    found = tx.select(Page).where(Page.id.in_([UUID(id) for id in call.pages]))
    return sorted(tx.session.scalars(found), key=lambda page: call.pages.index(str(page.id)))


def is_theirs(call: ReturnCall, member: Member) -> bool:
    """Whether the number that calls is still the member's."""
    return member.removed_at is None and member.phone == call.phone and member.phone_verified_at is not None


def is_proved(call: ReturnCall, member: Member) -> bool:
    """Whether the present PIN was given in this call."""
    return call.proved_at is not None and member.pin_set_at is not None and member.pin_set_at <= call.proved_at


def _called_about(tx: Transaction, person: Known) -> Sequence[Page]:
    """Of each incident that nobody has the latest page; where there is none, of each that the person has."""
    query = select(Incident, Page).join(Page, Page.incident_id == Incident.id).join(Call, Call.id == Page.call_id)
    query = query.where(
        Call.organization_id == tx.organization,
        Call.responder_id == person.id,
        Call.sid.is_not(None),
        Call.placed_at > tx.now - CALLED_WITHIN,
    )
    latest: dict[UUID, tuple[Incident, Page]] = {}
    for incident, page in tx.session.execute(query.order_by(Incident.number, Page.made_at)):
        latest[incident.id] = (incident, page)
    free = [page for incident, page in latest.values() if incident.status is Status.OPEN]
    return free or [page for incident, page in latest.values() if _has(person, incident)]


def _has(person: Known, incident: Incident) -> bool:
    if incident.status.is_over:
        return False
    same_slack = person.slack_user is not None and incident.acknowledged_slack == person.slack_user
    return same_slack or incident.acknowledged_by == person.name
