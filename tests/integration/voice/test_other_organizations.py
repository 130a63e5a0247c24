"""A page of another organization: the call's own token says whose it is, and the key acknowledges it there."""

from sqlalchemy import select

from incidents import people, pins, tenants
from incidents.models import Call, Incident, Job
from incidents.people import Actor, Contact
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Store
from incidents.words import Severity, Source, Status
from tests.books import Books
from tests.integration.voice.twilio import Caller, Paged, Twilio

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


def test_who_was_called_by_another_organization_is_offered_nothing_on_the_hotline(twilio: Twilio, books: Books) -> None:
    """The hotline is the first one's: whoever calls reports to it, and hears nothing of either."""
    books.urgent("Ours")
    with books.database.begin() as session:
        store = books.database.store(tenants.make(session, name="Globex").id)
    Paged(twilio, called(books, store).token, to=HAL).is_told("no-answer", 1)
    with store.begin() as tx:
        pins.give(tx, people.named(tx, "Hal"), pins.hashed("27182", phone=HAL))
    caller = Caller(twilio, number=HAL)
    assert caller.dials().said.startswith("This call is recorded. This is incident 2.")
    assert "Record" in caller.presses("4").tags
    for address in ("/voice/back/key", "/voice/back/pin?key=4&n=1"):
        assert caller.presses("4", at=address).status == 404
    with store.begin() as tx:
        assert tx.session.scalars(tx.select(Incident)).one().status is Status.OPEN
    assert [incident.status for incident in books.incidents()] == [Status.OPEN] * 3
