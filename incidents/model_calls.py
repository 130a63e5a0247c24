"""Calls of models: counted before they are made, so that no day costs more than it may; and who is left alone."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from incidents import breaker, clock
from incidents.errors import TemporaryError
from incidents.models import ModelCalls, ModelState

ASKED = "asked"
PROBE = timedelta(seconds=20)
"""One asks a model whose rest is over, and the others wait so long for what comes of it."""
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7245, hashtext(:organization))")


class Outcome(StrEnum):
    """Only `AWAY` speaks against the model; the others may be a report's doing."""

    ANSWERED = "answered"
    UNFIT = "unfit"
    REFUSED = "refused"
    AWAY = "away"


class OverBudget(TemporaryError):
    """The organization has had its calls for today."""


class Resting(TemporaryError):
    """The model failed several times in a row, and is left alone for a while."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a call. `wish` is the provider's own time to wait, `reason` what it said."""

    outcome: Outcome
    took: timedelta
    tokens: int = 0
    wish: timedelta | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A model that failed last."""

    model: str
    failures: int
    resting_until: datetime | None
    reason: str

    @property
    def says(self) -> str:
        times = f"{self.failures} times in a row" if self.failures > 1 else "the last time"
        if self.resting_until is None:
            return f"{self.model} failed {times}"
        return f"{self.model} failed {times} and is left alone until {self.resting_until:%H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Counted:
    """Of all organizations and days together."""

    model: str
    outcome: str
    calls: int
    seconds: float
    tokens: int


def ask(session: Session, organization: uuid.UUID, model: str, *, budget: int) -> None:
    """Count a call that will be made. Raises: OverBudget, Resting; nothing is counted then."""
    session.execute(_ONE_AT_A_TIME, {"organization": str(organization)})
    now = clock.read(session)
    if asked_today(session, organization, now=now) >= budget:
        raise OverBudget(f"the {budget} calls of models a day are used up (LLM_BUDGET_A_DAY)")
    state = session.get(ModelState, model, with_for_update=True)
    if state is not None and state.resting_until is not None:
        if state.resting_until > now:
            raise Resting(_standing(state).says)
        state.resting_until = now + PROBE
    _count(session, organization, model, ASKED, now=now)


def ended(session: Session, organization: uuid.UUID, model: str, what: Ended) -> None:
    """Count what came of a call, and let the model rest when it is away."""
    now = clock.read(session)
    _count(session, organization, model, what.outcome, now=now, seconds=what.took.total_seconds(), tokens=what.tokens)
    if what.outcome is not Outcome.AWAY:
        state = session.get(ModelState, model, with_for_update=True)
        if state is not None:
            session.delete(state)
        return
    first = insert(ModelState).values(model=model, failures=1, resting_until=None, reason=what.reason[:300])
    again = {"failures": ModelState.failures + 1, "reason": first.excluded.reason}
    counted = first.on_conflict_do_update(index_elements=["model"], set_=again).returning(ModelState)
    state = session.scalars(counted, execution_options={"populate_existing": True}).one()
    rest = breaker.rest(state.failures, wish=what.wish, jitter=random.random())  # noqa: S311  # No secret.
    state.resting_until = now + rest if rest else None


def asked_today(session: Session, organization: uuid.UUID, *, now: datetime) -> int:
    """All models together."""
    query = select(func.coalesce(func.sum(ModelCalls.calls), 0)).where(
        ModelCalls.organization_id == organization, ModelCalls.day == now.date(), ModelCalls.outcome == ASKED
    )
    return int(session.scalars(query).one())


def failing(session: Session, models: Sequence[str]) -> list[Standing]:
    """Those of `models` that failed last, in their order. One whose rest is over is asked with the next report."""
    now = clock.read(session)
    rows = session.scalars(select(ModelState).where(ModelState.model.in_(models)))
    known = {row.model: _standing(row, now=now) for row in rows}
    return [known[model] for model in models if model in known]


def counted(session: Session) -> list[Counted]:
    sums = (func.sum(ModelCalls.calls), func.sum(ModelCalls.seconds), func.sum(ModelCalls.tokens))
    query = select(ModelCalls.model, ModelCalls.outcome, *sums).group_by(ModelCalls.model, ModelCalls.outcome)
    rows = session.execute(query.order_by(ModelCalls.model, ModelCalls.outcome))
    return [
        Counted(model, outcome, int(calls), float(seconds), int(tokens))
        for model, outcome, calls, seconds, tokens in rows
    ]


def _standing(state: ModelState, *, now: datetime | None = None) -> Standing:
    until = state.resting_until
    if until is not None and now is not None and until <= now:
        until = None
    return Standing(state.model, state.failures, until, state.reason)


def _count(
    session: Session,
    organization: uuid.UUID,
    model: str,
    outcome: str,
    *,
    now: datetime,
    seconds: float = 0.0,
    tokens: int = 0,
) -> None:
    row = insert(ModelCalls).values(
        organization_id=organization,
        day=now.date(),
        model=model,
        outcome=outcome,
        calls=1,
        seconds=seconds,
        tokens=tokens,
    )
    new = row.excluded
    grown = {
        "calls": ModelCalls.calls + new.calls,
        "seconds": ModelCalls.seconds + new.seconds,
        "tokens": ModelCalls.tokens + new.tokens,
    }
    session.execute(
        row.on_conflict_do_update(index_elements=["organization_id", "day", "model", "outcome"], set_=grown)
    )
