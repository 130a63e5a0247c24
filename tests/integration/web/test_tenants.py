"""Two organizations: a key opens one of them, and nothing of the other is found, changed or shown by it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from incidents import keys, lessons
from incidents.models import Organization
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Lesson
from incidents.roles import Role
from incidents.store import Database
from incidents.words import CATEGORIES, Origin
from tests.integration.web.conftest import Ask, Json
from web.guard import OPEN

SECRET = "only-the-first-knows"
MALLORY = {"by": "Mallory"}
NIGHT = {"begins": "2099-01-01T00:00:00Z", "ends": "2099-01-02T00:00:00Z"}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//theirs\r\nEND:VCALENDAR\r\n"
BODIES: dict[str, Json | None] = {
    "actions.acknowledge": MALLORY,
    "actions.escalate": MALLORY,
    "actions.merge": {"into": 1, **MALLORY},
    "actions.reopen": MALLORY,
    "actions.resolve": MALLORY,
    "emails.confirm": {"code": "123456"},
    "emails.send_code": None,
    "emails.test_mail": None,
    "feedback.feedback": {"category": "database"},
    "jobs.retry": MALLORY,
    "knowledge.restore": None,
    "members.change": {"name": "Mallory"},
    "members.give_role": {"role": "viewer"},
    "organizations.change": {"name": "mine now"},
    "overrides.new_address": None,
    "overrides.override": {"person": "Mallory", **NIGHT},
    "overrides.swap": {"one": NIGHT["begins"], "other": NIGHT["ends"]},
    "overrides.take": {"person": "Mallory"},
    "overrides.take_in": {"calendar": CALENDAR},
    "phones.confirm": {"code": "123456"},
    "phones.send_code": {"by": "text"},
    "phones.test_call": None,
    "pins.give": {"pin": "27182"},
    "policies.change": {"name": "mine now", "for": {"services": ["mine"]}, "steps": [{}]},
    "projects.change": {"description": "mine now"},
    "rules.change": {"gap": 60},
    "schedules.change": {"name": "mine now", "zone": "UTC", "layers": []},
    "tenants.make_key": {"name": "mine now", "role": "admin", "days": 1},
}
"""By endpoint: what could be done to something of one's own. What does not fit is told first, and tells nothing."""


@dataclass(frozen=True)
class Other:
    """Somebody with an admin's key of another organization."""

    client: FlaskClient
    key: str

    def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, str]:
        answer = self.client.open(path, method=method, json=body, headers={"X-API-Key": self.key})
        return answer.status_code, answer.text

    def made(self, path: str, body: Json) -> Json:
        status, said = self.ask("POST", f"/api/v1/{path}", body)
        assert status in (201, 202), said
        return dict(json.loads(said))


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
    other = Other(application.test_client(), key)
    other.made("members", {"name": "Mallory"})
    return other


@pytest.fixture(scope="module")
def own(other: Other) -> dict[str, str]:
    """What of theirs an address can name before something of the first organization."""
    incident = other.made("incidents", {"title": "Theirs", "severity": "LOW"})
    schedule = other.made("schedules", {"name": "Theirs", "zone": "UTC", "layers": []})
    return {"name": str(incident["number"]), "schedule": schedule["id"]}


@pytest.fixture
def ids(ask: Ask, rota: str, report: Callable[..., Json], database: Database) -> Iterator[dict[str, list[str]]]:
    """Everything of the first organization that an address can name, by what the address calls it."""
    # Its number is one that the other organization has not come to.
    incident = [report(title=SECRET, severity="LOW") for _ in range(5)][-1]
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
    lesson = Lesson(f"import:{SECRET}", SECRET, SECRET, "database", "import")
    with database.only_store().begin() as tx:
        lessons.follow(tx, Origin.IMPORT, [lesson])
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
        "source": [lesson.source],
    }
    ask("GET", f"projects/{project['id']}/export")
    ask("DELETE", f"projects/{project['id']}?confirm={project['name']}")
    ask("DELETE", f"stakeholders/{stakeholder['id']}")
    ask("DELETE", f"policies/{policy['id']}")


@dataclass(frozen=True)
class Try:
    """`foreign` are those of the first organization's ids that the address names."""

    endpoint: str
    method: str
    address: str
    foreign: list[str]


def tries(application: APIFlask, ids: dict[str, list[str]], own: dict[str, str]) -> Iterator[Try]:
    """Each method and address that names something, with each of the ids; also as a part of something of one's own."""
    for rule in application.url_map.iter_rules():
        names = re.findall(r"<(\w+)>", rule.rule)
        if not rule.rule.startswith("/api/") or rule.endpoint in OPEN or not names:
            continue
        foreign = [{name: ids[name][which % len(ids[name])] for name in names} for which in range(2)]
        mixed = [{names[0]: own[names[0]], names[1]: ids[names[1]][0]}] if len(names) > 1 else []
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for filled in [*foreign, *mixed]:
                address = re.sub(r"<(\w+)>", lambda found: filled[found[1]], rule.rule)  # noqa: B023
                yield Try(
                    rule.endpoint, method, address, [each for each in filled.values() if each not in own.values()]
                )


def test_every_address_with_every_id_of_the_other_organization(
    application: APIFlask, other: Other, ids: dict[str, list[str]], own: dict[str, str]
) -> None:
    """An endpoint that is new fails here until it has ids, and a body if it takes one."""
    tried = list(tries(application, ids, own))
    assert len(tried) > 60
    for each in tried:
        body = None if each.method in ("GET", "DELETE") else BODIES[each.endpoint]
        status, said = other.ask(each.method, each.address, body)
        assert status == 404, f"{each.method} {each.address}: {status} {said}"
        rest = said
        for named in each.foreign:
            rest = rest.replace(named, "")
        assert leaks(rest, ids) == [], f"{each.method} {each.address}: {said}"


def leaks(said: str, ids: dict[str, list[str]]) -> list[str]:
    """Numbers count for nothing: both have a #1."""
    return [
        each
        for each in (SECRET, "Bea", *(id for some in ids.values() for id in some))
        if each in said and not each.isdigit()
    ]


@pytest.mark.parametrize("which", [0, 1], ids=["one name of it", "the other"])
def test_what_is_made_names_nothing_of_the_other_organization(
    other: Other, ids: dict[str, list[str]], own: dict[str, str], which: int
) -> None:
    """In bodies an id of theirs is as unknown as in addresses."""
    member, schedule = ids["member"][which], ids["schedule"][which]
    layer = {"people": [member], "starts": "2026-01-05T09:00:00"}
    mine = f"schedules/{own['schedule']}"
    incident = ids["name"][which]
    call = {"incidentId": incident, "toPhoneNumber": "+12025550111", "message": "x"}
    tried: list[tuple[str, str, Json]] = [
        ("PUT", f"v1/{mine}", {"name": "Theirs", "zone": "UTC", "layers": [layer]}),
        ("POST", "v1/schedules", {"name": "Another", "zone": "UTC", "layers": [layer]}),
        ("POST", f"v1/{mine}/overrides", {"person": member, **NIGHT}),
        ("POST", f"v1/{mine}/take", {"person": member}),
        ("PUT", "v1/policies/default", {"steps": [{"to": {"person": member}}]}),
        ("PUT", "v1/policies/default", {"steps": [{"to": {"schedule": schedule}}]}),
        ("POST", "v1/policies", {"name": "x", "for": {"services": ["x"]}, "steps": [{"to": {"schedule": schedule}}]}),
        ("POST", "twilio/outbound/call/incident-notification", call),
        ("POST", f"v1/incidents/{own['name']}/merge", {"into": incident}),
    ]
    for method, path, body in tried:
        status, said = other.ask(method, f"/api/{path}", body)
        assert status == 404, f"{method} {path}: {status} {said}"
        assert leaks(re.sub(f"{member}|{schedule}|{incident}", "", said), ids) == [], f"{method} {path}: {said}"


def test_lists_show_nothing_of_the_other_organization(other: Other, ids: dict[str, list[str]]) -> None:
    for path in (
        "/api/v1/incidents",
        "/api/v1/knowledge",
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
    listed = json.loads(other.ask("GET", "/api/v1/incidents")[1])["incidents"]
    assert json.loads(other.ask("GET", "/api/v1/incidents/stats")[1])["total"] == len(listed)


def test_a_report_is_the_own_organizations(other: Other, ask: Ask, report: Callable[..., Json]) -> None:
    """The same id in both is two incidents, and each numbers its own."""
    mine = report()
    status, said = other.ask("POST", "/api/v1/incidents", {"id": mine["id"], "title": "Theirs", "severity": "LOW"})
    assert status == 202
    assert '"duplicate":false' in said.replace(" ", "")
    assert ask("GET", f"incidents/{mine['id']}")["title"] == mine["title"]
    assert other.ask("GET", f"/api/v1/incidents/{mine['id']}/status")[1].count("Theirs") == 1
