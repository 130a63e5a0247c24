"""The sweep: what is due is rung for, again and again until somebody has it."""

from collections import Counter

from sqlalchemy import insert, text

from incidents import claims
from incidents.models import Job
from incidents.ports import Ring
from incidents.terms import JobKind
from incidents.words import Severity
from tasks.sweep import Sweep
from tests.core_fakes import FakeDoorbell
from tests.integration.core.world import World, in_parallel


def due_rings(world: World, limit: int = claims.RINGS_AT_ONCE) -> list[Ring]:
    with world.database.begin() as session:
        return claims.due_rings(session, limit=limit)


def seconds_since_the_bell_rang(world: World, seconds: float) -> None:
    with world.database.begin() as session:
        session.execute(text("UPDATE jobs SET rung_at = rung_at - make_interval(secs => :s)"), {"s": seconds})


def many(world: World, kind: JobKind, count: int) -> None:
    """That many jobs of an incident that have been due for an hour."""
    incident = world.reported(severity=Severity.HIGH)
    now = world.now()
    with world.database.begin() as session:
        session.execute(
            insert(Job),
            [
                {
                    "organization_id": world.store.organization,
                    "incident_id": incident.id,
                    "kind": kind,
                    "key": f"many-{n}",
                    "created_at": now,
                    "due": now.replace(year=now.year - 1),
                }
                for n in range(count)
            ],
        )


def test_what_is_due_is_rung_for_on_its_queue(world: World) -> None:
    world.hold()
    incident = world.reported()
    assert due_rings(world) == [Ring(world.job(incident, JobKind.TRIAGE).id, "triage")]
    world.jump(30)
    assert due_rings(world) == [Ring(world.job(incident, JobKind.PAGE).id, "page")]


def test_the_bell_rings_again_after_five_seconds_and_not_before(world: World) -> None:
    world.hold()
    world.reported()
    assert len(due_rings(world)) == 1
    seconds_since_the_bell_rang(world, 4)
    assert due_rings(world) == []
    seconds_since_the_bell_rang(world, 1.1)
    assert len(due_rings(world)) == 1


def test_what_a_worker_has_in_hand_is_not_rung_for_until_its_lease_lapses(world: World) -> None:
    world.hold()
    job = world.job(world.reported(), JobKind.TRIAGE)
    with world.database.begin() as session:
        assert claims.take(session, job.id) is not None
    assert due_rings(world) == []
    world.leases_lapse()
    assert len(due_rings(world)) == 1


def test_several_sweeps_at_once_ring_once(world: World) -> None:
    many(world, JobKind.POST_NOTE, 90)
    rings = [ring.job for some in in_parallel(lambda _: due_rings(world), threads=6) for ring in some]
    assert len(rings) == len(set(rings)) == 92


def test_a_crowd_of_jobs_that_are_due_for_longer_keeps_no_other_queue_from_being_looked_at(world: World) -> None:
    many(world, JobKind.POST_NOTE, 3000)
    assert Counter(ring.queue for ring in due_rings(world, limit=10)) == {"page": 1, "triage": 1, "default": 10}


def test_the_sweep_rings_for_what_is_due(world: World) -> None:
    incident = world.reported()
    bell = FakeDoorbell()
    assert Sweep(world.database, bell).once() == 1
    assert bell.rings == [Ring(world.job(incident, JobKind.TRIAGE).id, "triage")]


def test_a_bell_that_is_silent_does_not_stop_the_sweep(world: World) -> None:
    world.reported()
    sweep = Sweep(world.database, FakeDoorbell(silent=True))
    assert sweep.once() == 1
    seconds_since_the_bell_rang(world, 5.1)
    assert sweep.once() == 1


def test_several_workers_at_once_make_one_call(world: World) -> None:
    world.reported(severity=Severity.HIGH)
    job = next(ring for ring in due_rings(world) if ring.queue == "page").job
    in_parallel(lambda _: world.runner.run(job), threads=8)
    assert len(world.phone.placed) == 1


def test_what_is_due_is_found_by_its_index_among_many_that_are_done(world: World) -> None:
    incident = world.reported()
    with world.database.begin() as session:
        session.execute(
            text(
                "INSERT INTO jobs (id, organization_id, incident_id, kind, key, payload, created_at, due, attempts,"
                " generation, done_at, outcome)"
                " SELECT gen_random_uuid(), :org, :incident, 'POST_NOTE', 'done-' || n, '{}', now(), now(), 1, 1,"
                " now(), 'done' FROM generate_series(1, 50000) n"
            ),
            {"org": world.store.organization, "incident": incident.id},
        )
        session.execute(
            text(
                "INSERT INTO jobs (id, organization_id, incident_id, kind, key, payload, created_at, due, attempts,"
                " generation) SELECT gen_random_uuid(), :org, :incident, 'PAGE', 'later-' || n, '{}', now(),"
                " now() + interval '1 hour', 0, 1 FROM generate_series(1, 20000) n"
            ),
            {"org": world.store.organization, "incident": incident.id},
        )
    with world.database.engines.transactions.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE jobs"))
        plan = "\n".join(
            connection.scalars(
                text(
                    "EXPLAIN SELECT id FROM jobs WHERE done_at IS NULL AND due <= store_now()"
                    " AND (claimed_until IS NULL OR claimed_until < clock_timestamp()) ORDER BY due LIMIT 500"
                )
            )
        )
    assert "ix_jobs_open" in plan
    assert "Index Cond: (due <= store_now())" in plan
    assert len(due_rings(world)) == 1
