"""What a text sounds like, by plain keywords: the same text always gets the same answer."""

import re
from collections.abc import Sequence

_SOUNDS = {
    "database": "database postgres mysql sql query queries deadlock replica replication table db connections",
    "network": "network dns packet latency vpn firewall router timeout timeouts unreachable routing",
    "auth": "login logins sign password token tokens sso oauth session sessions authentication credentials",
    "security": "breach attack leaked stolen phishing vulnerability intrusion ransomware suspicious",
    "payment": "payment payments checkout card cards invoice billing refund charge stripe pay",
    "storage": "disk storage volume bucket full space s3 backup quota",
    "deploy": "deploy deployment release rollout rollback version pipeline build",
    "frontend": "page button screen css browser javascript layout site ui",
    "api": "api endpoint 500 502 503 504 gateway request requests backend service",
    "queue": "queue queues message messages kafka broker consumer lag worker workers",
    "memory": "memory oom leak heap swap",
    "cpu": "cpu load throttling",
    "certificate": "certificate certificates tls ssl expired https",
    "hardware": "server rack power fan cable printer laptop",
    "high": "down outage everybody everyone all nobody critical urgent lost breach production cannot fails 502 503",
    "medium": "slow some degraded errors intermittent sometimes few partly delayed",
    "worried": "worried afraid please help panic scared concerned",
    "angry": "unacceptable ridiculous angry furious again outrageous",
    "low": "question typo cosmetic minor wish please information docs",
}
_SOUNDS |= {
    "billing": _SOUNDS["payment"],
    "infrastructure": f"{_SOUNDS['hardware']} {_SOUNDS['cpu']} {_SOUNDS['memory']} node cluster kubernetes pod host",
    "application": f"{_SOUNDS['api']} {_SOUNDS['frontend']} {_SOUNDS['payment']} {_SOUNDS['deploy']} crash exception",
    "access": f"{_SOUNDS['auth']} permission permissions account role locked denied",
    "third-party": "vendor provider partner stripe github aws twilio upstream external status",
    "critical": _SOUNDS["high"],
}


def choose(options: Sequence[str], text: str) -> str:
    """The option whose words, or usual company, the text has most of; a tie goes to the first, nothing to `other`."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    best = max(options, key=lambda option: _score(option, words))
    return "other" if "other" in options and not _score(best, words) else best


def passage(text: str) -> str:
    """A quote, letter by letter: the beginning of the longest line that has more than one word."""
    lines = [line.strip() for line in text.splitlines() if " " in line.strip()]
    longest = max(lines, key=len, default=text.strip())
    return longest if len(longest) <= 80 else longest[:80].rsplit(" ", 1)[0]


def _score(option: str, words: list[str]) -> int:
    names = re.findall(r"[a-z0-9]+", option.lower())
    company = {word for name in names for word in _SOUNDS.get(name, _SOUNDS.get(name.rstrip("s"), "")).split()}
    return sum(3 * (word in names or word.rstrip("s") in names) + (word in company) for word in words)
