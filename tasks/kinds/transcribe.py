"""TRANSCRIBE: fetch what a caller said, keep it, turn it into text, and let triage go on."""

import uuid

from incidents import jobs, lifecycle, reports, timeline
from incidents.claims import Claim
from incidents.errors import PermanentError
from incidents.models import Incident, Recording
from incidents.ports import Transcript
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Triage
from tasks import recordings
from tasks.work import Handler, Work


def transcribe(work: Work) -> None:
    with work.store.begin() as tx:
        recording = tx.get(Recording, uuid.UUID(work.claim.key))
    audio = recordings.load(work.settings.data_dir, recording.file)
    if audio is None and work.providers.phone is not None:
        audio = work.providers.phone.recording(recording.sid)
        name = recordings.keep(work.settings.data_dir, recording.sid, audio)
        with work.store.begin() as tx:
            incident = work.incident(tx)
            tx.get(Recording, recording.id, lock=True).file = name
            timeline.write(tx, incident, "recording_kept", actor="Tocsin", recording=recording.sid)
    if audio is None:
        raise PermanentError("the recording is not here, and no phone provider is set up to fetch it from")
    speech = work.providers.speech
    transcript = speech.transcribe(audio) if speech is not None else None
    with work.finishing() as (tx, incident):
        if transcript is None or not transcript.text:
            _not_understood(tx, incident, "no speech service is set up" if speech is None else "nothing was understood")
        else:
            _understood(tx, incident, tx.get(Recording, recording.id), transcript)


def _understood(tx: Transaction, incident: Incident, recording: Recording, transcript: Transcript) -> None:
    recording.transcript, recording.confidence = transcript.text, transcript.confidence
    timeline.write(
        tx, incident, "transcribed", actor="Tocsin", text=transcript.text, confidence=round(transcript.confidence, 3)
    )
    tx.session.flush()
    reports.transcribed(tx, incident)
    lifecycle.changed(tx, incident)


def _not_understood(tx: Transaction, incident: Incident, reason: str) -> None:
    caller = incident.reporter_phone or "an unknown number"
    timeline.write(tx, incident, "not_transcribed", actor="Tocsin", reason=reason)
    lifecycle.note(
        tx,
        incident,
        f"The call from {caller} could not be turned into text ({reason}). Please call back.",
        key="unheard",
    )
    if incident.triage is Triage.SUBMITTED:
        jobs.owe(tx, incident, JobKind.TRIAGE)


def failed(tx: Transaction, incident: Incident, _claim: Claim, reason: str) -> None:
    _not_understood(tx, incident, reason)


handler = Handler(transcribe, failed)
