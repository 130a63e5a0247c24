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
    """`pages` are all that came to the call, by the incident's number and in the order in which they came.

    An incident may come to a call twice: somebody passed it on to this person while the phone was ringing for it.
    """

    call: Call
    pages: Sequence[Asked]

    @property
    def asked(self) -> list[Asked]:
        """Each incident with its latest page."""
        return _each_once(self.pages)

    def said_in(self, told: int) -> list[Asked]:
        """Each incident of which the person was told in that round."""
        return _each_once([each for each in self.pages if each.page.said == told])

    def unsaid(self, incident: Incident | None = None) -> list[Page]:
        """What came while the person was listening, and still needs somebody."""
        return [
            each.page
            for each in self.pages
            if incident in (None, each.incident)
            and each.page.said is None
            and each.page.passed_on_at is None
            and pages.wanted(each.incident, each.page)
        ]


def line(tx: Transaction, *, token: str, sid: str) -> Line:
    """Everything is ours until the transaction ends. Raises: NotFound for a token that is not this call's."""
    call = calls.by_token(tx, token)
    if call is None or not sid:
        raise NotFound("This call is not known here.")
    call = tx.get(Call, call.id, lock=True)
    if call.sid is not None and call.sid != sid:
        raise NotFound("This call is not known here.")
    asked = asked_by(tx, pages.of_call(tx, call))
    calls.placed(tx, next(each.incident for each in asked if each.incident.id == call.incident_id), call, sid)
    return Line(call, asked)


def asked_by(tx: Transaction, came: Sequence[Page]) -> list[Asked]:
    """Those pages with their incidents, locked, by the incident's number."""
    query = tx.select(Incident).where(Incident.id.in_({page.incident_id for page in came})).order_by(Incident.id)
    incidents = {incident.id: incident for incident in tx.session.scalars(locked(query))}
    asked = [Asked(incidents[page.incident_id], page) for page in came]
    return sorted(asked, key=lambda each: each.incident.number)


def _each_once(asked: Sequence[Asked]) -> list[Asked]:
    return list({each.incident.id: each for each in asked}.values())
