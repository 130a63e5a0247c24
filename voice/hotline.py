"""The hotline: from the moment of picking up there is an incident; what is said comes to it later."""

from dataclasses import dataclass
from datetime import timedelta

from incidents import inbox, jobs, lifecycle, people, recordings, reports, timeline
from incidents.errors import NotFound
from incidents.jobs import JobKind
from incidents.models import Incident
from incidents.reports import Report
from incidents.store import Store, Transaction
from incidents.words import Severity, Source, Triage
from integrations import prompts, twiml

SEVERITY = {"1": Severity.HIGH, "2": Severity.MEDIUM, "3": Severity.LOW}
LONGEST_RECORDING = 55
RECORDING_COMES_WITHIN = timedelta(seconds=10)
_CALLS = "twilio.call"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Twilio goes next."""

    recorded: str
    recording: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording as Twilio tells of it. `key` is the key that ended it, if one did; `live`, whether the caller is there."""

    call: str
    recording: str
    seconds: int
    key: str
    live: bool


def picked_up(store: Store, *, call: str, caller: str, addresses: Addresses) -> str:
    """Opens the incident of this call and greets; the same call again is the same incident."""
    with store.begin() as tx:
        entry = inbox.accept(tx, _CALLS, call)
        by = people.caller(tx, caller)
        if entry is None:
            incident = _incident_of(tx, call)
        else:
            report = Report(title=f"Call from {by.name}", source=Source.PHONE, by=by)
            incident = reports.open_incident(tx, report).incident
            entry.incident_id = incident.id
        number = incident.number
    return twiml.hotline_greeting(
        number,
        record_action=addresses.recorded,
        recording_callback=addresses.recording,
        caller=by.name if by.name != caller else None,
    )


def recorded(store: Store, what: Recorded, *, addresses: Addresses) -> str:
    """The caller stopped speaking: keep the recording's id, take the severity key, and say what happens."""
    with store.begin() as tx:
        incident = _incident_of(tx, what.call, lock=True)
        recordings.heard_of(tx, incident, sid=what.recording, seconds=what.seconds)
        severity = SEVERITY.get(what.key)
        if severity is not None:
            lifecycle.severity_reported(tx, incident, severity)
        number, shown = incident.number, incident.severity
        first = [people.on_call(tx)[0].name] if shown is Severity.HIGH and people.on_call(tx) else []
    if severity is None and what.live and what.seconds >= LONGEST_RECORDING:
        return twiml.hotline_go_on(
            number, record_action=addresses.recorded, recording_callback=addresses.recording
        )
    return twiml.said(prompts.hotline_thanks(number, shown, called=first))


def recording_done(store: Store, what: Recorded) -> None:
    """The recording can be fetched; this may be the only word of it when the caller hung up."""
    with store.begin() as tx:
        recordings.heard_of(tx, _incident_of(tx, what.call, lock=True), sid=what.recording, seconds=what.seconds)


def nothing_recorded(store: Store, *, call: str) -> None:
    with store.begin() as tx:
        timeline.write(tx, _incident_of(tx, call), "nothing_recorded", actor="Tocsin")


def hung_up(store: Store, *, call: str) -> None:
    """The call is over. Triage waits a moment more for the recording, and no longer."""
    with store.begin() as tx:
        incident = _incident_of(tx, call, lock=True)
        timeline.write(tx, incident, "caller_hung_up", actor=incident.reporter_name)
        if incident.triage is Triage.SUBMITTED and not recordings.any_known(tx, incident):
            jobs.owe(tx, incident, JobKind.TRIAGE, due=tx.now + RECORDING_COMES_WITHIN)


def _incident_of(tx: Transaction, call: str, *, lock: bool = False) -> Incident:
    """Raises: NotFound for a call that never came in here."""
    entry = inbox.look_up(tx, _CALLS, call)
    if entry is None or entry.incident_id is None:
        raise NotFound("This call is not known here.")
    return tx.get(Incident, entry.incident_id, lock=lock)
