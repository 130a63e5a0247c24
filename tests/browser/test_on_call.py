"""`/incident oncall` as a person sees it: schedules, a gap, and whom a page would call."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.play import Json, Play

WEEK = {"people": ["Bea", "Cy"], "starts": "2026-01-05T09:00:00", "every": {"unit": "week", "length": 1}}


def asked(play: Play, method: str, path: str, body: Json | None = None) -> Json:
    answer = play.api(method, f"/api/v1/{path}", body)
    assert answer.status_code < 300, answer.text
    return dict(answer.json()) if answer.content else {}


@pytest.fixture
def scheduled(play: Play) -> Iterator[Play]:
    """Bea and Cy by weeks, a schedule that nobody is in, and a policy that calls both; gone again afterwards."""
    before = asked(play, "GET", "policies/default")
    for name, layers in (("Primary", [WEEK]), ("Database", [])):
        asked(play, "POST", "schedules", {"name": name, "zone": "Europe/Berlin", "layers": layers})
    steps = [{"to": {"schedule": name}, "calls": 2, "every": 60, "wait": 120} for name in ("Primary", "Database")]
    asked(play, "PUT", "policies/default", {"repeat": 1, "steps": steps})
    yield play
    asked(play, "PUT", "policies/default", before)
    for name in ("Primary", "Database"):
        asked(play, "DELETE", f"schedules/{name}")


def test_who_is_on_call_is_shown_before_anybody_is_called(screen: Screen, scheduled: Play) -> None:
    screen.open_channel("incidents")
    screen.write("/incident oncall")
    told = screen.messages.locator(".ephemeral").last
    expect(told).to_contain_text("Primary: ")
    expect(told).to_contain_text("Database: ")
    expect(told).to_contain_text("nobody")
    expect(told).to_contain_text("A HIGH incident that nobody takes would call +0:00")
    expect(told).to_contain_text("nobody is on call in Database")
    told.scroll_into_view_if_needed()
    screen.picture("oncall")
