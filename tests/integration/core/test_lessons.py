"""What the memory is taught, by whom; what is taken back stays back; nobody alone turns over what several say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from incidents import classification, jobs, learning, lessons, lifecycle, tenants
from incidents.errors import NotFound, TemporaryError
from incidents.models import Incident, LessonRow
from incidents.people import Actor
from incidents.ports import Lesson, Neighbour, source_of
from incidents.roles import Role
from incidents.terms import JobKind
from incidents.words import Origin, Severity
from knowledge.settling import keep, plant, rebuild, settle
from tests.core_fakes import FakeMemory
from tests.integration.core.world import ANA, BEA, CY, World

ADMIN = replace(CY, role=Role.ADMIN)
KEY = Actor("Bea", via="api", role=Role.MEMBER, key="monitoring")


class AlikeMemory(FakeMemory):
    """Everything is about the same."""

    def nearest(self, organization: UUID, text: str, *, limit: int) -> Sequence[Neighbour]:
        return [replace(each, similarity=0.9) for each in super().nearest(organization, text, limit=limit)]


@pytest.fixture
def alike(world: World) -> AlikeMemory:
    world.memory = world.providers.memory = AlikeMemory()
    return world.memory


def correct(world: World, incident: Incident, category: str, by: Actor = BEA) -> None:
    world.act(incident, lambda tx, row: classification.correct(tx, row, category, by=by, via="reaction"))
    world.run_due()


def resolved(world: World, by: Actor) -> Incident:
    incident = world.triaged(Severity.LOW)
    world.act(incident, lambda tx, row: lifecycle.resolve(tx, row, by=by, how="Restarted it."))
    world.run_due()
    return incident


def row(world: World, incident: Incident) -> LessonRow:
    with world.store.begin() as tx:
        return tx.session.scalars(tx.select(LessonRow).where(LessonRow.incident_id == incident.id)).one()


def known(world: World) -> dict[str, str]:
    return {source: lesson.category for (_, source), lesson in world.memory.lessons.items()}


def undo(world: World, source: str) -> int:
    with world.store.begin() as tx:
        done = len(lessons.undo(tx, source, by="Dee"))
    keep(world.store, world.memory)
    return done


def test_a_resolution_and_a_correction_say_who_taught_them(world: World) -> None:
    incident = resolved(world, ANA)
    told = row(world, incident)
    assert (told.origin, told.category, told.taught_by, told.voice) == ("resolution", "database", "Ana", "U0ANA")
    correct(world, incident, "network")
    told = row(world, incident)
    assert (told.origin, told.category, told.taught_by, told.via) == ("correction", "network", "Bea", "reaction")
    assert (told.agrees, told.helped, known(world)) == (True, "Restarted it.", {told.source: "network"})


def test_the_memory_gets_no_secret_and_neither_does_the_copy_in_sql(world: World) -> None:
    incident = world.reported("password: hunter22 is refused")
    world.run_due()
    correct(world, incident, "access")
    assert "hunter22" not in row(world, incident).title + row(world, incident).text


def test_what_is_taken_back_stays_back_until_it_is_restored(world: World) -> None:
    incident = resolved(world, ANA)
    source = source_of(incident.id)
    assert undo(world, source) == 1
    assert known(world) == {}
    correct(world, incident, "network")
    rebuild(world.store, world.memory)
    assert known(world) == {}
    with world.store.begin() as tx:
        assert lessons.restore(tx, source) == [source]
    keep(world.store, world.memory)
    assert known(world) == {source: "network"}


def test_taking_back_while_the_memory_is_away_is_done_when_it_is_back(world: World) -> None:
    incident = resolved(world, ANA)
    world.memory.fail(TemporaryError("Chroma does not answer"), method="forget")
    with pytest.raises(TemporaryError):
        undo(world, source_of(incident.id))
    assert settle(world.store, world.memory) == 1
    assert known(world) == {}


def test_a_seed_is_taken_back_in_all_its_wordings_and_a_start_does_not_bring_it_back(world: World) -> None:
    plant(world.store)
    settle(world.store, world.memory)
    source = next(source for source in known(world) if source.endswith("#2")).partition("#")[0]
    assert undo(world, source) > 1
    plant(world.store)
    rebuild(world.store, world.memory)
    assert not any(each.startswith(source) for each in known(world))


def test_all_that_a_person_taught_is_taken_back_from_a_time_on(world: World) -> None:
    early = resolved(world, ANA)
    world.jump(3600)
    late, others = resolved(world, ANA), resolved(world, BEA)
    with world.store.begin() as tx:
        assert lessons.undo_all(tx, taught_by="ana", since=tx.now - timedelta(minutes=30), by="Dee") == [
            source_of(late.id)
        ]
    keep(world.store, world.memory)
    assert set(known(world)) == {source_of(each.id) for each in (early, others)}
    assert row(world, late).undone_by == "Dee"


def test_what_is_not_there_is_told(world: World) -> None:
    with world.store.begin() as tx, pytest.raises(NotFound, match="no lesson"):
        lessons.undo(tx, "incident:nothing", by="Dee")


def test_one_person_does_not_turn_over_what_two_lessons_of_others_say(world: World, alike: AlikeMemory) -> None:
    resolved(world, ANA)
    resolved(world, CY)
    incident = world.triaged(Severity.LOW)
    correct(world, incident, "network")
    waiting = row(world, incident)
    assert (waiting.category, waiting.proposed, waiting.proposed_by) == (None, "network", "Bea")
    assert "network" not in known(world).values()
    assert world.fresh(incident).category == "network"
    correct(world, incident, "network", KEY)
    assert row(world, incident).proposed is None
    assert known(world)[source_of(incident.id)] == "network"


def test_one_person_does_not_take_away_what_others_taught_by_correcting_it(world: World, alike: AlikeMemory) -> None:
    three = [resolved(world, ANA), resolved(world, CY), resolved(world, CY)]
    for incident in three:
        correct(world, incident, "network")
        assert (row(world, incident).category, row(world, incident).proposed) == ("database", "network")
    assert set(known(world).values()) == {"database"}


def test_one_key_is_one_person_whatever_names_it_gives(world: World, alike: AlikeMemory) -> None:
    resolved(world, ANA)
    resolved(world, CY)
    incident = world.triaged(Severity.LOW)
    for name in ("Hal", "Gil", "Eve"):
        correct(world, incident, "network", replace(KEY, name=name))
    assert row(world, incident).category is None


def test_an_admins_word_counts_at_once(world: World, alike: AlikeMemory) -> None:
    resolved(world, ANA)
    resolved(world, BEA)
    incident = world.triaged(Severity.LOW)
    correct(world, incident, "network", ADMIN)
    assert (row(world, incident).category, row(world, incident).proposed) == ("network", None)


def test_somebody_elses_lesson_about_the_same_is_a_second_voice(world: World, alike: AlikeMemory) -> None:
    with world.store.begin() as tx:
        lessons.follow(tx, Origin.IMPORT, [Lesson("import:1", "x", "x", "network", "import")])
    keep(world.store, world.memory)
    resolved(world, ANA)
    resolved(world, CY)
    incident = world.triaged(Severity.LOW)
    correct(world, incident, "network")
    assert row(world, incident).category == "network"


def test_seeds_and_runbooks_are_nobodys_word(world: World, alike: AlikeMemory) -> None:
    seeds = [Lesson(f"seed:{n}", "x", "x", "database", "seed") for n in range(3)]
    with world.store.begin() as tx:
        lessons.follow(tx, Origin.SEED, seeds)
    settle(world.store, world.memory)
    incident = world.triaged(Severity.LOW)
    correct(world, incident, "network")
    assert row(world, incident).category == "network"


def test_a_correction_that_is_taken_back_no_longer_waits(world: World, alike: AlikeMemory) -> None:
    resolved(world, ANA)
    resolved(world, CY)
    incident = world.triaged(Severity.LOW)
    correct(world, incident, "network")
    world.act(incident, lambda tx, it: classification.undo_correction(tx, it, "network", by=BEA, via="reaction"))
    world.run_due()
    assert (row(world, incident).withdrawn, row(world, incident).proposed) == (True, None)


def test_what_was_confirmed_before_lessons_were_kept_is_taken_in(world: World) -> None:
    incident = resolved(world, ANA)
    with world.store.begin() as tx:
        tx.session.delete(tx.session.scalars(tx.select(LessonRow)).one())
    plant(world.store)
    assert row(world, incident).origin is Origin.RESOLUTION


def test_the_other_organization_sees_none_of_it(world: World) -> None:
    resolved(world, ANA)
    with world.database.begin() as session:
        other = world.database.store(tenants.make(session, name="beside").id)
    with other.begin() as tx:
        assert lessons.log(tx, limit=10) == []
        assert lessons.undo_all(tx, taught_by="Ana", since=None, by="Eve") == []
        assert learning.catch_up(tx) == []


def test_a_version_that_was_told_late_is_told_again(world: World) -> None:
    """Two tell the memory at once: who comes last with what is no longer true does not have the last word."""
    incident = resolved(world, ANA)
    late = row(world, incident)
    correct(world, incident, "network")
    world.memory.remember(world.store.organization, [lessons.lesson_of(late)])
    with world.store.begin() as tx:
        lessons.settled(tx, [late])
    assert settle(world.store, world.memory) == 1
    assert set(known(world).values()) == {"network"}
    assert world.job(incident, JobKind.LEARN).done_at is not None


def test_learning_once_more_mends_what_an_overtaken_worker_told_last(world: World) -> None:
    """It told the memory what was no longer true, and died before it could look."""
    incident = resolved(world, ANA)
    late = row(world, incident)
    correct(world, incident, "network")
    world.memory.remember(world.store.organization, [lessons.lesson_of(late)])
    world.act(incident, lambda tx, it: jobs.owe(tx, it, JobKind.LEARN))
    world.run_due()
    assert set(known(world).values()) == {"network"}
