"""Leading an incident somewhere once, and coming back for each case: the database's rows and the fakes' memory."""

from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from incidents.models import Base, Incident, Job
from tests.integration.core.world import World
from tests.integration.crash.mortal import PORTS
from tests.integration.crash.path import Path
from tests.integration.crash.stages import STAGES

TABLES = [*(table.name for table in Base.metadata.sorted_tables), "clock"]


@dataclass(frozen=True, slots=True)
class Scene:
    """An incident, and its job that is about to be done."""

    world: World
    incident: Incident
    job: Job


@dataclass(frozen=True, slots=True)
class _Kept:
    schema: str
    fakes: dict[str, dict[str, Any]]
    incident: Incident | None = None
    job: UUID | None = None


class Scenes:
    """One world that is set to the beginning of any stage."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, _Kept] = {}
        self.ways: dict[str, Path] = {}
        world.hold()
        self._empty = self._keep("scene")

    def at(self, name: str) -> Scene:
        """The world as it was when the stage's job had just become due."""
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = self._led(name)
        else:
            self._rewind(kept)
        if kept.incident is None or kept.job is None:
            raise AssertionError("a stage has an incident and a job")
        [job] = [job for job in self._world.jobs(kept.incident) if job.id == kept.job]
        return Scene(self._world, kept.incident, job)

    def _led(self, name: str) -> _Kept:
        self._rewind(self._empty)
        stage, world = STAGES[name], self._world
        incident = stage.lead(world)
        [due] = world.due()
        [job] = [job for job in world.jobs(incident, stage.kind) if job.id == due]
        kept = self._keep(f"scene{len(self._kept)}")
        return _Kept(kept.schema, kept.fakes, world.fresh(incident), job.id)

    def _keep(self, schema: str) -> _Kept:
        copies = "".join(f"CREATE TABLE {schema}.{table} AS TABLE {table};" for table in TABLES)
        self._run(f"CREATE SCHEMA {schema}; {copies}")
        return _Kept(schema, {name: _memory(getattr(self._world, name)) for name in PORTS})

    def _rewind(self, kept: _Kept) -> None:
        # Deleting is faster for a few rows; a line of the timeline refuses to be deleted.
        emptied = [f"DELETE FROM {table}" for table in reversed(TABLES) if table != "timeline"]  # noqa: S608 (our names)
        # With an organization the database makes its default project, which is kept already.
        filled = [f"INSERT INTO {table} TABLE {kept.schema}.{table} ON CONFLICT DO NOTHING" for table in TABLES]
        self._run(";".join(["TRUNCATE timeline", *emptied, *filled]))
        for name, memory in kept.fakes.items():
            vars(getattr(self._world, name)).update(deepcopy(memory))

    def _run(self, statements: str) -> None:
        with self._world.database.begin() as session:
            session.connection().exec_driver_sql(statements)


def _memory(fake: object) -> dict[str, Any]:
    """What it knows; a counter goes on and never comes back."""
    unkept: tuple[type, ...] = (count,)
    return deepcopy(
        {name: value for name, value in vars(fake).items() if not isinstance(value, unkept) and not callable(value)}
    )
