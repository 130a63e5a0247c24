"""Slash commands as Slack sends them: signed, as a form, over a connection that stays open."""

import hashlib
import hmac
import http.client
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

SECRET = "sandbox-signing-secret"  # noqa: S105  # Everybody knows the sandbox's.
PATH = "/slack/events"
TEXTS = (
    "Checkout answers 500 for every third customer",
    "Database replica lags by ten minutes",
    "Login page is slow from Asia",
    "Disk of the build server is almost full",
)

_triggers = itertools.count(1)


class Slack:
    """One connection to one app."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def command(self, text: str) -> float:
        """Seconds to the whole answer. Raises: RuntimeError when it is not 200."""
        body = form(text)
        headers = signed(body)
        began = time.perf_counter()
        self._connection.request("POST", PATH, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200 or not said:
            raise RuntimeError(f"{answer.status}: {said[:200]!r}")
        return took


def in_turn(apps: Mapping[str, str], *, clients: int, rounds: int, rest: Callable[[], None]) -> dict[str, list[float]]:
    """All clients ask one app at once, then the other, in changing order; after each there is a rest."""
    taken: dict[str, list[float]] = {name: [] for name in apps}
    slacks = {name: [Slack(address) for _ in range(clients)] for name, address in apps.items()}
    with ThreadPoolExecutor(clients) as pool:
        for number in range(rounds):
            text = TEXTS[number % len(TEXTS)]
            for name in sorted(slacks, reverse=bool(number % 2)):
                taken[name] += pool.map(lambda slack: slack.command(text), slacks[name])  # noqa: B023  # It is over then.
                rest()
    return taken


def interleaved(apps: Mapping[str, str], *, clients: int, rounds: int) -> dict[str, list[float]]:
    """Each client asks the apps (name → address) by turns, in changing order; the seconds of each app's answers."""
    taken: dict[str, list[float]] = {name: [] for name in apps}
    errors: list[BaseException] = []

    def client() -> None:
        slacks = {name: Slack(address) for name, address in apps.items()}
        try:
            for number in range(rounds):
                for name in sorted(slacks, reverse=bool(number % 2)):
                    taken[name].append(slacks[name].command(TEXTS[number % len(TEXTS)]))
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            errors.append(error)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return taken


def form(text: str) -> str:
    """A command of its own: no two have the same trigger."""
    return urlencode(
        {
            "token": "unused",
            "team_id": "T0SANDBOX",
            "team_domain": "sandbox",
            "channel_id": "C0INCIDENTS",
            "channel_name": "incidents",
            "user_id": "U0ANA",
            "user_name": "ana",
            "command": "/incident",
            "text": text,
            "api_app_id": "A0SANDBOX",
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1:9/unused",
            "trigger_id": f"benchmark.{next(_triggers)}",
        }
    )


def signed(body: str) -> dict[str, str]:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    timestamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={signature}",
    }
