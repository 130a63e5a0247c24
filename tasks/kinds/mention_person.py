"""MENTION_PERSON: whoever is called is mentioned in the incident's channel too, so that Slack tells them."""

from incidents import messages, timeline
from incidents.summary import summarize
from integrations import notices
from tasks import posting
from tasks.work import Handler, Work


def mention_person(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        person = messages.to_whom(tx, incident, work.claim)
        summary = summarize(tx, incident)
    if person is None or person.slack_user is None:
        return
    if work.providers.chat is not None and summary.channel_id is not None:
        work.providers.chat.invite(summary.channel_id, [person.slack_user])  # Slack tells nobody who is not in.
    if posting.post_once(work, summary, notices.paged(summary, person.slack_user)) is None:
        return
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "messaged", actor="Tocsin", who=person.name, by="slack")


handler = Handler(mention_person)
