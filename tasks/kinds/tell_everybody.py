"""TELL_EVERYBODY: the ladder ended and nobody acknowledged."""

from incidents import lifecycle, timeline
from incidents.summary import Summary, summarize
from incidents.words import Status
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def tell_everybody(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        origin, summary = incident.origin_channel, summarize(tx, incident)
    if summary.status is not Status.OPEN:
        return
    told = _tell(work, summary, origin)
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "nobody_answered", actor="Tocsin", told="in Slack" if told else "nobody")
        lifecycle.card_due(tx, incident)


def _tell(work: Work, summary: Summary, origin: str | None) -> str | None:
    """In the incident's channel; where the report came from when there is none."""
    message = notices.all_told(summary)
    if summary.channel_id is None and origin is not None and work.providers.chat is not None:
        return posting.post_once_to(work, work.providers.chat, origin, message)
    return posting.post_once(work, summary, message)


handler = Handler(tell_everybody)
