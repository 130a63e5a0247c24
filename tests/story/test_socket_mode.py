"""The product in Socket Mode: declared, corrected, the process killed; it comes back, and nothing is lost meanwhile."""

import json
import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.play import Json, Play, eventually, playing, processes


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-socket-") as folder,
        playing(Path(folder) / "data", SLACK_APP_TOKEN="xapp-sandbox") as running,
    ):
        yield running


def test_declared_and_corrected_over_the_socket_which_comes_back_when_it_was_killed(play: Play) -> None:
    answer = play.ana.types("/incident the orders database does not answer")
    number = declared(answer)
    assert answer["status"] == 200
    incident = play.triaged(number)
    wanted, emoji = ("security", "lock") if incident["category"] != "security" else ("database", "file_cabinet")
    card = play.card(number) or {}
    assert play.bea.reacts(card, emoji)["status"] == 200
    assert play.incident(number)["category"] == wanted

    (socket,) = processes(b"bot.socket")
    os.kill(socket, signal.SIGKILL)
    eventually(lambda: not connected(play), saying="the connection stayed")
    missed = play.bea.reacts(card, emoji, remove=True)
    assert missed["failure"] == "no_connection"
    eventually(lambda: connected(play), within=15, saying="the process did not come back")

    assert declared(play.ana.types("/incident the mail queue grows")) == number + 1
    play.control("/control/slack/redeliver", {})
    eventually(lambda: play.incident(number)["category"] == incident["category"], saying="the reaction was lost")

    deliveries = [entry for entry in play.ledger(provider="slack", effects=False) if "socket" in entry["response"]]
    assert {entry["method"] for entry in deliveries} >= {"command /incident", "event reaction_added"}
    over_http = [entry for entry in play.ledger(provider="slack", effects=False) if is_delivery(entry)]
    assert over_http == deliveries


def test_a_connection_that_slack_refreshes_is_replaced(play: Play) -> None:
    (before,) = connected(play)
    play.control("/control/slack/disconnect", {})
    eventually(lambda: connected(play) and before not in connected(play), saying="it did not connect again")
    assert declared(play.ana.types("/incident the login page is slow")) > 0


def declared(answer: Json) -> int:
    found = re.search(r"#(\d+)", json.dumps(answer["body"]))
    assert found, answer
    return int(found[1])


def connected(play: Play) -> list[int]:
    return [one["number"] for one in play.look("/control/slack/connections")["connections"]]


def is_delivery(entry: Json) -> bool:
    return str(entry["method"]).startswith(("command ", "event ")) or entry["method"] == "block_actions"
