"""Signed, and still not what Slack sends: refused in words, never with a 5xx that Slack would answer with a repeat."""

import pytest

from tests.integration.bot.slack import Slack

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
EVENT = '{"type":"event_callback","team_id":"T1","event_id":"E1","event":%s}'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("null", JSON),
        ("[]", JSON),
        ("[" * 100_000, JSON),
        ("{", JSON),
        (EVENT % '"x"', JSON),
        (EVENT % '{"type":"app_mention","user":5,"channel":[],"ts":"x"}', JSON),
        (EVENT % '{"type":"reaction_added"}', JSON),
        (EVENT % '{"type":"reaction_added","user":"U1","item":{"type":"message"}}', JSON),
        ("payload=x", FORM),
        ("payload=[]", FORM),
        ("command=/incident", FORM),
        ("command=/incident&text=x&user_id=U1", FORM),
        ('payload={"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"incident_ack"}]}', FORM),
    ],
)
def test_signed_rubbish_is_refused_in_words(slack: Slack, body: str, kind: str) -> None:
    answer = slack.post(body, kind=kind)
    assert 400 <= answer.status < 500, answer.text


def test_a_time_too_large_to_be_one_is_no_signature(slack: Slack) -> None:
    assert slack.post("{}", kind=JSON, headers={"X-Slack-Request-Timestamp": "9" * 400}).status == 401
