"""A report becomes an incident: safe in the database, with its first jobs, in one transaction."""

import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError

from incidents import (
    inbox,
    jobs,
    lifecycle,
    names,
    opening,
    organizations,
    paging,
    policies,
    projects,
    recordings,
    timeline,
)
from incidents.errors import IncidentError
from incidents.inbox import Message
from incidents.models import Incident
from incidents.people import Actor, demand
from incidents.policy import Policy
from incidents.roles import Role
from incidents.store import Transaction
from incidents.terms import JobKind
from incidents.words import Severity, Source, Status, Triage

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 50_000
LONGEST_LABEL = 100
LONGEST_CALL = timedelta(minutes=3)
"""After this a report by phone is triaged even if nothing that was said has reached us."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says is going wrong. `ref` is the reporter's own id for it, `kind` the reporter's type, `service`
    what it happens to, `project` the name or id of the one that it belongs to.

    `origin_channel` and `origin_thread` say where in Slack it was said, so that an answer can go there.
    """

    title: str
    source: Source
    by: Actor
    description: str = ""
    ref: str | None = None
    kind: str | None = None
    service: str | None = None
    project: str | None = None
    severity: Severity | None = None
    details: dict[str, Any] = field(default_factory=dict)
    origin_channel: str | None = None
    origin_thread: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """`duplicate` is True when the id was known: the first report stands. `first_page`: when a new one's is due."""

    incident: Incident
    duplicate: bool
    first_page: datetime | None = None


def open_incident(tx: Transaction, report: Report, *, message: Message | None = None) -> Opened:
    """The report is an incident from the commit on, owing TRIAGE and the first PAGE. Raises: NotAllowed; IncidentError.

    `message` is what it came in by: delivered again, it is the incident that it became the first time.
    """
    demand(report.by, Role.MEMBER)
    title, description = _texts(report)
    severity, service = report.severity or Severity.MEDIUM, _label(report.service)
    said = _label(report.project)
    project, is_known = projects.of_report(tx, named=said, service=service, channel=report.origin_channel)
    policy = policies.chosen(tx, severity=severity, category=None, service=service, project=project).kept
    spoken = report.source is Source.PHONE
    triage = jobs.first(JobKind.TRIAGE, due=tx.now + LONGEST_CALL if spoken else tx.now)
    first_page = tx.now + Policy.of(policy).first_delay(report.severity)
    page = jobs.first(JobKind.PAGE, key=str(paging.Place(run=1, rung=0)), due=first_page)
    columns = {
        "id": uuid.uuid4(),
        "project_id": project,
        "title": title,
        "description": description,
        "kind": _label(report.kind),
        "service": service,
        "details": report.details,
        "source": report.source,
        "reporter_name": report.by.name,
        "reporter_slack": report.by.slack_user,
        "reporter_phone": report.by.phone,
        "origin_channel": report.origin_channel,
        "origin_thread": report.origin_thread,
        "severity": severity,
        "reported_severity": report.severity,
        "policy": policy,
        "paging_run": 1,
    }
    unknown = {} if is_known else {"unknown_project": said}
    write = partial(
        opening.write,
        tx.session,
        tx.organization,
        now=tx.now,
        ref=None if report.ref is None else names.checked_ref(report.ref),
        line=timeline.row("opened", actor=report.by.name, via=report.source, title=title, **unknown),
        jobs=(triage, page),
        message=inbox.row(message) if message else None,
    )
    incident = _written(tx, write, columns)
    if incident is None:
        return _opened_before(tx, report.ref, message)
    jobs.ring(tx, triage, page)
    return Opened(incident, duplicate=False, first_page=first_page)


def _written(tx: Transaction, write: Callable[..., Incident | None], columns: opening.Columns) -> Incident | None:
    """None when this message or an incident of this name is known."""
    try:
        with tx.attempt():
            return write(incident=columns)
    except IntegrityError as error:
        if opening.is_about(error, "project_id") and columns["project_id"] != tx.organization:
            return _written(tx, write, {**columns, "project_id": tx.organization})
        if opening.is_about(error, "ref"):
            # Whoever reported the same id at the same moment has committed by now: the statement has waited for them.
            return None
        if not opening.is_about(error, "number"):
            raise
    organizations.number_on(tx.session)
    return write(incident=columns)


def _opened_before(tx: Transaction, ref: str | None, message: Message | None) -> Opened:
    """The incident that this message became the first time; another message about a known id leads to that one."""
    known = names.known(tx, ref) if ref is not None else None
    if known is not None and (message is None or inbox.accept(tx, message.source, message.external_id, about=known)):
        return Opened(known, duplicate=True)
    first = inbox.look_up(tx, message.source, message.external_id) if message else None
    if first is None or first.incident_id is None:
        raise IncidentError("This was carried out already, and it was no report then.")
    return Opened(tx.get(Incident, first.incident_id), duplicate=True)


def transcribed(tx: Transaction, incident: Incident) -> None:
    """What the caller said, in all its parts, is the report's text now, and it is triaged by that."""
    incident.description = cleaned("\n\n".join(recordings.words(tx, incident)))[:LONGEST_DESCRIPTION]
    incident.title = shortened(incident.description)
    jobs.owe(tx, incident, JobKind.TRIAGE)


def withdraw(tx: Transaction, incident: Incident, *, why: str) -> bool:
    """The reporter reports nothing after all: it is over, and neither triaged nor shown anywhere. Reopened, it is both.

    False when more is known of it than that somebody called: a severity, a word, a verdict, what somebody did with it.
    Then it stands.
    """
    said_something = incident.reported_severity is not None or recordings.any_known(tx, incident)
    if incident.status is not Status.OPEN or incident.triage is not Triage.SUBMITTED or said_something:
        return False
    incident.status, incident.resolution = Status.RESOLVED, why
    incident.resolved_at = tx.now
    incident.resolved_by, incident.resolved_slack = incident.reporter_name, incident.reporter_slack
    incident.triage, incident.triaged_at, incident.why = Triage.TRIAGED, tx.now, why
    jobs.cancel(tx, incident, JobKind.TRIAGE)
    paging.stop(tx, incident)
    timeline.write(tx, incident, "withdrawn", actor=incident.reporter_name, why=why)
    lifecycle.changed(tx, incident)
    return True


def cleaned(text: str) -> str:
    """Without what PostgreSQL cannot keep and a screen cannot show: control characters but line ends and tabs."""
    return CONTROL.sub(" ", text).strip()


def shortened(text: str) -> str:
    """A title made of a longer text: its first sentence or line, cut at a word."""
    first = " ".join(re.split(r"(?<=[.!?])\s|\n", cleaned(text), maxsplit=1)[0].split())
    if len(first) <= LONGEST_TITLE:
        return first
    begun = first[: LONGEST_TITLE - 1]
    # A text without spaces, like Japanese or a stack trace, is cut where it is.
    whole_words = begun.rpartition(" ")[0] if " " in begun[LONGEST_TITLE // 2 :] else begun
    return f"{whole_words}…" if whole_words == begun else f"{whole_words} …"


def _texts(report: Report) -> tuple[str, str]:
    """Title and description; the title of a report without one is made from what else it says."""
    description = cleaned(report.description)
    title = " ".join(cleaned(report.title).split())
    if not _is_visible(title):
        kind = cleaned(report.kind or "").replace("_", " ").capitalize()
        title = ": ".join(part for part in (kind, shortened(description)) if part)
    if not _is_visible(title):
        raise IncidentError("Say what is wrong: give a title, a description or a type.")
    if len(title) > LONGEST_TITLE:
        description = f"{title}\n\n{description}".strip()
        title = shortened(title)
    if len(description) > LONGEST_DESCRIPTION:
        most = f"{LONGEST_DESCRIPTION:,} are the most"
        raise IncidentError(f"The description has {len(description):,} characters; {most}.")
    return title[:LONGEST_TITLE], description


def _label(text: str | None) -> str | None:
    return cleaned(text)[:LONGEST_LABEL] if text else None


def _is_visible(text: str) -> bool:
    """Whether anything of it can be seen: spaces and format characters alone say nothing."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)
