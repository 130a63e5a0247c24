"""POST_NOTE: a line for the people in the incident's channel."""

from incidents.summary import summarize
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def post_note(work: Work) -> None:
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    said = work.claim.payload
    posting.post_once(work, summary, notices.note(said["text"], to=said.get("to")))


handler = Handler(post_note)
