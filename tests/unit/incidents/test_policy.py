"""The ladder of calls, from its definition."""

from datetime import timedelta

from incidents.policy import DEFAULT_POLICY, Policy
from incidents.words import Severity

POLICY = Policy.of(DEFAULT_POLICY)


def seconds(*after: int) -> list[timedelta]:
    return [timedelta(seconds=each) for each in after]


def test_the_seeded_ladder_is_two_calls_to_each_of_two_people_three_times() -> None:
    assert [rung.after for rung in POLICY.ladder] == seconds(0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660)
    assert [rung.step for rung in POLICY.ladder] == [0, 0, 1, 1] * 3
    assert [rung.index for rung in POLICY.ladder] == list(range(12))
    assert POLICY.told_after == timedelta(seconds=720)


def test_each_call_knows_how_long_after_it_the_next_one_is_and_the_last_when_everybody_is_told() -> None:
    assert [POLICY.next_after(rung.index) for rung in POLICY.ladder] == seconds(*[60] * 12)


def test_the_next_step_is_the_first_call_to_another_person() -> None:
    assert [POLICY.next_step(index) for index in range(12)] == [2, 2, 4, 4, 6, 6, 8, 8, 10, 10, None, None]


def test_high_is_paged_at_once_and_everything_else_after_a_while() -> None:
    assert POLICY.first_delay(Severity.HIGH) == timedelta(0)
    assert {POLICY.first_delay(severity) for severity in (Severity.MEDIUM, Severity.LOW, None)} == set(seconds(30))


def test_a_policy_of_one_call_has_one_rung() -> None:
    policy = Policy.of(DEFAULT_POLICY | {"steps": [{"calls": 1, "every": 60, "wait": 90}], "repeat": 0})
    assert [rung.after for rung in policy.ladder] == seconds(0)
    assert policy.next_after(0) == timedelta(seconds=90)
    assert policy.next_step(0) is None


def of_a_group() -> Policy:
    group = {"calls": 3, "every": 60, "wait": 200, "to": {"group": "S0SRE"}}
    return Policy.of(DEFAULT_POLICY | {"steps": [group, {"calls": 1, "every": 60, "wait": 60}], "repeat": 1})


def test_the_calls_of_a_step_are_counted_on_through_its_repeats() -> None:
    assert [rung.nth for rung in of_a_group().ladder] == [0, 1, 2, 0, 3, 4, 5, 1]
    assert [rung.begins for rung in of_a_group().ladder] == [0, 0, 0, 3, 4, 4, 4, 7]


def test_each_call_of_a_group_may_be_somebody_elses() -> None:
    assert [of_a_group().next_turn(index) for index in range(8)] == [1, 2, 3, 4, 5, 6, 7, None]
    assert [POLICY.next_turn(index) for index in range(12)] == [POLICY.next_step(index) for index in range(12)]


def test_which_call_of_a_step_was_the_last_at_some_time() -> None:
    after = {0: 0, 59: 0, 60: 1, 119: 1, 120: 2, 199: 2}
    assert {at: of_a_group().called_then(0, timedelta(seconds=at)) for at in after} == after
    assert of_a_group().called_then(4, timedelta(seconds=61)) == 5
