"""The half-sentences about an incident that cards, lists and pointers share."""

from datetime import datetime

from incidents.summary import Other, Person, Summary
from incidents.words import Source, Status
from integrations.blocks import cut, escape, one_line

_BY = {
    Source.API: "through the API",
    Source.SLASH: "with /incident",
    Source.MENTION: "by mention",
    Source.PHONE: "by phone",
}
_LONGEST_NAME = 80
_DO = {
    Status.OPEN: "Acknowledge it if you take it.",
    Status.ACKNOWLEDGED: "Help where you can.",
    Status.MITIGATED: "Resolve it when it is over.",
    Status.RESOLVED: "Nothing to do.",
    Status.MERGED: "Follow the incident it was merged into.",
}


def headline(summary: Summary) -> str:
    """Plain text: `HIGH · #42 · Checkout returns 502`."""
    return f"{summary.severity} · #{summary.number} · {one_line(summary.title)}"


def sentence(summary: Summary) -> str:
    """For screen readers and phones: severity, number, what, how it stands, what to do."""
    what = f"{summary.severity} incident #{summary.number}: {title(summary)}."
    return f"{what} It is {_standing(summary)}. {_DO[summary.status]}"


def title(summary: Summary, *, most: int = 300) -> str:
    return escape(cut(one_line(summary.title), most)).rstrip(".")


def mention(person: Person) -> str:
    """Slack shows a user its own way, and tells them; everybody else is a name."""
    return f"<@{person.slack_user}>" if person.slack_user else escape(cut(one_line(person.handle), _LONGEST_NAME))


def when(moment: datetime) -> str:
    """In the reader's own time zone (https://docs.slack.dev/messaging/formatting-message-text#date-formatting)."""
    return f"<!date^{int(moment.timestamp())}^{{time_secs}}|{moment:%H:%M:%S} UTC>"


def state(summary: Summary) -> str:
    """`open, not acknowledged`, `resolved by @bea at 12:31`, `merged into #41`."""
    if summary.status is Status.OPEN:
        return "open, not acknowledged"
    if summary.merged_into is not None:
        return f"merged into {other(summary.merged_into)}"
    who, at = (summary.resolved_by, summary.resolved_at) if summary.status is Status.RESOLVED else (None, None)
    if summary.status is Status.ACKNOWLEDGED:
        who, at = summary.acknowledged_by, summary.acknowledged_at
    return f"{summary.status}" + (f" by {mention(who)}" if who else "") + (f" at {when(at)}" if at else "")


def other(incident: Other) -> str:
    """By number, and where people are at it."""
    return f"#{incident.number}" + (f" in <#{incident.channel_id}>" if incident.channel_id else "")


def reported(summary: Summary) -> str:
    return f"reported by {mention(summary.reported_by)} {_BY[summary.source]}"


def _standing(summary: Summary) -> str:
    if summary.merged_into is not None:
        return f"merged into #{summary.merged_into.number}"
    return "open and not acknowledged" if summary.status is Status.OPEN else str(summary.status)
