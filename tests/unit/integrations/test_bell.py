"""The bell that nobody waits for tells the workers no more than they can take, and nothing of pages."""

import time
import uuid
from collections.abc import Sequence

from incidents.ports import Ring
from integrations.queue import MOST_A_SECOND, Allowance, BackgroundBell


class Heard:
    def __init__(self) -> None:
        self.rings: list[Ring] = []

    def ring(self, rings: Sequence[Ring]) -> None:
        self.rings += rings


def test_what_is_allowed_at_once_is_a_seconds_worth_and_comes_back_with_time() -> None:
    allowance = Allowance(10)
    assert (allowance.take(4), allowance.take(100), allowance.take(1)) == (4, 6, 0)
    time.sleep(0.25)
    assert 2 <= allowance.take(100) <= 10


def test_of_a_storm_the_bell_tells_a_seconds_worth_and_pages_use_none_of_it_up() -> None:
    heard = Heard()
    bell = BackgroundBell(heard)
    pages = [Ring(uuid.uuid4(), "page") for _ in range(MOST_A_SECOND)]
    triages = [Ring(uuid.uuid4(), "triage") for _ in range(MOST_A_SECOND * 10)]
    bell.ring_soon([*pages, *triages])
    ends = time.monotonic() + 10
    while len(heard.rings) < MOST_A_SECOND and time.monotonic() < ends:
        time.sleep(0.01)
    assert len(heard.rings) >= MOST_A_SECOND
    assert len(heard.rings) < len(triages)
    assert heard.rings[:MOST_A_SECOND] == triages[:MOST_A_SECOND]
