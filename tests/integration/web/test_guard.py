"""Every route demands the key, but for those that are open on purpose; the description lists them all."""

import re

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

OPEN = {"/api/health", "/api/health/deep", "/api/openapi.json", "/api/docs", "/api/docs/<name>"}
PROMISED = {
    "GET /api/health",
    "GET /api/health/deep",
    "POST /api/v1/incidents",
    "GET /api/v1/incidents",
    "GET /api/v1/incidents/stats",
    "GET /api/v1/incidents/{name}",
    "GET /api/v1/incidents/{name}/status",
    "GET /api/v1/incidents/{name}/timeline",
    "GET /api/v1/incidents/{name}/jobs",
    "POST /api/v1/incidents/{name}/jobs/{job}/retry",
    "POST /api/v1/incidents/{name}/ack",
    "POST /api/v1/incidents/{name}/resolve",
    "POST /api/v1/incidents/{name}/escalate",
    "POST /api/v1/incidents/{name}/reopen",
    "POST /api/v1/incidents/{name}/merge",
    "POST /api/v1/incidents/{name}/feedback",
    "GET /api/knowledge/search",
    "GET /api/v1/knowledge",
    "DELETE /api/v1/knowledge/{source}",
    "POST /api/v1/knowledge/{source}/restore",
    "POST /api/twilio/outbound/call/incident-notification",
    "GET /api/v1/members",
    "POST /api/v1/members",
    "PUT /api/v1/members/{member}",
    "PUT /api/v1/members/{member}/role",
    "DELETE /api/v1/members/{member}",
    "POST /api/v1/members/{member}/phone/code",
    "POST /api/v1/members/{member}/phone/confirm",
    "POST /api/v1/members/{member}/phone/test",
    "PUT /api/v1/members/{member}/pin",
    "DELETE /api/v1/members/{member}/pin",
    "POST /api/v1/members/{member}/email/code",
    "POST /api/v1/members/{member}/email/confirm",
    "POST /api/v1/members/{member}/email/test",
    "GET /api/v1/members/{member}/rules",
    "PUT /api/v1/members/{member}/rules",
    "GET /api/v1/organizations",
    "PUT /api/v1/organizations/{organization}",
    "POST /api/v1/organizations",
    "DELETE /api/v1/organizations/{organization}",
    "POST /api/v1/organizations/{organization}/keys",
    "GET /api/v1/organizations/{organization}/export",
    "GET /api/v1/projects",
    "POST /api/v1/projects",
    "GET /api/v1/projects/{project}",
    "PATCH /api/v1/projects/{project}",
    "DELETE /api/v1/projects/{project}",
    "GET /api/v1/projects/{project}/export",
    "GET /api/v1/oncall",
    "GET /api/v1/schedules",
    "POST /api/v1/schedules",
    "GET /api/v1/schedules/{schedule}",
    "PUT /api/v1/schedules/{schedule}",
    "DELETE /api/v1/schedules/{schedule}",
    "GET /api/v1/schedules/{schedule}/shifts",
    "GET /api/v1/schedules/{schedule}/report",
    "GET /api/v1/schedules/{schedule}/overrides",
    "POST /api/v1/schedules/{schedule}/overrides",
    "DELETE /api/v1/schedules/{schedule}/overrides/{override}",
    "POST /api/v1/schedules/{schedule}/take",
    "POST /api/v1/schedules/{schedule}/swap",
    "POST /api/v1/schedules/{schedule}/calendar",
    "POST /api/v1/schedules/{schedule}/calendar-address",
    "GET /api/v1/policies",
    "POST /api/v1/policies",
    "GET /api/v1/policies/{policy}",
    "PUT /api/v1/policies/{policy}",
    "DELETE /api/v1/policies/{policy}",
    "GET /api/v1/policies/{policy}/preview",
    "GET /api/v1/preview",
    "GET /api/v1/stakeholders",
    "POST /api/v1/stakeholders",
    "DELETE /api/v1/stakeholders/{stakeholder}",
    "GET /api/v1/silences",
    "POST /api/v1/silences",
    "DELETE /api/v1/silences/{silence}",
    "GET /api/v1/keys",
    "POST /api/v1/keys",
    "DELETE /api/v1/keys/{key}",
    "GET /api/v1/clock",
    "POST /api/v1/clock",
}


def _routes(application: APIFlask) -> list[tuple[str, str]]:
    return [
        (method, rule.rule)
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_each_route_demands_the_key(application: APIFlask, stranger: FlaskClient) -> None:
    guarded = [(method, rule) for method, rule in _routes(application) if rule not in OPEN]
    assert len(guarded) >= len(PROMISED) - 2
    for method, rule in guarded:
        address = re.sub(r"<[^>]+>", "1", rule)
        for headers in ({}, {"X-API-Key": "wrong"}, {"X-API-Key": "ü"}, {"X-API-Key": ""}):
            answer = stranger.open(address, method=method, headers=headers)
            assert answer.status_code == 401, f"{method} {rule}"
            assert ".data/admin-api-key" in answer.get_json()["detail"]
            assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("address", ["/api/health", "/api/openapi.json", "/api/docs", "/metrics"])
def test_the_open_ones_answer_anybody(stranger: FlaskClient, address: str) -> None:
    assert stranger.get(address).status_code == 200


def test_the_description_lists_every_route(application: APIFlask, stranger: FlaskClient) -> None:
    described = stranger.get("/api/openapi.json").get_json()
    assert described["openapi"].startswith("3.1.")
    listed = {f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods}
    routes = {
        f"{method} {rule.replace('<', '{').replace('>', '}')}"
        for method, rule in _routes(application)
        if rule not in OPEN - {"/api/health", "/api/health/deep"}
    }
    assert listed == routes == PROMISED


def test_every_reference_in_the_description_leads_somewhere(stranger: FlaskClient) -> None:
    text = stranger.get("/api/openapi.json").text
    schemas = stranger.get("/api/openapi.json").get_json()["components"]["schemas"]
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert wanted <= set(schemas)
    assert "Problem" in wanted


def test_errors_are_described_as_problems(stranger: FlaskClient) -> None:
    operation = stranger.get("/api/openapi.json").get_json()["paths"]["/api/v1/incidents"]["post"]
    assert set(operation["responses"]) == {"202", "401", "413", "415", "422", "503"}
    assert list(operation["responses"]["422"]["content"]) == ["application/problem+json"]
    assert operation["security"] == [{"ApiKey": []}]
    assert "Idempotency-Key" in {each["name"] for each in operation["parameters"]}


def test_the_page_loads_nothing_from_elsewhere(stranger: FlaskClient) -> None:
    page = stranger.get("/api/docs")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(asset.startswith("/api/") for asset in assets)
    for asset in assets:
        with stranger.get(asset) as answer:
            assert answer.status_code == 200, asset
    assert not re.search(r"<script>|<style>|style=|onload=", page.text)


def test_a_request_keeps_its_sane_id_and_loses_another(stranger: FlaskClient) -> None:
    assert stranger.get("/api/health", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    for forged in ("a b", "x" * 65, "<b>"):
        assert stranger.get("/api/health", headers={"X-Request-ID": forged}).headers["X-Request-ID"] != forged
