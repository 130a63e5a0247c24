"""POST_POINTER: where the report came from, a line shows the way to the incident's channel."""

from incidents.summary import summarize
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def post_pointer(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        channel, thread, summary = incident.origin_channel, incident.origin_thread, summarize(tx, incident)
    if work.providers.chat is not None and channel is not None:
        posting.post_once_to(work, work.providers.chat, channel, notices.pointer(summary), thread=thread)


handler = Handler(post_pointer)
