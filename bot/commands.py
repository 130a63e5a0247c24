"""`/incident …`: what each command does, and what the person is told."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from bot.answers import Answer, told_publicly, told_you, unsure
from bot.plain import plain
from bot.shown import SHOWN, help_answer
from bot.typed import Typed, read
from incidents import inbox, lifecycle, merging, names, people, reports
from incidents.errors import IncidentError, NotAllowed, NotFound
from incidents.inbox import Message
from incidents.models import Incident
from incidents.people import Actor, SlackUser
from incidents.reports import Report
from incidents.roles import Role
from incidents.store import Store, Transaction
from incidents.summary import summarize
from incidents.words import Source
from integrations import notices
from integrations.blocks import escape
from integrations.phrases import title

COMMANDS_OF_SLACK = "slack.command"


@dataclass(frozen=True, slots=True)
class Asked:
    """A slash command as Slack sent it. `trigger` is unique to it."""

    trigger: str
    user: SlackUser
    channel: str
    text: str


class Commands:
    """The slash command of one organization."""

    def __init__(self, store: Store, *, hotline: str | None) -> None:
        self._store = store
        self._hotline = hotline

    def run(self, asked: Asked) -> Answer:
        """Committed when it returns. Sent again, it changes nothing and answers the same."""
        typed = read(asked.text, in_incident_channel=True)
        if typed.verb == "declare":  # It is one everywhere: who reports does not wait for whose channel this is.
            return self._declared(asked, typed.text)
        try:
            with self._store.begin() as tx:
                return self._run(tx, asked)
        except IncidentError as error:
            return self._refused(error)

    def declared(self, asked: Asked) -> Answer:
        """The whole text is a title, whatever command it looks like."""
        return self._declared(asked, asked.text)

    def _declared(self, asked: Asked, text: str) -> Answer:
        try:
            with self._store.autocommit() as tx:
                by = people.slack_actor(tx, asked.user)
                return declare(tx, asked, text, by=by)
        except IncidentError as error:
            return self._refused(error)

    def _refused(self, error: IncidentError) -> Answer:
        by_phone = isinstance(error, NotAllowed) and self._hotline
        instead = f" To report an incident, call the hotline: {self._hotline}." if by_phone else ""
        return told_you(f"{escape(str(error))}{instead}")

    def _run(self, tx: Transaction, asked: Asked) -> Answer:
        here = incident_of_channel(tx, asked.channel)
        typed = read(asked.text, in_incident_channel=here is not None)
        by = people.slack_actor(tx, asked.user)
        match typed.verb:
            case "help":
                return help_answer(self._hotline)
            case "list" | "oncall" | "handover" | "stats":
                people.demand(by, Role.VIEWER)
                return SHOWN[typed.verb](tx)
            case "unsure":
                question = f"Did you mean `/incident {typed.meant}`?"
                return unsure(question, text=typed.text, shown=_in_plain(tx, typed.text), meant=typed.meant)
            case "declare":
                return declare(tx, asked, typed.text, by=by)
            case "merge":
                return _merge(tx, asked, typed, here, by=by)
        return _about_one(tx, asked, typed, here, by=by)


def _about_one(tx: Transaction, asked: Asked, typed: Typed, here: Incident | None, *, by: Actor) -> Answer:
    try:
        incident = _which(tx, typed, here)
    except NotFound as error:
        if typed.is_clear:
            raise NotFound(f"{error} `/incident list` shows the open ones.") from None
        return unsure(f"{error} Is it a new one?", text=asked.text, shown=_in_plain(tx, asked.text))
    return act(tx, incident, asked, typed, by=by)


def declare(tx: Transaction, asked: Asked, text: str, *, by: Actor) -> Answer:
    """The report is an incident. The same command delivered again is the same incident."""
    report = Report(title=_in_plain(tx, text), source=Source.SLASH, by=by, origin_channel=asked.channel)
    try:
        opened = reports.open_incident(tx, report, message=Message(COMMANDS_OF_SLACK, asked.trigger))
    except NotAllowed as error:
        raise NotAllowed(f"Nothing was recorded. {error}") from None
    incident = opened.incident
    summary = summarize(tx, incident, first_page=opened.first_page)
    return told_publicly(
        f"*#{incident.number}* {title(summary)}, declared by {_who(by)}. It is recorded and being looked at; "
        f"`#incident-{incident.number}` opens in a moment. Paging: {escape(summary.page)}."
    )


def act(tx: Transaction, incident: Incident, asked: Asked, typed: Typed, *, by: Actor) -> Answer:
    """What changes the incident, once for each command; everybody in the channel sees it. Status is for one."""
    if typed.verb == "status":
        people.demand(by, Role.VIEWER)
        return Answer(notices.standing(summarize(tx, incident)), public=False)
    if inbox.accept(tx, COMMANDS_OF_SLACK, asked.trigger) is None:
        return told_you(f"This was done already: #{incident.number} is {incident.status}.")
    match typed.verb:
        case "ack":
            return told_publicly(acknowledged(tx, incident, by=by))
        case "escalate":
            return told_publicly(escalated(tx, incident, by=by))
        case "resolve":
            return told_publicly(resolved(tx, incident, by=by, how=_in_plain(tx, typed.text) or None))
        case "reopen":
            return told_publicly(_reopened(tx, incident, by=by, reason=_in_plain(tx, typed.text)))
    raise ValueError(f"no such command: {typed.verb}")


def acknowledged(tx: Transaction, incident: Incident, *, by: Actor) -> str:
    taken = lifecycle.acknowledge(tx, incident, by=by)
    if not taken.by_you:
        return f"#{incident.number} was acknowledged by {escape(taken.by)} already."
    done = f"{_who(by)} acknowledged #{incident.number}. Nobody else is called."
    return f"{done} Next: `/incident resolve {incident.number}`."


def escalated(tx: Transaction, incident: Incident, *, by: Actor) -> str:
    responder = lifecycle.escalate(tx, incident, by=by)
    done = f"{_who(by)} escalated #{incident.number}."
    if responder is None:
        return f"{done} There is nobody left to call; everybody is told in the channel."
    return f"{done} {escape(responder.name)} is being called."


def resolved(tx: Transaction, incident: Incident, *, by: Actor, how: str | None = None) -> str:
    if not lifecycle.resolve(tx, incident, by=by, how=how):
        return f"#{incident.number} is {incident.status} already."
    return f"{_who(by)} resolved #{incident.number}."


def _reopened(tx: Transaction, incident: Incident, *, by: Actor, reason: str) -> str:
    lifecycle.reopen(tx, incident, by=by, reason=reason or "no reason given")
    return f"{_who(by)} reopened #{incident.number}. Paging: {escape(summarize(tx, incident).page)}."


def _merge(tx: Transaction, asked: Asked, typed: Typed, here: Incident | None, *, by: Actor) -> Answer:
    """Both incidents are locked in one order, so none of them before the other."""
    name = typed.name or (str(here.number) if here is not None else "")
    if not name or not typed.text:
        raise IncidentError("Which one goes on? `/incident merge 42 41` says that #42 is the same trouble as #41.")
    incident, into = merging.both(tx, name, typed.text)
    if inbox.accept(tx, COMMANDS_OF_SLACK, asked.trigger) is None:
        return told_you(f"This was done already: #{incident.number} is {incident.status}.")
    return told_publicly(merged(tx, incident, into, by=by))


def merged(tx: Transaction, incident: Incident, into: Incident, *, by: Actor) -> str:
    if not merging.merge(tx, incident, into=into, by=by):
        return f"#{incident.number} was merged into #{into.number} already."
    return f"{_who(by)} merged #{incident.number} into #{into.number}. Undo: `/incident reopen {incident.number}`."


def incident_of_channel(tx: Transaction, channel: str) -> Incident | None:
    """The incident whose own channel that is."""
    # Most channels are nobody's, and to ask for a whole incident costs more than to ask for its id.
    whose = select(Incident.id).where(Incident.organization_id == tx.organization, Incident.channel_id == channel)
    found = tx.session.execute(whose).scalars().first()
    return None if found is None else tx.get(Incident, found)


def _in_plain(tx: Transaction, text: str) -> str:
    return plain(text, name_of=known_name(tx))


def known_name(tx: Transaction) -> Callable[[str], str | None]:
    """Gives the names of the people whom we know by their Slack user id."""

    def name(slack_user: str) -> str | None:
        known = people.by_slack_user(tx, slack_user)
        return known.name if known else None

    return name


def _which(tx: Transaction, typed: Typed, here: Incident | None) -> Incident:
    if typed.name is not None:
        _one_is_meant(typed, here)
        return names.find(tx, typed.name, lock=True)
    if here is None:
        raise IncidentError(
            f"Which incident? Write its number, like `/incident {typed.verb} 42`; `/incident list` shows the open ones."
        )
    return tx.get(Incident, here.id, lock=True)


def _one_is_meant(typed: Typed, here: Incident | None) -> None:
    """`resolve 2 pods restarted`, typed in the channel of #42, is hardly about #2. Raises: IncidentError."""
    name = typed.name or ""
    if here is not None and typed.text and name.isdigit() and name != str(here.number):
        raise IncidentError(
            f"Is that #{name}, or #{here.number} of this channel? Say which: `/incident {typed.verb} #{name} …` or "
            f"`/incident {typed.verb} #{here.number} …`."
        )


def _who(by: Actor) -> str:
    return f"<@{by.slack_user}>" if by.slack_user else escape(by.name)
