"""What must hold after every run, judged from the stand-ins' ledger and from what people were told.

Each invariant takes the facts and gives a sentence for every time that it is broken. The product's own answers are
used for names alone: which number is which report, which call is about which incident.
"""

import json
import re
from collections import Counter
from collections.abc import Callable

from tests.chaos import paging, telling
from tests.chaos.facts import Facts, Json, Seen, seconds
from tests.chaos.paging import CREATE_CALL
from tests.chaos.schedule import EMOJI, REPORTS

Invariant = Callable[[Facts], list[str]]
TERMINAL = ("triaged", "failed")
ENDED = re.compile(r"^(\S+)\s+(ended by signal \d+|ended with code -?\d+|was not ready in time)", re.MULTILINE)
BUG = re.compile(r"^.*(?:job_broke|this is a bug|does not start).*$", re.MULTILINE)
OWN = re.compile(r"Acknowledged\. You own incidents? ([\d, and]+)")
BEFORE_ITS_CARD = "the card of #"
AWAY_SECONDS = 8.0


def accepted_once(facts: Facts) -> list[str]:
    """Every report that was answered with success is there, once; and no report is there twice."""
    broken = []
    for about, kind in _reports(facts).items():
        there = _incidents_of(facts, about)
        accepted = [each for each in facts.seen if each.about == about and each.kind in (*REPORTS, "again") and each.ok]
        numbers = {each.number for each in accepted if each.number is not None}
        if len(there) > 1 or len(numbers) > 1:
            broken.append(f"{kind} {about} is there {len(there)} times: {sorted(there | numbers)}")
        if accepted and not there:
            broken.append(f"{kind} {about} was accepted ({accepted[0].says or accepted[0].number}) and is lost")
        if numbers - {each["number"] for each in facts.incidents}:
            broken.append(f"{kind} {about} was told to be {numbers}, which does not exist")
    return broken


def triaged_in_the_end(facts: Facts) -> list[str]:
    return [
        f"#{each['number']} is still {each['triage']}" for each in facts.incidents if each["triage"] not in TERMINAL
    ]


def one_channel(facts: Facts) -> list[str]:
    made = [
        entry["effect"]["name"]
        for entry in facts.ledger
        if entry["method"] == "conversations.create" and entry["effect"]
    ]
    return _one_each(facts, "channel", [_number_in(r"^incident-(\d+)", name) for name in made])


def one_card(facts: Facts) -> list[str]:
    posts = [entry for entry in facts.ledger if entry["method"] == "chat.postMessage" and entry["effect"]]
    heads = [
        json.dumps(block)
        for entry in posts
        for block in entry["request"].get("blocks") or []
        if block["type"] == "header"
    ]
    return _one_each(facts, "card", [_number_in(r"#(\d+)", head) for head in heads])


def one_ticket(facts: Facts) -> list[str]:
    made = [
        entry["request"]["body"]["fields"]["summary"]
        for entry in facts.ledger
        if re.fullmatch(r"POST /rest/api/\d/issue", entry["method"]) and entry["effect"]
    ]
    return _one_each(facts, "ticket", [_number_in(r"^#(\d+)", summary) for summary in made])


def calls_are_real(facts: Facts) -> list[str]:
    """A call that the timeline names was really placed."""
    placed = {entry["effect"]["call"] for entry in facts.ledger if entry["method"] == CREATE_CALL and entry["effect"]}
    return [
        f"#{number} says it was paged by {line['details']['call']}, which nobody placed"
        for number, lines in facts.timelines.items()
        for line in lines
        if line["kind"] == "paged" and line["details"].get("call") not in placed
    ]


def heard_is_kept(facts: Facts) -> list[str]:
    """What somebody heard on the phone is in the database."""
    broken = []
    known = {each["number"] for each in facts.incidents}
    taken = {
        number for number, lines in facts.timelines.items() if any(line["kind"] == "acknowledged" for line in lines)
    }
    for entry in facts.ledger:
        said = _answer_to_phone(entry)
        heard = {int(word) for word in re.findall(r"incident (\d+)", said)}
        broken += [f"somebody heard of incident {number}, which does not exist" for number in heard - known]
        owned = {int(word) for match in OWN.findall(said) for word in re.findall(r"\d+", match)}
        broken += [f"somebody heard that they own incident {number}, and nobody does" for number in owned - taken]
    return broken


def acknowledged_by_somebody(facts: Facts) -> list[str]:
    """Nothing is acknowledged that nobody acknowledged, and an acknowledgement that was answered stands."""
    broken = []
    for each in facts.incidents:
        number = each["number"]
        tried, done = paging.acknowledgements(facts, number)
        lines = [line for line in facts.timelines.get(number, []) if line["kind"] == "acknowledged"]
        if lines and not tried:
            broken.append(f"#{number} is acknowledged, and nobody tried to")
        if done and not lines:
            broken.append(f"#{number} was answered to be acknowledged at {done[0]:.1f}, and is not")
    return broken


def corrections_stand(facts: Facts) -> list[str]:
    """The category is what the last reaction that stands says; only where every reaction was taken in the end: Slack
    gives up after the third repeat, and the run hurries those.
    """
    broken = []
    for about in _reports(facts):
        told = [each for each in facts.seen if each.about == about and each.kind in ("correct", "take_back")]
        numbers = _incidents_of(facts, about)
        if not told or not numbers or not all(_taken(facts, each) for each in told):
            continue
        standing: list[str] = []
        for each in sorted(told, key=lambda each: each.asked):
            emoji = each.with_["emoji"]
            standing = [other for other in standing if other != emoji]
            standing += [emoji] if each.kind == "correct" else []
        incident = next(each for each in facts.incidents if each["number"] in numbers)
        if standing and incident["category"] != EMOJI[standing[-1]]:
            broken.append(f"#{incident['number']} was corrected to {EMOJI[standing[-1]]} and is {incident['category']}")
        if not standing and incident["route"] == "human":
            broken.append(f"#{incident['number']}: the correction was taken back and still stands")
    return broken


def nothing_owed(facts: Facts) -> list[str]:
    """All that was owed is done or not wanted any more; only triage may give up."""
    return [
        f"#{number}: {job['kind']} {job['key']} is {job['outcome'] or 'owed'} after {job['attempts']}: {job['error']}"
        for number, jobs in facts.jobs.items()
        for job in jobs
        if job["outcome"] not in ("done", "cancelled") and not (job["kind"] == "TRIAGE" and job["outcome"] == "failed")
    ]


def nobody_crashed(facts: Facts) -> list[str]:
    """A process ends only because we ended it.

    Celery is allowed to end in good order when it loses Redis: kombu 5.7 trips over messages that it has not
    acknowledged then, and the worker is started again.
    """
    ours = Counter(broke.on for broke in facts.broke if broke.kind == "kill")
    ended = Counter(ENDED.findall(facts.log))
    return [
        f"{part} {how} ({times} times, {ours[part]} by us)"
        for (part, how), times in ended.items()
        if not _gave_up_on_redis(facts, part, how) and (how != "ended by signal 9" or times > ours[part])
    ]


def no_bug_in_the_log(facts: Facts) -> list[str]:
    return sorted({line.strip()[:300] for line in BUG.findall(facts.log)})


def no_server_error(facts: Facts) -> list[str]:
    """Nobody gets a 5xx, but a 503 while the database is away or a process that stands still has something locked; and
    Slack is asked for a reaction again when it came before its card was written down.
    """
    got = [
        (each.status or 0, each.answered, f"{each.kind} {each.about}")
        for each in facts.seen
        if each.with_.get("way") != "eyes"  # What a reaction was answered is in the ledger.
    ]
    for entry in facts.ledger:
        status = entry["response"].get("status") if isinstance(entry["response"], dict) else None
        if _to_product(entry) and isinstance(status, int):
            got.append((status, seconds(entry["at"]), entry["method"]))
    return [
        f"{what} was answered {status} at {at - facts.began:.1f} s"
        for status, at, what in got
        if status >= 500 and not (status == 503 and _not_now(facts, what, at))
    ]


def _not_now(facts: Facts, what: str, at: float) -> bool:
    if facts.near(at, before=AWAY_SECONDS, after=1.0, on=("postgres",)) or facts.stood_still(at):
        return True
    return what.startswith("event reaction_") and facts.logged(BEFORE_ITS_CARD, at)


INVARIANTS: tuple[Invariant, ...] = (
    accepted_once,
    triaged_in_the_end,
    one_channel,
    one_card,
    one_ticket,
    paging.called_in_time,
    paging.quiet_after_acknowledgement,
    paging.phones_fall_silent,
    paging.called_once_a_step,
    telling.texted_once,
    telling.stakeholders_told_once,
    telling.silence_is_kept,
    calls_are_real,
    heard_is_kept,
    acknowledged_by_somebody,
    corrections_stand,
    nothing_owed,
    nobody_crashed,
    no_bug_in_the_log,
    no_server_error,
)


def broken_by(facts: Facts) -> dict[str, list[str]]:
    """Name to sentences, of those that are broken."""
    found = {invariant.__name__: invariant(facts) for invariant in INVARIANTS}
    return {name: sentences for name, sentences in found.items() if sentences}


def _taken(facts: Facts, told: Seen) -> bool:
    """The reaction was delivered, the first time or later."""
    kind = "reaction_removed" if told.kind == "take_back" else "reaction_added"
    return told.number is not None and any(
        entry["response"]["failure"] is None
        and entry["request"]["event"]["reaction"] == told.with_["emoji"]
        and told.asked <= float(entry["request"]["event"]["event_ts"]) <= told.answered
        for entry in facts.ledger
        if entry["method"] == f"event {kind}"
    )


def _gave_up_on_redis(facts: Facts, part: str, how: str) -> bool:
    lost = any(broke.on == "redis" and broke.kind in ("down", "network") for broke in facts.broke)
    return part.startswith("worker-") and how == "ended with code 0" and lost


def _reports(facts: Facts) -> dict[int, str]:
    return {act.about: act.kind for act in facts.schedule.acts if act.kind in REPORTS}


def _incidents_of(facts: Facts, about: int) -> set[int]:
    """By the report's mark in the text; a call is known by its number."""
    by_text = {
        each["number"]
        for each in facts.incidents
        if re.search(rf"\bcase {about}\b", f"{each['title']} {each['description']}")
    }
    by_phone = {each.number for each in facts.seen if each.about == about and each.kind == "hotline" and each.number}
    return by_text | {number for number in by_phone if any(each["number"] == number for each in facts.incidents)}


def _one_each(facts: Facts, what: str, found: list[int | None]) -> list[str]:
    times = Counter(found)
    return [
        f"#{each['number']} has {times[each['number']]} {what}s"
        for each in facts.incidents
        if times[each["number"]] != 1
    ]


def _number_in(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1]) if found else None


def _to_product(entry: Json) -> bool:
    method: str = entry["method"]
    return "{product}" in method or method.startswith(("command ", "event ", "block_actions", "view_"))


def _answer_to_phone(entry: Json) -> str:
    if not entry["method"].startswith("POST {product} /voice/") or not isinstance(entry["response"], dict):
        return ""
    return str(entry["response"].get("body", ""))
