"""The real product and the sandbox as child processes, and the people who play a story with them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from tests.ports import free_three

ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 60.0
STOPS_WITHIN = 10.0
HAPPENS_WITHIN = 20.0

T = TypeVar("T")
Json = dict[str, Any]


def eventually(fact: Callable[[], T], *, within: float = HAPPENS_WITHIN, saying: str = "it never happened") -> T:
    """The first true value of `fact`, asked again and again while other processes work. Fails after `within` s."""
    ends = time.monotonic() + within
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"{saying} (after {within:.0f} s, last seen: {value!r})")
        time.sleep(0.1)


class Phone:
    """Somebody's handset in the sandbox."""

    def __init__(self, play: "Play", number: str) -> None:
        self._play = play
        self.number = number

    def call(self, to: str) -> Json:
        return self._play.control("/control/phone/call", {"from": self.number, "to": to})

    def ring(self, *, within: float = HAPPENS_WITHIN) -> None:
        """Waits until it rings."""
        eventually(lambda: self.state()["state"] == "ringing", within=within, saying=f"{self.number} does not ring")

    def answer(self) -> Json:
        return self._do("answer")

    def press(self, digits: str) -> Json:
        return self._do("press", {"digits": digits})

    def speak(self, text: str) -> Json:
        return self._do("speak", {"text": text})

    def hang_up(self) -> Json:
        return self._do("hangup")

    def ignore(self) -> Json:
        return self._do("ignore")

    def voicemail(self) -> Json:
        return self._do("voicemail")

    def state(self) -> Json:
        return self._play.look(f"/control/phone/{quote(self.number)}")

    def heard(self) -> str:
        return " ".join(line["text"] for line in self.state()["said"])

    def _do(self, act: str, body: Json | None = None) -> Json:
        return self._play.control(f"/control/phone/{quote(self.number)}/{act}", body or {})


class Person:
    """Somebody in the sandbox's Slack."""

    def __init__(self, play: "Play", user: str, phone: str) -> None:
        self._play = play
        self.user = user
        self.phone = Phone(play, phone)

    def types(self, text: str, *, channel: str = "incidents") -> Json:
        """`/incident …` when it begins so, else a message."""
        if text.startswith("/incident"):
            body = {"user": self.user, "channel": channel, "text": text.removeprefix("/incident").strip()}
            return self._play.control("/control/slack/command", body)
        return self._play.control("/control/slack/message", {"user": self.user, "channel": channel, "text": text})

    def reacts(self, card: Json, name: str, *, remove: bool = False) -> Json:
        place = {"channel": card["channel"], "ts": card["ts"]}
        return self._play.control("/control/slack/react", {"user": self.user, "name": name, "remove": remove, **place})

    def clicks(self, card: Json, action: str, *, value: str | None = None) -> Json:
        place = {"channel": card["channel"], "ts": card["ts"], "action_id": action}
        return self._play.control(
            "/control/slack/click", {"user": self.user, **place, **({"value": value} if value else {})}
        )


class Play:
    """A running product with its sandbox, as its users and its operator see them."""

    def __init__(self, port: int, sandbox_port: int, data_dir: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.sandbox = f"http://127.0.0.1:{sandbox_port}"
        self.data_dir = data_dir
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.ana = Person(self, "U0ANA", "+12025550199")
        self.bea = Person(self, "U0BEA", "+12025550111")
        self.cy = Person(self, "U0CY", "+12025550112")
        self.anybody = Phone(self, "+12025550199")

    @property
    def key(self) -> str:
        return (self.data_dir / "admin-api-key").read_text().strip()

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.http.request(method, f"{self.address}{path}", json=body, headers={"X-API-Key": self.key, **headers})

    def report(self, **body: Any) -> Json:
        response = self.api("POST", "/api/v1/incidents", body)
        assert response.status_code == 202, response.text
        return dict(response.json())

    def incident(self, name: str | int) -> Json:
        response = self.api("GET", f"/api/v1/incidents/{quote(str(name))}")
        assert response.status_code == 200, response.text
        return dict(response.json())

    def incidents(self) -> list[Json]:
        found: list[Json] = self.api("GET", "/api/v1/incidents?limit=200").json()["incidents"]
        return found

    def timeline(self, name: str | int) -> list[Json]:
        lines: list[Json] = self.api("GET", f"/api/v1/incidents/{name}/timeline").json()["timeline"]
        return lines

    def jobs(self, name: str | int) -> list[Json]:
        found: list[Json] = self.api("GET", f"/api/v1/incidents/{name}/jobs").json()["jobs"]
        return found

    def forward(self, seconds: float) -> None:
        """Hurry the store's clock."""
        response = self.api("POST", "/api/v1/clock", {"advance_seconds": seconds})
        assert response.status_code == 200, response.text

    def control(self, path: str, body: Json) -> Json:
        response = self.http.post(f"{self.sandbox}{path}", json=body)
        assert response.status_code < 300, f"{path}: {response.text}"
        return dict(response.json())

    def look(self, path: str) -> Json:
        return dict(self.http.get(f"{self.sandbox}{path}").json())

    def ledger(self, *, provider: str | None = None, method: str | None = None, effects: bool = True) -> list[Json]:
        """What the providers saw; with `effects` only what changed something there."""
        entries: list[Json] = self.http.get(f"{self.sandbox}/ledger", params={"after": 0}).json()
        return [
            entry
            for entry in entries
            if (provider is None or entry["provider"] == provider)
            and (method is None or entry["method"] == method)
            and (not effects or entry["effect"] is not None)
        ]

    def about(self, method: str, needle: str) -> list[Json]:
        """The effects of that method whose request names `needle`."""
        return [entry for entry in self.ledger(method=method) if needle in json.dumps(entry["request"])]

    def channel(self, name: str) -> Json | None:
        state = self.look("/control/slack/state")
        return next((dict(each) for each in state["channels"] if each["name"] == name), None)

    def messages(self, channel: str) -> list[Json]:
        """What everybody sees in the channel of that name."""
        state = self.look("/control/slack/state")
        ids = [each["id"] for each in state["channels"] if each["name"] == channel]
        return [dict(each) for each in state["messages"] if each["channel"] in ids and not each["ephemeral"]]

    def card(self, number: int) -> Json | None:
        """The incident's card; None as long as it is not there."""
        cards = [message for message in self.messages(f"incident-{number}") if f"#{number}" in json.dumps(message)]
        cards = [card for card in cards if any(block["type"] == "header" for block in card.get("blocks") or [])]
        assert len(cards) <= 1, f"{len(cards)} cards"
        return cards[0] if cards else None

    def triaged(self, name: str | int, *, within: float = HAPPENS_WITHIN) -> Json:
        """The incident, triaged, with its channel, card and ticket in place."""

        def ready() -> Json | None:
            incident = self.incident(name)
            there = incident["triage"] == "triaged" and incident["channel"] and incident["ticket"]
            return incident if there and self.card(incident["number"]) else None

        return eventually(ready, within=within, saying=f"{name} was not triaged: {self.incident(name)}") or {}


@contextmanager
def playing(data_dir: Path, **settings: str) -> Iterator[Play]:
    """`python -m app up` in a folder and on ports of its own, until the block ends; it must stop cleanly."""
    port, sandbox_port = free_ports()
    process = start(data_dir, port, sandbox_port, **settings)
    play = Play(port, sandbox_port, data_dir)
    try:
        yield play
    finally:
        play.http.close()
        stop(process)


def start(data_dir: Path, port: int, sandbox_port: int, **settings: str) -> subprocess.Popen[bytes]:
    """Starts everything and waits until it says that it is ready."""
    log = data_dir.parent / f"{data_dir.name}.log"
    ours = {
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "DATA_DIR": str(data_dir),
        "SANDBOX": "1",
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("ab") as output:
        began = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "up"],
            cwd=ROOT,
            env={**os.environ, **ours, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ready() -> bool:
        text = log.read_bytes()[began:].decode(errors="replace")
        if process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode}:\n{text[-4000:]}")
        return re.search(r"Tocsin is ready", text) is not None

    try:
        eventually(ready, within=STARTS_WITHIN, saying="it did not start")
    except BaseException:
        stop(process)
        sys.stderr.write(log.read_text(errors="replace")[-6000:])
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C; whatever is left after the promised time is a failure."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise AssertionError(f"it did not stop within {STOPS_WITHIN:.0f} s of Ctrl-C") from None


def free_ports() -> tuple[int, int]:
    """One for the product; one for the sandbox, with the next two free for its speech service and its mail server."""
    return free_three(), free_three()


def processes(module: bytes) -> list[int]:
    """Those of this run's supervisors that run this module: children of our own children."""
    ours = _children(os.getpid())
    return [pid for parent in ours for pid in _children(parent) if module in _command(pid)]


def _children(pid: int) -> list[int]:
    return [
        int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()
    ]


def _command(pid: int) -> bytes:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_bytes() if path.exists() else b""
