"""An incident to show, with whatever a test wants to be different."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from incidents.ports import Neighbour
from incidents.summary import Person, Summary
from incidents.words import CATEGORIES, Route, Sentiment, Severity, Source, Status, Triage, Urgency

ID = UUID("00000000-0000-4000-8000-000000000042")
NOON = datetime(2026, 11, 2, 12, 0, 0, tzinfo=UTC)
ANA = Person("Ana", "U0ANA")
BEA = Person("Bea", "U0BEA")
HOSTILE = "<!channel> @here <@U0BEA> & <http://evil.test|click> *bold* \u202egnp.exe \x00\n" * 40


def neighbour(number: int | None, *, helped: str | None = None) -> Neighbour:
    return Neighbour(f"incident:{number}", f"Old incident {number}", "database", 0.9, helped, number)


CHECKOUT = Summary(
    uuid=ID,
    ref="checkout-1",
    number=42,
    title="Checkout returns 502",
    description="Since the deploy at noon.",
    kind=None,
    project="default",
    status=Status.OPEN,
    triage=Triage.TRIAGED,
    severity=Severity.HIGH,
    category="database",
    confidence=0.912,
    route=Route.MEMORY,
    why="Three incidents like this were about the database.",
    similar=[neighbour(17), neighbour(29), neighbour(31)],
    helped=[neighbour(29, helped="Restart the connection pool"), neighbour(17, helped="Fail over")],
    urgency=Urgency.HIGH,
    sentiment=Sentiment.CALM,
    reply=None,
    remediation=(),
    source=Source.PHONE,
    reported_by=ANA,
    opened_at=NOON,
    acknowledged_by=None,
    acknowledged_at=None,
    resolved_by=None,
    resolved_at=None,
    merged_into=None,
    suspects=[],
    channel="incident-42",
    channel_id="C042",
    ticket="OPS-7",
    ticket_url="https://jira.test/browse/OPS-7",
    page="next Bea at 12:02:00 UTC",
    on_call=[BEA],
    next_page_at=NOON.replace(minute=2),
    categories=CATEGORIES,
)


def summary(**different: Any) -> Summary:
    return replace(CHECKOUT, **different)
