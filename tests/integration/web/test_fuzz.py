"""Any JSON, and any bytes, to any address that takes a body: never 5xx."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEW = settings(
    max_examples=120,
    deadline=timedelta(seconds=10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
ADDRESSES = (
    "/api/v1/incidents",
    "/api/v1/incidents/1/ack",
    "/api/v1/incidents/1/feedback",
    "/api/v1/incidents/1/escalate",
    "/api/twilio/outbound/call/incident-notification",
    "/api/v1/members",
    "/api/v1/projects",
    "/api/v1/schedules",
    "/api/v1/schedules/1/overrides",
    "/api/v1/schedules/1/calendar",
    "/api/v1/keys",
    "/jira/webhook",
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
members = st.sampled_from(
    (
        *("id", "type", "title", "description", "source", "severity", "metadata", "service", "project"),
        *("by", "category", "incidentId", "message"),
    )
)
reports = st.dictionaries(members, anything | st.sampled_from(["HIGH", "low", "database", "x\x00y", ""]), max_size=6)


@FEW
@given(address=st.sampled_from(ADDRESSES), body=reports | anything)
def test_any_json_gets_an_answer(client: FlaskClient, address: str, body: Any) -> None:
    answer = client.post(address, json=body)
    assert answer.status_code < 500, answer.text


@FEW
@given(address=st.sampled_from(ADDRESSES), body=st.binary(max_size=200))
def test_any_bytes_get_an_answer(client: FlaskClient, address: str, body: bytes) -> None:
    answer = client.post(address, data=body, content_type="application/json")
    assert answer.status_code < 500, answer.text


@FEW
@given(name=st.text(min_size=1, max_size=70), query=st.dictionaries(st.text(max_size=9), st.text(max_size=30)))
def test_any_address_gets_an_answer(client: FlaskClient, name: str, query: dict[str, str]) -> None:
    name = quote(name, safe="/")
    for address in ("/api/v1/incidents", "/api/v1/incidents/" + name, f"/api/v1/incidents/{name}/jobs/{name}"):
        assert client.get(address, query_string=query).status_code < 500
