"""The sandbox as a process: faults, dropped connections, a busy port, a clean end."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from slack_sdk import WebClient

from tests.integration.sandbox.running import ROOT, RunningSandbox, sandbox_running


def post(sandbox: RunningSandbox, text: str = "card", seconds: float = 10.0) -> httpx.Response:
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    body = {"channel": "C0INCIDENTS", "text": text}
    url = f"{sandbox.address}/slack/api/chat.postMessage"
    return httpx.post(url, json=body, headers=headers, timeout=seconds, trust_env=False)


def fault(sandbox: RunningSandbox, kind: str) -> None:
    sandbox.post("/control/fault", provider="slack", method="chat.postMessage", kind=kind, times=1)


def posted(sandbox: RunningSandbox) -> int:
    return len(sandbox.get("/control/slack/state")["messages"])


@pytest.mark.parametrize(("kind", "happened"), [("reset", 0), ("reset-after", 1)])
def test_a_dropped_connection_brings_no_answer_at_all(sandbox: RunningSandbox, kind: str, happened: int) -> None:
    fault(sandbox, kind)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        post(sandbox)
    assert posted(sandbox) == happened
    assert post(sandbox).json()["ok"] is True


@pytest.mark.parametrize(("kind", "happened"), [("silence", 0), ("silence-after", 1)])
def test_silence_lets_the_client_give_up(sandbox: RunningSandbox, kind: str, happened: int) -> None:
    fault(sandbox, kind)
    with pytest.raises(httpx.ReadTimeout):
        post(sandbox, seconds=0.5)
    assert posted(sandbox) == happened


@pytest.mark.parametrize(
    ("kind", "status", "happened"), [("500", 500, 0), ("503", 503, 0), ("429", 429, 0), ("500-after", 500, 1)]
)
def test_an_error_comes_before_or_after_the_effect(
    sandbox: RunningSandbox, kind: str, status: int, happened: int
) -> None:
    fault(sandbox, kind)
    answer = post(sandbox)
    assert answer.status_code == status
    assert posted(sandbox) == happened
    entry = sandbox.ledger("slack", "chat.postMessage")[0]
    assert entry["response"]["fault"] == kind
    assert (entry["effect"] is not None) == bool(happened)


def test_garbage_is_no_json(sandbox: RunningSandbox) -> None:
    fault(sandbox, "garbage")
    assert post(sandbox).text.startswith("<html>")
    assert posted(sandbox) == 1


def test_a_fault_meets_as_many_requests_as_it_was_told_to(sandbox: RunningSandbox) -> None:
    sandbox.post("/control/fault", provider="slack", method="*", kind="503", times=2)
    assert [post(sandbox).status_code for _ in range(3)] == [503, 503, 200]


def test_faults_can_be_listed_and_taken_back(sandbox: RunningSandbox) -> None:
    fault(sandbox, "503")
    assert sandbox.get("/control/fault")["waiting"][0]["kind"] == "503"
    assert sandbox.ask("DELETE", "/control/fault").body["waiting"] == []
    assert post(sandbox).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"provider": "slack", "kind": "flood"}, {"provider": "pigeon", "kind": "503"}, {"provider": "slack"}]
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: RunningSandbox, asked: dict[str, str]) -> None:
    assert sandbox.ask("POST", "/control/fault", asked).status == 400


def test_a_reset_brings_back_the_default_world(sandbox: RunningSandbox, slack: WebClient) -> None:
    slack.conversations_create(name="incident-42")
    sandbox.post("/control/reset")
    assert [one["name"] for one in sandbox.get("/control/slack/state")["channels"]] == ["general", "incidents"]
    assert sandbox.get("/ledger") == []


def test_the_ledger_is_read_from_where_one_left_off(sandbox: RunningSandbox) -> None:
    for number in range(3):
        post(sandbox, text=str(number))
    first, *rest = sandbox.ledger("slack", "chat.postMessage")
    after = [one["seq"] for one in sandbox.get(f"/ledger?after={first['seq']}")]
    assert set(after) >= {one["seq"] for one in rest}
    assert first["seq"] not in after
    assert len(sandbox.get("/ledger?last=2")) == 2


def test_a_busy_port_is_said_in_one_line(sandbox: RunningSandbox) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", str(sandbox.port)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert str(sandbox.port) in second.stderr


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as made:
        yield Path(made)


def test_starting_costs_less_than_two_seconds_and_it_ends_with_code_zero(folder: Path) -> None:
    with sandbox_running("http://127.0.0.1:9", folder / "ledger.jsonl") as running:
        fields = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
        busy = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        assert busy < 2.0
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=5) == 0


def test_the_ledger_goes_on_counting_after_a_new_start(folder: Path) -> None:
    seqs = []
    for _ in range(2):
        with sandbox_running("http://127.0.0.1:9", folder / "ledger.jsonl") as running:
            post(running)
            seqs.append(running.ledger("slack", "chat.postMessage")[-1]["seq"])
    assert seqs[0] < seqs[1]


@pytest.mark.parametrize("path", ["/", "/archives/C0INCIDENTS/p1795249996000100"])
def test_the_page_is_served_with_a_policy_that_keeps_strangers_out(sandbox: RunningSandbox, path: str) -> None:
    page = httpx.get(sandbox.address + path, trust_env=False)
    assert "Nobody is really called" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_everything_that_the_page_asks_for_is_there(sandbox: RunningSandbox) -> None:
    files = [one for one in (ROOT / "sandbox" / "page").iterdir() if one.suffix in (".js", ".css", ".html")]
    named = {name for one in files for name in re.findall(r"""["'](?:/page|\.)/([\w.]+)["']""", one.read_text())}
    assert len(named) > 10
    for name in named:
        assert httpx.get(f"{sandbox.address}/page/{name}", trust_env=False).status_code == 200, name


def test_it_listens_on_this_machine_only(sandbox: RunningSandbox) -> None:
    addresses = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f":{sandbox.port:04X}"
    local = [line.split()[1] for line in addresses if line.split()[3] == "0A" and line.split()[1].endswith(port)]
    assert local == [f"0100007F{port}"]
