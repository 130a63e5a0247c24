"""OAuth with Slack's SDK: the page, the code, the token, and the ways in which an installation ends."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.sandbox.installing import BACK, allow, authorize_url, decide, install, sent_back
from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"}


def test_allowed_the_person_comes_back_with_a_code_and_the_app_gets_a_token(sandbox: RunningSandbox) -> None:
    page = httpx.get(url := authorize_url(sandbox), trust_env=False)
    assert page.status_code == 200
    assert "chat:write" in page.text
    assert "Globex" in page.text
    brought = sent_back(decide(url, team="T1SANDBOX", user="U1IDA"))
    assert brought["state"] == "state-1"
    installed = install(sandbox, brought["code"])
    assert installed["access_token"].startswith("xoxb-")
    assert (installed["team"], installed["authed_user"]) == ({"id": "T1SANDBOX", "name": "Globex"}, {"id": "U1IDA"})
    assert (installed["bot_user_id"], installed["token_type"]) == ("U1TOCSIN", "bot")
    slack = WebClient(installed["access_token"], base_url=f"{sandbox.address}/slack/api/")
    assert slack.auth_test()["team_id"] == "T1SANDBOX"
    with pytest.raises(SlackApiError, match="missing_scope"):
        slack.conversations_create(name="incident-1")


def test_secrets_stay_out_of_the_ledger(sandbox: RunningSandbox) -> None:
    code = allow(sandbox, team="T1SANDBOX")
    install(sandbox, code)
    (entry,) = sandbox.ledger("slack", "oauth.v2.access")
    assert "secret" not in json.dumps(entry["request"])
    assert code not in json.dumps(entry["request"])


def test_installed_again_it_is_the_same_token_with_more_scopes(sandbox: RunningSandbox) -> None:
    first = install(sandbox, allow(sandbox, team="T1SANDBOX"))
    more = sent_back(decide(authorize_url(sandbox, scopes=["channels:manage"]), team="T1SANDBOX"))
    second = install(sandbox, more["code"])
    assert second["access_token"] == first["access_token"]
    assert set(second["scope"].split(",")) == {*first["scope"].split(","), "channels:manage"}
    assert install(sandbox, allow(sandbox))["access_token"] == "xoxb-sandbox"


def test_declined_the_person_comes_back_without_a_code(sandbox: RunningSandbox) -> None:
    assert sent_back(decide(authorize_url(sandbox), "cancel")) == {"error": "access_denied", "state": "state-1"}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"client_id": "somebody"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example.com/"}, "bad_redirect_uri"),
        ({"scopes": ["chat:everything"]}, "invalid_scope"),
        ({"scopes": []}, "no_scopes"),
    ],
)
def test_what_is_asked_wrongly_is_shown_and_nobody_is_sent_back(
    sandbox: RunningSandbox, more: dict[str, Any], why: str
) -> None:
    for answer in (httpx.get(url := authorize_url(sandbox, **more), trust_env=False), decide(url)):
        assert (answer.status_code, why in answer.text) == (400, True)


def test_a_guest_installs_nothing(sandbox: RunningSandbox) -> None:
    assert "not_allowed" in decide(authorize_url(sandbox), user="U0DEE").text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "1.2.3"}, "invalid_code"),
        ({"client_id": "somebody"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
def test_a_code_is_exchanged_only_by_whom_and_how_it_was_asked_for(
    sandbox: RunningSandbox, wrong: dict[str, str], error: str
) -> None:
    slack = WebClient(base_url=f"{sandbox.address}/slack/api/")
    right = {**CLIENT, "code": allow(sandbox), "redirect_uri": BACK}
    with pytest.raises(SlackApiError, match=error):
        slack.api_call("oauth.v2.access", data={**right, **wrong})
    assert slack.api_call("oauth.v2.access", data=right)["ok"] is True


def test_a_code_is_good_once_and_for_ten_minutes(sandbox: RunningSandbox) -> None:
    used, old = allow(sandbox), allow(sandbox)
    install(sandbox, used)
    with pytest.raises(SlackApiError, match="code_already_used"):
        install(sandbox, used)
    sandbox.post("/control/slack/expire_codes")
    with pytest.raises(SlackApiError, match="invalid_code"):
        install(sandbox, old)


def test_a_revoked_token_is_good_for_nothing_and_the_app_is_told(
    sandbox: RunningSandbox, slack: WebClient, product: Receiver
) -> None:
    assert slack.auth_revoke(test=True)["revoked"] is False
    assert slack.auth_revoke()["revoked"] is True
    with pytest.raises(SlackApiError, match="account_inactive"):
        slack.auth_test()
    told = product.wait_for(lambda one: b"tokens_revoked" in one.body)
    assert json.loads(told.body)["event"]["tokens"] == {"oauth": [], "bot": ["U0TOCSIN"]}
    assert not any("U0TOCSIN" in one["members"] for one in sandbox.get("/control/slack/state")["channels"])
    assert install(sandbox, allow(sandbox))["access_token"] != "xoxb-sandbox"


def test_uninstalled_the_app_is_told_and_gone(sandbox: RunningSandbox, slack: WebClient, product: Receiver) -> None:
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        slack.apps_uninstall(client_id="sandbox-client", client_secret="guess")
    slack.apps_uninstall(**CLIENT)
    for kind in ("tokens_revoked", "app_uninstalled"):
        told = product.wait_for(lambda one, kind=kind: kind.encode() in one.body)  # type: ignore[misc]
        assert json.loads(told.body)["team_id"] == "T0SANDBOX"
    asked = {"user": "ana", "channel": "general", "text": "list"}
    assert sandbox.ask("POST", "/control/slack/command", asked).status == 404
    assert sandbox.ask("POST", "/control/slack/uninstall", {}).status == 409


def test_an_administrator_uninstalls_too(sandbox: RunningSandbox, slack: WebClient, product: Receiver) -> None:
    sandbox.post("/control/slack/uninstall")
    product.wait_for(lambda one: b"app_uninstalled" in one.body)
    with pytest.raises(SlackApiError, match="account_inactive"):
        slack.auth_test()
