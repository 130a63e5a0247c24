"""A person's phone line: one call at a time, which pages that become due meanwhile join instead of finding it busy."""

from datetime import timedelta

from sqlalchemy import select

from incidents import calls, claims, clock, pages
from incidents.claims import Claim
from incidents.errors import TemporaryError
from incidents.models import Attempt, Call, Incident, Job, Member
from incidents.people import Known
from incidents.store import Transaction

RINGS_AT_MOST = timedelta(seconds=45)
TALKS_AT_MOST = timedelta(minutes=2)
"""A call of which we have heard no end for so long is over, or it must not keep other pages waiting any longer."""
PLACED_WITHIN = timedelta(seconds=3)
ENDED_WITHIN = timedelta(seconds=3)
LOOK_AGAIN = timedelta(seconds=1)


def taken(tx: Transaction, responder: Known, claim: Claim) -> Call | None:
    """The call that this phone rings or talks in; None when it should be free. Nobody plans another one meanwhile.

    The call is locked. Lock order: incident, then line; whoever locks the call first (the doors) is not waited for.
    Raises: TemporaryError when the call is being placed, hung up or acted on, or the person changed, at this moment.
    """
    row = tx.get(Member, responder.id, lock=True)
    if row.removed_at is not None or Known.of(tx, row) != responder:
        raise TemporaryError(f"{responder.name} was changed at this moment", happened=False, retry_after=LOOK_AGAIN)
    found = latest(tx, responder, claim)
    if found is None:
        return None
    ours = tx.session.scalars(
        tx.select(Call)
        .where(Call.id == found.id)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ours is None or ours.sid is None or ours.ending_at is not None:
        raise TemporaryError(f"{responder.name} is being called at this moment", happened=False, retry_after=LOOK_AGAIN)
    return ours if ours.status not in calls.FINAL else None


def latest(tx: Transaction, responder: Known, claim: Claim) -> Call | None:
    """The last call of another job that holds this phone's line, also while it is being placed or hung up."""
    # Both in one statement: between two of them the job could end, and a call that has just got its sid would look like
    # one that nobody is placing.
    unknown = select(1).where(Attempt.job_id == Job.id, Attempt.outcome == claims.UNKNOWN, Attempt.ended_at.is_(None))
    query = select(Call, Job, unknown.exists()).join(Job, Job.id == Call.job_id)
    query = query.where(
        Call.organization_id == tx.organization,
        Call.to == responder.phone,
        Call.job_id != claim.job,
        Call.status.not_in(calls.FINAL),
        Call.placed_at > tx.now - TALKS_AT_MOST,
    )
    running = tx.session.execute(query.order_by(Call.placed_real.desc())).all()
    return next((call for call, job, lost in running if _holds_the_line(tx, call, job, lost)), None)


def join(tx: Transaction, incident: Incident, claim: Claim, call: Call, *, rung: int) -> None:
    """The person hears of this incident in the call that is on already, after the first key."""
    pages.add(tx, incident, claim, call, rung=rung, run=incident.paging_run, said=None)
    calls.tell_paged(tx, incident, call, joined=True)


def _holds_the_line(tx: Transaction, call: Call, placing: Job, answer_lost: bool) -> bool:
    if call.sid is None:
        return _is_being_placed(tx, call, placing, answer_lost)
    if call.ending_at is not None:
        return tx.now - call.ending_at < ENDED_WITHIN
    return tx.now - call.placed_at < (TALKS_AT_MOST if call.answered_at is not None else RINGS_AT_MOST)


def _is_being_placed(tx: Transaction, call: Call, placing: Job, answer_lost: bool) -> bool:
    """Whether a worker is at it (one that has taken so long may have died), or will soon find out what became of it.

    Were the line free when an answer was lost, the next answer could be lost as well; then nobody could tell which of
    two calls is whose, and both would be placed again.
    """
    if placing.done_at is not None:
        return False
    now = clock.real(tx.session)
    if answer_lost:
        return now - call.placed_real < calls.NAMELESS_FOR
    at_it = placing.claimed_until is not None and placing.claimed_until > now
    return at_it and now - call.placed_real < PLACED_WITHIN
