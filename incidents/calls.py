"""Paging calls: planned before they are placed, and kept true by what the phone provider tells about them."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from incidents import clock, jobs, pages, timeline
from incidents.claims import Claim
from incidents.models import Call, Code, Incident, Page
from incidents.people import Known
from incidents.store import Transaction
from incidents.terms import JobKind

TOKEN_BYTES = 16
NAMELESS_FOR = timedelta(seconds=30)
"""The lease of a page: nobody places a call so long after writing it down."""
CLOCKS_DIFFER = timedelta(seconds=2)
FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def plan(
    tx: Transaction,
    incident: Incident,
    claim: Claim,
    responder: Known,
    *,
    rung: int | None,
    run: int | None = None,
) -> Call:
    """Write the call down before it is placed, so that its callbacks find it even if we never hear its id.

    What it says first is this incident. `run` is the present run of the ladder unless said otherwise.
    """
    if responder.phone is None or not responder.can_be_called:
        raise ValueError(f"{responder.name} is not to be called: {responder.why_not_called}")
    call = Call(
        organization_id=tx.organization,
        incident_id=incident.id,
        job_id=claim.job,
        responder_id=responder.id,
        responder_name=responder.name,
        to=responder.phone,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        placed_at=tx.now,
        placed_real=clock.real(tx.session),
        round=1,
    )
    tx.session.add(call)
    tx.session.flush()
    pages.add(tx, incident, claim, call, rung=rung, run=incident.paging_run if run is None else run, said=1)
    return call


def placed(tx: Transaction, incident: Incident, call: Call, sid: str) -> None:
    """The provider has the call. Told again (a callback may be first), nothing changes.

    A call that nobody wants any more (somebody acknowledged while it was being placed) is ended. The call must be
    locked, and then the incident that it was placed for.
    """
    if call.sid is not None:
        return
    call.sid, call.status = sid, "queued"
    tell_paged(tx, incident, call)
    if not pages.wanted(incident, pages.of(tx, call, incident)):
        end(tx, incident, call)


def tell_paged(tx: Transaction, incident: Incident, call: Call, **more: object) -> None:
    """The timeline says who is being called because of the incident."""
    timeline.write(tx, incident, "paged", actor="Tocsin", who=call.responder_name, by="phone", call=call.sid, **more)


def end(tx: Transaction, incident: Incident, call: Call) -> None:
    """For this incident the call is wanted no more; it ends unless another one still needs it."""
    jobs.owe(tx, incident, JobKind.CANCEL_CALL, key=str(call.id))


def heard(tx: Transaction, incident: Incident, call: Call, *, sid: str, status: str, sequence: int) -> bool:
    """What a status callback says. False when a later one was seen already: then nothing changes.

    The first final status is the last word, whatever its sequence number. `incident` is the one it was placed for.
    """
    placed(tx, incident, call, sid)
    if call.status in FINAL or (sequence <= call.sequence and status not in FINAL):
        return False
    call.sequence, call.status = max(sequence, call.sequence), status
    return True


def of_job(tx: Transaction, claim: Claim) -> Call | None:
    """The call that this job planned last."""
    return tx.session.scalars(tx.select(Call).where(Call.job_id == claim.job).order_by(Call.placed_real.desc())).first()


def by_token(tx: Transaction, token: str) -> Call | None:
    return tx.session.scalars(tx.select(Call).where(Call.token == token)).one_or_none()


def owner(session: Session, token: str) -> UUID | None:
    """The organization whose call that is; for a session that sees all of them."""
    return session.scalars(select(Call.organization_id).where(Call.token == token)).one_or_none()


def running(tx: Transaction, incident: Incident) -> Sequence[Call]:
    """The calls about the incident that the provider has and that have not ended."""
    about = tx.select(Call).join(Page, Page.call_id == Call.id).where(Page.incident_id == incident.id)
    query = about.where(Call.status.not_in(FINAL), Call.sid.is_not(None)).order_by(Call.placed_at)
    return tx.session.scalars(query).unique().all()


def surely_of(tx: Transaction, call: Call, sids: Sequence[str]) -> str | None:
    """The first of the provider's calls to that number that can be no other call of ours than this one; None if unsure.

    The provider tells number and time only. While another job's call to the same number waits for its id, each of
    them may be the one in the list: then only a callback, which carries the call's own token, can tell. A code or a
    test call to that number has no row of a call at all.
    """
    nameless = select(Call).where(
        Call.to == call.to,
        Call.sid.is_(None),
        Call.status.not_in(FINAL),
        Call.job_id != call.job_id,
        Call.placed_real > call.placed_real - NAMELESS_FOR,
    )
    others = select(Code).where(Code.to == call.to, Code.sent_at > call.placed_real - CLOCKS_DIFFER)
    with tx.seeing_all():  # One number may be called by several organizations, from one number of ours.
        known = set(tx.session.scalars(select(Call.sid).where(Call.sid.in_(sids))))
        unsure = any(tx.session.execute(query.limit(1)).first() is not None for query in (nameless, others))
    return None if unsure else next((sid for sid in sids if sid not in known), None)
