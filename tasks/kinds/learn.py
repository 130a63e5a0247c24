"""LEARN: the memory agrees with what people said about the incident: corrected, resolved, or neither."""

from incidents import classification
from incidents.claims import ClaimLost
from incidents.models import Incident
from incidents.ports import Lesson, source_of
from incidents.store import Transaction
from incidents.words import Status
from tasks.work import Handler, Work


def learn(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        source, lesson = source_of(incident.id), _lesson(tx, incident)
    memory = work.providers.memory
    if lesson is None:
        memory.forget(work.store.organization, [source])
    else:
        memory.remember(work.store.organization, [lesson])
        if work.store.is_gone():  # Removed meanwhile: it may have been dropped before this was remembered.
            memory.drop(work.store.organization)
            raise ClaimLost("the organization was removed")


def _lesson(tx: Transaction, incident: Incident) -> Lesson | None:
    """What there is to learn; None when nobody confirmed the category or took the confirmation back."""
    correction = classification.standing_correction(tx, incident)
    if incident.category is None or (correction is None and incident.status is not Status.RESOLVED):
        return None
    return Lesson(
        source=source_of(incident.id),
        title=incident.title,
        text="\n".join(part for part in (incident.title, incident.description) if part),
        category=incident.category,
        taught_by=correction.by if correction else incident.resolved_by or "nobody",
        helped=incident.resolution,
        number=incident.number,
    )


handler = Handler(learn)
