"""The person on a call: what they pressed and said that nobody has taken yet, and whether they are still there."""

from collections import deque
from dataclasses import dataclass, field

KEYS = frozenset("0123456789*#")


@dataclass
class Party:
    """`hears` says what the verb that waits would take: "keys", "speech", both, or nothing (a Pause)."""

    picked_up: bool = False
    declined: bool = False
    gone: bool = False
    machine: bool = False
    keys: deque[str] = field(default_factory=deque)
    words: deque[str] = field(default_factory=deque)
    pressed: str = ""
    waits: bool = False
    hears: frozenset[str] = frozenset()

    def starts_to_wait(self, *hears: str) -> None:
        self.waits = True
        self.hears = frozenset() if self.machine else frozenset(hears)

    def stops_to_wait(self) -> None:
        self.waits = False
        self.hears = frozenset()

    def settled(self) -> bool:
        """Nothing more will happen until the person does something or time passes."""
        return self.waits and not self.keys and not (self.words and "speech" in self.hears)
