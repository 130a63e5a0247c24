"""When, and how often, somebody is not to be called, over REST."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.web.conftest import Ask, Json

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NIGHT: Json = {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"}
NONE: Json = {"quiet": None, "most_calls": None, "gap": None}


@pytest.fixture(autouse=True)
def _as_before(ask: Ask) -> Iterator[None]:
    yield
    ask("PUT", "members/Bea/rules", NONE)


def test_there_are_none_before_somebody_says_so(ask: Ask) -> None:
    assert ask("GET", "members/Bea/rules") == NONE


def test_said_and_read_and_taken_back(ask: Ask) -> None:
    said = {"quiet": NIGHT, "most_calls": 5, "gap": 600}
    kept = {**said, "quiet": {**NIGHT, "from": "22:00:00", "to": "07:00:00", "weekdays": WEEK}}
    assert ask("PUT", "members/Bea/rules", said) == ask("GET", "members/Bea/rules") == kept
    assert ask("PUT", "members/Bea/rules", kept) == kept
    assert ask("PUT", "members/Bea/rules", {}) == ask("GET", "members/Bea/rules") == NONE


def test_the_preview_passes_over_whoever_rests(ask: Ask) -> None:
    now = datetime.now(UTC)
    hours = {"from": f"{now - timedelta(hours=1):%H:%M}", "to": f"{now + timedelta(hours=1):%H:%M}", "zone": "UTC"}
    ask("PUT", "members/Bea/rules", {"quiet": hours})
    assert {call["person"] for call in ask("GET", "policies/default/preview?severity=MEDIUM")["calls"]} == {"Cy"}
    assert ask("GET", "policies/default/preview?severity=HIGH")["calls"][0]["person"] == "Bea"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"quiet": {**NIGHT, "zone": "Europe/Atlantis"}}, "'Europe/Atlantis' is no time zone"),
        ({"quiet": {**NIGHT, "to": "22:00"}}, "never end"),
        ({"quiet": {"from": "22:00"}}, "to"),
        ({"quiet": {**NIGHT, "weekdays": ["someday"]}}, "weekdays"),
        ({"quiet": {**NIGHT, "weekdays": []}}, "weekdays"),
        ({"most_calls": 0}, "most_calls"),
        ({"gap": 5}, "gap"),
    ],
)
def test_what_is_no_rule_is_refused(ask: Ask, wrong: Json, says: str) -> None:
    assert says in ask("PUT", "members/Bea/rules", wrong, status=422)["detail"]
    assert ask("GET", "members/Bea/rules") == NONE


def test_of_nobody_there_are_none(ask: Ask) -> None:
    ask("GET", "members/nobody/rules", status=404)
    ask("PUT", "members/nobody/rules", NONE, status=404)
