"""What an incident teaches: what people said of its category, the latest first, and then how it was resolved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import exists

from incidents import classification, lessons
from incidents.lessons import Taught
from incidents.models import Correction, Incident, LessonRow
from incidents.ports import Lesson, source_of
from incidents.store import Transaction
from incidents.words import Origin, Status

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """`sure`: an admin or a second person says the same of this incident, or nobody chose it but triage."""

    taught: Taught
    sure: bool

    @property
    def category(self) -> str:
        return self.taught.lesson.category

    @property
    def voice(self) -> str:
        return self.taught.voice or self.taught.lesson.taught_by


def candidates(tx: Transaction, incident: Incident) -> list[Candidate]:
    """What could be learned from it, what is to be preferred first; empty when nobody confirmed anything."""
    standing = classification.standing_corrections(tx, incident)
    latest = list({_voice(each): each for each in reversed(standing)}.values())
    latest.sort(key=lambda each: each.n, reverse=True)
    found = [_corrected(incident, each, sure=_is_sure(each, latest)) for each in latest]
    category = incident.predicted_category if standing else incident.category
    if incident.status is Status.RESOLVED and category is not None:
        found.append(_resolved(tx, incident, category))
    return found


def learn(tx: Transaction, incident: Incident, found: Sequence[Candidate], *, counts: int | None) -> None:
    """Write down what the incident teaches: the candidate at that place; what comes before it waits."""
    if not found:
        lessons.withdraw(tx, [source_of(incident.id)])
        return
    first = found[0]
    taught = first.taught if counts is None else found[counts].taught
    if counts != 0:
        by = first.taught.lesson.taught_by
        taught = replace(taught, waits=counts is None, proposed=first.category, proposed_by=by)
    lessons.teach(tx, [taught])


def catch_up(tx: Transaction) -> list[Candidate]:
    """Of some incidents that were confirmed before lessons were kept: what each teaches. Empty when none is left."""
    known = exists().where(LessonRow.incident_id == Incident.id)
    corrected = exists().where(Correction.incident_id == Incident.id, Correction.undone_at.is_(None))
    confirmed = (Incident.status == Status.RESOLVED) | corrected
    query = tx.select(Incident).where(confirmed, Incident.category.is_not(None), ~known)
    rows = tx.session.scalars(query.order_by(Incident.number).limit(_AT_ONCE)).all()
    return [found[0] for row in rows if (found := candidates(tx, row))]


def _is_sure(correction: Correction, latest: Sequence[Correction]) -> bool:
    same = [each for each in latest if each.category == correction.category]
    return len(same) > 1 or any(each.by_admin for each in same)


def _voice(correction: Correction) -> str:
    return correction.voice or correction.by_slack or correction.by


def _corrected(incident: Incident, correction: Correction, *, sure: bool) -> Candidate:
    taught = Taught(
        _lesson(incident, correction.category, taught_by=correction.by),
        Origin.CORRECTION,
        correction.at,
        voice=_voice(correction),
        via=correction.via,
        incident=incident.id,
    )
    return Candidate(taught, sure)


def _resolved(tx: Transaction, incident: Incident, category: str) -> Candidate:
    by = incident.resolved_by or "nobody"
    taught = Taught(
        _lesson(incident, category, taught_by=by),
        Origin.RESOLUTION,
        incident.resolved_at or tx.now,
        voice=incident.resolved_slack or by,
        incident=incident.id,
    )
    return Candidate(taught, sure=True)


def _lesson(incident: Incident, category: str, *, taught_by: str) -> Lesson:
    return Lesson(
        source=source_of(incident.id),
        title=incident.title,
        text="\n".join(part for part in (incident.title, incident.description) if part),
        category=category,
        taught_by=taught_by,
        helped=incident.resolution,
        number=incident.number,
    )
