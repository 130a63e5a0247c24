"""POST_CARD: the one message that shows the incident, pinned in its channel."""

import structlog

from incidents import jobs, timeline
from incidents.errors import PermanentError
from incidents.summary import Summary, summarize
from incidents.terms import JobKind
from integrations.card import card
from tasks import posting
from tasks.work import Handler, Work

log = structlog.get_logger(__name__)


def post_card(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        shown, summary = incident.version, summarize(tx, incident)
        timestamp = incident.card_ts
    if timestamp is None:
        timestamp = posting.post_once(work, summary, card(summary))
        if timestamp is None:
            return
        _posted(work, timestamp, shown)
    _pin(work, summary, timestamp)


def _posted(work: Work, timestamp: str, shown: int) -> None:
    """Written down before anything else is tried: people act on the card, and it is not posted again."""
    with work.store.begin() as tx:
        incident = work.incident(tx)
        if incident.card_ts is None:
            incident.card_ts = timestamp
            timeline.write(tx, incident, "card_posted", actor="Tocsin")
        # One of an earlier attempt says what was true then.
        if work.claim.unsettled is not None or incident.version != shown:
            jobs.owe(tx, incident, JobKind.UPDATE_CARD)


def _pin(work: Work, summary: Summary, timestamp: str) -> None:
    """A workspace that lets us pin nothing has its card all the same."""
    if work.providers.chat is None or summary.channel_id is None:
        return
    try:
        work.providers.chat.pin(summary.channel_id, timestamp)
    except PermanentError as error:
        log.warning("card_not_pinned", reason=str(error))


handler = Handler(post_card)
