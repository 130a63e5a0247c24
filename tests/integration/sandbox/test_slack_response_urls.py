"""A response URL takes five answers and puts them where they belong."""

from typing import Any

from slack_sdk.webhook import WebhookClient

from tests.integration.sandbox.running import RunningSandbox


def response_url(sandbox: RunningSandbox) -> str:
    said = sandbox.post("/control/slack/command", user="ana", channel="general", text="")
    return str(said["response_url"])


def shown(sandbox: RunningSandbox) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sandbox.get("/control/slack/state")["messages"]
    return messages


def test_five_answers_are_taken_and_the_sixth_is_not(sandbox: RunningSandbox) -> None:
    hook = WebhookClient(response_url(sandbox))
    answers = [hook.send(text=f"answer {number}") for number in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    assert len(shown(sandbox)) == 5


def test_an_answer_is_for_one_person_unless_it_says_in_channel(sandbox: RunningSandbox) -> None:
    hook = WebhookClient(response_url(sandbox))
    hook.send(text="for you")
    hook.send(text="for all", response_type="in_channel")
    assert [(one["text"], one["shown_to"]) for one in shown(sandbox)] == [("for you", "U0ANA"), ("for all", None)]


def test_an_address_that_nobody_made_is_refused(sandbox: RunningSandbox) -> None:
    assert WebhookClient(f"{sandbox.address}/slack/response/T0/1/x").send(text="x").status_code == 404


def test_bad_blocks_are_refused_here_too(sandbox: RunningSandbox) -> None:
    answer = WebhookClient(response_url(sandbox)).send(text="x", blocks=[{"type": "banner"}])
    assert answer.status_code == 400
    assert "invalid_blocks" in answer.body
