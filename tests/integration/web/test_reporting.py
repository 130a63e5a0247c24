"""A report is safe before it is answered, and is one incident however often it is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from incidents import names
from incidents.models import Incident, Job
from incidents.store import Database
from tests.books import broken_commits
from tests.integration.web.conftest import KEY, Json

Report = Callable[..., Json]
AT_ONCE = 20


def test_a_report_is_accepted_with_its_number_and_where_to_look(client: FlaskClient) -> None:
    answer = client.post("/api/v1/incidents", json={"title": "Checkout returns 500", "severity": "high"})
    said = answer.get_json()
    assert answer.status_code == 202
    assert said["duplicate"] is False
    assert (said["status"], said["triage"], said["severity"]) == ("open", "submitted", "HIGH")
    assert said["number"] > 0
    assert said["id"].startswith(f"INC-{said['number']}-")
    assert answer.headers["Location"] == said["status_url"]
    status = client.get(said["status_url"]).get_json()
    assert status["number"] == said["number"]


def test_an_accepted_report_owes_triage_and_a_page(report: Report, database: Database) -> None:
    made = report(severity="HIGH")
    with database.only_store().begin() as tx:
        incident = tx.session.scalars(tx.select(Incident).where(Incident.number == made["number"])).one()
        kinds = {job.kind for job in tx.session.scalars(tx.select(Job).where(Job.incident_id == incident.id))}
    assert kinds == {"TRIAGE", "PAGE"}
    assert made["page"].startswith("next Bea at ")


def test_the_incident_has_every_member_that_is_promised(report: Report) -> None:
    promised = (
        "id number title description type status triage severity category confidence route why similar helped channel "
        "channel_id ticket ticket_url page reported_by source opened_at acknowledged_by acknowledged_at resolved_by "
        "resolved_at next_page_at urgency sentiment reply remediation duplicate status_url"
    )
    assert set(promised.split()) <= set(report())


def test_what_the_reporter_sent_besides_is_kept(report: Report) -> None:
    made = report(source="grafana", type="disk_full", metadata={"host": "db-1", "load": [1, 2.5, None]})
    assert (made["source"], made["reported_source"], made["reported_by"]) == ("api", "grafana", "grafana")
    assert made["type"] == "disk_full"
    assert made["metadata"] == {"host": "db-1", "load": [1, 2.5, None]}


def test_a_type_alone_is_enough(client: FlaskClient) -> None:
    assert client.post("/api/v1/incidents", json={"type": "database_error"}).get_json()["title"] == "Database error"


def test_the_same_id_again_is_the_same_incident_and_the_first_report_stands(report: Report) -> None:
    first = report(title="The first")
    again = report(id=first["id"], title="The second", severity="LOW")
    assert again["duplicate"] is True
    assert (again["number"], again["title"], again["severity"]) == (first["number"], "The first", "MEDIUM")


def test_the_same_idempotency_key_again_is_the_same_incident(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    first = client.post("/api/v1/incidents", json={"title": "One"}, headers=headers).get_json()
    again = client.post("/api/v1/incidents", json={"title": "Two"}, headers=headers).get_json()
    assert (again["number"], again["title"], again["duplicate"]) == (first["number"], "One", True)


def test_a_refused_report_does_not_use_up_its_idempotency_key(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    assert client.post("/api/v1/incidents", json={}, headers=headers).status_code == 422
    answer = client.post("/api/v1/incidents", json={"title": "Now with words"}, headers=headers)
    assert (answer.status_code, answer.get_json()["duplicate"]) == (202, False)


@pytest.mark.parametrize("by", ["id", "Idempotency-Key"])
def test_twenty_at_once_are_one_incident(application: APIFlask, by: str) -> None:
    name = f"storm-{uuid4().hex}"

    def send(_: int) -> Any:
        body = {"title": "Storm", **({"id": name} if by == "id" else {})}
        headers = {"X-API-Key": KEY, **({by: name} if by != "id" else {})}
        return application.test_client().post("/api/v1/incidents", json=body, headers=headers)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.get_json()["number"] for answer in answers}) == 1
    assert [answer.get_json()["duplicate"] for answer in answers].count(False) == 1


def test_nothing_is_answered_before_the_commit(client: FlaskClient, database: Database) -> None:
    """When the answer is there and not read to its end, others see the incident."""
    answer = client.post("/api/v1/incidents", json={"id": "seen-by-others", "title": "Seen"}, buffered=False)
    with database.only_store().begin() as tx:
        assert names.known(tx, "seen-by-others") is not None
    assert answer.status_code == 202


@pytest.mark.parametrize("by", ["id", "Idempotency-Key"])
def test_a_report_that_could_not_be_committed_is_refused_and_is_the_first_when_it_is_sent_again(
    client: FlaskClient, database: Database, by: str
) -> None:
    name = f"unsafe-{uuid4().hex}"
    body = {"title": "Unsafe", **({"id": name} if by == "id" else {})}
    headers = {by: name} if by != "id" else {}
    with broken_commits(database):
        refused = client.post("/api/v1/incidents", json=body, headers=headers)
    assert refused.status_code == 503
    again = client.post("/api/v1/incidents", json=body, headers=headers)
    assert (again.status_code, again.get_json()["duplicate"]) == (202, False)
