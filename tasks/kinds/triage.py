"""TRIAGE: ask what the report is about, and whether it is open already, and owe what follows."""

from collections.abc import Sequence

import structlog

from incidents import classification, suspects
from incidents.claims import Claim
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident
from incidents.store import Transaction
from incidents.suspects import Compared
from tasks.work import Handler, Work

log = structlog.get_logger(__name__)


def triage(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        question, open_now = classification.question(tx, incident), suspects.to_compare(tx, incident)
    verdict = work.providers.triager.triage(question)
    alike = _alike(work, open_now)
    with work.finishing() as (tx, incident):
        suspects.found(tx, incident, alike)
        classification.triaged(tx, incident, verdict)


def _alike(work: Work, open_now: Compared) -> Sequence[tuple[int, float]]:
    """What nobody could compare is triaged all the same."""
    if not open_now.others:
        return []
    try:
        return work.providers.comparer.alike(open_now.text, open_now.others)
    except (TemporaryError, PermanentError) as error:
        log.warning("not_compared", reason=str(error))
        return []


def failed(tx: Transaction, incident: Incident, _claim: Claim, reason: str) -> None:
    classification.triage_failed(tx, incident, reason=reason)


handler = Handler(triage, failed)
