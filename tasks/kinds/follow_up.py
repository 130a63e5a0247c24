"""FOLLOW_UP: ask whoever has the incident whether they still do; after too long, call people again."""

from datetime import timedelta

from incidents import follow_up, lifecycle, timeline
from incidents.follow_up import Place
from incidents.models import Incident
from incidents.store import Transaction
from incidents.words import Status
from tasks.work import Handler, Work


def ask(work: Work) -> None:
    place = Place.of(work.claim.key)
    with work.finishing() as (tx, incident):
        if incident.status is not Status.ACKNOWLEDGED:
            return
        if follow_up.calls_again(tx, incident, place):
            lifecycle.unacknowledge(tx, incident, after=_minutes(tx.now - place.since))
            return
        if follow_up.reminds(tx, incident, place):
            _remind(tx, incident, place)
        follow_up.go_on(tx, incident, place)


def _remind(tx: Transaction, incident: Incident, place: Place) -> None:
    who, number = incident.acknowledged_by or "Somebody", incident.number
    said = "" if incident.acknowledged_slack else f"{who}, "
    lifecycle.note(
        tx,
        incident,
        f"{said}you have had #{number} for {_minutes(tx.now - place.since)}. Are you still on it? "
        f"/incident ack {number} says so, /incident escalate {number} gives it to the next person.",
        key=f"still-{place}",
        to=incident.acknowledged_slack,
    )
    timeline.write(tx, incident, "reminded", actor="Tocsin", who=who)


def _minutes(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"


handler = Handler(ask)
