"""MENTION_PERSON: who is called, or their whole group, is mentioned in the incident's channel too: Slack tells them."""

from incidents import groups, messages, timeline
from incidents.summary import summarize
from integrations import notices
from tasks import posting
from tasks.kinds.invite_people import MOST_INVITED
from tasks.work import Handler, Work


def mention_person(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        person = messages.to_whom(tx, incident, work.claim)
        group = messages.group_to(tx, incident, work.claim)
        people = [person, *(groups.members(tx, group) if group is not None else ())]
        summary = summarize(tx, incident)
    users = list(dict.fromkeys(each.slack_user for each in people if each is not None and each.slack_user is not None))
    if person is None or not users:
        return
    if work.providers.chat is not None and summary.channel_id is not None:
        work.providers.chat.invite(summary.channel_id, users[:MOST_INVITED])  # Slack tells nobody who is not in.
    message = notices.paged(summary, users[0]) if group is None else notices.group_paged(summary, group)
    if posting.post_once(work, summary, message) is None:
        return
    who = person.name if group is None else f"@{group.handle}"
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "messaged", actor="Tocsin", who=who, by="slack")


handler = Handler(mention_person)
