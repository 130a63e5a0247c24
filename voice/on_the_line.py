"""The call that a request is about, with all that it asks about, locked in one order: the call, then its incidents."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents import calls, pages
from incidents.errors import NotFound
from incidents.models import Call, Incident, Page
from incidents.store import Transaction, locked


@dataclass(frozen=True, slots=True)
class Asked:
    """One incident of a call, and the page that asks for it."""

    incident: Incident
    page: Page


@dataclass(frozen=True, slots=True)
class Line:
    """`asked` has each incident once, with its latest page, by number."""

    call: Call
    asked: Sequence[Asked]

    def said_in(self, told: int) -> list[Asked]:
        return [each for each in self.asked if each.page.said == told]

    def unsaid(self) -> list[Asked]:
        """What came while the person was listening, and still needs somebody."""
        return [each for each in self.asked if each.page.said is None and pages.wanted(each.incident, each.page)]


def line(tx: Transaction, *, token: str, sid: str) -> Line:
    """Everything is ours until the transaction ends. Raises: NotFound for a token that is not this call's."""
    call = calls.by_token(tx, token)
    if call is None or not sid:
        raise NotFound("This call is not known here.")
    call = tx.get(Call, call.id, lock=True)
    if call.sid is not None and call.sid != sid:
        raise NotFound("This call is not known here.")
    latest = {page.incident_id: page for page in pages.of_call(tx, call)}
    query = tx.select(Incident).where(Incident.id.in_(latest)).order_by(Incident.id)
    incidents = {incident.id: incident for incident in tx.session.scalars(locked(query))}
    calls.placed(tx, incidents[call.incident_id], call, sid)
    asked = [Asked(incidents[id], page) for id, page in latest.items()]
    return Line(call, sorted(asked, key=lambda each: each.incident.number))
