"""The hotline: from the moment of picking up there is an incident; what is said comes to it later."""

from dataclasses import dataclass
from datetime import timedelta

from incidents import inbox, jobs, lifecycle, people, recordings, reports, timeline, turns
from incidents.errors import NotFound
from incidents.inbox import Message
from incidents.models import Incident
from incidents.policy import Policy
from incidents.reports import Report
from incidents.store import Store, Transaction
from incidents.terms import JobKind
from incidents.words import Severity, Source, Status, Triage
from integrations import prompts, twiml
from voice import called_back

SEVERITY = {"1": Severity.HIGH, "2": Severity.MEDIUM, "3": Severity.LOW}
LONGEST_RECORDING = 55
RECORDING_COMES_WITHIN = timedelta(seconds=10)
WITHHELD = frozenset({"+266696687", "+86282452253", "+2562533", "+7378742833", "+8656696", "anonymous", "Anonymous"})
"""What Twilio says instead of a number: ANONYMOUS, UNAVAILABLE, BLOCKED, RESTRICTED and UNKNOWN on a phone's keys
(https://help.twilio.com/articles/223179988). Nobody can call back there."""
_CALLS = "twilio.call"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Twilio goes next; `back` is what the addresses begin with of somebody who calls back."""

    severity: str
    recorded: str
    recording: str
    back: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording as Twilio tells of it. `key` is what ended it, if a key did; `live`, whether the caller is there."""

    call: str
    recording: str
    seconds: int
    key: str
    live: bool

    @property
    def was_cut_off(self) -> bool:
        """Whether the length of one recording ended it, and not the caller. Seconds are rounded, we know not how."""
        return self.live and not self.key and self.seconds >= LONGEST_RECORDING - 1


def picked_up(store: Store, *, call: str, caller: str, addresses: Addresses) -> str:
    """Opens the incident of this call and greets; the same call again is the same incident.

    Whoever was called lately is offered what they were called about.
    """
    with store.begin() as tx:
        incident = _open(tx, call, caller)
        number, known = incident.number, people.by_phone(tx, caller)
        name = known.name if known else None
        offered = called_back.offered(tx, incident, known, call=call) if known else []
    return twiml.hotline_greeting(
        number,
        severity_action=addresses.severity,
        record_action=addresses.recorded,
        recording_callback=addresses.recording,
        caller=name,
        offered=offered,
    )


def key_first(store: Store, *, call: str, key: str, addresses: Addresses) -> str:
    """A key before the tone: urgent pages at once. Any other key than the three means nothing, but that of an offer."""
    with store.begin() as tx:
        incident = _incident_of(tx, call, lock=True)
        back = called_back.taken(tx, incident, call=call, at=addresses.back) if key == prompts.CALLED_BACK else None
        if back is not None:
            return back
        _take_severity(tx, incident, key)
        number, shown = incident.number, incident.severity
    return twiml.hotline_severity(
        number, shown, record_action=addresses.recorded, recording_callback=addresses.recording
    )


def recorded(store: Store, what: Recorded, *, addresses: Addresses) -> str:
    """The caller stopped speaking: keep the recording's id, take the severity key, and say what happens.

    Whoever presses the key of an offer only now hears what was offered, and has reported all the same.
    """
    with store.begin() as tx:
        incident = _incident_of(tx, what.call, lock=True)
        if what.recording:
            recordings.heard_of(tx, incident, sid=what.recording, seconds=what.seconds)
        back = called_back.taken(tx, incident, call=what.call, at=addresses.back) if _wants_offer(what) else None
        if back is not None:
            return back
        _take_severity(tx, incident, what.key)
        number, shown, called = incident.number, incident.severity, _called_now(tx, incident)
    if what.was_cut_off:
        return twiml.hotline_go_on(
            number, shown, record_action=addresses.recorded, recording_callback=addresses.recording
        )
    return twiml.said(prompts.hotline_thanks(number, shown, called=called))


def _wants_offer(what: Recorded) -> bool:
    return what.live and what.key == prompts.CALLED_BACK


def recording_done(store: Store, what: Recorded) -> None:
    """The recording can be fetched; this may be the only word of it when the caller hung up."""
    with store.begin() as tx:
        recordings.heard_of(tx, _incident_of(tx, what.call, lock=True), sid=what.recording, seconds=what.seconds)


def nothing_recorded(store: Store, what: Recorded) -> None:
    """There was silence, for the whole call or after what was recorded before."""
    with store.begin() as tx:
        incident = _incident_of(tx, what.call, lock=True)
        if inbox.accept(tx, "twilio.absent", what.call) is not None and not recordings.any_known(tx, incident):
            timeline.write(tx, incident, "nothing_recorded", actor="Tocsin")


def hung_up(store: Store, *, call: str, caller: str | None) -> None:
    """The call is over. Triage waits a moment more for the recording, and no longer.

    A call that came in (`caller` is given) and could not be written down while it lasted is an incident from now on.
    """
    with store.begin() as tx:
        incident = _incident_of(tx, call, lock=True) if caller is None else _open(tx, call, caller)
        if inbox.accept(tx, "twilio.hangup", call) is None:
            return
        timeline.write(tx, incident, "caller_hung_up", actor=incident.reporter_name)
        if incident.triage is Triage.SUBMITTED and not recordings.any_known(tx, incident):
            jobs.owe(tx, incident, JobKind.TRIAGE, due=tx.now + RECORDING_COMES_WITHIN)


def _open(tx: Transaction, call: str, caller: str) -> Incident:
    """The incident of this call, locked: the one that there is, or a new one."""
    by = people.caller(tx, "" if caller in WITHHELD else caller)
    report = Report(title=f"Call from {by.name}", source=Source.PHONE, by=by)
    opened = reports.open_incident(tx, report, message=Message(_CALLS, call))
    return tx.get(Incident, opened.incident.id, lock=True) if opened.duplicate else opened.incident


def _take_severity(tx: Transaction, incident: Incident, key: str) -> None:
    severity = SEVERITY.get(key)
    if severity is not None and severity is not incident.reported_severity:
        lifecycle.severity_reported(tx, incident, severity)


def _called_now(tx: Transaction, incident: Incident) -> list[str]:
    """Who is called because it is urgent and nobody has it yet."""
    if incident.severity is not Severity.HIGH or incident.status is not Status.OPEN:
        return []
    responder = turns.called_at(
        tx, Policy.of(incident.policy), 0, turns.of_incident(tx, incident, Policy.of(incident.policy), 0)
    )
    return [responder.name] if responder else []


def _incident_of(tx: Transaction, call: str, *, lock: bool = False) -> Incident:
    """Raises: NotFound for a call that never came in here."""
    entry = inbox.look_up(tx, _CALLS, call)
    if entry is None or entry.incident_id is None:
        raise NotFound("This call is not known here.")
    return tx.get(Incident, entry.incident_id, lock=lock)
