"""The card: the one message an incident has in Slack, edited as its state changes."""

from uuid import UUID

from incidents import remedies
from incidents.advice import Advice, read_advice
from incidents.ports import Message, Neighbour, Remedy
from incidents.projects import DEFAULT
from incidents.summary import Summary
from incidents.words import Route, Sentiment, Severity, Status, Triage, Urgency
from integrations import suspects
from integrations.blocks import Block, button, context, cut, escape, fit_blocks, header, one_line, section, select
from integrations.phrases import headline, mention, reported, sentence, state, when
from integrations.reactions import Reactions

ACKNOWLEDGE = "incident_ack"
ESCALATE = "incident_escalate"
RESOLVE = "incident_resolve"
CATEGORY = "incident_category"
_BLOCK = "incident:"
_MOST_HELP = 3
_LONGEST_HELP = 1_000
_LONGEST_REPLY = 600
_NOTHING = Advice(None, (), None)
_MOST_ALIKE = 5
_MOST_PEOPLE = 5
"""With these, and with names cut, a card always fits, and its buttons are never what is left out."""

_OFFERED = {
    Status.OPEN: (ACKNOWLEDGE, ESCALATE, RESOLVE),
    Status.ACKNOWLEDGED: (ESCALATE, RESOLVE),
    Status.MITIGATED: (RESOLVE,),
}
_BUTTONS = {ACKNOWLEDGE: ("Acknowledge", "primary"), ESCALATE: ("Escalate", None), RESOLVE: ("Resolve", None)}


def card(summary: Summary, reactions: Reactions | None = None) -> Message:
    blocks = [header(headline(summary)), section(_category(summary))]
    if summary.helped or summary.remediation:
        blocks.append(section(cut(_helped(summary), _LONGEST_HELP)))
    blocks.append(section(_status(summary)))
    if (suspected := suspects.question(summary)) is not None:
        blocks.append(section(suspected))
    if summary.status in (Status.OPEN, Status.ACKNOWLEDGED):
        blocks.append(section(_paging(summary)))
    if summary.status is not Status.MERGED:
        actions = _actions(summary)
        blocks += [actions] if actions["elements"] else []
        blocks.append(context(_legend(summary, reactions or Reactions())))
    if summary.reply and summary.status in (Status.OPEN, Status.ACKNOWLEDGED):
        with_draft = [*blocks, context(_draft(summary, summary.reply))]
        blocks = with_draft if fit_blocks(with_draft) == with_draft else blocks
    return Message(text=sentence(summary), blocks=fit_blocks(blocks))


def block_id(incident: UUID) -> str:
    return f"{_BLOCK}{incident}"


def incident_of(block: str) -> UUID:
    """The incident whose card the block belongs to. Raises: ValueError when it is none of ours."""
    return UUID(block.removeprefix(_BLOCK))


def _category(summary: Summary) -> str:
    if summary.category is None:
        unknown = "not known, a person must look" if summary.triage is Triage.FAILED else "being worked out"
        return f"*Category:* {unknown}"
    parts = [f"*Category:* {escape(cut(one_line(summary.category), 75).capitalize())}"]
    if summary.confidence is not None and summary.route is not Route.HUMAN:
        parts.append(f"{round(summary.confidence * 100)}% sure")
    if summary.route is not None:
        parts.append(_route(summary, summary.route))
    if summary.urgency is Urgency.HIGH and summary.severity is not Severity.HIGH:
        parts.append("urgent")
    return " · ".join(parts)


def _route(summary: Summary, route: Route) -> str:
    match route:
        case Route.MEMORY:
            return f"from memory{_alike(summary)}"
        case Route.LLM:
            return "asked the model"
        case Route.RULES:
            return "a guess by rules"
        case Route.HUMAN:
            return "corrected by a person"


def _alike(summary: Summary) -> str:
    if not summary.similar:
        return ""
    numbers = [f"#{each.number}" for each in summary.similar if each.number is not None][:_MOST_ALIKE]
    return f" ({len(summary.similar)} alike{': ' if numbers else ''}{', '.join(numbers)})"


def _helped(summary: Summary) -> str:
    """The steps that were chosen, or those of the best entry with its cause and check, and what else helped."""
    steps = (summary.remediation or remedies.usual(summary.helped))[: remedies.MOST]
    sources = {step.source for step in steps}
    names = [f" ({_entry(step)})" for step in steps]
    one_source = names[0] if len(sources) == 1 else ""
    numbered = [
        f"{place}. {step.text}{'' if one_source else name}"
        for place, (step, name) in enumerate(zip(steps, names, strict=True), start=1)
    ]
    around = next((read_advice(each.helped or "") for each in summary.helped if sources == {each.source}), _NOTHING)
    lines = [escape(cut(one_line(line), 300)) for line in (around.cause, *numbered, around.check) if line]
    others = [each for each in summary.helped[:_MOST_HELP] if each.source not in sources]
    also = [f"Also {_entry(each)}: {escape(cut(_steps(each), 120))}" for each in others]
    return "\n".join([f"*What helped last time*{one_source}:", *lines, *also])


def _steps(neighbour: Neighbour) -> str:
    return one_line(" ".join(read_advice(neighbour.helped or neighbour.title).steps))


def _entry(found: Neighbour | Remedy) -> str:
    """A past incident by its number, a runbook by its title."""
    return f"#{found.number}" if found.number else escape(cut(one_line(found.title), 80))


def _draft(summary: Summary, reply: str) -> str:
    """What somebody may send the reporter; we do not."""
    sounds = f", who sounds {summary.sentiment}" if summary.sentiment not in (None, Sentiment.CALM) else ""
    return f"*A draft for the reporter{sounds}* (not sent): {escape(cut(one_line(reply), _LONGEST_REPLY))}"


def _status(summary: Summary) -> str:
    parts = [f"*Status:* {state(summary)}", reported(summary)]
    if summary.project != DEFAULT:
        parts.append(f"project {escape(cut(one_line(summary.project), 75))}")
    if summary.ticket:
        key = escape(cut(one_line(summary.ticket), 75))
        parts.append(f"ticket <{escape(summary.ticket_url)}|{key}>" if summary.ticket_url else f"ticket {key}")
    return " · ".join(parts)


def _paging(summary: Summary) -> str:
    people = ", ".join(mention(person) for person in summary.on_call[:_MOST_PEOPLE]) or "nobody"
    if summary.next_page_at is not None:
        page = f"next page at {when(summary.next_page_at)}"
    else:
        page = {"none": "nobody is paged"}.get(summary.page, escape(cut(one_line(summary.page), 200)))
    return f"*On call:* {people} · {page}"


def _actions(summary: Summary) -> Block:
    value = str(summary.uuid)
    buttons = [
        button(_BUTTONS[action][0], action=action, value=value, style=_BUTTONS[action][1])
        for action in _OFFERED.get(summary.status, ())
    ]
    menu = select("Category", action=CATEGORY, options=summary.categories, chosen=summary.category)
    elements = [*buttons, *suspects.buttons(summary), *([menu] if menu["options"] else [])]
    return {"type": "actions", "block_id": block_id(summary.uuid), "elements": elements}


def _legend(summary: Summary, reactions: Reactions) -> str:
    legend = cut(reactions.legend(summary.categories), 1000)
    wrong = f"Wrong category? React: {legend}. Remove your reaction to undo."
    return f"{wrong} :eyes: acknowledges." if summary.status is Status.OPEN else wrong
