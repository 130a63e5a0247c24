"""What else is said in Slack: pointers, lists, help, the channel's topic, and the call to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.ports import Group, Message
from incidents.projects import DEFAULT
from incidents.stakeholders import News
from incidents.summary import Summary
from integrations import suspects
from integrations.blocks import TOPIC, context, cut, escape, fit_blocks, header, section
from integrations.card import block_id
from integrations.phrases import headline, mention, other, sentence, state, title


def pointer(summary: Summary) -> Message:
    """One line where the report came from, that leads to the incident's channel, or to that of the one it is."""
    follow = f" Follow it in {_channel(summary)}." if summary.channel or summary.channel_id else ""
    if summary.merged_into is not None:
        follow = f" It is the same trouble as {other(summary.merged_into)}, and goes on there."
    text = f"{summary.severity} · #{summary.number} · {title(summary)}.{follow}"
    blocks = [section(f"*{summary.severity} · #{summary.number}* · {title(summary)}.{follow}")]
    if (question := suspects.question(summary)) is not None:
        text = f"{text} Is it open already, as {', '.join(f'#{each.number}' for each in summary.suspects)}?"
        blocks.append(section(question))
        blocks.append({"type": "actions", "block_id": block_id(summary.uuid), "elements": suspects.buttons(summary)})
    return Message(text=text, blocks=blocks)


def topic(summary: Summary) -> str:
    """`HIGH · #42 · Checkout returns 502 · open · @bea`. The title gives way when it is too long."""
    people = " ".join(mention(person) for person in summary.on_call[:3])
    end = f" · {summary.status}" + (f" · {people}" if people else "")
    return cut(escape(headline(summary)), TOPIC - len(end)) + end


def paged(summary: Summary, slack_user: str) -> Message:
    """For the one who is called: Slack tells them on all their devices."""
    return _paged(summary, f"<@{slack_user}>")


def group_paged(summary: Summary, group: Group) -> Message:
    """For all of the group whose people are called by turns."""
    return _paged(summary, f"<!subteam^{group.id}>")


def _paged(summary: Summary, who: str) -> Message:
    acknowledge = f"`/incident ack {summary.number}`"
    return Message(text=f"{who}, you are on call for #{summary.number}, {title(summary)}. Take it: {acknowledge}.")


def news(summary: Summary, what: News, *, by: str | None, to: str | None) -> Message:
    """For those who want to know; the Slack user `to` is told of it."""
    who = f" by {escape(by)}" if by else ""
    says = {
        News.OPENED: f"was opened. Follow it in {_channel(summary)}." if summary.channel else "was opened.",
        News.ACKNOWLEDGED: f"was taken{who}: somebody is at it.",
        News.RESOLVED: f"was resolved{who}.",
        News.REOPENED: f"is open again{who}.",
        News.MERGED: f"was reported once more: another incident was merged into it{who}.",
    }[what]
    category = f" ({escape(summary.category)})" if summary.category else ""
    text = f"{summary.severity} · #{summary.number} · {title(summary)}{category} {says}"
    return Message(text=f"<@{to}> {text}" if to else text)


def note(text: str, *, to: str | None) -> Message:
    """A plain line; the Slack user `to` is told of it."""
    return Message(f"<@{to}> {escape(text)}" if to else escape(text))


def incident_list(summaries: Sequence[Summary]) -> Message:
    """The worst first, then the oldest."""
    if not summaries:
        text = "No open incidents. `/incident` and what is happening declares one."
        return Message(text=text, blocks=[section(text)])
    ordered = sorted(summaries, key=lambda summary: (-summary.severity.rank, summary.number))
    text = f"{len(ordered)} open: {', '.join(f'#{summary.number} {summary.severity}' for summary in ordered[:10])}."
    return Message(
        text=text, blocks=fit_blocks([header("Open incidents"), *(section(_line(each)) for each in ordered)])
    )


def standing(summary: Summary) -> Message:
    """How one incident stands, in two lines."""
    paging = f"Paging: {escape(summary.page)}." if summary.page != "none" else "Nobody is being paged."
    return Message(text=f"{sentence(summary)} {paging}", blocks=[section(_line(summary)), context(paging)])


def all_told(summary: Summary) -> Message:
    """When every step of the policy was tried and nobody acknowledged."""
    people = " ".join(mention(person) for person in summary.on_call[:20])
    text = f"Nobody answered the page. Everybody please look. {sentence(summary)}"
    shown = f"*Nobody answered the page. Everybody please look.*\n{sentence(summary)}"
    return Message(text=text, blocks=[section(f"{shown}\n{people}" if people else shown)])


@dataclass(frozen=True, slots=True)
class Command:
    """`usage` is what is typed after `/incident`; `group` is start, during or finish."""

    group: str
    usage: str
    does: str


def help_message(*, hotline: str | None, legend: str, commands: Sequence[Command]) -> Message:
    """`legend` is `Reactions.legend`; `hotline` is the number to call, None when there is no phone."""
    blocks = [header("Tocsin")]
    for group, heading in (("start", "To start"), ("during", "While it goes on"), ("finish", "To finish")):
        lines = [f"`{f'/incident {each.usage}'.strip()}` {each.does}" for each in commands if each.group == group]
        if lines:
            blocks.append(section("\n".join([f"*{heading}*", *lines])))
    if hotline:
        blocks.append(section(f"*By phone:* call {escape(hotline)} and say what is happening."))
    blocks.append(context(f"React on the card to correct the category: {legend}. :eyes: acknowledges."))
    call = f" You can also call {escape(hotline)}." if hotline else ""
    return Message(
        text=f"Type `/incident` and what is happening to declare an incident.{call}", blocks=fit_blocks(blocks)
    )


def _line(summary: Summary) -> str:
    parts = [f"*{summary.severity} · #{summary.number}*", title(summary), state(summary)]
    if summary.category:
        parts.append(escape(summary.category))
    if summary.project != DEFAULT:
        parts.append(escape(summary.project))
    if summary.channel or summary.channel_id:
        parts.append(_channel(summary))
    return " · ".join(parts)


def _channel(summary: Summary) -> str:
    return f"<#{summary.channel_id}>" if summary.channel_id else f"#{escape(summary.channel or '')}"


def to_admins(text: str) -> Message:
    """What the audit found, or that all is well again."""
    return Message(text=escape(text), blocks=fit_blocks([section(escape(text))]))
