"""Whatever is sent, the answer says what is wrong and what to do, and never 5xx."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.integration.web.conftest import Ask, Json

Report = Callable[..., Json]
POST = "/api/v1/incidents"

BODIES: list[tuple[str, bytes, int, str]] = [
    ("no body", b"", 422, "Say what is wrong"),
    ("empty object", b"{}", 422, "Say what is wrong"),
    ("blank texts", b'{"title": "  ", "description": "\\n"}', 422, "Say what is wrong"),
    ("malformed", b'{"title": ', 400, "not valid JSON"),
    ("not UTF-8", b'{"title": "\xff\xfe"}', 400, "not valid JSON"),
    ("half a surrogate", b'{"title": "\\ud800"}', 400, "not valid JSON"),
    ("not a number", b'{"title": "x", "metadata": {"a": NaN}}', 400, "not valid JSON"),
    ("nested bomb", b'{"metadata":' + b"[" * 100_000, 400, "recursion limit"),
    ("nested bomb, well formed", b'{"metadata":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, 400, "recursion limit"),
    ("a number of 5,000 digits", b'{"title": ' + b"9" * 5000 + b"}", 400, "out of range"),
    ("a list", b"[]", 422, "Send a JSON object"),
    ("a text", b'"help"', 422, "Send a JSON object"),
    ("a number", b"42", 422, "Send a JSON object"),
    ("title is a number", b'{"title": 5}', 422, "title: Input should be a valid string"),
    ("title is a list", b'{"title": ["x"]}', 422, "title: Input should be a valid string"),
    ("title is huge", b'{"title": 99999999999999999999999999}', 422, "title: Input should be a valid string"),
    ("severity is unknown", b'{"title": "x", "severity": "SEV1"}', 422, "'LOW', 'MEDIUM' or 'HIGH'"),
    ("severity is an object", b'{"title": "x", "severity": {}}', 422, "severity"),
    ("metadata is a text", b'{"title": "x", "metadata": "a"}', 422, "metadata"),
    ("id is a number", b'{"title": "x", "id": 5}', 422, "id: Input should be a valid string"),
    ("id of digits", b'{"title": "x", "id": "123"}', 422, "digits alone"),
    ("id is reserved", b'{"title": "x", "id": "stats"}', 422, "meaning of its own"),
    ("id is too long", b'{"title": "x", "id": "' + b"a" * 65 + b'"}', 422, "1 to 64 characters"),
    ("id with a slash", b'{"title": "x", "id": "a/b"}', 422, "1 to 64 characters"),
    ("id with a zero byte", b'{"title": "x", "id": "a\\u0000b"}', 422, "1 to 64 characters"),
    ("description is too long", b'{"description": "' + b"x" * 50_001 + b'"}', 422, "50,000 are the most"),
    ("larger than 1 MB", b'{"title": "' + b"x" * 1_000_000 + b'"}', 413, "1 MB is the most"),
]


@pytest.mark.parametrize(("body", "status", "says"), [each[1:] for each in BODIES], ids=[each[0] for each in BODIES])
def test_a_bad_report_is_told_what_is_wrong(client: FlaskClient, body: bytes, status: int, says: str) -> None:
    answer = client.post(POST, data=body, content_type="application/json")
    _is_problem(answer, status, says)


KEPT: list[tuple[str, bytes, str]] = [
    ("zero bytes", b'{"title": "a\\u0000b", "metadata": {"k\\u0000": "v\\u0000"}}', "a b"),
    ("a number beyond all floats", b'{"title": "far", "metadata": {"a": 1e999}}', "far"),
    ("a big whole number", b'{"title": "big", "metadata": {"a": ' + b"9" * 4000 + b"}}", "big"),
    ("other people's letters", '{"title": "Zürich ⚡ 数据库"}'.encode(), "Zürich ⚡ 数据库"),
    ("members that nobody knows", b'{"title": "more", "priority": "P1"}', "more"),
    ("a title that is too long", b'{"title": "' + b"word " * 100 + b'"}', "word word"),
    ("the same member twice", b'{"title": "one", "title": "two"}', "two"),
    ("markup", b'{"title": "<script>alert(1)</script> <!channel>"}', "<script>"),
]


@pytest.mark.parametrize(("body", "title"), [each[1:] for each in KEPT], ids=[each[0] for each in KEPT])
def test_a_strange_report_is_kept_all_the_same(client: FlaskClient, body: bytes, title: str) -> None:
    answer = client.post(POST, data=body, content_type="application/json")
    assert answer.status_code == 202, answer.text
    shown = client.get(f"{POST}/{answer.get_json()['number']}").get_json()
    assert shown["title"].startswith(title)


def test_a_form_is_told_to_come_as_json(client: FlaskClient) -> None:
    _is_problem(client.post(POST, data={"title": "x"}), 415, "Content-Type: application/json")


@pytest.mark.parametrize("key", ["two words", "ü", "x" * 201])
def test_a_bad_idempotency_key_is_told(client: FlaskClient, key: str) -> None:
    _is_problem(client.post(POST, json={"title": "x"}, headers={"Idempotency-Key": key}), 422, "idempotency_key")


ADDRESSES: list[tuple[str, str, int, str]] = [
    ("GET", "/api/v1/incidents/4711000", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/%00", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/a%00b", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/%FF%FE", 404, "There is no incident"),
    ("GET", f"/api/v1/incidents/{'9' * 5000}", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/99999999999", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/-1", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/٣", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/' OR 1=1 --/status", 404, "There is no incident"),
    ("GET", "/api/v1/incidents/nobody/timeline", 404, "GET /api/v1/incidents"),
    ("GET", "/api/v1/incidents/nobody/jobs", 404, "There is no incident"),
    ("POST", "/api/v1/incidents/nobody/ack", 404, "There is no incident"),
    ("GET", "/api/v1/incidents?limit=0", 422, "limit: Input should be greater than or equal to 1"),
    ("GET", "/api/v1/incidents?limit=201", 422, "limit: Input should be less than or equal to 200"),
    ("GET", "/api/v1/incidents?limit=many", 422, "limit: Input should be a valid integer"),
    ("GET", "/api/v1/incidents?cursor=99999999999", 422, "cursor"),
    ("GET", "/api/v1/incidents?cursor=" + "9" * 5000, 422, "cursor"),
    ("GET", "/api/v1/incidents?status=closed", 422, "'open'"),
    ("GET", "/api/v1/incidents?severity=5", 422, "'LOW', 'MEDIUM' or 'HIGH'"),
    ("GET", "/api/v1/incidents?source=fax", 422, "'api'"),
    ("GET", "/api/v1/incidents?since=yesterday", 422, "since"),
    ("GET", "/api/knowledge/search", 422, "query: Field required"),
    ("GET", "/api/knowledge/search?query=%00", 422, "say what to look for"),
    ("GET", "/api/knowledge/search?query=a&maxResults=0", 422, "maxResults"),
    ("GET", "/api/v1/nothing", 404, "/api/openapi.json"),
    ("DELETE", "/api/v1/incidents", 405, "does not take that method"),
    ("PUT", "/api/health", 405, "does not take that method"),
    ("GET", "/api/docs/..%2f..%2fsettings.py", 404, "/api/openapi.json"),
]


@pytest.mark.parametrize(("method", "address", "status", "says"), ADDRESSES, ids=[each[1][:60] for each in ADDRESSES])
def test_a_bad_address_is_told_what_is_wrong(
    client: FlaskClient, method: str, address: str, status: int, says: str
) -> None:
    _is_problem(client.open(address, method=method), status, says)


@pytest.mark.parametrize(
    "query",
    [
        "text=%00",
        "text=%FF",
        "text=%25_\\",
        "category=%00",
        "x=y",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31",
    ],
)
def test_a_strange_filter_finds_what_it_finds(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/incidents?{query}").status_code == 200


ACTIONS: list[tuple[str, Any, str]] = [
    ("ack", {"by": 5}, "by: Input should be a valid string"),
    ("ack", {"by": "x" * 101}, "by: String should have at most 100 characters"),
    ("resolve", [], "Send a JSON object"),
    ("resolve", {"how": "x" * 2001}, "how"),
    ("feedback", {}, "category: Field required"),
    ("feedback", {"category": "bad mood"}, "Choose one of: database"),
    ("feedback", {"category": ["database"]}, "category"),
]


@pytest.mark.parametrize(("action", "body", "says"), ACTIONS)
def test_a_bad_action_is_told_what_is_wrong(
    client: FlaskClient, report: Report, action: str, body: Any, says: str
) -> None:
    _is_problem(client.post(f"{POST}/{report()['number']}/{action}", json=body), 422, says)


def _is_problem(answer: Any, status: int, says: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    told = json.loads(answer.text)
    assert told["status"] == status
    assert told["title"]
    assert says in told["detail"]
    assert told["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["members", "schedules", "policies", "stakeholders", "keys", "organizations"])
def test_what_looks_like_an_id_is_no_name(ask: Ask, path: str) -> None:
    """By it something else would be found, or hidden."""
    fits: Json = {
        "schedules": {"zone": "UTC", "layers": []},
        "policies": {"for": {"services": ["x"]}, "steps": [{}]},
        "stakeholders": {"channel": "C0TEAM"},
        "keys": {"days": 1},
    }
    for name in (str(uuid4()), str(uuid4()).upper()):
        told = ask("POST", path, {**fits.get(path, {}), "name": name}, status=422)
        assert "looks like" in str(told)
