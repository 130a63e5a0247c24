"""What a shift hands over to the next, as Slack shows it."""

from collections.abc import Sequence
from datetime import timedelta

from incidents.hand_over import Report, has
from incidents.models import Incident
from incidents.people import Known
from incidents.ports import Message
from integrations.blocks import cut, escape, fit_blocks, header, one_line, section
from integrations.on_call import day


def hand_over(reports: Sequence[Report]) -> Message:
    """One section for each schedule, then what goes on; names and no mentions, for reading it must ring nobody."""
    if not reports:
        text = "There is no schedule, so that nobody hands over. `POST /api/v1/schedules` makes one."
        return Message(text=text, blocks=[section(text)])
    going_on = reports[0].open
    count = f"{len(going_on)} open" if going_on else "Nothing is open"
    lines = [*map(_shift, reports), f"*{count}*", *map(_open, going_on)]
    return Message(
        text=f"Hand-over: {count}.", blocks=fit_blocks([header("Hand-over"), *(section(line) for line in lines)])
    )


def handed_over(report: Report) -> Message:
    """That a shift has ended: whoever went and whoever comes are told of it, and what goes on and whose it is."""
    says = f"*{escape(report.schedule.name)}*: {_ended(report)} {_comes(report.next)}"
    count = f"{len(report.open)} open" if report.open else "Nothing is open"
    lines = [says, f"*{count}*", *(_passed_on(report.person, each) for each in report.open)]
    return Message(text=f"{says} {count}.", blocks=fit_blocks([section(line) for line in lines]))


def _ended(report: Report) -> str:
    if report.person is None:
        return f"nobody was on call since {day(report.begins)}; {report.opened} were reported."
    return (
        f"the shift of {_told(report.person)} since {day(report.begins)} is over, {_did(report)}; "
        f"{report.opened} were reported."
    )


def _comes(person: Known | None) -> str:
    return f"{_told(person)} is on call now." if person else ":warning: Nobody is on call now."


def _told(person: Known) -> str:
    return f"<@{person.slack_user}>" if person.slack_user else escape(person.name)


def _passed_on(went: Known | None, incident: Incident) -> str:
    """With what to type so that it is somebody's who is there."""
    number = incident.number
    if incident.acknowledged_by is None or incident.acknowledged_at is None:
        return f"{_what(incident)} · :warning: nobody has it: `/incident ack {number}` takes it"
    since = f"{escape(incident.acknowledged_by)} has it since {day(incident.acknowledged_at)}"
    passes = f": `/incident escalate {number}` passes it on" if has(went, incident) else ""
    return f"{_what(incident)} · {since}{passes}"


def _shift(report: Report) -> str:
    who = escape(report.person.name) if report.person else ":warning: nobody"
    then = escape(report.next.name) if report.next else ":warning: nobody"
    return (
        f"*{escape(report.schedule.name)}*: {who} since {day(report.begins)}, {_did(report)}; "
        f"{report.opened} were reported. {then} takes over {day(report.ends)}."
    )


def _did(report: Report) -> str:
    took = "" if report.to_take is None else f" ({_minutes(report.to_take)} after the report, the median)"
    return f"{report.calls} calls, {report.taken} taken{took}, {report.resolved} resolved"


def _open(incident: Incident) -> str:
    whose = f"{escape(incident.acknowledged_by)} has it" if incident.acknowledged_by else ":warning: nobody has it"
    return f"{_what(incident)} · {whose}"


def _what(incident: Incident) -> str:
    return f"*{incident.severity} · #{incident.number}* · {escape(cut(one_line(incident.title), 200))}"


def _minutes(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
