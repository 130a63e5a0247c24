"""POST_NOTE: a line for the people in the incident's channel."""

from incidents.ports import Message
from incidents.summary import summarize
from integrations.blocks import escape
from tasks import posting
from tasks.work import Handler, Work


def post_note(work: Work) -> None:
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    posting.post_once(work, summary, Message(escape(work.claim.payload["text"])))


handler = Handler(post_note)
