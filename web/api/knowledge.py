"""What the memory knows: searched by meaning, listed with where each lesson comes from, taken back and restored."""

from datetime import datetime
from typing import Annotated, Self

import structlog
from apiflask import APIBlueprint
from pydantic import AfterValidator, BaseModel, Field

from app.bootstrap import NotReady
from incidents import lessons
from incidents.errors import PermanentError, TemporaryError
from incidents.models import LessonRow
from incidents.reports import cleaned
from incidents.words import Origin
from knowledge.settling import settle
from web.api.shapes import NeighbourShape
from web.caller import caller
from web.desk import desk
from web.problems import COME_BACK
from web.refusal import Refusal

MOST = 200
USUAL = 50
LARGEST = 2**63 - 1

api = APIBlueprint("knowledge", __name__, tag="Knowledge")

log = structlog.get_logger(__name__)


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("say what to look for, like `query=checkout times out`")
    return text


class SearchQuery(BaseModel):
    query: Annotated[str, Field(max_length=2000), AfterValidator(cleaned), AfterValidator(_not_empty)]
    maxResults: int = Field(5, ge=1, le=50)  # noqa: N815 (the name is part of the contract)


class SearchShape(BaseModel):
    """The most similar first."""

    query: str
    results: list[NeighbourShape]


@api.get("/api/knowledge/search")
@api.input(SearchQuery, location="query", arg_name="asked")
@api.output(SearchShape)
@api.doc(summary="Search what happened before, by meaning", responses={503: "The memory is away."})
def search(asked: SearchQuery) -> SearchShape:
    try:
        found = desk().providers.memory.nearest(desk().store.organization, asked.query, limit=asked.maxResults)
    except (PermanentError, NotReady) as error:
        raise Refusal(503, f"Temporarily unavailable: {error}", headers=COME_BACK) from error
    return SearchShape(query=asked.query, results=[NeighbourShape.of(neighbour) for neighbour in found])


class BrowseQuery(BaseModel):
    origin: Origin | None = None
    cursor: int | None = Field(None, ge=1, le=LARGEST, description="`next_cursor` of the page before")
    limit: int = Field(USUAL, ge=1, le=MOST)


class LessonShape(BaseModel):
    source: str
    origin: Origin = Field(description="where it comes from")
    title: str
    text: str
    category: str | None = Field(description="null while what is proposed waits")
    helped: str | None
    number: int | None = Field(description="the incident's")
    taught_by: str
    via: str | None = Field(description="the door by which a correction came, or the file of an import")
    at: datetime
    state: lessons.State
    proposed: str | None = Field(description="what one person says against several others; a second one is waited for")
    proposed_by: str | None
    undone_at: datetime | None
    undone_by: str | None

    @classmethod
    def of(cls, row: LessonRow) -> Self:
        kept = {name: getattr(row, name) for name in cls.model_fields if name != "state"}
        return cls(**kept, state=lessons.state(row))


class LessonsShape(BaseModel):
    """The latest first."""

    lessons: list[LessonShape]
    next_cursor: str | None = Field(description="ask again with `cursor` set to this; null on the last page")


class TakenShape(BaseModel):
    source: str
    changed: int = Field(description="how many lessons it was: an entry may be known in several wordings")


@api.get("/api/v1/knowledge")
@api.input(BrowseQuery, location="query", arg_name="query")
@api.output(LessonsShape)
@api.doc(summary="What the memory was taught, by whom, and what counts of it")
def browse(query: BrowseQuery) -> LessonsShape:
    with desk().store.begin() as tx:
        found = lessons.log(tx, before=query.cursor, origin=query.origin, limit=query.limit + 1)
    page = found[: query.limit]
    more = str(page[-1].n) if len(found) > query.limit else None
    return LessonsShape(lessons=[LessonShape.of(row) for row in page], next_cursor=more)


@api.delete("/api/v1/knowledge/<source>")
@api.output(TakenShape)
@api.doc(summary="Take a lesson back for good")
def take_back(source: str) -> TakenShape:
    """The memory forgets it, and no rebuild, start or later correction brings it back; `…/restore` does."""
    with desk().store.begin() as tx:
        changed = lessons.undo(tx, cleaned(source), by=caller().name)
    _tell(changed)
    return TakenShape(source=source, changed=len(changed))


@api.post("/api/v1/knowledge/<source>/restore")
@api.output(TakenShape)
@api.doc(summary="Let a lesson count again that was taken back")
def restore(source: str) -> TakenShape:
    with desk().store.begin() as tx:
        changed = lessons.restore(tx, cleaned(source))
    log.info("lesson_restored", source=source, by=caller().name)
    _tell(changed)
    return TakenShape(source=source, changed=len(changed))


def _tell(sources: list[str]) -> None:
    """At once if the memory is there; else the triage worker does it when it is back."""
    try:
        settle(desk().store, desk().providers.memory, sources=sources)
    except (TemporaryError, PermanentError, NotReady) as error:
        log.warning("memory_not_told", reason=str(error), advice="the triage worker tells it when it is back")
