"""What Slack is answered at once: to everybody in the channel, or to the person alone."""

from dataclasses import dataclass
from typing import Any

from incidents.ports import Message
from integrations.blocks import button, cut, escape, section

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


def unsure(text: str, meant: str) -> Answer:
    """One letter off a command: both ways are one click away, and a report is not lost."""
    question = f"Did you mean `/incident {meant}`?"
    choices = {
        "type": "actions",
        "elements": [
            button(f"Yes, {meant}", action=RUN, value=meant),
            button(cut(f"No, declare “{text}”", 75), action=DECLARE, value=text[:LONGEST_VALUE]),
        ],
    }
    return Answer(Message(question, [section(escape(question)), choices]), public=False)
