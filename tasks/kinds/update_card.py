"""UPDATE_CARD: the card says what is true now."""

from incidents.summary import summarize
from integrations.card import card
from tasks.work import Handler, Work


def update_card(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        timestamp, summary = incident.card_ts, summarize(tx, incident)
    if work.providers.chat is not None and summary.channel_id is not None and timestamp is not None:
        work.providers.chat.edit(summary.channel_id, timestamp, card(summary))


handler = Handler(update_card)
