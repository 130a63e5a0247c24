"""Who wants to know of some incidents, over REST."""

import pytest

from tests.integration.web.conftest import Ask, Json

SUPPORT: Json = {"name": "Support", "channel": "C0SUPPORT", "for": {"services": ["checkout"], "severities": ["high"]}}


def test_made_listed_and_removed(ask: Ask) -> None:
    made = ask("POST", "stakeholders", SUPPORT, status=201)
    kept = {"categories": [], "services": ["checkout"], "severities": ["HIGH"], "projects": []}
    assert made == {"id": made["id"], "name": "Support", "channel": "C0SUPPORT", "slack_user": None, "for": kept}
    everybody = ask("POST", "stakeholders", {"name": "All", "channel": "C0ALL", "slack_user": "U0EVE"}, status=201)
    assert ask("GET", "stakeholders")["stakeholders"] == [everybody, made]
    assert ask("DELETE", "stakeholders/Support")["stakeholders"] == [everybody]
    assert ask("DELETE", f"stakeholders/{everybody['id']}")["stakeholders"] == []
    ask("DELETE", "stakeholders/Support", status=404)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"channel": "#support"}, "channel"),
        ({"slack_user": "@eve"}, "slack_user"),
        ({"for": {"categories": ["nonsense"]}}, "no category 'nonsense'"),
        ({"name": "a/b"}, "name"),
    ],
)
def test_what_cannot_be_is_refused(ask: Ask, wrong: Json, says: str) -> None:
    assert says in ask("POST", "stakeholders", {**SUPPORT, **wrong}, status=422)["detail"]
    assert ask("GET", "stakeholders") == {"stakeholders": []}
