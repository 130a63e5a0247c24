"""TELL_STAKEHOLDER: a line in the channel of somebody who wants to know; nobody is paged."""

from incidents.stakeholders import News
from incidents.summary import summarize
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def tell_stakeholder(work: Work) -> None:
    if work.providers.chat is None:
        return
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    told = work.claim.payload
    message = notices.news(summary, News(told["news"]), by=told["by"], to=told["slack_user"])
    posting.post_once_to(work, work.providers.chat, told["channel"], message)


handler = Handler(tell_stakeholder)
