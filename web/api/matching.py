"""Which incidents something is for, as it is sent over REST."""

from typing import Annotated

from pydantic import BaseModel, Field

from incidents.match import Match
from incidents.words import Severity
from web.api.report import AnySeverity

Word = Annotated[str, Field(max_length=100)]


class ForShape(BaseModel):
    """Incidents that fit each of the three; an empty one fits all."""

    severities: list[AnySeverity] = Field([], max_length=len(Severity))
    categories: list[Word] = Field([], max_length=50)
    services: list[Word] = Field([], max_length=100, description="as reports name them, in any case")

    @property
    def match(self) -> Match:
        return Match(self.severities, self.categories, self.services)
