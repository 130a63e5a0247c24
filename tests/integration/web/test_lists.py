"""Lists come page by page, the newest first, and every filter narrows them."""

from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient

from tests.integration.web.conftest import Json

Report = Callable[..., Json]


def _numbers(client: FlaskClient, **query: str) -> list[int]:
    answer = client.get("/api/v1/incidents", query_string=query)
    assert answer.status_code == 200, answer.text
    return [incident["number"] for incident in answer.get_json()["incidents"]]


def test_pages_follow_each_other_until_the_end(client: FlaskClient, report: Report) -> None:
    word = uuid4().hex
    made = [report(title=f"{word} {n}")["number"] for n in range(5)]
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"text": word, "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/incidents", query_string=query).get_json()
        seen += [incident["number"] for incident in page["incidents"]]
        cursor = page["next_cursor"]
    assert seen == sorted(made, reverse=True)


def test_filters(client: FlaskClient, report: Report) -> None:
    word = uuid4().hex
    low, high = report(title=f"{word} low", severity="LOW"), report(title=f"{word} high", severity="HIGH")
    client.post(f"/api/v1/incidents/{low['number']}/ack")
    client.post(f"/api/v1/incidents/{low['number']}/feedback", json={"category": "access"})
    both = [high["number"], low["number"]]
    assert _numbers(client, text=word) == both
    assert _numbers(client, text=word, status="acknowledged") == [low["number"]]
    assert _numbers(client, text=word, status="open, acknowledged") == both
    assert _numbers(client, text=word, severity="high") == [high["number"]]
    assert _numbers(client, text=word, category="access") == [low["number"]]
    assert _numbers(client, text=word, source="api") == both
    assert _numbers(client, text=word, source="phone") == []
    assert _numbers(client, text=word, since=high["opened_at"]) == [high["number"]]
    assert _numbers(client, text=word, until=high["opened_at"]) == [low["number"]]


def test_percent_signs_in_a_text_are_percent_signs(client: FlaskClient, report: Report) -> None:
    word = uuid4().hex
    made = report(title=f"{word} at 100%")
    report(title=f"{word} at 100 degrees")
    assert _numbers(client, text=f"{word} at 100%") == [made["number"]]


def test_statistics_count_them(client: FlaskClient, report: Report) -> None:
    before = client.get("/api/v1/incidents/stats").get_json()
    client.post(f"/api/v1/incidents/{report(severity='HIGH')['number']}/ack")
    after = client.get("/api/v1/incidents/stats").get_json()
    assert after["total"] == before["total"] + 1
    assert after["by_severity"]["HIGH"] == before["by_severity"].get("HIGH", 0) + 1
    assert after["mean_seconds_to_acknowledge"] >= 0
    assert (after["cents_saved"], after["model_calls_saved"]) == (None, 0)
    assert client.get("/api/v1/incidents/stats?since=2999-01-01").get_json()["total"] == 0
    assert client.get("/api/v1/incidents/stats?until=yesterday").status_code == 422
