"""Who is let in by Slack's door."""

from typing import Any

import pytest
from flask import Flask
from slack_sdk.signature import SignatureVerifier

from app.settings import Settings
from bot.door import slack_door
from tests.books import Books
from tests.integration.bot.slack import SECRET, Slack, signed

BODY = "command=%2Fincident&text=checkout&user_id=U0ANA&channel_id=C0GENERAL&trigger_id=t1"
FORM = "application/x-www-form-urlencoded"

FORGED: dict[str, dict[str, str]] = {
    "another secret": signed(BODY, secret="another"),
    "another body": signed(BODY + "x"),
    "a signature that is six minutes old": signed(BODY, age=360),
    "a signature from the future": signed(BODY, age=-3600),
    "no signature": {**signed(BODY), "X-Slack-Signature": ""},
    "no version": {**signed(BODY), "X-Slack-Signature": signed(BODY)["X-Slack-Signature"].removeprefix("v0=")},
    "a signature outside ASCII": {**signed(BODY), "X-Slack-Signature": "v0=é"},
    "no time": {**signed(BODY), "X-Slack-Request-Timestamp": ""},
    "a time that is no number": {**signed(BODY), "X-Slack-Request-Timestamp": "noon"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_what_slack_did_not_sign_is_refused(slack: Slack, books: Books, headers: dict[str, str]) -> None:
    answer = slack.post(BODY, kind=FORM, headers=headers)
    assert answer.status == 401
    assert "SLACK_SIGNING_SECRET" in answer.text
    assert (books.incidents(), books.accepted()) == ([], 0)


def test_without_the_headers_nobody_is_let_in(application: Flask, books: Books) -> None:
    answer = application.test_client().post("/slack/events", data=BODY, content_type=FORM)
    assert answer.status_code == 401
    assert books.incidents() == []


@pytest.mark.parametrize("body", [b"{not json", b'{"type": "url_verification"}', b"payload={", b"\xff\xfe", b""])
def test_nothing_is_parsed_before_the_signature(application: Flask, body: bytes) -> None:
    for kind in ("application/json", FORM):
        assert application.test_client().post("/slack/events", data=body, content_type=kind).status_code == 401


def test_the_signature_is_over_the_bytes_as_they_came(slack: Slack, books: Books) -> None:
    body = "command=%2fincident&text=r%C3%A9seau+%e2%82%ac&user_id=U0ANA&channel_id=C0GENERAL&trigger_id=t1&empty="
    assert slack.post(body, kind=FORM).status == 200
    assert slack.post(body, kind=f"{FORM}; charset=utf-8").status == 200
    assert [incident.title for incident in books.incidents()] == ["réseau €"]


def test_a_request_that_somebody_recorded_and_sends_again_changes_nothing(application: Flask, books: Books) -> None:
    headers = signed(BODY)
    for _ in range(3):
        answer = application.test_client().post("/slack/events", data=BODY, content_type=FORM, headers=headers)
        assert answer.status_code == 200
    assert len(books.incidents()) == 1


def test_slack_is_told_that_the_address_is_ours(slack: Slack) -> None:
    body = '{"token": "t", "challenge": "3eZbrw1aB", "type": "url_verification"}'
    assert "3eZbrw1aB" in slack.post(body, kind="application/json").text


def test_what_nobody_asked_for_is_refused(slack: Slack) -> None:
    assert slack.event({"type": "channel_archive", "channel": "C1", "user": "U0ANA"}).status == 404


@pytest.mark.parametrize("missing", [{"slack_bot_token": None}, {"slack_signing_secret": None}])
def test_without_a_token_or_a_secret_there_is_no_door(books: Books, missing: dict[str, Any]) -> None:
    settings = Settings(_env_file=None, slack_bot_token="xoxb-test", slack_signing_secret=SECRET)
    assert slack_door(settings.model_copy(update=missing), books.database) is None


def test_this_file_signs_as_slacks_documentation_does() -> None:
    """The example of https://docs.slack.dev/authentication/verifying-requests-from-slack/."""
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks."
        "slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
        "803a0bc887a14d10d2c447fce8b6703c"
    )
    verifier = SignatureVerifier("8f742231b10e8888abcd99yyyzzz85a5")
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert verifier.generate_signature(timestamp="1531420618", body=body) == expected
