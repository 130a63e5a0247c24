"""The invariants of what is told besides calls, and of what people asked to be spared."""

import re
from collections import Counter

from tests.chaos.facts import Facts, Json, seconds
from tests.chaos.paging import GRACE_SECONDS, about, attempts, high_at, joined
from tests.chaos.setting import CHANNEL, silenced_until

SEND_TEXT = "POST /Accounts/{Sid}/Messages.json"
TEXT = re.compile(r"Tocsin #(\d+): ")
NEWS = re.compile(r"#(\d+) · .*(was opened|was taken|was resolved|is open again)")
SAYS = {
    "opened": "was opened",
    "acknowledged": "was taken",
    "resolved": "was resolved",
    "reopened": "is open again",
}


def texted_once(facts: Facts) -> list[str]:
    """No more texts about an incident than were owed and taken up; and one that the timeline tells of was sent."""
    sent: Counter[int] = Counter()
    for entry in facts.ledger:
        if entry["method"] == SEND_TEXT and entry["effect"] and (found := TEXT.match(entry["request"]["Body"])):
            sent[int(found[1])] += 1
    broken = []
    for number, jobs in facts.jobs.items():
        owed = sum(job["kind"] == "TEXT_PERSON" and job["attempts"] > 0 for job in jobs)
        told = [line for line in facts.timelines.get(number, []) if _is_text(line)]
        if sent[number] > owed:
            broken.append(f"#{number} was texted about {sent[number]} times, and {owed} texts were owed")
        if told and not sent[number]:
            broken.append(f"#{number} says that {told[0]['details']['who']} was sent a text, and nobody was")
    return broken


def _is_text(line: Json) -> bool:
    return (line["kind"], line["details"].get("by")) == ("messaged", "text")


def stakeholders_told_once(facts: Facts) -> list[str]:
    """Each piece of news is posted once, and who wants to know of everything hears of each incident."""
    posted = Counter(
        (int(found[1]), found[2])
        for entry in facts.ledger
        if entry["method"] == "chat.postMessage" and entry["effect"] and entry["request"].get("channel") == CHANNEL
        if (found := NEWS.search(str(entry["request"].get("text"))))
    )
    owed = Counter(
        (number, SAYS[job["key"].split(":")[1].split("-")[0]])
        for number, jobs in facts.jobs.items()
        for job in jobs
        if job["kind"] == "TELL_STAKEHOLDER"
    )
    broken = [
        f"that #{number} {what} was told {posted[number, what]} times instead of {owed[number, what]}"
        for number, what in sorted(posted.keys() | owed.keys())
        if posted[number, what] != owed[number, what]
    ]
    of_all = any(act.kind == "stakeholder" and not act.with_["severities"] for act in facts.schedule.settings)
    opened = [each["number"] for each in facts.incidents if of_all and owed[each["number"], "was opened"] != 1]
    return [*broken, *(f"nobody was to be told that #{number} was opened" for number in opened)]


def silence_is_kept(facts: Facts) -> list[str]:
    """What is less than HIGH calls nobody in a silence, unless somebody passes it on."""
    until, broken = silenced_until(facts), []
    for incident in facts.incidents:
        number = incident["number"]
        escalated = [
            facts.machine_time(seconds(line["at"]))
            for line in facts.timelines.get(number, [])
            if line["kind"] == "escalated"
        ]
        ends = min([until, high_at(facts, incident), *escalated]) - GRACE_SECONDS
        placed = [each.at for each in attempts(facts) if each.sid is not None and about(facts, each, number)]
        broken += [
            f"#{number} was called about at {at - facts.began:.1f} s, in a silence until {until - facts.began:.1f} s"
            for at in placed + joined(facts, number)
            if at < ends
        ]
    return broken
