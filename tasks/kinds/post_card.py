"""POST_CARD: the one message that shows the incident, pinned in its channel."""

from incidents import jobs, timeline
from incidents.jobs import JobKind
from incidents.summary import summarize
from integrations.cards import card
from tasks import posting
from tasks.work import Handler, Work


def post_card(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        shown, summary = incident.version, summarize(tx, incident)
    timestamp = posting.post_once(work, summary, card(summary))
    if timestamp is None:
        return
    if work.providers.chat is not None and summary.channel_id is not None:
        work.providers.chat.pin(summary.channel_id, timestamp)
    with work.finishing() as (tx, incident):
        incident.card_ts = timestamp
        timeline.write(tx, incident, "card_posted", actor="Tocsin")
        if incident.version != shown:
            jobs.owe(tx, incident, JobKind.UPDATE_CARD)


handler = Handler(post_card)
