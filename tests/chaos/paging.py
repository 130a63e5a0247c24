"""The invariants of paging: called in time, called once, and never after somebody took it."""

import json
import re
from dataclasses import dataclass

from tests.chaos.facts import Facts, Json, seconds
from tests.chaos.setting import gap, silenced_until

CREATE_CALL = "POST /Accounts/{Sid}/Calls.json"
PAGE_ANYWAY_SECONDS = 30.0
STEP_SECONDS = 60.0
LATEST_SECONDS = 30.0
AFTER_TROUBLE_SECONDS = 60.0
GRACE_SECONDS = 1.0
FALLS_SILENT_SECONDS = 12.0
ENDED = ("canceled", "busy", "no-answer", "failed")
LOST = ("500-after", "reset-after", "silence-after", "garbage", "delay")
CALLERS = ("worker-page", "sweep", "sweep-2", "postgres", "twilio")


@dataclass(frozen=True)
class Attempt:
    """A call that was asked for; `sid` is None when it did not come about."""

    at: float
    sid: str | None
    entry: Json


def attempts(facts: Facts) -> list[Attempt]:
    return [
        Attempt(seconds(entry["at"]), (entry["effect"] or {}).get("call"), entry)
        for entry in facts.ledger
        if entry["method"] == CREATE_CALL
    ]


def about(facts: Facts, attempt: Attempt, number: int) -> bool:
    """Placed for this incident: by the timeline, which names the call, or by what the person hears first."""
    named = any(
        line["kind"] == "paged" and line["details"].get("call") == attempt.sid and not line["details"].get("joined")
        for line in facts.timelines.get(number, [])
    )
    said = re.findall(r"[Ii]ncidents? (\d+)\b", json.dumps(attempt.entry["request"]))
    return named or str(number) in said


def joined(facts: Facts, number: int) -> list[float]:
    """When the incident joined a call that was running."""
    return [
        facts.machine_time(seconds(line["at"]))
        for line in facts.timelines.get(number, [])
        if line["kind"] == "paged" and line["details"].get("joined")
    ]


def acknowledgements(facts: Facts, number: int) -> tuple[list[float], list[float]]:
    """When somebody tried to acknowledge it, and when somebody was answered that it is done."""
    ours = [each for each in facts.seen if each.kind == "acknowledge" and each.number == number]
    tried = [each.asked for each in ours]
    done = [each.answered for each in ours if each.ok]
    for entry in facts.ledger:
        if not re.fullmatch(r"POST \{product\} /voice/page/[^/]+/key", entry["method"]):
            continue
        asked = entry["request"]["parameters"]
        answer = str(entry["response"].get("body", ""))
        told = re.findall(r"Acknowledged\. You own incidents? ([\d, and]+)", answer)
        if asked.get("Digits") == "4":
            tried.append(seconds(entry["at"]))
        if any(str(number) in re.findall(r"\d+", numbers) for numbers in told):
            done.append(seconds(entry["at"]))
    return sorted(tried), sorted(done)


def called_in_time(facts: Facts) -> list[str]:
    """Every step of what nobody took has a call attempt in time: 30 s from its due time, or 60 s after the trouble."""
    return [
        f"#{number}: a call was due at {due - facts.began:.1f} s, and none was tried until {until - facts.began:.1f} s"
        for number, due, until, attempt in _steps(facts)
        if attempt is None
    ]


def lateness(facts: Facts) -> float:
    """The longest that a call which was due after the trouble was waited for, in seconds."""
    waited = [at - due for _, due, _, at in _steps(facts) if at is not None and due > facts.well_at]
    return round(max([0.0, *waited]), 2)


def _steps(facts: Facts) -> list[tuple[int, float, float, float | None]]:
    """Number, due time, latest time, and when a call was tried (None: never in time), of every step that was waited
    for until it came or its time ran out."""
    found: list[tuple[int, float, float, float | None]] = []
    tried = attempts(facts)
    for incident in facts.incidents:
        if incident["severity"] == "LOW" and incident["triage"] == "triaged":
            continue
        number = incident["number"]
        mine = [each.at for each in tried if each.sid is None or about(facts, each, number)]
        mine = sorted(mine + joined(facts, number))
        over = _over_at(facts, incident)
        opened = seconds(incident["opened_at"])
        due = facts.machine_time(opened + (0.0 if _urgent(facts, incident) else PAGE_ANYWAY_SECONDS))
        since = 0.0
        quiet = [*_asked_for_quiet(facts, number), (0.0, min(silenced_until(facts), high_at(facts, incident)))]
        # Who has just been called about something less than HIGH is called about the next one later.
        patience = 0.0 if _urgent(facts, incident) else gap(facts) * len(facts.incidents)
        while True:
            due = next((ends for begins, ends in quiet if begins <= due < ends), due)
            until = max(due + LATEST_SECONDS, facts.well_at + AFTER_TROUBLE_SECONDS) + patience
            at = next((each for each in mine if each > since), None)
            if at is None or at > until:
                if min(over, facts.ended) > until:
                    found.append((number, due, until, None))
                if at is None or at > over:
                    break
            else:
                found.append((number, due, until, at))
            since = at
            due = facts.machine_time(facts.store_time(at) + STEP_SECONDS)
    return found


def _asked_for_quiet(facts: Facts, number: int) -> list[tuple[float, float]]:
    """From when to when nobody needs to be called because the caller said that it is for information only: until triage
    finds in the words that it is worse.
    """
    lines = facts.timelines.get(number, [])
    if not any(line["kind"] == "severity_reported" and line["details"]["severity"] == "LOW" for line in lines):
        return []
    begun = [facts.machine_time(seconds(line["at"])) for line in lines if line["kind"] == "paging_ended"]
    worse = [
        facts.machine_time(seconds(line["at"]))
        for line in lines
        if line["kind"] == "triaged" and line["details"]["severity"] != "LOW"
    ]
    return [(at, next((each for each in worse if each > at), float("inf"))) for at in begun]


def high_at(facts: Facts, incident: Json) -> float:
    """Since when it counts as HIGH."""
    if _urgent(facts, incident):
        return 0.0
    said = [
        facts.machine_time(seconds(line["at"]))
        for line in facts.timelines.get(incident["number"], [])
        if line["details"].get("severity") == "HIGH"
    ]
    return min(said, default=float("inf"))


def _over_at(facts: Facts, incident: Json) -> float:
    """When nobody needs to be called any more: somebody took it, or everybody was told."""
    told = [
        facts.machine_time(seconds(job["done_at"]))
        for job in facts.jobs.get(incident["number"], [])
        if job["kind"] == "TELL_EVERYBODY" and job["outcome"] == "done"
    ]
    taken = incident.get("acknowledged_at")
    return min([*told, *([facts.machine_time(seconds(taken))] if taken else [])], default=float("inf"))


def _urgent(facts: Facts, incident: Json) -> bool:
    return any(
        act.kind == "report" and act.with_["severity"] == "HIGH" and incident["id"] == f"case-{act.about}"
        for act in facts.schedule.acts
    )


def quiet_after_acknowledgement(facts: Facts) -> list[str]:
    """No call is placed, or joined, later than 1 s after somebody was told that they have it."""
    broken = []
    for incident in facts.incidents:
        number = incident["number"]
        _, done = acknowledgements(facts, number)
        if not done:
            continue
        placed = [each.at for each in attempts(facts) if each.sid is not None and about(facts, each, number)]
        broken += [
            f"#{number} was acknowledged at {done[0] - facts.began:.1f} s and called about {at - done[0]:.1f} s later"
            for at in placed + joined(facts, number)
            if at > done[0] + GRACE_SECONDS
        ]
    return broken


def phones_fall_silent(facts: Facts) -> list[str]:
    """A phone that rings for nothing but what somebody took meanwhile stops, long before it would by itself."""
    broken = []
    for each in attempts(facts):
        numbers = [number for number in facts.timelines if each.sid is not None and _in_call(facts, each, number)]
        done = [acknowledgements(facts, number)[1][:1] for number in numbers]
        if not done or not all(done):
            continue
        taken = max(at for first in done for at in first)
        until = max(taken, facts.well_at) + FALLS_SILENT_SECONDS
        told = _told_of(facts, each)
        if each.at > taken or any(status in ("in-progress", "completed") for _, status in told) or until > facts.ended:
            continue
        if not any(status in ENDED and at <= until for at, status in told):
            broken.append(f"the call {each.sid} about {numbers} rang on after {taken - facts.began:.1f} s")
    return broken


def _in_call(facts: Facts, attempt: Attempt, number: int) -> bool:
    """It was placed for this incident, or the incident joined it."""
    lines = facts.timelines.get(number, [])
    named = any(line["kind"] == "paged" and line["details"].get("call") == attempt.sid for line in lines)
    return named or about(facts, attempt, number)


def _told_of(facts: Facts, attempt: Attempt) -> list[tuple[float, str]]:
    """What the stand-in told of the call, and when."""
    return [
        (seconds(entry["at"]), entry["request"]["parameters"]["CallStatus"])
        for entry in facts.ledger
        if re.fullmatch(r"POST \{product\} /voice/page/[^/]+/status", entry["method"])
        and entry["request"]["parameters"].get("CallSid") == attempt.sid
    ]


def called_once_a_step(facts: Facts) -> list[str]:
    """No more calls than steps that were taken up, but one more for each whose answer was lost."""
    broken = []
    for number, jobs in facts.jobs.items():
        taken_up = sum(job["kind"] == "PAGE" and job["attempts"] > 0 for job in jobs)
        calls = [each for each in attempts(facts) if each.sid is not None and about(facts, each, number)]
        lost = sum(_answer_lost(facts, each) for each in calls)
        if len(calls) > taken_up + lost:
            broken.append(f"#{number} was called about {len(calls)} times in {taken_up} steps ({lost} answers lost)")
    return broken


def _answer_lost(facts: Facts, attempt: Attempt) -> bool:
    """The provider did not tell, or the network or the caller was not well while it told."""
    if attempt.entry["response"].get("fault") in LOST:
        return True
    return facts.near(attempt.at, before=6.0, after=6.0, on=CALLERS)
