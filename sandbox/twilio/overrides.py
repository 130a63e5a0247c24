"""The connection settings in an address's fragment: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag

LONGEST = 15.0


@dataclass(frozen=True)
class Overrides:
    """By default one repeat, on connection failures only, and 15 s for everything together."""

    repeats: int = 1
    on: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = 5.0
    read_seconds: float = LONGEST

    def repeats_on(self, failure: str) -> bool:
        return failure in self.on or "all" in self.on


def split(address: str) -> tuple[str, Overrides]:
    """The address without its fragment (which is not signed), and what the fragment asked for."""
    url, fragment = urldefrag(address)
    asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
    return url, Overrides(
        repeats=min(int(asked.get("rc", "1")), 5),
        on=frozenset(asked.get("rp", "ct").split(",")),
        connect_seconds=min(int(asked.get("ct", "5000")), 10_000) / 1000,
        read_seconds=min(int(asked.get("rt", "15000")), 15_000) / 1000,
    )
