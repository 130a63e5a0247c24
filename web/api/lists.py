"""GET /api/v1/incidents and /stats: the newest first, page by page, and what can be counted."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from incidents import listing, projects
from incidents.listing import Wanted
from incidents.names import LARGEST_NUMBER
from incidents.reports import cleaned
from incidents.store import Transaction
from incidents.words import Source, Status
from web.api.report import AnySeverity
from web.api.shapes import IncidentShape, whole_of_all
from web.desk import desk

MOST = 200
USUAL = 50

api = APIBlueprint("lists", __name__, tag="Incidents")


def _several(value: object) -> object:
    return [word.strip().lower() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _in_utc(value: datetime) -> datetime:
    """A time without a zone is meant in UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Text = Annotated[str, Field(max_length=500), AfterValidator(cleaned)]
Time = Annotated[datetime, AfterValidator(_in_utc)]


class ListQuery(BaseModel):
    status: Annotated[list[Status], BeforeValidator(_several)] = Field(
        [], description="one or several: `open,resolved`"
    )
    severity: AnySeverity | None = None
    category: Text | None = None
    source: Source | None = None
    project: Text | None = Field(None, description="by name or id")
    text: Text | None = Field(None, description="is looked for in title and description")
    since: Time | None = Field(None, description="opened at or after this time (ISO 8601, UTC unless it says so)")
    until: Time | None = Field(None, description="opened before this time")
    cursor: int | None = Field(None, ge=1, le=LARGEST_NUMBER, description="`next_cursor` of the page before")
    limit: int = Field(USUAL, ge=1, le=MOST)


class PageShape(BaseModel):
    incidents: list[IncidentShape]
    next_cursor: str | None = Field(description="ask again with `cursor` set to this; null on the last page")


class StatsQuery(BaseModel):
    project: Text | None = Field(None, description="by name or id; all of them if left out")
    since: Time | None = Field(None, description="opened at or after this time (ISO 8601, UTC unless it says so)")
    until: Time | None = Field(None, description="opened before this time")


class BinShape(BaseModel):
    """Answers with a confidence from `least` to `most`: if it is true, `not_corrected` is about `mean_confidence`."""

    least: float
    most: float
    count: int
    mean_confidence: float
    not_corrected: float = Field(description="share whose category nobody corrected to another one")


class RouteShape(BaseModel):
    count: int
    share: float
    p50_seconds: float | None = Field(description="from report to verdict")
    p95_seconds: float | None
    corrected: int = Field(description="a person says another category, and that stands")
    reliability: list[BinShape]


class StatsShape(BaseModel):
    total: int
    by_status: dict[str, int]
    by_severity: dict[str, int]
    by_category: dict[str, int]
    by_route: dict[str, int]
    memory_share: float | None = Field(description="share of triages that memory decided, without a model")
    model_calls_saved: int = Field(description="answered by memory, so that no model was asked")
    cents_saved: float | None = Field(description="by LLM_PRICE_PER_CALL; null when that is not set")
    routes: dict[str, RouteShape] = Field(description="by `memory`, `llm`, `rules` and `human`")
    corrected: int
    mean_seconds_to_acknowledge: float | None
    mean_seconds_to_resolve: float | None


@api.get("/api/v1/incidents")
@api.input(ListQuery, location="query", arg_name="query")
@api.output(PageShape)
@api.doc(summary="List incidents, the newest first")
def incidents(query: ListQuery) -> PageShape:
    with desk().store.begin() as tx:
        wanted = Wanted(
            status=query.status,
            severity=query.severity,
            category=query.category,
            source=query.source,
            project=_project(tx, query.project),
            text=query.text,
            opened_from=query.since,
            opened_to=query.until,
            before=query.cursor,
        )
        found = listing.newest(tx, wanted, limit=query.limit + 1)
        page = found[: query.limit]
        shown = whole_of_all(tx, page, desk().settings)
    return PageShape(incidents=shown, next_cursor=str(page[-1].number) if len(found) > query.limit else None)


@api.get("/api/v1/incidents/stats")
@api.input(StatsQuery, location="query", arg_name="query")
@api.output(StatsShape)
@api.doc(summary="Volume, times to acknowledge and to resolve, who decided, corrections")
def stats(query: StatsQuery) -> StatsShape:
    with desk().store.begin() as tx:
        wanted = Wanted(project=_project(tx, query.project), opened_from=query.since, opened_to=query.until)
        counted = listing.stats(tx, wanted)
    price = desk().settings.llm_price_per_call
    cents = None if price is None else round(price * counted["model_calls_saved"], 2)
    return StatsShape.model_validate({**counted, "cents_saved": cents})


def _project(tx: Transaction, named: str | None) -> UUID | None:
    """Raises: NotFound."""
    return None if named is None else projects.find(tx, named).id
