"""What the comparison counts, on a ledger in which everything went wrong once."""

from datetime import UTC, datetime
from typing import Any

from tests.plain_celery.counting import BEA, CY, Books, Count
from tests.plain_celery.player import Played
from tests.plain_celery.script import CALL, CHANNEL, TICKET, Report, Script, script

NUMBERS = {"s1-0": 1, "s1-1": 2, "s1-2": 3}
SAID_AT = 1000.0


def entry(method: str, effect: dict[str, Any] | None, request: Any = None, at: float = SAID_AT) -> dict[str, Any]:
    return {"method": method, "effect": effect, "request": request, "at": datetime.fromtimestamp(at, UTC).isoformat()}


def call(sid: str, number: int, to: str, at: float = SAID_AT) -> dict[str, Any]:
    return entry(CALL, {"call": sid}, {"To": to, "Twiml": f"<Say>Incident {number}. Help</Say>"}, at)


def ticket(id: str) -> dict[str, Any]:
    return entry(TICKET, {"issue": "OPS-1"}, {"body": {"fields": {"summary": f"Report {id}"}}})


def ask(path: str) -> dict[str, Any]:
    return {"number": NUMBERS[path.split("/")[4]]} if not path.endswith("/timeline") else {}


def test_everything_that_can_go_wrong_is_counted_once() -> None:
    reports = [Report(0.0, id, "HIGH", None) for id in NUMBERS] + [Report(0.0, "s1-3", "HIGH", None)]
    ledger = [
        call("CA1", 1, BEA),
        call("CA2", 1, BEA),
        call("CA3", 3, BEA, at=SAID_AT + 0.5),
        call("CA4", 3, CY, at=SAID_AT + 1.5),
        entry(CALL, None, {"To": CY, "Twiml": "Incident 1."}),
        entry(CHANNEL, {"name": "incident-1"}),
        entry(CHANNEL, {"name": "incident-1-2"}),
        entry(CHANNEL, {"name": "incident-3"}),
        ticket("s1-0"),
        ticket("s1-0"),
        ticket("s1-2"),
    ]
    played = Played(accepted=set(NUMBERS), acknowledged={"s1-2": SAID_AT})
    assert Books(ledger, ask).count(Script(1, tuple(reports), ()), played) == Count(
        reports=4,
        accepted=3,
        never_called=1,
        not_escalated=1,
        called_twice=1,
        calls_after_acknowledgement=1,
        channels_missing=1,
        channels_twice=1,
        tickets_missing=1,
        tickets_twice=1,
        calls=4,
    )


def test_a_seed_gives_the_same_script_and_keeping_redis_changes_nothing_else() -> None:
    assert script(7) == script(7) != script(8)
    whole, kept = script(7), script(7, keep_redis=True)
    assert whole.reports == kept.reports
    assert [each.at for each in whole.troubles] == [each.at for each in kept.troubles]
    assert "empty Redis" not in [each.what for each in kept.troubles]
