"""Tickets that a test makes up, and vectors for them without a model."""

from random import Random
from zlib import crc32

import numpy as np

from knowledge.grams import Floats
from knowledge.recollection import Guess, Recollection

TROUBLES = {
    "database": [
        "replication lag on the replica",
        "deadlock detected in postgres",
        "too many connections to the database",
    ],
    "network": ["packet loss on the uplink", "dns does not resolve", "vpn tunnel is down"],
    "storage": ["disk is full", "volume cannot be mounted", "backup has no space left"],
}


def vector(text: str) -> Floats:
    """The same text gives the same direction; each word adds its own to it."""
    total = np.full(64, 1e-3)
    for word in text.lower().split():
        total += np.random.default_rng(crc32(word.encode(errors="replace"))).normal(size=64)
    unit: Floats = (total / np.linalg.norm(total)).astype(np.float32)
    return unit


def tickets(count: int, *, seed: int = 1, wrong: float = 0.0) -> list[tuple[str, str]]:
    """Texts with labels, of which a share is `wrong`."""
    dice = Random(seed)  # noqa: S311  # The same tickets again.
    rows = []
    for _ in range(count):
        label = dice.choice(list(TROUBLES))
        trouble, since = dice.choice(TROUBLES[label]), dice.choice(["again", "since noon", "help"])
        text = f"{trouble} on host {dice.randrange(40)}, {since}"
        rows.append((text, dice.choice(list(TROUBLES)) if dice.random() < wrong else label))
    return rows


def play(memory: Recollection, rows: list[tuple[str, str]]) -> list[tuple[Guess, str]]:
    """Each ticket is answered, or its label is asked for and learned."""
    played = []
    for text, label in rows:
        guess = memory.guess(text)
        if not guess.answers:
            memory.learn(text, label, guess)
        played.append((guess, label))
    return played
