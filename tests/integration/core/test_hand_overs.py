"""A shift's end is told by itself: once, to whom it concerns, and only when there is something to say."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from incidents import duty, lifecycle, people, shift_changes
from incidents.errors import PermanentError, TemporaryError
from incidents.models import ScheduleRow, ShiftChange
from incidents.schedules import Layer, Rotation, Unit, Window
from incidents.words import Severity
from tasks.hand_overs import HandOvers
from tests.integration.core.world import BEA, CY, KilledError, World, in_parallel

CHANNEL = "C0HANDOVER"
DAY = 86_400.0


class Shifts:
    """A schedule whose hand-overs are told, in a world where it is ten in the morning of the first shift."""

    def __init__(self, world: World, *names: str, until: int | None = None) -> None:
        """By days; with `until` nobody is on call from that hour on."""
        self.world = world
        held = world.hold().replace(hour=10, minute=0, second=0, microsecond=0)
        world.jump((held - world.now()).total_seconds())
        with world.store.begin() as tx:
            persons = tuple(people.named(tx, name).id for name in names)
            starts = (tx.now - timedelta(hours=1)).replace(tzinfo=None)
            hours = Window(frozenset(range(7)), starts.time(), starts.time().replace(hour=until)) if until else None
            layer = Layer(persons, Rotation(starts, Unit.DAY), windows=(hours,) if hours else ())
            self.row = duty.make(tx, name="Days", zone="UTC", layers_=[layer])
            shift_changes.tell_in(tx, self.row, CHANNEL)
        self.hand_overs = HandOvers(world.database, world.chat)

    def look(self) -> list[str]:
        """All that was told in the channel so far."""
        self.hand_overs.once()
        return [post.message.text for post in self.world.chat.posts if post.channel == CHANNEL]

    def lines(self) -> list[str]:
        """Those of the last message."""
        return [block["text"]["text"] for block in self.world.chat.posts[-1].message.blocks]

    def hours_pass(self, hours: float) -> list[str]:
        self.world.jump(hours * 3600)
        return self.look()

    def owe(self) -> None:
        """Looked at, and nothing posted yet."""
        with self.world.store.begin() as tx:
            shift_changes.look(tx)

    def override(self, name: str, *, hours: float) -> None:
        """From now on."""
        with self.world.store.begin() as tx:
            row, person = tx.get(ScheduleRow, self.row.id), people.named(tx, name)
            duty.override(tx, row, person=person, begins=tx.now, ends=tx.now + timedelta(hours=hours), by="Ana")

    def tell_in(self, channel: str | None) -> None:
        with self.world.store.begin() as tx:
            shift_changes.tell_in(tx, tx.get(ScheduleRow, self.row.id, lock=True), channel)

    def later(self, seconds: float) -> None:
        """As if what is owed had been tried so much earlier."""
        with self.world.database.begin() as session:
            by = {"by": timedelta(seconds=seconds)}
            session.execute(text("UPDATE shift_changes SET next_at = next_at - :by"), by)

    def outcomes(self) -> list[str | None]:
        """Of all changes but the first look."""
        with self.world.database.begin() as session:
            return list(session.scalars(select(ShiftChange.outcome).order_by(ShiftChange.n)))[1:]


@pytest.fixture
def shifts(world: World) -> Shifts:
    """Bea's day and Cy's day."""
    return Shifts(world, "Bea", "Cy")


def test_both_are_told_once_when_a_shift_ends(shifts: Shifts) -> None:
    assert shifts.look() == []
    assert shifts.hours_pass(22.9) == []
    told = shifts.hours_pass(0.2)
    assert len(told) == 1
    assert "the shift of <@U0BEA> since" in told[0]
    assert "<@U0CY> is on call now. Nothing is open." in told[0]
    assert shifts.look() == told
    assert len(shifts.hours_pass(24)) == 2


def test_what_goes_on_is_told_with_whose_it_is_and_how_it_is_passed_on(shifts: Shifts, world: World) -> None:
    theirs, others, nobodys = (world.triaged(Severity.LOW) for _ in range(3))
    world.act(theirs, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.act(others, lambda tx, row: lifecycle.acknowledge(tx, row, by=CY))
    shifts.hours_pass(24)
    says, count, *going_on = shifts.lines()
    assert "0 calls, 1 taken" in says
    assert "3 were reported" in says
    assert count == "*3 open*"
    whose = {line.split(" · ")[1].strip("*#"): line.split(" · ")[-1] for line in going_on}
    assert f"`/incident escalate {theirs.number}` passes it on" in whose[str(theirs.number)]
    assert "Cy has it since" in whose[str(others.number)]
    assert "/incident" not in whose[str(others.number)]
    assert f"nobody has it: `/incident ack {nobodys.number}` takes it" in whose[str(nobodys.number)]


def test_a_title_rings_nobody(shifts: Shifts, world: World) -> None:
    world.reported("<!channel> <@U0DEE>", severity=Severity.LOW)
    shifts.hours_pass(24)
    assert not any("<!channel>" in line or "<@U0DEE>" in line for line in shifts.lines())


def test_no_hand_over_to_oneself(world: World) -> None:
    """By an override, by a turn, after a night without anybody."""
    shifts = Shifts(world, "Bea")
    world.triaged(Severity.LOW)
    shifts.override("Bea", hours=3)
    assert [shifts.look(), shifts.hours_pass(4), shifts.hours_pass(24)] == [[], [], []]


def test_a_gap_is_told_while_something_is_open(world: World) -> None:
    shifts = Shifts(world, "Bea", until=18)
    assert [shifts.hours_pass(10), shifts.hours_pass(14)] == [[], []], "nothing is open"
    world.triaged(Severity.LOW)
    told = shifts.hours_pass(10)
    assert len(told) == 1
    assert "Nobody is on call now. 1 open." in told[0]
    assert shifts.hours_pass(14) == told, "Bea is back"


def test_over_a_gap_the_one_hands_over_to_the_other(world: World) -> None:
    """The shift of who went ends with the gap's beginning."""
    shifts = Shifts(world, "Bea", "Cy", until=18)
    assert shifts.hours_pass(10) == []
    world.triaged(Severity.LOW)
    told = shifts.hours_pass(14)
    assert len(told) == 1
    assert "<@U0BEA>" in told[0]
    assert "0 were reported. <@U0CY> is on call now. 1 open." in told[0]


def test_an_override_at_the_last_second_is_one_hand_over(shifts: Shifts) -> None:
    """Cy's turn was seen and not told yet; Bea stays an hour longer."""
    shifts.world.jump(23.1 * 3600)
    shifts.owe()
    shifts.override("Bea", hours=1)
    assert shifts.look() == []
    shifts.hours_pass(2)
    with shifts.world.store.begin() as tx:
        first, back, then = tx.session.scalars(tx.select(ShiftChange).order_by(ShiftChange.n)).all()[-3:]
    assert [each.outcome for each in (first, back, then)] == ["nothing", "nothing", "done"]
    assert then.ended - then.began == timedelta(hours=25.1), "the whole of it is reported"


def test_an_override_that_is_taken_back_hands_back(shifts: Shifts, world: World) -> None:
    shifts.override("Cy", hours=8)
    assert len(shifts.look()) == 1
    world.jump(60)
    with world.store.begin() as tx:
        row = tx.get(ScheduleRow, shifts.row.id)
        duty.take_back(tx, row, str(duty.overrides(tx, row, since=tx.now)[0].id))
    told = shifts.look()
    assert len(told) == 2
    assert "the shift of <@U0CY>" in told[1]


def lost_answer(world: World) -> None:
    world.chat.fail(TemporaryError("Slack did not answer"), method="post", after=True)


def killed_after_the_effect(world: World) -> None:
    world.chat.fail(KilledError(), method="post", after=True)


def killed_before_the_effect(world: World) -> None:
    world.chat.fail(KilledError(), method="post")


def away(world: World) -> None:
    world.chat.fail(TemporaryError("Slack is away", happened=False), method="post")


@pytest.mark.parametrize("trouble", [lost_answer, killed_after_the_effect, killed_before_the_effect, away])
def test_it_is_told_exactly_once_whatever_becomes_of_the_first_attempt(
    shifts: Shifts, trouble: Callable[[World], None]
) -> None:
    shifts.world.jump(DAY)
    trouble(shifts.world)
    with suppress(KilledError):
        shifts.look()
    shifts.later(61)
    assert len(shifts.look()) == 1
    assert shifts.outcomes() == ["done"]


def test_several_processes_tell_it_once(shifts: Shifts) -> None:
    shifts.world.jump(DAY)
    in_parallel(lambda _: HandOvers(shifts.world.database, shifts.world.chat).once(), threads=6)
    assert len(shifts.look()) == 1


def test_a_channel_that_refuses_is_asked_once(shifts: Shifts) -> None:
    shifts.world.chat.fail(PermanentError("channel_not_found"), method="post")
    assert shifts.hours_pass(24) == []
    shifts.later(600)
    assert (shifts.look(), shifts.outcomes()) == ([], ["failed"])


def test_what_nobody_wants_to_hear_any_more_is_not_told(shifts: Shifts) -> None:
    """The channel was taken away; and it is no news when it is given again what happened meanwhile."""
    shifts.world.jump(DAY)
    shifts.owe()
    shifts.tell_in(None)
    assert [shifts.look(), shifts.hours_pass(24)] == [[], []]
    shifts.tell_in(CHANNEL)
    assert shifts.look() == []
    assert len(shifts.hours_pass(24)) == 1


def test_a_schedule_that_is_gone_hands_nothing_over(shifts: Shifts, world: World) -> None:
    world.jump(DAY)
    shifts.owe()
    with world.store.begin() as tx:
        duty.remove(tx, tx.get(ScheduleRow, shifts.row.id))
    assert shifts.look() == []


def test_whoever_was_removed_is_named(shifts: Shifts, world: World) -> None:
    world.jump(DAY)
    shifts.owe()
    with world.database.begin() as session:
        session.execute(text("UPDATE members SET removed_at = store_now() WHERE name = 'Bea'"))
    assert "<@U0BEA>" in shifts.look()[0]
