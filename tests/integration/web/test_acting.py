"""What people do in Slack and by phone, programs do over REST, with the same outcome."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from incidents.models import Incident, Job
from incidents.store import Database
from tests.integration.web.conftest import Json

Report = Callable[..., Json]
Do = Callable[..., Any]


@pytest.fixture
def do(client: FlaskClient) -> Do:
    def do(incident: Json, action: str, **body: Any) -> Any:
        return client.post(f"/api/v1/incidents/{incident['number']}/{action}", json=body or None)

    return do


def test_acknowledging_ends_paging(report: Report, do: Do) -> None:
    made = report(severity="HIGH")
    said = do(made, "ack", by="Bea").get_json()
    assert (said["status"], said["acknowledged_by"], said["changed"]) == ("acknowledged", "Bea", True)
    assert (said["page"], said["next_page_at"]) == ("acknowledged by Bea", None)


def test_the_second_to_acknowledge_hears_who_was_first(report: Report, do: Do) -> None:
    made = report()
    do(made, "ack", by="Bea")
    said = do(made, "ack", by="Cy").get_json()
    assert (said["acknowledged_by"], said["changed"]) == ("Bea", False)


def test_a_body_is_not_needed(report: Report, do: Do) -> None:
    assert do(report(), "ack").get_json()["acknowledged_by"] == "API"


@pytest.mark.parametrize("name", ["{number}", "%23{number}", "incident-{number}", "{id}"])
def test_every_name_of_an_incident_works(client: FlaskClient, report: Report, name: str) -> None:
    made = report()
    address = f"/api/v1/incidents/{name.format(**made)}"
    assert client.get(address).get_json()["id"] == made["id"]
    assert client.get(f"{address}/status").get_json()["number"] == made["number"]


def test_resolving_keeps_what_helped_and_is_done_once(report: Report, do: Do) -> None:
    made = report()
    said = do(made, "resolve", by="Bea", how="Rolled back").get_json()
    assert (said["status"], said["resolved_by"], said["changed"]) == ("resolved", "Bea", True)
    assert do(made, "resolve").get_json()["changed"] is False


def test_what_is_over_can_be_reopened_and_pages_again(report: Report, do: Do) -> None:
    made = report(severity="HIGH")
    do(made, "resolve")
    said = do(made, "reopen", reason="It came back").get_json()
    assert (said["status"], said["resolved_by"]) == ("open", None)
    assert said["page"].startswith("next Bea")


def test_merging_leads_to_the_one_that_goes_on_and_is_done_once(report: Report, do: Do, client: FlaskClient) -> None:
    first, second = report(severity="LOW"), report(severity="HIGH", title="Cannot pay")
    said = do(second, "merge", into=first["number"], by="Bea").get_json()
    assert (said["status"], said["merged_into"], said["page"]) == ("merged", first["number"], "none")
    assert said["changed"] is True
    assert do(second, "merge", into=first["id"]).get_json()["changed"] is False
    onward = client.get(f"/api/v1/incidents/{first['number']}").get_json()
    assert (onward["severity"], onward["merged_into"]) == ("HIGH", None)
    assert onward["page"].startswith("next Bea")
    assert do(second, "reopen").get_json()["merged_into"] is None


@pytest.mark.parametrize(
    ("into", "status", "says"),
    [
        (None, 422, "into"),
        (["1"], 422, "into"),
        (True, 422, "into"),
        ("", 404, "no incident"),
        (2**70, 404, "no incident"),
        ("nowhere", 404, "no incident"),
        ("itself", 409, "into itself"),
    ],
)
def test_into_what_it_cannot_be_merged(report: Report, do: Do, into: Any, status: int, says: str) -> None:
    made = report()
    answer = do(made, "merge", into=made["number"] if into == "itself" else into)
    assert answer.status_code == status
    assert says in answer.text


def test_escalating_says_who_is_called(report: Report, do: Do) -> None:
    said = do(report(severity="HIGH"), "escalate").get_json()
    assert said["calling"] == "Bea"


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        ("resolve", "ack", "Reopen it if it is not over"),
        ("resolve", "escalate", "Reopen it if it is not over"),
        ("ack", "reopen", "only a resolved incident"),
    ],
)
def test_what_the_state_does_not_allow_is_a_conflict(report: Report, do: Do, first: str, then: str, says: str) -> None:
    made = report()
    do(made, first)
    answer = do(made, then)
    assert answer.status_code == 409
    assert says in answer.get_json()["detail"]


def test_a_correction_counts_and_is_made_once(report: Report, do: Do) -> None:
    made = report()
    said = do(made, "feedback", category="Security", by="Ana").get_json()
    assert (said["category"], said["route"], said["changed"]) == ("security", "human", True)
    assert do(made, "feedback", category="security", by="Ana").get_json()["changed"] is False


def test_the_timeline_tells_it_in_order(client: FlaskClient, report: Report, do: Do) -> None:
    made = report()
    do(made, "ack", by="Bea")
    do(made, "resolve", by="Cy")
    lines = client.get(f"/api/v1/incidents/{made['id']}/timeline").get_json()["timeline"]
    told = [(line["kind"], line["actor"]) for line in lines]
    assert told == [("opened", "API"), ("acknowledged", "Bea"), ("resolved", "Cy")]


def test_the_jobs_are_shown(client: FlaskClient, report: Report) -> None:
    made = report(severity="HIGH")
    jobs = client.get(f"/api/v1/incidents/{made['number']}/jobs").get_json()["jobs"]
    assert {job["kind"] for job in jobs} == {"PAGE", "TRIAGE"}
    assert all(
        (job["attempts"], job["claimed"], job["done_at"], job["outcome"]) == (0, False, None, None) for job in jobs
    )


def test_a_failed_job_is_tried_again_and_no_other(client: FlaskClient, report: Report, database: Database) -> None:
    made = report()
    address = f"/api/v1/incidents/{made['number']}/jobs"
    (triage,) = [job for job in client.get(address).get_json()["jobs"] if job["kind"] == "TRIAGE"]
    waiting = client.post(f"{address}/{triage['id']}/retry")
    assert (waiting.status_code, "still owed" in waiting.get_json()["detail"]) == (409, True)
    with database.only_store().begin() as tx:
        incident = tx.session.scalars(tx.select(Incident).where(Incident.number == made["number"])).one()
        job = tx.session.scalars(tx.select(Job).where(Job.incident_id == incident.id, Job.kind == "TRIAGE")).one()
        job.done_at, job.outcome, job.error, job.attempts = tx.now, "failed", "it broke", 5
    again = client.post(f"{address}/{triage['id']}/retry")
    assert again.status_code == 202
    assert (again.get_json()["outcome"], again.get_json()["attempts"]) == (None, 0)
    assert client.post(f"{address}/{made['id']}/retry").status_code == 404


def test_another_incidents_job_is_not_found(client: FlaskClient, report: Report) -> None:
    mine, other = report(), report()
    (job, *_) = client.get(f"/api/v1/incidents/{other['number']}/jobs").get_json()["jobs"]
    assert client.post(f"/api/v1/incidents/{mine['number']}/jobs/{job['id']}/retry").status_code == 404
