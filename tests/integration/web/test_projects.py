"""Projects over REST: made, changed, named by reports and filters, exported, removed when asked twice."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.bootstrap import Providers
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Incident, Job, ProjectRow
from incidents.ports import Lesson, source_of
from incidents.store import Database
from tests.core_fakes import FakeMemory
from tests.integration.web.conftest import Ask, Json


@pytest.fixture(autouse=True)
def memory(providers: Providers) -> Iterator[FakeMemory]:
    before = dict(vars(providers))
    memory = FakeMemory()
    vars(providers)["memory"] = memory
    yield memory
    vars(providers).clear()
    vars(providers).update(before)


@pytest.fixture
def made(ask: Ask) -> Json:
    name = uuid4().hex[:6]
    body = {"name": f"Pay {name}", "services": [f"checkout {name}"], "channels": [f"C0{name.upper()}"]}
    return ask("POST", "projects", body, status=201)


@pytest.fixture(autouse=True)
def only_the_default_one_is_left(ask: Ask, database: Database, memory: FakeMemory) -> Iterator[None]:
    yield
    over(database)
    for each in ask("GET", "projects")["projects"][1:]:
        removed(ask, each)


def over(database: Database) -> None:
    """As when workers had done everything about incidents that somebody resolved."""
    with database.only_store().begin() as tx:
        for incident in tx.session.scalars(tx.select(Incident).where(Incident.project_id != tx.organization)):
            incident.status = "resolved"  # type: ignore[assignment]
            for job in tx.session.scalars(select(Job).where(Job.incident_id == incident.id)):
                job.done_at, job.outcome = tx.now, "done"


def removed(ask: Ask, project: Json, *, status: int = 200) -> Json:
    ask("GET", f"projects/{project['id']}/export")
    return ask("DELETE", f"projects/{project['id']}?confirm={project['name']}", status=status)


def test_made_read_and_changed(ask: Ask, made: Json) -> None:
    assert set(made) == {"id", "name", "description", "services", "channels", "default"}
    default, *others = ask("GET", "projects")["projects"]
    assert (default["name"], default["default"], others) == ("default", True, [made])
    changed = ask(
        "PATCH", f"projects/{made['name'].upper()}", {"description": "What takes money", "services": ["pay/1"]}
    )
    assert changed == {**made, "description": "What takes money", "services": ["pay/1"]}
    assert ask("GET", f"projects/{made['id']}") == changed
    assert ask("PATCH", f"projects/{made['id']}", {}) == changed
    assert ask("PATCH", "projects/default", {"description": "All the rest"})["description"] == "All the rest"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "DEFAULT"}, "already"),
        ({"name": "x", "channels": ["#pay"]}, "channels"),
        ({"name": "x", "services": ["  "]}, "services"),
        ({"name": "x", "services": ["x"] * 51}, "services"),
        ({"name": "x", "description": "x" * 1001}, "description"),
        ({"name": "x", "description": None}, "description"),
    ],
)
def test_what_cannot_be_is_refused(ask: Ask, wrong: Json, says: str) -> None:
    assert says in ask("POST", "projects", wrong, status=422)["detail"]
    assert len(ask("GET", "projects")["projects"]) == 1


def test_hostile_names_are_names(ask: Ask) -> None:
    name = "'; DROP TABLE projects; -- <!channel> \N{PILE OF POO} %s {0}"
    ask("POST", "projects", {"name": name, "description": "\x00<b>", "services": ["\x00x"]}, status=201)
    assert ask("POST", "incidents", {"title": "x", "project": name}, status=202)["project"] == name


def test_the_default_one_keeps_its_name_and_stays(ask: Ask) -> None:
    assert "keeps its name" in ask("PATCH", "projects/default", {"name": "main"}, status=422)["detail"]
    ask("GET", "projects/default/export")
    assert "stays" in ask("DELETE", "projects/default?confirm=default", status=409)["detail"]


def test_reports_name_it_and_lists_are_of_it(ask: Ask, made: Json) -> None:
    named = ask("POST", "incidents", {"title": "Named", "project": made["name"]}, status=202)
    served = ask("POST", "incidents", {"title": "Served", "service": made["services"][0].upper()}, status=202)
    other = ask("POST", "incidents", {"title": "Other"}, status=202)
    assert [each["project"] for each in (named, served, other)] == [made["name"], made["name"], "default"]
    listed = ask("GET", f"incidents?project={made['id']}")["incidents"]
    assert [each["title"] for each in listed] == ["Served", "Named"]
    assert ask("GET", f"incidents/stats?project={made['name']}")["total"] == 2
    assert ask("GET", "incidents/stats?project=default")["total"] == ask("GET", "incidents/stats")["total"] - 2
    for path in ("incidents", "incidents/stats"):
        assert "GET /api/v1/projects lists" in ask("GET", f"{path}?project=nobody", status=404)["detail"]


@pytest.mark.parametrize("named", ["nobody's", "", 7, None, {"key": "PAY"}, ["x"], "\x00"])
def test_a_report_with_any_project_is_accepted(ask: Ask, named: object) -> None:
    """Programs may have sent a member of that name for reasons of their own."""
    assert ask("POST", "incidents", {"title": "x", "project": named}, status=202)["project"] == "default"


def test_a_policy_for_a_project_is_shown_by_its_name_and_can_be_sent_back(ask: Ask, made: Json) -> None:
    policy = {"name": "Money", "for": {"projects": [made["id"]]}, "steps": [{}]}
    shown = ask("POST", "policies", policy, status=201)
    assert shown["for"]["projects"] == [made["name"]]
    assert ask("GET", f"preview?project={made['name']}")["policy"] == "Money"
    assert ask("GET", "preview")["policy"] == "default"
    renamed = ask("PATCH", f"projects/{made['id']}", {"name": f"{made['name']} 2"})["name"]
    assert ask("GET", "policies/Money")["for"]["projects"] == [renamed]
    again = ask("PUT", "policies/Money", {"for": {"projects": [renamed]}, "steps": [{}]})
    assert again["for"]["projects"] == [renamed]
    assert ask("POST", "incidents", {"title": "x", "project": renamed}, status=202)["policy"] == "Money"
    ask("POST", "policies", {**policy, "name": "x", "for": {"projects": ["nobody"]}}, status=404)
    ask("DELETE", "policies/Money")
    wants = {"name": "Finance", "channel": "C0FIN", "for": {"projects": [renamed.upper()]}}
    assert ask("POST", "stakeholders", wants, status=201)["for"]["projects"] == [renamed]
    ask("DELETE", "stakeholders/Finance")


def test_it_is_removed_after_its_export_when_asked_twice(
    ask: Ask, made: Json, client: FlaskClient, database: Database, memory: FakeMemory
) -> None:
    where, name = f"projects/{made['id']}", made["name"]
    incident = ask("POST", "incidents", {"title": "Grüße", "project": name}, status=202)
    assert "not over" in ask("DELETE", f"{where}?confirm={name}", status=409)["detail"]
    over(database)
    assert "Export it first" in ask("DELETE", f"{where}?confirm={name}", status=409)["detail"]
    answer = client.get(f"/api/v1/{where}/export", buffered=True)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert (answer.mimetype, lines[0]["table"], lines[0]["row"]["name"]) == ("application/x-ndjson", "projects", name)
    assert "Grüße" in answer.text
    for confirm in ("", "other", "default"):
        assert f"?confirm={name}" in ask("DELETE", f"{where}?confirm={confirm}", status=409)["detail"]
    with database.only_store().begin() as tx:
        row = tx.session.scalars(tx.select(Incident).where(Incident.project_id == UUID(made["id"]))).one()
    mine, other = source_of(row.id), source_of(uuid4())
    lessons = [Lesson(source, "x", "x", "database", "Bea") for source in (mine, other)]
    memory.remember(database.only_store().organization, lessons)
    left = ask("DELETE", f"{where}?confirm={name}")["projects"]
    assert [each["name"] for each in left] == ["default"]
    assert [source for _, source in memory.lessons] == [other]
    for gone in (where, f"incidents/{incident['number']}"):
        ask("GET", gone, status=404)
    ask("DELETE", f"{where}?confirm={name}", status=404)


def test_while_the_memory_is_away_it_stays(ask: Ask, made: Json, database: Database, memory: FakeMemory) -> None:
    memory.fail(TemporaryError("Chroma does not answer"), method="forget")
    assert "Try again" in removed(ask, made, status=503)["detail"]
    with database.only_store().begin() as tx:
        assert tx.get(ProjectRow, UUID(made["id"])).name == made["name"]


def test_a_memory_that_refuses_keeps_nothing_from_being_removed(ask: Ask, made: Json, memory: FakeMemory) -> None:
    memory.fail(PermanentError("Chroma refuses"), method="forget")
    assert len(removed(ask, made)["projects"]) == 1


def test_what_there_is_not(ask: Ask) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", "?confirm=x"), ("GET", "/export")):
        body: Json | None = {} if method == "PATCH" else None
        told = ask(method, f"projects/nobody{path}", body, status=404)
        assert "GET /api/v1/projects lists" in told["detail"]
