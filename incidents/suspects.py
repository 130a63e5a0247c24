"""Which open incidents a new one may be the same trouble as. People are asked; nothing is merged by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text

from incidents import timeline
from incidents.models import Incident
from incidents.models.incident import GOING_ON
from incidents.store import Transaction
from incidents.words import Source

MOST_COMPARED = 50
"""The newest of the open ones: what comes twice mostly comes soon."""
MOST_SUSPECTS = 2
READ = 200
"""Characters of a report: its title and what it begins with. Fifty that were never read before take about a second."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The text of a report and those of the open incidents before it, by number."""

    text: str
    others: Mapping[int, str]


def to_compare(tx: Transaction, incident: Incident) -> Compared:
    """Earlier ones alone, so that of two that come at once one is a suspect, and the other is not."""
    row = Incident
    if _is_unheard(incident.source, incident.description):
        return Compared("", {})
    query = (
        select(row.number, row.source, row.title, func.left(row.description, READ))
        .where(row.organization_id == tx.organization, text(GOING_ON), row.number < incident.number)
        .order_by(row.number.desc())
        .limit(MOST_COMPARED)
    )
    others = {
        number: _text(title, description)
        for number, source, title, description in tx.session.execute(query)
        if not _is_unheard(source, description)
    }
    return Compared(_text(incident.title, incident.description), others)


def found(tx: Transaction, incident: Incident, alike: Sequence[tuple[int, float]]) -> None:
    """Those that it reads like, the most similar first."""
    incident.suspects = [{"number": number, "similarity": round(cosine, 3)} for number, cosine in alike[:MOST_SUSPECTS]]
    if incident.suspects:
        timeline.write(tx, incident, "suspected", actor="Tocsin", same_as=incident.suspects)


def _text(title: str, description: str) -> str:
    """A description that begins with the title, as that of a call does, says it once."""
    return (description if description.startswith(title.rstrip("… ")) else f"{title}\n{description}").strip()[:READ]


def _is_unheard(source: Source, description: str) -> bool:
    """A call of which no word is known reads like every other one."""
    return source is Source.PHONE and not description
