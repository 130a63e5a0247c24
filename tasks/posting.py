"""Posting a message exactly once: the job's id travels in it, and after a lost answer it is looked for."""

from datetime import timedelta

from incidents import claims
from incidents.errors import TemporaryError
from incidents.ports import Chat, Message
from incidents.summary import Summary
from tasks.work import Work

CLOCKS_DIFFER = timedelta(seconds=5)


def post_once(work: Work, summary: Summary, message: Message, *, thread: str | None = None) -> str | None:
    """Post to the incident's own channel; its timestamp, or None when there is no chat. Raises: TemporaryError."""
    if work.providers.chat is None:
        return None
    if summary.channel_id is None:
        # OPEN_CHANNEL hurries whatever waits for it, so that waiting long for Slack does not use up the attempts.
        raise TemporaryError("the incident's channel is not there yet", happened=False)
    return post_once_to(work, work.providers.chat, summary.channel_id, message, thread=thread)


def post_once_to(work: Work, chat: Chat, channel: str, message: Message, *, thread: str | None = None) -> str:
    mark = str(work.claim.job)
    if work.claim.unsettled is not None:
        found = chat.find_post(channel, mark=mark, since=work.claim.unsettled - CLOCKS_DIFFER, thread=thread)
        if found is not None:
            return found
    with work.store.begin() as tx:
        held = claims.begin_effect(tx, work.claim)
    held.check()
    return chat.post(channel, message, mark=mark, thread=thread)
