"""A page of another organization: the call's own token says whose it is, and the key acknowledges it there."""

from sqlalchemy import select

from incidents import people, tenants
from incidents.models import Call, Incident, Job
from incidents.people import Actor, Contact
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Store
from incidents.words import Severity, Source, Status
from tests.books import Books
from tests.integration.voice.twilio import Paged, Twilio

HAL = "+12025550188"


def called(books: Books, store: Store) -> Call:
    """Hal is called about the first incident of that organization, and Twilio has not answered yet."""
    by = Actor("Their monitor", via="api", role=Role.MEMBER)
    with store.begin() as tx:
        people.put_on_call(tx, [Contact("Hal", HAL, "U0HAL")])
    with store.autocommit() as tx:
        incident = open_incident(tx, Report("Theirs", Source.API, by, severity=Severity.HIGH)).incident
    with books.database.begin() as session:
        owed = session.scalars(select(Job).where(Job.incident_id == incident.id, Job.kind == "PAGE")).one()
    return books.planned(owed.id, store)


def test_the_key_acknowledges_it_where_it_belongs(twilio: Twilio, books: Books) -> None:
    books.urgent()
    with books.database.begin() as session:
        store = books.database.store(tenants.make(session, name="Globex").id)
    call = called(books, store)
    page = Paged(twilio, call.token, to=HAL)
    page.is_told("in-progress", 1)
    assert page.presses("4").said == "Acknowledged. You own incident 1."
    with store.begin() as tx:
        row = tx.get(Incident, call.incident_id)
        assert (row.status, row.acknowledged_by) == (Status.ACKNOWLEDGED, "Hal")
    with books.database.only_store().begin() as tx:
        first = tx.session.scalars(tx.select(Incident)).one()
        assert (first.number, first.status) == (row.number, Status.OPEN)
