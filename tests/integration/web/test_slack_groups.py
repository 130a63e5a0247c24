"""Slack groups in policies over REST: found in Slack when they are saved, shown with who is not reached, or refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from app.bootstrap import Providers
from incidents import keys
from incidents.errors import PermanentError, TemporaryError
from incidents.models import Organization
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Group
from incidents.roles import Role
from incidents.store import Database
from incidents.words import CATEGORIES
from tests.fakes import FakeChat
from tests.integration.web.conftest import Ask, Json

DEFAULT = "policies/default"
AWAY = TemporaryError("Slack did not answer")


@pytest.fixture(autouse=True)
def _as_it_was(database: Database) -> Iterator[None]:
    yield
    with database.begin() as session:
        organization = session.get_one(Organization, database.only_store().organization)
        organization.policy, organization.policies, organization.groups = DEFAULT_POLICY, [], []


@pytest.fixture
def chat(providers: Providers) -> Iterator[FakeChat]:
    """@sre with Bea and Cy, and @ops with nobody."""
    vars(providers)["chat"] = chat = FakeChat()
    chat.user_groups.append(Group("S0OPS", "ops", "Operations", frozenset()))
    yield chat
    del vars(providers)["chat"]


def steps(group: Any, **more: Any) -> Json:
    return {"repeat": 0, "steps": [{"to": {"group": group}, "calls": 3, "every": 60, "wait": 200, **more}]}


@pytest.mark.parametrize("name", ["sre", "@sre", "S0SRE", {"id": "S0SRE", "handle": "older", "name": None}])
def test_it_is_read_with_handle_and_name_and_can_be_sent_back(ask: Ask, chat: FakeChat, name: Any) -> None:
    written = ask("PUT", DEFAULT, steps(name))
    shown = {"id": "S0SRE", "handle": "sre", "name": "SRE"}
    assert written["steps"][0]["to"] == {"schedule": None, "person": None, "group": shown}
    assert ask("PUT", DEFAULT, written) == written == ask("GET", DEFAULT)


def test_the_look_ahead_shows_the_round_and_who_is_not_reached(ask: Ask, chat: FakeChat) -> None:
    chat.user_groups[0] = Group("S0SRE", "sre", "SRE", frozenset({"U0BEA", "U0CY", "U0NEW"}))
    ask("PUT", DEFAULT, steps("sre", also=[{"by": "slack"}]))
    told = ask("GET", "preview")
    assert [(call["after"], call["person"], call["channel"]) for call in told["calls"]] == [
        (0, "Bea", "phone"),
        (0, "@sre", "slack"),
        (60, "Cy", "phone"),
        (120, "Bea", "phone"),
    ]
    assert told["not_called"] == ["U0NEW of @sre: no member here has that Slack user"]


def test_a_group_that_there_is_not_is_refused_with_those_that_there_are(ask: Ask, chat: FakeChat) -> None:
    for name in ("sre-team", "", "<!subteam^S0SRE>", "sre\x00", "'; --", {"id": 7}):
        detail = ask("PUT", DEFAULT, steps(name), status=422)["detail"]
        assert detail.endswith("in Slack. There are: @ops, @sre.")
    assert "at most 100" in ask("PUT", DEFAULT, steps("s" * 101), status=422)["detail"]
    assert (
        "name one" in ask("PUT", DEFAULT, {"steps": [{"to": {"group": "sre", "person": "Cy"}}]}, status=422)["detail"]
    )
    assert ask("GET", DEFAULT)["steps"][0]["to"] is None


def test_while_slack_is_away_a_group_that_is_known_can_be_named_and_no_other(ask: Ask, chat: FakeChat) -> None:
    chat.fail(AWAY, times=1000)
    refused = ask("PUT", DEFAULT, steps("sre"), status=503)
    assert "Slack did not answer. Try again" in refused["detail"]
    chat.works_again()
    written = ask("PUT", DEFAULT, steps("sre"))
    chat.fail(AWAY, times=1000)
    assert ask("PUT", DEFAULT, {**written, "ring_for": 30})["ring_for"] == 30
    ask("PUT", DEFAULT, steps("ops"), status=503)
    asked = len(chat.calls)
    ask("GET", "preview")
    ask("PUT", DEFAULT, {"steps": [{}]})
    assert len(chat.calls) == asked, "Slack is asked for nothing but the groups that are named"


def test_where_slack_refuses_or_is_off_that_is_said(ask: Ask, chat: FakeChat, providers: Providers) -> None:
    chat.fail(PermanentError("Slack wants the scope usergroups:read for usergroups.list"))
    assert "Slack wants the scope usergroups:read" in ask("PUT", DEFAULT, steps("sre"), status=409)["detail"]
    vars(providers)["chat"] = None
    body = {"name": "Night", "for": {"services": ["x"]}, **steps("sre")}
    assert "Slack is off" in ask("POST", "policies", body, status=409)["detail"]


def test_another_organization_has_no_groups_and_sees_none(
    ask: Ask, client: FlaskClient, chat: FakeChat, database: Database
) -> None:
    name = f"other-{uuid4().hex[:6]}"
    made = {"categories": list(CATEGORIES), "policy": DEFAULT_POLICY, "created_at": datetime.now(UTC)}
    with database.begin() as session:
        row = Organization(name=name, **made)
        session.add(row)
        session.flush()
        organization = row.id
    with database.store(organization).begin() as tx:
        _, key = keys.make(tx, name="theirs", role=Role.ADMIN, days=1, by="tests")
    ask("PUT", DEFAULT, steps("sre"))
    headers = {"X-API-Key": key}
    refused = client.put(f"/api/v1/{DEFAULT}", json=steps("S0SRE"), headers=headers)
    assert (refused.status_code, "Slack is off" in refused.text, "sre" in refused.text) == (409, True, False)
    for path in (DEFAULT, "policies", "preview"):
        assert "S0SRE" not in client.get(f"/api/v1/{path}", headers=headers).text
