"""What an organization has set before anything happens, sent over REST as its admin would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.chaos.facts import Facts, Json
from tests.chaos.schedule import Act

STAKEHOLDER, CHANNEL = "Support", "C0GENERAL"
ROTA = {
    "name": "Primary",
    "zone": "UTC",
    "layers": [{"people": ["Bea", "Cy"], "starts": "2026-01-05T00:00:00", "every": {"unit": "hour", "length": 1}}],
}
FIRST: dict[str, Json | None] = {"schedule": {"schedule": "Primary"}, "person": {"person": "Bea"}, "list": None}
Send = Callable[[str, str, Json], None]
"""Method, path and body; it must go well."""


def set_up(act: Act, send: Send) -> None:
    {"policy": _policy, "rules": _rules, "silence": _silence, "stakeholder": _stakeholder}[act.kind](act, send)


def silenced_until(facts: Facts) -> float:
    """When the silence was over, by the machine's clock; 0 when there was none."""
    lengths = [act.with_["seconds"] for act in facts.schedule.settings if act.kind == "silence"]
    return facts.machine_time(facts.silenced_at + lengths[0]) if lengths else 0.0


def gap(facts: Facts) -> float:
    """Seconds that anybody wants between two calls."""
    rules = [act.with_["rules"] for act in facts.schedule.settings if act.kind == "rules"]
    return max([0.0, *(float(each.get("gap", 0)) for each in rules)])


def _policy(act: Act, send: Send) -> None:
    """In the rhythm of the default one, with other targets and a text."""
    rhythm = {"calls": 2, "every": 60, "wait": 120}
    also = [{"by": "text", "after": act.with_["text_after"]}]
    if act.with_["first"] == "schedule":
        send("POST", "schedules", ROTA)
    steps = [{"to": FIRST[act.with_["first"]], **rhythm, "also": also}, {"to": {"person": "Cy"}, **rhythm}]
    send("PUT", "policies/default", {"steps": steps, "repeat": 2})


def _rules(act: Act, send: Send) -> None:
    send("PUT", "members/Bea/rules", act.with_["rules"])


def _silence(act: Act, send: Send) -> None:
    now = datetime.now(UTC)
    ends = now + timedelta(seconds=act.with_["seconds"])
    send("POST", "silences", {"reason": "maintenance", "begins": now.isoformat(), "ends": ends.isoformat()})


def _stakeholder(act: Act, send: Send) -> None:
    concerned = {"severities": act.with_["severities"]}
    send("POST", "stakeholders", {"name": STAKEHOLDER, "channel": CHANNEL, "for": concerned})
