"""An organization with a database of its own, and incidents that were reported, triaged, corrected and resolved."""

from datetime import timedelta

from incidents import classification, clock, learning, lifecycle
from incidents.models import Incident
from incidents.people import Actor
from incidents.ports import Verdict
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Database
from incidents.words import Route, Severity, Source

ANA = Actor("Ana", via="slack", slack_user="U0ANA", role=Role.ADMIN)


def incident(database: Database, title: str, *, said: str, truth: str) -> Incident:
    """An hour later: triage said one thing, Ana another if it was wrong, and it was resolved."""
    with database.begin() as session:
        clock.advance(session, timedelta(hours=1))
    store = database.only_store()
    with store.autocommit() as tx:
        opened = open_incident(tx, Report(title=title, source=Source.API, by=ANA)).incident
    with store.begin() as tx:
        row = tx.get(Incident, opened.id, lock=True)
        classification.triaged(tx, row, Verdict(said, Severity.LOW, 0.5, Route.RULES, "a guess"))
        if said != truth:
            classification.correct(tx, row, truth, by=ANA, via="api")
        lifecycle.resolve(tx, row, by=ANA)
        learning.learn(tx, row, learning.candidates(tx, row), counts=0)
        return row
