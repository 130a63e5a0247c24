"""OPEN_CHANNEL: the place where people work on the incident; card, people, topic and pointer follow."""

from incidents import jobs, lifecycle, timeline
from incidents.terms import JobKind
from tasks.work import Handler, Work


def open_channel(work: Work) -> None:
    if work.providers.chat is None:
        return
    with work.store.begin() as tx:
        number = work.incident(tx).number
    channel = work.providers.chat.open_channel(f"incident-{number}")
    with work.finishing() as (tx, incident):
        incident.channel_id, incident.channel_name = channel.id, channel.name
        timeline.write(tx, incident, "channel_opened", actor="Tocsin", channel=channel.name)
        jobs.owe(tx, incident, JobKind.POST_CARD)
        jobs.owe(tx, incident, JobKind.INVITE_PEOPLE)
        if incident.origin_channel is not None:
            jobs.owe(tx, incident, JobKind.POST_POINTER)
        for kind in (JobKind.TELL_EVERYBODY, JobKind.POST_NOTE, JobKind.MENTION_PERSON):
            jobs.try_now(tx, incident, kind)
        lifecycle.changed(tx, incident)


handler = Handler(open_channel)
