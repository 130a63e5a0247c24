"""/api/v1/projects: the named parts of an organization, to which its incidents belong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Self
from uuid import UUID

import structlog
from apiflask import APIBlueprint
from flask import Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.bootstrap import NotReady
from incidents import leaving, projects
from incidents.errors import PermanentError
from incidents.models import ProjectRow
from incidents.reports import cleaned
from incidents.store import Transaction
from web.api.download import download
from web.api.texts import AddressedName, ChannelId
from web.caller import caller
from web.conflicts import CONFLICT, conflicts
from web.desk import desk
from web.refusal import Refusal

api = APIBlueprint("projects", __name__, tag="Organizations")

log = structlog.get_logger(__name__)

Description = Annotated[str, Field(max_length=1000), AfterValidator(cleaned)]
Service = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(cleaned)
]
Services = Annotated[list[Service], Field(max_length=50, description="incidents of these are the project's")]
Channels = Annotated[list[ChannelId], Field(max_length=20, description="and what is reported in these, by Slack's id")]


class NewBody(BaseModel):
    name: AddressedName
    description: Description = ""
    services: Services = []
    channels: Channels = []


class ChangeBody(BaseModel):
    """What is left out stays as it is."""

    name: AddressedName | None = None
    description: Description | None = None
    services: Services | None = None
    channels: Channels | None = None


class ProjectShape(BaseModel):
    id: UUID
    name: str
    description: str
    services: list[str]
    channels: list[str]
    default: bool = Field(description="whether it has what belongs to no other one")

    @classmethod
    def of(cls, row: ProjectRow) -> Self:
        is_default = row.id == row.organization_id
        told = {"description": row.description, "services": row.services, "channels": row.channels}
        return cls.model_validate({"id": row.id, "name": row.name, **told, "default": is_default})


class ProjectsShape(BaseModel):
    projects: list[ProjectShape]

    @classmethod
    def of(cls, tx: Transaction) -> Self:
        return cls(projects=[ProjectShape.of(row) for row in projects.rows(tx)])


class GoneQuery(BaseModel):
    confirm: str = Field("", max_length=100, description="the project's name, once it was exported")


@api.get("/api/v1/projects")
@api.output(ProjectsShape)
@api.doc(summary="All projects, the default one first")
def all_projects() -> ProjectsShape:
    with desk().store.begin() as tx:
        return ProjectsShape.of(tx)


@api.post("/api/v1/projects")
@api.input(NewBody, arg_name="body", example={"name": "Payments", "services": ["checkout"], "channels": ["C0PAY"]})
@api.output(ProjectShape, 201)
@api.doc(summary="A new project")
def make(body: NewBody) -> ProjectShape:
    with desk().store.begin() as tx:
        return ProjectShape.of(projects.make(tx, **body.model_dump()))


@api.get("/api/v1/projects/<project>")
@api.output(ProjectShape)
@api.doc(summary="One project, by id or name")
def read(project: str) -> ProjectShape:
    with desk().store.begin() as tx:
        return ProjectShape.of(projects.row(tx, project))


@api.patch("/api/v1/projects/<project>")
@api.input(ChangeBody, arg_name="body", example={"description": "What takes money", "services": ["checkout", "cart"]})
@api.output(ProjectShape)
@api.doc(summary="Change a project for what is reported from now on")
def change(project: str, body: ChangeBody) -> ProjectShape:
    with desk().store.begin() as tx:
        row = projects.row(tx, project, lock=True)
        projects.change(tx, row, **body.model_dump())
        return ProjectShape.of(row)


@api.get("/api/v1/projects/<project>/export")
@api.doc(summary="All rows of a project's incidents, as lines of JSON")
def export(project: str) -> Response:
    """`{"table": …, "row": {…}}` a line, those first that others point at, as an organization's export has them."""
    answer = download(_rows(project), name="project.ndjson")
    log.info("project_exported", project=project, by=caller().name)
    return answer


@api.delete("/api/v1/projects/<project>")
@api.input(GoneQuery, location="query", arg_name="query")
@api.output(ProjectsShape)
@api.doc(summary="Remove a project with its incidents for good", responses=CONFLICT)
def remove(project: str, query: GoneQuery) -> ProjectsShape:
    """Within an hour after its export, when all its incidents are over, and with its name as `confirm`. What the memory
    learned from them is taken back. Answers with those that are left.
    """
    with desk().store.begin() as tx, conflicts():
        row = projects.row(tx, project)
        leaving.demand_removable(tx, row)
        id, name, lessons = str(row.id), row.name, leaving.lessons(tx, row)
    if query.confirm != name:
        raise Refusal(409, f"This removes {name} for good. Send the same with ?confirm={name} to do it.")
    try:
        # Before the rows that name them are gone. While the memory is away nothing is removed: it is to be asked again.
        desk().providers.memory.forget(tx.organization, lessons)
    except (PermanentError, NotReady) as error:
        log.warning("memory_not_taken_back", project=name, reason=str(error))
    with desk().store.begin() as tx, conflicts():
        leaving.remove(tx, projects.row(tx, id, lock=True))
        left = ProjectsShape.of(tx)
    log.warning("project_removed", name=name, by=caller().name)
    return left


@contextmanager
def _rows(project: str) -> Iterator[Iterator[dict[str, Any]]]:
    with desk().store.begin() as tx:
        yield leaving.export(tx, projects.row(tx, project))
