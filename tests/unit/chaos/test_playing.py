"""The harness of the schedules itself: the same seed, the same schedule; less of it as long as it fails."""

import json
from hashlib import sha256
from pathlib import Path

from tests.chaos.schedule import Fault, Schedule, schedule
from tests.chaos.shrinking import shrunk

SEEDS = range(1, 60)
KEPT = Path(__file__).parents[2] / "mutants" / "schedules"
AS_BEFORE = "ee9fb230efceaab7"
"""Of the acts and faults of these seeds, before there were settings."""


def test_a_seed_gives_the_same_schedule_every_time() -> None:
    assert [schedule(seed) for seed in SEEDS] == [schedule(seed) for seed in SEEDS]
    assert len({repr(schedule(seed).acts) for seed in SEEDS}) == len(SEEDS)


def test_a_schedule_goes_through_json_unchanged() -> None:
    for seed in SEEDS:
        assert Schedule.of_json(schedule(seed).as_json()) == schedule(seed)


def test_a_failing_schedule_is_shrunk_to_what_is_needed() -> None:
    whole = schedule(3)
    needed_fault, needed_act = whole.faults[-1], whole.acts[0]

    def fails(fewer: Schedule) -> bool:
        return needed_fault in fewer.faults and needed_act in fewer.acts

    least = shrunk(whole, fails)
    assert least.faults == (needed_fault,)
    assert least.acts == (needed_act,)


def test_two_faults_that_fail_only_together_stay_together() -> None:
    faults = tuple(Fault(float(at), "kill", "web") for at in range(7))
    whole = schedule(3).with_parts((), faults)
    least = shrunk(whole, lambda fewer: faults[1] in fewer.faults and faults[6] in fewer.faults)
    assert least.faults == (faults[1], faults[6])


def test_what_is_about_a_report_goes_with_it() -> None:
    whole = next(each for each in map(schedule, SEEDS) if any(act.kind == "acknowledge" for act in each.acts))
    about = next(act.about for act in whole.acts if act.kind == "acknowledge")
    kept = tuple(act for act in whole.acts if not (act.about == about and act.kind not in ("acknowledge", "correct")))
    assert all(act.about != about for act in whole.with_parts(kept, ()).acts)


def test_what_was_kept_before_there_were_settings_plays_on_unchanged() -> None:
    """A seed's acts and faults are what they were, and a kept schedule sets nothing."""
    for path in sorted(KEPT.glob("*.json")):
        kept = json.loads(path.read_text())
        whole = Schedule.of_json(kept)
        assert whole.settings == ()
        assert [act["kind"] for act in kept["acts"]] == [act.kind for act in whole.acts]
    seen = "".join(repr((schedule(seed).acts, schedule(seed).faults)) for seed in SEEDS)
    assert sha256(seen.encode()).hexdigest().startswith(AS_BEFORE)


def test_seeds_play_each_of_the_settings_and_none() -> None:
    played = [{act.kind for act in schedule(seed).settings} for seed in SEEDS]
    assert set.union(*played) == {"policy", "rules", "silence", "stakeholder"}
    assert set() in played
