"""INVITE_PEOPLE: who reported it and who is on call is in the incident's channel."""

from incidents.summary import summarize
from tasks.work import Handler, Work


def invite_people(work: Work) -> None:
    with work.store.begin() as tx:
        summary = summarize(tx, work.incident(tx))
    people = [summary.reported_by, summary.acknowledged_by, *summary.on_call]
    users = dict.fromkeys(person.slack_user for person in people if person is not None and person.slack_user)
    if work.providers.chat is not None and summary.channel_id is not None and users:
        work.providers.chat.invite(summary.channel_id, [user for user in users if user])


handler = Handler(invite_people)
