"""INVITE_PEOPLE: who reported it, took it and is on call is in the incident's channel, and shown by name."""

from incidents import lifecycle, people
from incidents.summary import summarize
from tasks.work import Handler, Work

MOST_INVITED = 20
"""One call to Slack each, and it takes about fifty a minute."""


def invite_people(work: Work) -> None:
    with work.store.begin() as tx:
        incident = work.incident(tx)
        unnamed, summary = people.unnamed(incident), summarize(tx, incident)
    chat = work.providers.chat
    if chat is None or summary.channel_id is None:
        return
    concerned = [summary.reported_by, summary.acknowledged_by, *summary.on_call]
    users = dict.fromkeys(person.slack_user for person in concerned if person is not None and person.slack_user)
    chat.invite(summary.channel_id, [user for user in users if user][:MOST_INVITED])
    names = {user: name for user in unnamed if (name := chat.name_of(user))}
    with work.finishing() as (tx, incident):
        if people.give_names(incident, names):
            lifecycle.changed(tx, incident)


handler = Handler(invite_people)
