"""What a shift hands over to the next, as Slack shows it."""

from collections.abc import Sequence
from datetime import timedelta

from incidents.hand_over import Report
from incidents.models import Incident
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


def _shift(report: Report) -> str:
    who = escape(report.person.name) if report.person else ":warning: nobody"
    then = escape(report.next.name) if report.next else ":warning: nobody"
    took = "" if report.to_take is None else f" ({_minutes(report.to_take)} after the report, the median)"
    did = f"{report.calls} calls, {report.taken} taken{took}, {report.resolved} resolved"
    return (
        f"*{escape(report.schedule.name)}*: {who} since {day(report.begins)}, {did}; {report.opened} were reported. "
        f"{then} takes over {day(report.ends)}."
    )


def _open(incident: Incident) -> str:
    has = f"{escape(incident.acknowledged_by)} has it" if incident.acknowledged_by else ":warning: nobody has it"
    return f"*{incident.severity} · #{incident.number}* · {escape(cut(one_line(incident.title), 200))} · {has}"


def _minutes(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
