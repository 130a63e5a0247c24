"""What Slack is answered at once: to everybody in the channel, or to the person alone."""

from dataclasses import dataclass
from typing import Any

from incidents.ports import Message
from integrations.blocks import button, escape, section

RUN = "incident_run"
DECLARE = "incident_declare"
LONGEST_VALUE = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    message: Message
    public: bool

    def payload(self) -> dict[str, Any]:
        """The body of a reply to a command (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
        return {
            "response_type": "in_channel" if self.public else "ephemeral",
            "text": self.message.text,
            **({"blocks": self.message.blocks} if self.message.blocks else {}),
        }


def told_publicly(text: str) -> Answer:
    return Answer(Message(text), public=True)


def told_you(text: str) -> Answer:
    return Answer(Message(text), public=False)


def unsure(question: str, *, text: str, shown: str, meant: str | None = None) -> Answer:
    """A question with what can be meant one click away, so that a report is not lost: that command, or a title.

    `text` is what was typed, in Slack's markup, `shown` the same as it is read; `question` is plain. A text that does
    not fit into a button is left to be typed again.
    """
    buttons = [button(f"Yes, {meant}", action=RUN, value=meant)] if meant else []
    if len(text) <= LONGEST_VALUE:
        buttons.append(button(f"{'No, declare' if meant else 'Declare'} “{shown}”", action=DECLARE, value=text))
    asked = escape(question)
    choices = [{"type": "actions", "elements": buttons}] if buttons else []
    return Answer(Message(asked, [section(asked), *choices]), public=False)
