"""A lookout finds pages in the database itself: no bell rings for them, and nobody is called twice."""

import threading
import time

from incidents.errors import TemporaryError
from incidents.terms import JobKind
from incidents.words import Severity
from tasks.lookout import Lookout
from tests.integration.core.world import World, in_parallel


def lookout(world: World, *, threads: int = 4) -> Lookout:
    return Lookout(world.database, world.runner, "page", threads=threads)


def test_it_makes_the_page_that_nobody_rang_for(world: World) -> None:
    incident = world.reported(severity=Severity.HIGH)
    looking = lookout(world)
    assert looking.once() == 1
    looking.finish()
    assert [call.to for call in world.phone.placed] == ["+12025550111"]
    assert world.job(incident, JobKind.TRIAGE).done_at is None


def test_it_leaves_what_is_not_due(world: World) -> None:
    world.reported()
    looking = lookout(world)
    assert looking.once() == 0
    looking.finish()
    assert world.phone.placed == []


def test_several_lookouts_make_one_call(world: World) -> None:
    world.reported(severity=Severity.HIGH)
    several = [lookout(world) for _ in range(4)]
    in_parallel(lambda n: several[n].once(), threads=4)
    for each in several:
        each.finish()
    assert len(world.phone.placed) == 1


def test_it_begins_no_more_than_it_has_threads_for(world: World) -> None:
    for n in range(5):
        world.reported(f"Checkout {n} returns 502", severity=Severity.HIGH)
    looking = lookout(world, threads=2)
    assert looking.once() == 2
    looking.finish()


def test_a_job_that_fails_does_not_end_it(world: World) -> None:
    world.reported(severity=Severity.HIGH)
    world.phone.fail(TemporaryError("Twilio is away", happened=False), method="call", times=1)
    stopped = threading.Event()
    looking = lookout(world)
    running = threading.Thread(target=lambda: looking.run(stopped, every_seconds=0.05))
    running.start()
    ends = time.monotonic() + 20
    while not world.phone.placed and time.monotonic() < ends:
        stopped.wait(0.05)
    stopped.set()
    running.join(10)
    assert len(world.phone.placed) == 1
    assert not running.is_alive()
