"""Mentions and reactions: each event is accepted once, and committed before Slack is answered."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.commands import known_name
from bot.plain import plain, without_mention
from incidents import classification, inbox, lifecycle, people, reports
from incidents.inbox import Message
from incidents.models import InboxEntry, Incident
from incidents.people import SlackUser
from incidents.reports import Report
from incidents.store import Store, Transaction, locked
from incidents.words import Source, Status
from integrations.reactions import Reactions

_REACTIONS = "slack.reaction"


class NotYet(Exception):
    """The event came before what it is about was written down; Slack delivers it again."""


@dataclass(frozen=True, slots=True)
class Mention:
    """`thread` is the thread that an answer goes to: the message's own when it stands in none."""

    event: str
    user: SlackUser
    channel: str
    thread: str
    text: str
    bot_user: str | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """`at` is Slack's time of the event (`1720000000.000100`): unique to it, and of a fixed width."""

    at: str
    user: SlackUser
    name: str
    channel: str
    timestamp: str
    removed: bool


def mentioned(store: Store, mention: Mention) -> bool:
    """A mention with a text is a report; without one there is nothing to report (False)."""
    with store.autocommit() as tx:
        text = reports.cleaned(plain(without_mention(mention.text, mention.bot_user), name_of=known_name(tx)))
        if not text:
            return False
        report = Report(
            title=text,
            source=Source.MENTION,
            by=people.slack_actor(tx, mention.user),
            origin_channel=mention.channel,
            origin_thread=mention.thread,
        )
        reports.open_incident(tx, report, message=Message("slack.event", mention.event))
    return True


def matters(reaction: Reaction, reactions: Reactions) -> bool:
    """Whether it could mean anything to us; nothing is asked of the database."""
    return reactions.category(reaction.name) is not None or reactions.acknowledges(reaction.name)


def reacted(store: Store, reaction: Reaction, reactions: Reactions) -> None:
    """A reaction on a card that `matters` corrects the category, or acknowledges. Raises: NotYet."""
    category = reactions.category(reaction.name)
    with store.begin() as tx:
        if not _is_of_ours(tx, reaction):
            return
        by = people.slack_actor(tx, reaction.user)
        incident = _incident_of_card(tx, reaction)
        if incident is None or not _accepted(tx, reaction):
            return
        if category is None:
            _acknowledge(tx, incident, reaction, by=by)
        elif category not in classification.categories(tx):
            return
        elif reaction.removed:
            classification.undo_correction(tx, incident, category, by=by, via="reaction")
        else:
            classification.correct(tx, incident, category, by=by, via="reaction")


def _is_of_ours(tx: Transaction, reaction: Reaction) -> bool:
    """Whether it stands in the channel of an incident; most do not, and nobody is asked about who made them."""
    ours = select(Incident.id).where(
        Incident.organization_id == tx.organization, Incident.channel_id == reaction.channel
    )
    return tx.session.execute(ours).first() is not None


def _accepted(tx: Transaction, reaction: Reaction) -> bool:
    """False for one that was accepted before, and for one that the same person's later one has overtaken.

    Slack delivers an event again minutes after an error; by then the person may have taken the reaction back. The
    incident is locked, so nobody else asks at the same moment.
    """
    same = f"{reaction.channel}:{reaction.timestamp}:{reaction.user.id}:{reaction.name}:"
    earlier = tx.select(InboxEntry).where(
        InboxEntry.source == _REACTIONS, InboxEntry.external_id.startswith(same, autoescape=True)
    )
    if any(entry.external_id >= same + reaction.at for entry in tx.session.scalars(earlier)):
        return False
    return inbox.accept(tx, _REACTIONS, same + reaction.at) is not None


def _acknowledge(tx: Transaction, incident: Incident, reaction: Reaction, *, by: people.Actor) -> None:
    """Taking the eyes away again does not give the incident back: that is said with a button."""
    if not reaction.removed and incident.status is Status.OPEN:
        lifecycle.acknowledge(tx, incident, by=by)


def _incident_of_card(tx: Transaction, reaction: Reaction) -> Incident | None:
    in_channel = tx.select(Incident).where(Incident.channel_id == reaction.channel)
    incident = tx.session.scalars(locked(in_channel)).first()
    if incident is None:
        return None
    if incident.card_ts is None:
        raise NotYet(f"the card of #{incident.number} is not written down yet")
    return incident if incident.card_ts == reaction.timestamp else None
