"""UPDATE_CHANNEL: the topic says what is true now."""

from incidents.summary import summarize
from integrations import notices
from tasks.work import Handler, Work


def update_channel(work: Work) -> None:
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    if work.providers.chat is not None and summary.channel_id is not None:
        work.providers.chat.set_topic(summary.channel_id, notices.topic(summary))


handler = Handler(update_channel)
