"""The store's clock: held, moved, let go, and the same for everybody."""

from datetime import timedelta

import pytest

from incidents import clock
from tests.integration.core.world import World

MOMENT = timedelta(seconds=20)
"""More than the machine could be busy between two looks."""


def test_a_held_clock_stands_still_for_everybody(world: World) -> None:
    held = world.hold()
    assert world.now() == held
    assert world.hold() == held, "held twice, it stands where it stood"


def test_a_held_clock_moves_when_it_is_moved_and_not_by_itself(world: World) -> None:
    held = world.hold()
    world.jump(120)
    assert world.now() == held + timedelta(seconds=120)
    world.jump(-60)
    assert world.now() == held + timedelta(seconds=60)


def test_a_clock_let_go_runs_on_from_where_it_stood(world: World) -> None:
    held = world.hold()
    world.jump(3600)
    with world.database.begin() as session:
        clock.release(session)
        assert not clock.is_held(session)
    assert held + timedelta(hours=1) <= world.now() < held + timedelta(hours=1) + MOMENT


@pytest.mark.parametrize("held", [True, False])
def test_a_clock_set_back_shows_the_machines_time(world: World, *, held: bool) -> None:
    if held:
        world.hold()
    world.jump(86_400)
    with world.database.begin() as session:
        clock.reset(session)
        real = clock.real(session)
        assert abs(clock.read(session) - real) < MOMENT


def test_real_time_goes_on_whatever_the_clock_shows(world: World) -> None:
    world.hold()
    with world.database.begin() as session:
        before = clock.real(session)
        clock.advance(session, timedelta(days=1))
        assert before <= clock.real(session) < before + MOMENT
