"""Runs one job: claim, attempt, effect, outcome. No transaction is open while a provider is asked."""

import uuid
from datetime import timedelta

import structlog

from app.bootstrap import ForOthers, Providers
from app.settings import Settings
from incidents import claims, lifecycle
from incidents.claims import Claim, ClaimLost
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident, Job
from incidents.store import DATABASE_AWAY, Database, Transaction
from incidents.terms import TERMS
from tasks.kinds import handler_of
from tasks.work import Handler, Work

log = structlog.get_logger(__name__)


class Runner:
    """Does jobs with these providers. Safe to use from several threads."""

    def __init__(self, database: Database, providers: Providers, settings: Settings) -> None:
        self._database = database
        self._providers = providers
        self._for_others = ForOthers(settings, providers)
        self._settings = settings

    def run(self, job_id: uuid.UUID) -> bool:
        """True when the job was ours to do; False when it is done, not due, or in other hands."""
        try:
            with self._database.begin() as session:
                claim = claims.take(session, job_id)
        except DATABASE_AWAY as error:
            log.warning("database_away", reason=str(getattr(error, "orig", error)))
            return False
        if claim is None:
            return False
        is_first = self._database.is_first(claim.organization)
        providers = self._providers if is_first else self._for_others
        work = Work(claim, self._database.store(claim.organization), providers, self._settings)
        with structlog.contextvars.bound_contextvars(
            job=str(claim.job), kind=claim.kind, incident=str(claim.incident), attempt=claim.attempt
        ):
            self._attempt(work, handler_of(claim.kind))
        return True

    def _attempt(self, work: Work, handler: Handler) -> None:
        claim = work.claim
        if claim.tries > TERMS[claim.kind].attempts:
            _give_up(work, handler, f"it was begun {claim.tries - 1} times and never ended")
            return
        try:
            handler.run(work)
            with work.store.begin() as tx:
                claims.finish(tx, claim)
            log.info("job_done")
        except TemporaryError as error:
            self._postpone(work, handler, error)
        except PermanentError as error:
            log.error("job_failed", reason=str(error))  # noqa: TRY400  # A refusal is no bug.
            _give_up(work, handler, str(error))
        except ClaimLost as error:
            log.warning("claim_lost", claim=str(error))
        except DATABASE_AWAY as error:
            reason = str(getattr(error, "orig", error))  # Its traceback says no more.
            log.error("database_away", reason=reason, advice="the job comes back when its lease ends")  # noqa: TRY400
        except Exception:
            log.exception("job_broke", advice="this is a bug; the job comes back when its lease ends")
            raise

    def _postpone(self, work: Work, handler: Handler, error: TemporaryError) -> None:
        wait: timedelta | None = error.retry_after
        with work.store.begin() as tx:
            incident = work.incident(tx)
            postponed = claims.postpone(tx, work.claim, reason=str(error), wait=wait, settled=error.happened is False)
            if postponed is claims.Postponed.NEVER:
                _tell_failure(tx, incident, work.claim, handler, str(error))
            elif postponed is claims.Postponed.LATER:
                handler.postponed(tx, incident, work.claim, str(error))
        log.warning("job_postponed", reason=str(error), outcome=postponed)


def _give_up(work: Work, handler: Handler, reason: str) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        if claims.give_up(tx, work.claim, reason=reason):
            _tell_failure(tx, incident, work.claim, handler, reason)


def _tell_failure(tx: Transaction, incident: Incident, claim: Claim, handler: Handler, reason: str) -> None:
    lifecycle.job_failed(tx, incident, tx.get(Job, claim.job), reason)
    handler.failed(tx, incident, claim, reason)
