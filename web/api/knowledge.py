"""GET /api/knowledge/search: what happened before, by meaning."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import AfterValidator, BaseModel, Field

from app.bootstrap import NotReady
from incidents.errors import PermanentError
from incidents.reports import cleaned
from web.api.shapes import NeighbourShape
from web.desk import desk
from web.problems import COME_BACK
from web.refusal import Refusal

api = APIBlueprint("knowledge", __name__, tag="Knowledge")


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
