"""Paging: starting the ladder of calls, its next rung, hurrying it to the next person, and ending it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_

from incidents import calls, follow_up, jobs, messages, timeline, turns
from incidents.claims import Claim
from incidents.models import Call, Incident, Job, Page
from incidents.people import Actor, Known
from incidents.policy import Policy
from incidents.roles import Role
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.turns import History, Passed, When
from incidents.words import Status

HELD = "held"
"""In the payload of a page that waits: what for."""
Next = tuple[Known | None, datetime]
"""Whom a call is for (None: nobody has a phone), and when it is due."""
Upcoming = dict[UUID, Next]
"""The next call of each incident that has one owed."""
NotBefore = Callable[[Incident, datetime], datetime]
"""When a call about the incident that is due then is made."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PAGE job stands: in which run of the ladder, on which rung. Its text is the job's key."""

    run: int
    rung: int

    @classmethod
    def of(cls, key: str) -> "Place":
        run, rung = key.split(":")
        return cls(int(run), int(rung))

    def __str__(self) -> str:
        return f"{self.run}:{self.rung}"


def start(tx: Transaction, incident: Incident, *, due: datetime, rung: int = 0, insists: bool = False) -> None:
    """Begin a run of the ladder. Whatever an earlier run still owed is ended. With `insists` who rests is called."""
    messages.cancel(tx, incident)
    _start(tx, incident, due=due, rung=rung, insists=insists)


def _start(tx: Transaction, incident: Incident, *, due: datetime, rung: int, insists: bool = False) -> None:
    jobs.cancel(tx, incident, JobKind.PAGE)
    jobs.cancel(tx, incident, JobKind.TELL_EVERYBODY)
    incident.paging_run += 1
    payload = {turns.INSISTS: True} if insists else {}
    jobs.owe(tx, incident, JobKind.PAGE, key=str(Place(incident.paging_run, rung)), due=due, payload=payload)


def hurry(tx: Transaction, incident: Incident) -> None:
    """The next call is due now; what follows it keeps its time."""
    for job in jobs.waiting(tx, incident, JobKind.PAGE)[:1]:
        jobs.make_due(tx, job)


def held(tx: Transaction, incident: Incident | None = None) -> Select[Job]:
    """The pages that wait for the end of a silence, or of people's rest; of one incident or of all."""
    waiting = tx.select(Job).where(Job.kind == JobKind.PAGE, Job.done_at.is_(None), Job.payload.has_key(HELD))
    return waiting if incident is None else waiting.where(Job.incident_id == incident.id)


def look_again(tx: Transaction, incident: Incident) -> None:
    """The incident is another one now: a page that waits is looked at again, and waits on if it must."""
    _make_due(tx, held(tx, incident))


def look_at_all_again(tx: Transaction, *, locks_members: bool = True) -> None:
    """Something else holds from now on: what waits is looked at again, and waits on if it must.

    Whoever has locked members passes over what a worker has in hand, which is decided there by what is new: a worker
    locks its job and then the member whom it calls, so that the two could wait for each other for ever.
    """
    waiting = held(tx)
    _make_due(tx, waiting.with_for_update(skip_locked=True, key_share=True) if locks_members else waiting)


def _make_due(tx: Transaction, waiting: Select[Job]) -> None:
    for job in tx.session.scalars(waiting):
        jobs.make_due(tx, job)


def stop(tx: Transaction, incident: Incident, *, but: Call | None = None) -> None:
    """No further call, and those that ring or talk are ended, except the one in which the person is speaking to us."""
    jobs.cancel(tx, incident, JobKind.PAGE)
    jobs.cancel(tx, incident, JobKind.TELL_EVERYBODY)
    messages.cancel(tx, incident)
    for call in calls.running(tx, incident):
        if but is None or call.id != but.id:
            calls.end(tx, incident, call)


def goes_on(tx: Transaction, incident: Incident) -> bool:
    """Whether something of the ladder is still owed."""
    return any(jobs.waiting(tx, incident, kind) for kind in (JobKind.PAGE, JobKind.TELL_EVERYBODY))


def escalate(tx: Transaction, incident: Incident, *, by: Actor, reason: str) -> Known | None:
    """Go up to the next step now, or to the next person of a group, and give the person who is called; None when the
    ladder has nobody further.

    An incident that was acknowledged is open again: whoever passes it on does not have it any more, and is passed over.
    Pressed once more before the call went out, it is the same call. When everybody was told already, all begins anew.
    """
    policy = Policy.of(incident.policy)
    following = _next_step(tx, incident, policy, by)
    if incident.status is not Status.OPEN:
        follow_up.end(tx, incident)
        incident.status = Status.OPEN
        incident.acknowledged_at = incident.acknowledged_by = incident.acknowledged_slack = None
    timeline.write(tx, incident, "escalated", actor=by.name, via=by.via, reason=reason)
    if following is None:
        _tell_now(tx, incident)
        return None
    start(tx, incident, due=tx.now, rung=following.rung, insists=following.insists)
    return following.responder


def pass_over(tx: Transaction, incident: Incident, claim: Claim) -> Passed:
    """The step of this PAGE job has nobody who can be called. Has a later step somebody, it is called now; else the
    ladder is climbed in its time, for somebody may come on call meanwhile.

    Calls of earlier steps that are still tried go on.
    """
    policy, place = Policy.of(incident.policy), Place.of(claim.key)
    passed = turns.passing_over(
        tx, policy, place.rung, turns.of_incident(tx, incident, policy, place.rung, insists=_insists(claim))
    )
    if passed.to is not None:
        for job in jobs.waiting(tx, incident, JobKind.PAGE):
            if place.rung < Place.of(job.key).rung < passed.to:
                job.done_at, job.outcome = tx.now, "cancelled"
        jobs.owe(tx, incident, JobKind.PAGE, key=str(Place(place.run, passed.to)))
        for job in jobs.waiting(tx, incident, JobKind.PAGE):
            if Place.of(job.key).rung == passed.to:
                jobs.make_due(tx, job)
    return passed


def _insists(claim: Claim) -> bool:
    return bool(claim.payload.get(turns.INSISTS))


def _tell_now(tx: Transaction, incident: Incident) -> None:
    """Everybody is told now, once more when they were told before."""
    jobs.cancel(tx, incident, JobKind.PAGE)
    messages.cancel(tx, incident)
    if _told(tx, incident):
        incident.paging_run += 1
    _owe_telling(tx, incident, tx.now)
    jobs.hurry(tx, incident, JobKind.TELL_EVERYBODY)


def unanswered(tx: Transaction, incident: Incident, page: Page, *, reason: str) -> bool:
    """A person was reached and did not acknowledge, or cannot be reached at all: the next one need not wait.

    True when the next person is called because of it; False when paging is over or has gone past that step already.
    """
    if not _stands_at(tx, incident, page):
        return False
    return escalate(tx, incident, by=Actor("Tocsin", via="product", role=Role.ADMIN), reason=reason) is not None


def unheard(tx: Transaction, incident: Incident, page: Page, *, reason: str) -> bool:
    """The call ended before the person was told of the incident: the same person is called at once, and told in the
    other ways of the step as before.

    True when that is so; False when paging is over or has gone past that step already.
    """
    if page.rung is None or not _stands_at(tx, incident, page):
        return False
    timeline.write(tx, incident, "page_unheard", actor="Tocsin", reason=reason)
    _start(tx, incident, due=tx.now, rung=page.rung)
    messages.carry_over(tx, incident)
    return True


def _stands_at(tx: Transaction, incident: Incident, page: Page) -> bool:
    """Whether the ladder goes on, and the step of that page is the last one that was called; of a group's, the page."""
    if incident.status is not Status.OPEN or page.paging_run != incident.paging_run or page.rung is None:
        return False
    waiting = [*jobs.waiting(tx, incident, JobKind.PAGE), *_telling_later(tx, incident)]
    policy = Policy.of(incident.policy)
    last = _last_called(tx, incident)
    if not waiting or last is None:
        return False
    step = policy.ladder[page.rung].step
    return last == page.rung if policy.goes_round(step) else policy.ladder[last].step == step


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is; None when the step has nobody who can be called."""

    responder: Known | None


def climb(tx: Transaction, incident: Incident, claim: Claim) -> Turn | None:
    """Whom this PAGE job calls, with the job that follows it owed; None when nobody is to be called.

    A job that comes so late that the same person's next turn is due as well leaves the call to that one.
    """
    place = Place.of(claim.key)
    if incident.status is not Status.OPEN or place.run != incident.paging_run:
        return None
    policy = Policy.of(incident.policy)
    rung = policy.ladder[place.rung]
    following = claim.due + policy.next_after(place.rung)
    if place.rung + 1 < len(policy.ladder):
        same = policy.ladder[place.rung + 1].step == rung.step
        payload = {turns.INSISTS: True} if same and _insists(claim) else {}
        key = str(Place(place.run, place.rung + 1))
        jobs.owe(tx, incident, JobKind.PAGE, key=key, due=following, payload=payload)
    else:
        _owe_telling(tx, incident, following)
    now = turns.of_incident(tx, incident, policy, place.rung, insists=_insists(claim))
    responder = turns.responder_of(tx, policy, place.rung, now)
    late: timedelta = tx.now - claim.due
    # A call that was tried in vain is due later than it was; that the next one was taken up tells how late it is.
    taken_up = _taken_up(tx, incident)
    superseded = any(
        later.step == rung.step
        and (later.after - rung.after <= late or later.index in taken_up)
        and turns.responder_of(tx, policy, later.index, now) == responder
        for later in policy.ladder[place.rung + 1 :]
    )
    return None if superseded else Turn(responder)


def next_page(tx: Transaction, incident: Incident) -> Next | None:
    """Whom the next call is for and when it is due; None when no call is owed."""
    return next_pages(tx, [incident]).get(incident.id)


def first_page(tx: Transaction, incident: Incident, due: datetime, *, not_before: NotBefore) -> Upcoming:
    """What `next_pages` says of an incident that was just opened, and whose first call is due then."""
    due = not_before(incident, due)
    at = turns.when(tx, incident.severity, at=due)
    return {incident.id: (turns.called_at(tx, Policy.of(incident.policy), 0, at), due)}


def next_pages(
    tx: Transaction, incidents: Sequence[Incident], *, not_before: NotBefore = lambda _, due: due
) -> Upcoming:
    """For each of the incidents that has a call owed: whom the next one is for and when it is made."""
    known = {incident.id: incident for incident in incidents}
    owed = tx.select(Job).where(Job.incident_id.in_(known), Job.kind == JobKind.PAGE, Job.done_at.is_(None))
    last = {job.incident_id: job for job in tx.session.scalars(owed.order_by(Job.due))}
    if not last:
        return {}
    history = turns.history(tx, [known[id] for id in last])
    found: Upcoming = {}
    for id, job in last.items():
        due = not_before(known[id], job.due)
        found[id] = (_called_by(tx, known[id], job, at=max(due, tx.now), history=history), due)
    return found


def _called_by(tx: Transaction, incident: Incident, job: Job, *, at: datetime, history: History) -> Known | None:
    policy, rung = Policy.of(incident.policy), Place.of(job.key).rung
    insists = bool(job.payload.get(turns.INSISTS))
    when = turns.of_incident(tx, incident, policy, rung, at=at, insists=insists, history=history)
    return turns.called_at(tx, policy, rung, when)


def _owe_telling(tx: Transaction, incident: Incident, due: datetime) -> None:
    jobs.owe(tx, incident, JobKind.TELL_EVERYBODY, key=str(incident.paging_run), due=due)


def _telling_later(tx: Transaction, incident: Incident) -> list[Job]:
    return [job for job in jobs.waiting(tx, incident, JobKind.TELL_EVERYBODY) if job.due > tx.now]


def _last_called(tx: Transaction, incident: Incident) -> int | None:
    """The highest rung of this run that a worker has taken up; None when nobody was called yet."""
    return max(_taken_up(tx, incident), default=None)


def _taken_up(tx: Transaction, incident: Incident) -> set[int]:
    """The rungs of this run that a worker has taken up."""
    return {Place.of(job.key).rung for job in _run(tx, incident) if job.attempts > 0}


def _run(tx: Transaction, incident: Incident) -> Sequence[Job]:
    jobs_of_run = tx.select(Job).where(
        Job.incident_id == incident.id, Job.kind == JobKind.PAGE, Job.key.startswith(f"{incident.paging_run}:")
    )
    return tx.session.scalars(jobs_of_run).all()


@dataclass(frozen=True, slots=True)
class _Next:
    """With `insists` the person rests, and is called because all do."""

    rung: int
    responder: Known
    insists: bool


def _next_step(tx: Transaction, incident: Incident, policy: Policy, by: Actor) -> _Next | None:
    """The rung to go on with when somebody passes the incident on, and whom it calls; None when everybody is to be told
    instead. Who rests is called when there is nobody else.
    """
    told = _told(tx, incident)
    last = None if told else _last_called(tx, incident)
    first: int | None = 0
    if last is not None:
        first = policy.next_turn(last)
    elif not told:
        first = min((Place.of(job.key).rung for job in _run(tx, incident)), default=0)
    now = turns.when(tx, incident.severity, incident=incident)
    awake = _somebody(tx, policy, first, now, but=by, last=last)
    return awake or _somebody(tx, policy, first, now.whatever_people_say, but=by, last=last, insists=True)


def _somebody(
    tx: Transaction,
    policy: Policy,
    rung: int | None,
    now: When,
    *,
    but: Actor,
    last: int | None,
    insists: bool = False,
) -> _Next | None:
    """The first rung from that one on that has somebody to call now, other than `but`. Of a group, whose last call is
    the rung `last`, it is nobody whom it has called since its step began.
    """
    begins, had = None, []
    if last is not None:
        begins = policy.ladder[last].begins
        had = [turns.responder_of(tx, policy, here, now) for here in range(begins, last + 1)]
    while rung is not None:
        responder = turns.responder_of(tx, policy, rung, now)
        again = policy.ladder[rung].begins == begins and responder in had
        if responder is not None and not again and not _is(but, responder):
            return _Next(rung, responder, insists)
        rung = policy.next_turn(rung)
    return None


def _told(tx: Transaction, incident: Incident) -> bool:
    """Whether this run of the ladder ended with everybody being told."""
    told = tx.select(Job).where(
        Job.incident_id == incident.id,
        Job.kind == JobKind.TELL_EVERYBODY,
        Job.key == str(incident.paging_run),
        Job.done_at.is_not(None),
    )
    return tx.session.scalars(told).first() is not None


def _is(by: Actor, responder: Known) -> bool:
    same_slack = by.slack_user is not None and by.slack_user == responder.slack_user
    return same_slack or (by.phone is not None and by.phone == responder.phone)


def anybody_called(tx: Transaction, incident: Incident) -> bool:
    """Whether somebody was chosen to be called in this run, though the call may not have gone out yet."""
    about = tx.select(Page).where(Page.incident_id == incident.id, Page.paging_run == incident.paging_run)
    return tx.session.scalars(about.limit(1)).first() is not None


def was_called(tx: Transaction, incident: Incident) -> bool:
    """Whether a call of this run was taken up by a worker."""
    return _last_called(tx, incident) is not None


def is_off(tx: Transaction, incident: Incident) -> bool:
    """Whether nothing of the ladder is owed, though this run of it did not end with everybody being told."""
    ended = and_(
        Job.kind == JobKind.TELL_EVERYBODY, Job.key == str(incident.paging_run), Job.outcome.in_(("done", "failed"))
    )
    query = tx.select(Job).where(
        Job.incident_id == incident.id,
        Job.kind.in_((JobKind.PAGE, JobKind.TELL_EVERYBODY)),
        or_(Job.done_at.is_(None), ended),
    )
    return tx.session.scalars(query).first() is None
