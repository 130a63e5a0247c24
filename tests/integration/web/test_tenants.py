"""Two organizations: a key opens one of them, and nothing of the other is found, changed or shown by it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from incidents import keys
from incidents.models import Organization
from incidents.policy import DEFAULT_POLICY
from incidents.roles import Role
from incidents.store import Database
from incidents.words import CATEGORIES
from tests.integration.web.conftest import Ask, Json
from web.guard import OPEN

SECRET = "only-the-first-knows"
FILLED = {"by": "Mallory", "category": "database", "name": "x", "zone": "UTC", "layers": [], "person": "Bea"}


@dataclass(frozen=True)
class Other:
    """Somebody with an admin's key of another organization."""

    client: FlaskClient
    key: str

    def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, str]:
        answer = self.client.open(path, method=method, json=body, headers={"X-API-Key": self.key})
        return answer.status_code, answer.text


@pytest.fixture(scope="module")
def other(application: APIFlask, database: Database) -> Other:
    with database.begin() as session:
        row = Organization(
            name=f"other-{uuid4().hex[:6]}",
            categories=list(CATEGORIES),
            policy=DEFAULT_POLICY,
            created_at=datetime.now(UTC),
        )
        session.add(row)
        session.flush()
        organization = row.id
    with database.store(organization).begin() as tx:
        _, key = keys.make(tx, name="theirs", role=Role.ADMIN, days=1, by="tests")
    return Other(application.test_client(), key)


@pytest.fixture
def ids(ask: Ask, rota: str, report: Callable[..., Json]) -> Iterator[dict[str, list[str]]]:
    """Everything of the first organization that an address can name, by what the address calls it."""
    incident = report(title=SECRET, severity="LOW")
    person = ask("POST", "members", {"name": f"{SECRET} {uuid4().hex[:6]}"}, status=201)
    day = timedelta(days=1)
    night = {"person": person["id"], "begins": f"{datetime.now(UTC) + day}", "ends": f"{datetime.now(UTC) + 2 * day}"}
    override = ask("POST", f"schedules/{rota}/overrides", night, status=201)
    key = ask("POST", "keys", {"name": f"{SECRET} {uuid4().hex[:6]}", "days": 1}, status=201)
    jobs = ask("GET", f"incidents/{incident['number']}/jobs")["jobs"]
    schedule = ask("GET", f"schedules/{rota}")
    quiet = {"reason": SECRET, "begins": f"{datetime.now(UTC) + day}", "ends": f"{datetime.now(UTC) + 2 * day}"}
    silence = ask("POST", "silences", quiet, status=201)
    organization = ask("GET", "organizations")["organizations"][0]
    theirs = {"name": f"{SECRET} {uuid4().hex[:6]}", "for": {"services": [SECRET]}, "steps": [{}]}
    policy = ask("POST", "policies", theirs, status=201)
    wants = {"name": f"{SECRET} {uuid4().hex[:6]}", "channel": "C0SECRET"}
    stakeholder = ask("POST", "stakeholders", wants, status=201)
    project = ask("POST", "projects", {"name": f"{SECRET} {uuid4().hex[:6]}"}, status=201)
    yield {
        "name": [str(incident["number"]), incident["id"]],
        "job": [jobs[0]["id"]],
        "member": [person["id"], person["name"]],
        "organization": [organization["id"], organization["name"]],
        "schedule": [rota, schedule["id"]],
        "override": [override["id"]],
        "key": [key["id"]],
        "silence": [silence["id"]],
        "policy": [policy["id"], policy["name"]],
        "stakeholder": [stakeholder["id"], stakeholder["name"]],
        "project": [project["id"], project["name"]],
    }
    ask("GET", f"projects/{project['id']}/export")
    ask("DELETE", f"projects/{project['id']}?confirm={project['name']}")
    ask("DELETE", f"stakeholders/{stakeholder['id']}")
    ask("DELETE", f"policies/{policy['id']}")


def addresses(application: APIFlask, ids: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Each method and address that names something, with each of the ids."""
    for rule in application.url_map.iter_rules():
        names = re.findall(r"<(\w+)>", rule.rule)
        if not rule.rule.startswith("/api/") or rule.endpoint in OPEN or not names:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for which in range(2):
                filled = {name: ids[name][which % len(ids[name])] for name in names}
                yield method, re.sub(r"<(\w+)>", lambda found: filled[found[1]], rule.rule)  # noqa: B023


def test_every_address_with_every_id_of_the_other_organization(
    application: APIFlask, other: Other, ids: dict[str, list[str]]
) -> None:
    tried = list(addresses(application, ids))
    assert len(tried) > 30
    for method, address in tried:
        status, said = other.ask(method, address, None if method in ("GET", "DELETE") else dict(FILLED))
        named = next(name for name in address.split("/") if any(name in each for each in ids.values()))
        assert status in (404, 422), f"{method} {address}: {status} {said}"
        assert status == 404 or "incidents" not in address, f"{method} {address}: {said}"
        assert said.replace(named, "").count(SECRET) == 0


def test_lists_show_nothing_of_the_other_organization(other: Other, ids: dict[str, list[str]]) -> None:
    for path in (
        "/api/v1/incidents",
        f"/api/v1/incidents?text={SECRET}",
        "/api/v1/members",
        "/api/v1/organizations",
        "/api/v1/projects",
        "/api/v1/silences",
        "/api/v1/stakeholders",
        "/api/v1/schedules",
        "/api/v1/oncall",
        "/api/v1/keys",
        "/api/v1/policies",
        "/api/v1/preview",
        "/api/v1/policies/default",
        "/api/v1/policies/default/preview",
    ):
        status, said = other.ask("GET", path)
        assert status == 200, path
        assert SECRET not in said
        assert "Bea" not in said
        assert not any(each in said for each in ids["schedule"])
    assert '"total":0' in other.ask("GET", "/api/v1/incidents/stats")[1].replace(" ", "")


def test_a_report_is_the_own_organizations(other: Other, ask: Ask, report: Callable[..., Json]) -> None:
    """The same id in both is two incidents, and each numbers its own."""
    mine = report()
    status, said = other.ask("POST", "/api/v1/incidents", {"id": mine["id"], "title": "Theirs", "severity": "LOW"})
    assert status == 202
    assert '"duplicate":false' in said.replace(" ", "")
    assert ask("GET", f"incidents/{mine['id']}")["title"] == mine["title"]
    assert other.ask("GET", f"/api/v1/incidents/{mine['id']}/status")[1].count("Theirs") == 1
