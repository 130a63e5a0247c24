"""A notification call reaches a person on call, once, with the words that were sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.bootstrap import Providers
from app.settings import Settings
from incidents import people
from incidents.models import Call
from incidents.people import Contact
from incidents.store import Database
from tasks.runner import Runner
from tests.fakes import FakeCall, FakePhone
from tests.integration.web.conftest import Json
from voice import call_news, pages
from voice.pages import Pressed

Report = Callable[..., Json]
ADDRESS = "/api/twilio/outbound/call/incident-notification"
BEA = "+12025550111"


def _body(made: Json, **more: Any) -> Json:
    return {"toPhoneNumber": BEA, "incidentId": made["id"], "severity": "HIGH", "message": "The shop is down", **more}


@pytest.fixture
def run(database: Database, providers: Providers, settings: Settings) -> Callable[[str], list[FakeCall]]:
    """Does the job while nobody talks; gives the calls that it placed."""

    def run(job: str) -> list[FakeCall]:
        phone = providers.phone
        assert isinstance(phone, FakePhone)
        before = len(phone.placed)
        with database.begin() as session:
            session.execute(update(Call).values(status="no-answer"))
        Runner(database, providers, settings).run(UUID(job))
        return phone.placed[before:]

    return run


def test_the_person_is_called_and_hears_the_message(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]]
) -> None:
    answer = client.post(ADDRESS, json=_body(report()))
    assert answer.status_code == 202, answer.text
    assert answer.get_json()["calling"] == "Bea"
    (call,) = run(answer.get_json()["job"])
    assert call.to == BEA
    assert "Severity high" in call.twiml
    assert "The shop is down" in call.twiml


def test_the_same_again_is_the_same_call(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]]
) -> None:
    body = _body(report())
    first = client.post(ADDRESS, json=body).get_json()
    run(first["job"])
    again = client.post(ADDRESS, json={**body, "toPhoneNumber": "+1 202-555-0111"}).get_json()
    assert (again["job"], again["duplicate"], again["outcome"]) == (first["job"], True, "done")
    other = client.post(ADDRESS, json=body, headers={"Idempotency-Key": uuid4().hex}).get_json()
    assert other["job"] != first["job"]


def test_the_key_that_is_pressed_acknowledges(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]], database: Database
) -> None:
    made = report()
    (call,) = run(client.post(ADDRESS, json=_body(made)).get_json()["job"])
    token = call.status_url.split("/")[-2]
    pages.pressed(database.only_store(), Pressed(token, call.sid, digit="4", again=""), here="https://here.example.com")
    assert client.get(f"/api/v1/incidents/{made['id']}").get_json()["acknowledged_by"] == "Bea"


def test_an_unanswered_notification_leaves_the_ladder_alone(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]], database: Database
) -> None:
    made = report()
    (call,) = run(client.post(ADDRESS, json=_body(made)).get_json()["job"])
    token = call.status_url.split("/")[-2]
    call_news.told(database.only_store(), token=token, sid=call.sid, status="failed", sequence=3)
    assert client.get(f"/api/v1/incidents/{made['id']}").get_json()["next_page_at"] == made["next_page_at"]


@pytest.mark.parametrize("action", ["ack", "resolve"])
def test_nobody_is_called_when_it_is_taken_meanwhile(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]], action: str
) -> None:
    made = report()
    job = client.post(ADDRESS, json=_body(made)).get_json()["job"]
    client.post(f"/api/v1/incidents/{made['id']}/{action}")
    assert run(job) == []


def test_who_is_not_on_call_any_more_is_not_called(
    client: FlaskClient, report: Report, run: Callable[[str], list[FakeCall]], database: Database
) -> None:
    made = report()
    job = client.post(ADDRESS, json=_body(made)).get_json()["job"]
    bea, cy = Contact("Bea", BEA, "U0BEA"), Contact("Cy", "+12025550112", "U0CY")
    with database.only_store().begin() as tx:
        people.put_on_call(tx, [cy])
    placed = run(job)
    answer = client.post(ADDRESS, json=_body(made, message="Once more"))
    with database.only_store().begin() as tx:
        people.put_on_call(tx, [bea, cy])
    assert placed == []
    assert answer.status_code == 403
    assert "(Cy)" in answer.get_json()["detail"]


REFUSED: list[tuple[Json, int, str]] = [
    ({"toPhoneNumber": "+12025550199"}, 403, "not the number of anybody on call"),
    ({"toPhoneNumber": "0800"}, 422, "with its country code"),
    ({"toPhoneNumber": 12025550111}, 422, "toPhoneNumber"),
    ({"message": ""}, 422, "message"),
    ({"message": None}, 422, "message"),
    ({"severity": "P1"}, 422, "severity"),
    ({"incidentId": "nobody"}, 404, "There is no incident"),
    ({"incidentId": 10**30}, 404, "There is no incident"),
]


@pytest.mark.parametrize(("change", "status", "says"), REFUSED)
def test_what_cannot_be_is_refused_with_a_reason(
    client: FlaskClient, report: Report, change: Json, status: int, says: str
) -> None:
    answer = client.post(ADDRESS, json={**_body(report()), **change})
    assert answer.status_code == status, answer.text
    assert says in answer.get_json()["detail"]


def test_an_incident_that_is_over_calls_nobody(client: FlaskClient, report: Report) -> None:
    made = report()
    client.post(f"/api/v1/incidents/{made['id']}/resolve")
    assert client.post(ADDRESS, json=_body(made)).status_code == 409
