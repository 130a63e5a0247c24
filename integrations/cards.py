"""Everything that Slack shows of an incident, by one name: the card, and what points to it."""

from integrations.card import ACKNOWLEDGE, CATEGORY, ESCALATE, RESOLVE, block_id, card, incident_of
from integrations.notices import COMMANDS, Command, all_told, help_message, incident_list, pointer, topic

__all__ = [
    "ACKNOWLEDGE",
    "CATEGORY",
    "COMMANDS",
    "ESCALATE",
    "RESOLVE",
    "Command",
    "all_told",
    "block_id",
    "card",
    "help_message",
    "incident_list",
    "incident_of",
    "pointer",
    "topic",
]
