"""What a ticket says about an incident, pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.summary import Summary
from incidents.words import Severity

PRIORITY = {Severity.HIGH: "Highest", Severity.MEDIUM: "Medium", Severity.LOW: "Low"}
LONGEST_SUMMARY = 255


@dataclass(frozen=True, slots=True)
class TicketText:
    """`label` is unique to the incident; `labels` are those of ours that change with it."""

    label: str
    summary: str
    description: str
    priority: str
    labels: Sequence[str]


def ticket(summary: Summary) -> TicketText:
    facts = [
        f"Severity: {summary.severity}",
        f"Category: {summary.category or 'not known yet'}",
        f"Status: {_status(summary)}",
        f"Reported by {summary.reported_by.handle} ({summary.source}) at {summary.opened_at:%Y-%m-%d %H:%M:%S} UTC",
        f"Id: {summary.ref}",
    ]
    if summary.channel:
        facts.append(f"Slack channel: #{summary.channel}")
    helped = [f"{entry.title}:\n{entry.helped}" for entry in summary.helped]
    parts = [
        summary.description,
        "\n".join(facts),
        "\n\n".join(["What helped last time", *helped]) if helped else "",
    ]
    labels = ["tocsin", f"severity-{summary.severity.lower()}"]
    if summary.category:
        labels.append(f"category-{summary.category}")
    return TicketText(
        label=f"tocsin-{summary.uuid}",
        summary=f"#{summary.number} {summary.title}"[:LONGEST_SUMMARY],
        description="\n\n".join(part for part in parts if part),
        priority=PRIORITY[summary.severity],
        labels=labels,
    )


def _status(summary: Summary) -> str:
    """What was merged says where it goes on."""
    onward = summary.merged_into
    if onward is None:
        return str(summary.status)
    ticket = f", {onward.ticket}" if onward.ticket else ""
    address = f" ({onward.ticket_url})" if onward.ticket_url else ""
    return f"{summary.status} into #{onward.number}{ticket}{address}"
