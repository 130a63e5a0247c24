"""Paging calls: planned before they are placed, and kept true by what the phone provider tells about them."""

import secrets
from collections.abc import Sequence

from incidents import clock, jobs, timeline
from incidents.claims import Claim
from incidents.models import Call, Incident, Responder
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Status

TOKEN_BYTES = 16
FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
OUTSIDE_THE_LADDER = 0
"""The `paging_run` of a call that somebody asked for by hand; runs of the ladder count from 1."""


def plan(
    tx: Transaction, incident: Incident, claim: Claim, responder: Responder, *, step: int, run: int | None = None
) -> Call:
    """Write the call down before it is placed, so that its callbacks find it even if we never hear its id.

    `run` is the present run of the ladder unless said otherwise.
    """
    if responder.phone is None:
        raise ValueError(f"{responder.name} has no phone")
    call = Call(
        organization_id=tx.organization,
        incident_id=incident.id,
        job_id=claim.job,
        responder_id=responder.id,
        responder_name=responder.name,
        to=responder.phone,
        step=step,
        paging_run=incident.paging_run if run is None else run,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        placed_at=tx.now,
        placed_real=clock.real(tx.session),
    )
    tx.session.add(call)
    tx.session.flush()
    return call


def placed(tx: Transaction, incident: Incident, call: Call, sid: str) -> None:
    """The provider has the call. Told again (a callback may be first), nothing changes.

    A call that nobody wants any more (somebody acknowledged while it was being placed) is ended. The incident must be
    locked.
    """
    if call.sid is not None:
        return
    call.sid, call.status = sid, "queued"
    timeline.write(tx, incident, "paged", actor="Tocsin", who=call.responder_name, by="phone", call=sid)
    if not wanted(incident, call):
        end(tx, incident, call)


def end(tx: Transaction, incident: Incident, call: Call) -> None:
    """The phone that rings, or the call in which somebody talks, is wanted no more."""
    jobs.owe(tx, incident, JobKind.CANCEL_CALL, key=str(call.id))


def heard(tx: Transaction, incident: Incident, call: Call, *, sid: str, status: str, sequence: int) -> bool:
    """What a status callback says. False when a later one was seen already: then nothing changes.

    The first final status is the last word, whatever its sequence number.
    """
    placed(tx, incident, call, sid)
    if call.status in FINAL or (sequence <= call.sequence and status not in FINAL):
        return False
    call.sequence, call.status = max(sequence, call.sequence), status
    return True


def wanted(incident: Incident, call: Call) -> bool:
    """Until somebody takes the incident; a call that was asked for by hand, until somebody takes it after that."""
    if call.paging_run == OUTSIDE_THE_LADDER:
        taken = incident.acknowledged_at is not None and incident.acknowledged_at >= call.placed_at
        return not incident.status.is_over and not taken
    return incident.status is Status.OPEN


def of_job(tx: Transaction, claim: Claim) -> Call | None:
    """The call that this job planned last."""
    return tx.session.scalars(tx.select(Call).where(Call.job_id == claim.job).order_by(Call.placed_real.desc())).first()


def by_token(tx: Transaction, token: str) -> Call | None:
    return tx.session.scalars(tx.select(Call).where(Call.token == token)).one_or_none()


def running(tx: Transaction, incident: Incident) -> Sequence[Call]:
    """The incident's calls that the provider has and that have not ended."""
    query = tx.select(Call).where(Call.incident_id == incident.id, Call.status.not_in(FINAL), Call.sid.is_not(None))
    return tx.session.scalars(query).all()


def known_sids(tx: Transaction, *, to: str) -> set[str]:
    """The provider's ids of the calls to that number of which we know whose they are."""
    query = tx.select(Call).where(Call.to == to, Call.sid.is_not(None))
    return {call.sid for call in tx.session.scalars(query).all() if call.sid is not None}
