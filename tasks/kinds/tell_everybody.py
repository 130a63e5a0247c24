"""TELL_EVERYBODY: the ladder ended and nobody acknowledged."""

from incidents import lifecycle, timeline
from incidents.summary import summarize
from incidents.words import Status
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def tell_everybody(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        summary = summarize(tx, incident)
    if summary.status is not Status.OPEN:
        return
    posting.post_once(work, summary, notices.all_told(summary))
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "nobody_answered", actor="Tocsin")
        lifecycle.card_due(tx, incident)


handler = Handler(tell_everybody)
