"""TRIAGE: ask what the report is about, and owe what follows."""

from incidents import classification
from incidents.claims import Claim
from incidents.models import Incident
from incidents.store import Transaction
from tasks.work import Handler, Work


def triage(work: Work) -> None:
    with work.store.begin() as tx:
        question = classification.question(tx, work.incident(tx))
    verdict = work.providers.triager.triage(question)
    with work.finishing() as (tx, incident):
        classification.triaged(tx, incident, verdict)


def failed(tx: Transaction, incident: Incident, _claim: Claim, reason: str) -> None:
    classification.triage_failed(tx, incident, reason=reason)


handler = Handler(triage, failed)
