"""The question whether an incident is one that is open already, with the button that says so."""

from incidents.summary import Other, Summary
from integrations.blocks import Block, asked, button, cut, escape, one_line
from integrations.phrases import other

MERGE = "incident_merge"


def question(summary: Summary) -> str | None:
    """`*Already open: #41?* Checkout returns 502 in #incident-41 · 78% alike`; None when there is nothing to ask."""
    return "\n".join(_line(each) for each in summary.suspects) or None


def buttons(summary: Summary) -> list[Block]:
    """One, for the likeliest: Slack takes no two of one action in a block. It asks once more, for a page ends by it."""
    return [_button(summary, each) for each in summary.suspects[:1]]


def _line(suspect: Other) -> str:
    title = escape(cut(one_line(suspect.title), 150))
    alike = "" if suspect.similarity is None else f" · {round(suspect.similarity * 100)}% alike"
    return f"*Already open: {other(suspect)}?* {title}{alike}"


def _button(summary: Summary, suspect: Other) -> Block:
    ends = f"Nobody is called about #{summary.number} any more; #{suspect.number} goes on, and is as bad as the worse."
    sure = asked(f"Merge #{summary.number} into #{suspect.number}?", ends, yes="Merge", no="Cancel")
    return button(f"Same as #{suspect.number}", action=MERGE, value=str(suspect.number), confirm=sure)
