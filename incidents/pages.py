"""Pages: which incidents a call asks about, and which of them the person has been told of."""

from collections.abc import Sequence

from sqlalchemy import select

from incidents.claims import Claim
from incidents.models import Call, Incident, Page
from incidents.store import Transaction
from incidents.words import Status

OUTSIDE_THE_LADDER = 0
"""The `paging_run` of a call that somebody asked for by hand; runs of the ladder count from 1."""


def add(
    tx: Transaction, incident: Incident, claim: Claim, call: Call, *, rung: int | None, run: int, said: int | None
) -> Page:
    """The call is about this incident too. `said` is the round in which the person hears of it; None: a later one."""
    page = Page(
        organization_id=tx.organization,
        call_id=call.id,
        incident_id=incident.id,
        job_id=claim.job,
        paging_run=run,
        rung=rung,
        made_at=tx.now,
        said=said,
    )
    tx.session.add(page)
    tx.session.flush()
    return page


def of(tx: Transaction, call: Call, incident: Incident) -> Page:
    """The latest page about the incident in that call."""
    query = tx.select(Page).where(Page.call_id == call.id, Page.incident_id == incident.id)
    return tx.session.scalars(query.order_by(Page.made_at.desc()).limit(1)).one()


def of_call(tx: Transaction, call: Call) -> Sequence[Page]:
    """Those of a call, in the order in which they came to it."""
    return tx.session.scalars(tx.select(Page).where(Page.call_id == call.id).order_by(Page.made_at, Page.id)).all()


def any_wanted(tx: Transaction, call: Call) -> bool:
    """Whether the call is still needed for any of its incidents."""
    about = select(Incident, Page).join(Page, Page.incident_id == Incident.id)
    rows = tx.session.execute(about.where(Page.organization_id == tx.organization, Page.call_id == call.id)).all()
    return any(wanted(incident, page) for incident, page in rows)


def wanted(incident: Incident, page: Page) -> bool:
    """Until somebody takes the incident; a call that was asked for by hand, until somebody takes it after that."""
    if page.paging_run == OUTSIDE_THE_LADDER:
        taken = incident.acknowledged_at is not None and incident.acknowledged_at >= page.made_at
        return not incident.status.is_over and not taken
    return incident.status is Status.OPEN
