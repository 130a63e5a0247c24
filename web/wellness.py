"""Whether all is well, in words for people: the database, the last audit, and what each part says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import BaseModel

from app.bootstrap import Checked
from app.half_given import models
from app.settings import Settings
from incidents import audit, clock, model_calls
from incidents.audit import Audit, Standing
from incidents.store import DATABASE_AWAY
from web import parts
from web.desk import Desk

GOOD, BAD, STALE, NONE, UNKNOWN = "good", "bad", "stale", "none", "unknown"
NOBODY_AUDITS = (
    "Nobody looks whether promises are kept: the sweep does not work. Start it again (`python -m tasks.sweep`)."
)
WITHOUT = {
    "redis": "Triage, channels, cards and tickets wait; calls go on without it.",
    "slack": "Channels, cards and messages wait; calls go on. Is SLACK_BOT_TOKEN right, and is Slack up?",
    "twilio": "Nobody can be called. Is TWILIO_AUTH_TOKEN right, and is Twilio up?",
    "jira": "Tickets wait. Is JIRA_API_TOKEN right, and is Jira up?",
    "mail": "E-mails wait; calls and texts go on. Are SMTP_URL and MAIL_FROM right, and is the mail server up?",
    "speech": "What callers say is not written down yet. Is GOOGLE_APPLICATION_CREDENTIALS right?",
    "memory": "Triage goes on by model and rules. Is Chroma running at CHROMA_URL?",
    "model": "Triage goes on by memory and rules. Are the keys right, and are the providers up?",
}

log = structlog.get_logger(__name__)


class Finding(BaseModel):
    """`counts` is false in its first ten seconds, and for what waits for a person but is no trouble."""

    kind: str
    count: int
    example: str
    since: datetime
    counts: bool
    says: str


class PartSays(BaseModel):
    state: str
    says: str


@dataclass(frozen=True, slots=True)
class Seen:
    """`now` is the store's time; None when the database is away."""

    state: str
    now: datetime | None
    audit: Audit | None
    models: Sequence[model_calls.Standing] = ()


@dataclass(frozen=True, slots=True)
class Told:
    wrong: list[str]
    findings: list[Finding]
    parts: dict[str, PartSays]


def look(desk: Desk) -> Seen:
    """What the database says of itself and of the last audit; one short transaction."""
    try:
        with desk.database.begin() as session:
            now, found = clock.read(session), audit.last(session)
            failing = model_calls.failing(session, models(desk.settings.llm_model or ""))
    except DATABASE_AWAY as error:
        log.warning("database_away", reason=str(error).splitlines()[0])
        return Seen(UNKNOWN, None, None)
    if found is None:
        return Seen(NONE, now, None, failing)
    return Seen(STALE if not found.fresh else BAD if found.bad else GOOD, now, found, failing)


def in_words(seen: Seen, says: Sequence[Checked], settings: Settings) -> Told:
    states = parts.providers(settings)
    spoken = {checked.name.lower(): _part(checked, states.get(checked.name.lower())) for checked in says}
    away = "the database is away: nothing is accepted, nobody is called. Start PostgreSQL; is DATABASE_URL right?"
    database = PartSays(state=parts.FAILING, says=away) if seen.now is None else PartSays(state=parts.ON, says="")
    told = {"database": database, **spoken, "model": _model(states["model"], seen, settings)}
    standing = seen.audit.findings if seen.audit else ()
    wrong = [f"{name}: {part.says}" for name, part in told.items() if part.state == parts.FAILING]
    if seen.state in (STALE, NONE):
        wrong.append(NOBODY_AUDITS)
    wrong += [finding.text for finding in standing if finding.counts]
    return Told(wrong, [_finding(each) for each in standing], told)


def _model(state: str, seen: Seen, settings: Settings) -> PartSays:
    """By what came of the last calls, for asking costs money. It fails when all models of the chain are left alone."""
    chain = models(settings.llm_model or "")
    says = "; ".join(["not asked, because asking costs money", *(standing.says for standing in seen.models)])
    resting = [standing for standing in seen.models if standing.resting_until is not None]
    if chain and len(resting) == len(chain):
        return PartSays(state=parts.FAILING, says=f"{says}. {WITHOUT['model']}")
    return PartSays(state=state, says=says)


def _part(checked: Checked, state: str | None) -> PartSays:
    """Who we are at a provider is nobody's business who has no key; what is wrong there is."""
    name = checked.name.lower()
    if checked.state == parts.FAILING:
        return PartSays(state=parts.FAILING, says=f"{checked.says.rstrip('.')}. {WITHOUT.get(name, '')}".strip())
    if checked.state == parts.ON:
        return PartSays(state=state or parts.ON, says="")
    return PartSays(state=checked.state, says=checked.says)


def _finding(standing: Standing) -> Finding:
    return Finding(
        kind=standing.kind.value,
        count=standing.count,
        example=standing.example,
        since=standing.since,
        counts=standing.counts,
        says=standing.text,
    )
