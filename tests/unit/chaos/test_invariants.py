"""Each promise of paging and of the reports can be seen to break."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.chaos import invariants, paging, telling
from tests.chaos.facts import Broke, Facts, Moved, Seen
from tests.chaos.schedule import Act, Schedule
from tests.chaos.setting import CHANNEL

BEGAN = 1_800_000_000.0
WELL = BEGAN + 12


def iso(after: float) -> str:
    return datetime.fromtimestamp(BEGAN + after, UTC).isoformat()


def call(after: float, sid: str | None, *, number: int = 1, fault: str | None = None) -> dict[str, Any]:
    return {
        "at": iso(after),
        "method": paging.CREATE_CALL,
        "request": {"To": "+12025550111", "Twiml": f"Tocsin. Severity high, incident {number}. Down."},
        "response": {"status": 201, **({"fault": fault} if fault else {})},
        "effect": {"call": sid} if sid else None,
    }


@pytest.fixture
def facts() -> Facts:
    """One urgent report, called about at once and taken two seconds later."""
    acts = (Act(0.0, "report", 0, {"text": "the disk is full", "severity": "HIGH"}),)
    return Facts(
        Schedule(1, acts, ()),
        began=BEGAN,
        well_at=WELL,
        ended=BEGAN + 300,
        moved=[Moved(0.0, 0.0)],
        seen=[
            Seen("report", 0, BEGAN, BEGAN + 0.1, True, 202, 1),
            Seen("acknowledge", 0, BEGAN + 2.9, BEGAN + 3, True, 200, 1),
        ],
        ledger=[call(1, "CA1")],
        incidents=[
            {
                "number": 1,
                "id": "case-0",
                "title": "the disk is full case 0",
                "description": "",
                "severity": "HIGH",
                "triage": "triaged",
                "status": "acknowledged",
                "opened_at": iso(0),
                "acknowledged_at": iso(3),
            }
        ],
        timelines={1: [{"kind": "acknowledged", "at": iso(3), "details": {}}]},
        jobs={1: [{"kind": "PAGE", "key": "1:0", "attempts": 1, "outcome": "done", "done_at": iso(1), "error": None}]},
    )


def test_what_went_well_breaks_none_of_them(facts: Facts) -> None:
    assert invariants.accepted_once(facts) == []
    assert invariants.acknowledged_by_somebody(facts) == []
    assert invariants.nothing_owed(facts) == []
    assert paging.called_in_time(facts) == []
    assert paging.quiet_after_acknowledgement(facts) == []
    assert paging.called_once_a_step(facts) == []


def test_a_report_that_was_accepted_and_is_not_there_is_lost(facts: Facts) -> None:
    facts.incidents = []
    assert any("lost" in sentence for sentence in invariants.accepted_once(facts))


def test_a_report_that_is_there_twice(facts: Facts) -> None:
    facts.incidents.append({**facts.incidents[0], "number": 2})
    assert any("2 times" in sentence for sentence in invariants.accepted_once(facts))


def test_a_call_after_the_acknowledgement(facts: Facts) -> None:
    facts.ledger.append(call(4.5, "CA2"))
    assert len(paging.quiet_after_acknowledgement(facts)) == 1


def test_joining_a_call_after_the_acknowledgement(facts: Facts) -> None:
    facts.timelines[1].append({"kind": "paged", "at": iso(9), "details": {"call": "CA9", "joined": True}})
    assert len(paging.quiet_after_acknowledgement(facts)) == 1


def test_a_phone_that_rings_on_after_the_acknowledgement(facts: Facts) -> None:
    assert len(paging.phones_fall_silent(facts)) == 1
    told = {"CallSid": "CA1", "CallStatus": "canceled"}
    way = {"method": "POST {product} /voice/page/t/status", "effect": None, "response": {"status": 204, "body": ""}}
    facts.ledger.append({"at": iso(3.4), "request": {"parameters": told}, **way})
    assert paging.phones_fall_silent(facts) == []


def test_a_second_call_in_one_step_only_where_an_answer_was_lost(facts: Facts) -> None:
    facts.ledger.append(call(2, "CA2"))
    assert len(paging.called_once_a_step(facts)) == 1
    facts.ledger[0] = call(1, "CA1", fault="reset-after")
    assert paging.called_once_a_step(facts) == []


def test_a_second_call_is_excused_while_its_caller_was_killed(facts: Facts) -> None:
    facts.ledger.append(call(2, "CA2"))
    facts.broke = [Broke("kill", "worker-page", BEGAN + 1.2, BEGAN + 1.2)]
    assert paging.called_once_a_step(facts) == []


def test_a_call_that_nobody_made(facts: Facts) -> None:
    facts.ledger = []
    facts.incidents[0]["acknowledged_at"] = None
    assert len(paging.called_in_time(facts)) == 1


def test_a_step_that_was_left_out_after_the_first_call(facts: Facts) -> None:
    facts.incidents[0]["acknowledged_at"] = None
    assert len(paging.called_in_time(facts)) == 1


def test_steps_are_in_the_time_of_the_store(facts: Facts) -> None:
    """Two minutes pass at once: the next step is due then, and not a minute later."""
    facts.incidents[0]["acknowledged_at"] = iso(400)
    facts.well_at = BEGAN - 60
    facts.moved = [Moved(0.0, 0.0), Moved(BEGAN + 20, 120.0)]
    facts.ended = BEGAN + 60
    assert len(paging.called_in_time(facts)) == 1
    facts.ledger.append(call(40, "CA2"))
    assert paging.called_in_time(facts) == []
    assert paging.lateness(facts) == 20.0


@pytest.mark.parametrize(("said", "late"), [("LOW", 0), ("MEDIUM", 1)])
def test_a_caller_who_only_informs_calls_nobody_until_the_words_are_worse(facts: Facts, said: str, late: int) -> None:
    """After one call triage ends the paging; a minute and a half later the words are there, and it goes on."""
    facts.incidents[0]["acknowledged_at"] = iso(110)
    facts.well_at = BEGAN - 60
    facts.timelines[1] = [
        {"kind": "severity_reported", "at": iso(0), "details": {"severity": said}},
        {"kind": "paging_ended", "at": iso(20), "details": {}},
        {"kind": "triaged", "at": iso(100), "details": {"severity": "HIGH"}},
    ]
    facts.ledger.append(call(101, "CA2"))
    assert len(paging.called_in_time(facts)) == late


def test_an_acknowledgement_that_was_answered_and_is_gone(facts: Facts) -> None:
    facts.timelines[1] = []
    assert len(invariants.acknowledged_by_somebody(facts)) == 1


def test_a_job_that_is_owed_for_ever(facts: Facts) -> None:
    facts.jobs[1][0]["outcome"] = None
    assert len(invariants.nothing_owed(facts)) == 1


def test_a_process_that_ended_by_itself(facts: Facts) -> None:
    facts.log = (
        "web             ended by signal 9; it is started again in 0.5 s\nsweep           ended with code 1; …\n"
    )
    assert len(invariants.nobody_crashed(facts)) == 2
    facts.broke = [Broke("kill", "web", BEGAN, BEGAN)]
    assert invariants.nobody_crashed(facts) == ["sweep ended with code 1 (1 times, 0 by us)"]


def sent(number: int) -> dict[str, Any]:
    body = {"To": "+12025550111", "Body": f"Tocsin #{number}: the disk is full. Take it: /incident ack {number}"}
    return {"at": iso(2), "method": telling.SEND_TEXT, "request": body, "response": {}, "effect": {"message": "SM1"}}


def test_a_text_more_than_was_owed_and_one_that_nobody_sent(facts: Facts) -> None:
    facts.jobs[1].append({"kind": "TEXT_PERSON", "key": "1:0:0", "attempts": 2, "outcome": "done"})
    facts.timelines[1].append({"kind": "messaged", "at": iso(2), "details": {"who": "Bea", "by": "text"}})
    assert ["nobody was" in sentence for sentence in telling.texted_once(facts)] == [True]
    facts.ledger.append(sent(1))
    assert telling.texted_once(facts) == []
    facts.ledger.append(sent(1))
    assert ["2 times" in sentence for sentence in telling.texted_once(facts)] == [True]


def test_news_that_is_told_twice_or_never(facts: Facts) -> None:
    facts.schedule = replace(facts.schedule, settings=(Act(0.0, "stakeholder", -1, {"severities": []}),))
    assert telling.stakeholders_told_once(facts) == ["nobody was to be told that #1 was opened"]
    facts.jobs[1].append({"kind": "TELL_STAKEHOLDER", "key": "Support:opened", "attempts": 1, "outcome": "done"})
    assert len(telling.stakeholders_told_once(facts)) == 1
    post = {"channel": CHANNEL, "text": "HIGH · #1 · the disk is full was opened. Follow it in <#C1>."}
    told = {"at": iso(2), "method": "chat.postMessage", "request": post, "response": {}, "effect": {"ts": "1"}}
    facts.ledger.append(told)
    assert telling.stakeholders_told_once(facts) == []
    facts.ledger.append(told)
    assert len(telling.stakeholders_told_once(facts)) == 1


@pytest.mark.parametrize(
    ("severity", "line", "broken"),
    [
        ("MEDIUM", None, 1),
        ("MEDIUM", {"kind": "escalated", "at": iso(0.5), "details": {}}, 0),
        ("MEDIUM", {"kind": "triaged", "at": iso(0.5), "details": {"severity": "HIGH"}}, 0),
        ("MEDIUM", {"kind": "triaged", "at": iso(30), "details": {"severity": "HIGH"}}, 1),
        ("HIGH", None, 0),
    ],
)
def test_a_silence_that_is_not_kept(facts: Facts, severity: str, line: dict[str, Any] | None, broken: int) -> None:
    """Called about a second after it was opened, in a silence of 40 s."""
    acts = (Act(0.0, "report", 0, {"text": "the disk is full", "severity": severity}),)
    silence = Act(0.0, "silence", -1, {"seconds": 40})
    facts.schedule, facts.silenced_at = replace(facts.schedule, acts=acts, settings=(silence,)), BEGAN
    facts.timelines[1] += [line] if line else []
    assert len(telling.silence_is_kept(facts)) == broken


def test_what_a_silence_holds_is_called_about_at_its_end(facts: Facts) -> None:
    acts = (Act(0.0, "report", 0, {"text": "the disk is full", "severity": "MEDIUM"}),)
    facts.schedule = replace(facts.schedule, acts=acts, settings=(Act(0.0, "silence", -1, {"seconds": 110}),))
    facts.silenced_at, facts.seen, facts.timelines = BEGAN, facts.seen[:1], {1: []}
    facts.incidents[0] |= {"severity": "MEDIUM", "status": "open", "acknowledged_at": None}
    facts.ledger = [call(after, f"CA{after}") for after in (111, 171, 231, 291)]
    assert paging.called_in_time(facts) == []
    facts.ledger = facts.ledger[1:]
    assert len(paging.called_in_time(facts)) == 1
