"""Recordings of those who called: known by the provider's id, then kept, then turned into text."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from incidents import jobs, timeline
from incidents.models import Incident, Recording
from incidents.store import Transaction
from incidents.terms import JobKind


def heard_of(tx: Transaction, incident: Incident, *, sid: str, seconds: int) -> None:
    """There is such a recording: its transcription is owed. Told twice, nothing changes."""
    made = tx.session.execute(
        insert(Recording)
        .values(organization_id=tx.organization, incident_id=incident.id, sid=sid, recorded_at=tx.now, seconds=seconds)
        .on_conflict_do_nothing(index_elements=["sid"])
        .returning(Recording.id)
    ).scalar_one_or_none()
    if made is not None:
        timeline.write(tx, incident, "recorded", actor=incident.reporter_name, recording=sid, seconds=seconds)
        jobs.owe(tx, incident, JobKind.TRANSCRIBE, key=str(made))


def any_known(tx: Transaction, incident: Incident) -> bool:
    return bool(_of(tx, incident))


def words(tx: Transaction, incident: Incident) -> list[str]:
    """What was understood, part by part, in the order in which it was said."""
    return [recording.transcript for recording in _of(tx, incident) if recording.transcript]


def _of(tx: Transaction, incident: Incident) -> Sequence[Recording]:
    query = tx.select(Recording).where(Recording.incident_id == incident.id)
    return tx.session.scalars(query.order_by(Recording.recorded_at)).all()
