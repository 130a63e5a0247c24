"""Faults that a person or a test asked for: what should go wrong, at which provider and method, how many times."""

from dataclasses import dataclass

KINDS = {
    "500": "an error 500, and nothing happened",
    "500-after": "an error 500, although it happened",
    "503": "an error 503, and nothing happened",
    "429": "too many requests, Retry-After 1",
    "429-later": "too many requests, Retry-After 30",
    "429-bare": "too many requests, and no word of when to come back",
    "reset": "the connection is closed before anything happened",
    "reset-after": "it happened, and the connection is closed without an answer",
    "silence": "no answer for 60 s, and nothing happened",
    "silence-after": "it happened, and no answer for 60 s",
    "delay": "it happens, and the answer comes 3 s later",
    "garbage": "it happened, and the answer is not what the provider sends",
}


@dataclass
class Fault:
    """`method` is a ledger method, or `*` for all of the provider's."""

    provider: str
    method: str
    kind: str
    times: int


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind {fault.kind!r}; it is one of {', '.join(KINDS)}")
        if fault.times < 1:
            raise ValueError("times must be at least 1")
        self._waiting.append(fault)

    def take(self, provider: str, method: str) -> str | None:
        """The kind of fault that this request meets, used up by one; None when it meets none."""
        for fault in self._waiting:
            if fault.provider == provider and fault.method in (method, "*"):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault.kind
        return None

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()
