"""Which incidents something is for, as it is sent over REST."""

from dataclasses import asdict
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from incidents import projects
from incidents.match import Match
from incidents.store import Transaction
from incidents.words import Severity
from web.api.report import AnySeverity

Word = Annotated[str, Field(max_length=100)]


class ForShape(BaseModel):
    """Incidents that fit each of the four; an empty one fits all."""

    severities: list[AnySeverity] = Field([], max_length=len(Severity))
    categories: list[Word] = Field([], max_length=50)
    services: list[Word] = Field([], max_length=100, description="as reports name them, in any case")
    projects: list[Word] = Field([], max_length=projects.MOST, description="by name or id")

    def match(self, tx: Transaction) -> Match:
        """Raises: NotFound for a project that there is not."""
        ids = [str(projects.find(tx, each).id) for each in self.projects]
        return Match(self.severities, self.categories, self.services, ids)

    @classmethod
    def of(cls, tx: Transaction, match: Match) -> Self:
        names = [projects.name_of(tx, UUID(id)) for id in match.projects]
        return cls.model_validate({**asdict(match), "projects": names})
