"""What must be true in the end, whatever died on the way; the outside (what the fakes saw) is asked, not our tables."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from incidents import classification, timeline
from incidents.models import Attempt, Incident, Job, TimelineEntry
from incidents.summary import Summary
from incidents.terms import JobKind
from incidents.words import Status, Triage
from integrations import notices, ticket_text
from integrations.card import card
from tests.fakes import FINAL
from tests.integration.core.world import World

ONCE_EACH = ("opened", "channel_opened", "ticket_opened", "card_posted")
"""Lines of the timeline that every incident of the stages has in the end, and has once."""
POSTING = {JobKind.TELL_STAKEHOLDER, JobKind.POST_CARD, JobKind.POST_POINTER, JobKind.POST_NOTE, JobKind.TELL_EVERYBODY}


def holds(world: World, incident: Incident) -> None:
    row, summary = world.fresh(incident), world.summary(incident)
    jobs, told = world.jobs(incident), world.act(incident, timeline.read)
    _nothing_is_owed(world, jobs)
    _the_channel_is_there_once(world, row, summary)
    _each_message_is_there_once(world, row, summary, jobs)
    _nobody_is_texted_twice(world, jobs, told)
    _copies_of_an_email_are_known_by_its_id(world, jobs, told)
    _the_ticket_is_there_once(world, summary)
    _the_memory_agrees(world, row)
    _no_call_goes_on(world, told)
    _the_timeline_tells_it(row, told)


def _nothing_is_owed(world: World, jobs: Sequence[Job]) -> None:
    assert [job.kind for job in jobs if job.done_at is None] == []
    assert {job.outcome for job in jobs} <= {"done", "cancelled"}
    done = [job.id for job in jobs if job.outcome == "done"]
    with world.store.begin() as tx:
        open_attempts = select(Attempt).where(Attempt.job_id.in_(done), Attempt.ended_at.is_(None))
        assert tx.session.scalars(open_attempts).all() == [], "what is done has no attempt of which nobody knows"


def _the_channel_is_there_once(world: World, row: Incident, summary: Summary) -> None:
    name = f"incident-{row.number}"
    assert list(world.chat.channels) == [name]
    channel = world.chat.channels[name].id
    assert (row.channel_id, row.channel_name) == (channel, name)
    assert world.chat.topics[channel] == notices.topic(summary)
    members = world.chat.members[channel]
    wanted = {row.reporter_slack, row.acknowledged_slack, *(person.slack_user for person in summary.on_call)} - {None}
    assert len(members) == len(wanted)
    assert set(members) == wanted
    if row.reporter_slack == "U0ANA" and row.source != "phone":
        assert row.reporter_name in ("Ana", "Name of U0ANA")


def _each_message_is_there_once(world: World, row: Incident, summary: Summary, jobs: Sequence[Job]) -> None:
    posted = Counter(post.mark for post in world.chat.posts)
    must = [job for job in jobs if job.kind in POSTING and _speaks(row, job)]
    assert [job.kind for job in must if posted[str(job.id)] != 1] == [], "a message is missing, or there twice"
    assert set(posted) <= {str(job.id) for job in jobs}
    assert max(posted.values()) == 1
    places = {post.mark: (post.channel, post.thread) for post in world.chat.posts}
    [card_job] = [job for job in jobs if job.kind == JobKind.POST_CARD]
    shown = next(post for post in world.chat.posts if post.mark == str(card_job.id))
    assert (shown.channel, shown.timestamp) == (row.channel_id, row.card_ts)
    assert shown.message == card(summary), "the card does not say what is true"
    assert set(world.chat.pins) <= {(row.channel_id, row.card_ts)}
    for pointer in (job for job in jobs if job.kind == JobKind.POST_POINTER):
        assert places[str(pointer.id)] == (row.origin_channel, row.origin_thread)
    assert any(job.kind == JobKind.POST_POINTER for job in jobs) == (row.origin_channel is not None)


def _nobody_is_texted_twice(world: World, jobs: Sequence[Job], told: Sequence[TimelineEntry]) -> None:
    """A text may have been sent of which no line tells: somebody took the incident before that was found out."""
    wanted = [job for job in jobs if job.kind == JobKind.TEXT_PERSON]
    lines = [entry for entry in told if entry.kind == "messaged" and entry.details["by"] == "text"]
    assert len(lines) <= len(world.phone.texted) <= len(wanted)


def _copies_of_an_email_are_known_by_its_id(world: World, jobs: Sequence[Job], told: Sequence[TimelineEntry]) -> None:
    """Nobody can be asked whether a letter went out, so that a second one may follow; its mailbox can tell."""
    wanted = {str(job.id) for job in jobs if job.kind == JobKind.MAIL_PERSON}
    lines = [entry for entry in told if entry.kind == "messaged" and entry.details["by"] == "email"]
    sent = {letter.mark for letter in world.mail.letters}
    assert sent <= wanted
    assert len(lines) <= len(sent)
    assert len({(letter.mark, letter.to) for letter in world.mail.letters}) == len(sent)


def _speaks(row: Incident, job: Job) -> bool:
    """Whether its message must be there: nobody is told that nobody answered when somebody did."""
    return job.outcome == "done" and (job.kind != JobKind.TELL_EVERYBODY or row.acknowledged_at is None)


def _the_ticket_is_there_once(world: World, summary: Summary) -> None:
    text = ticket_text.ticket(summary)
    tickets = [each for each in world.tickets.tickets.values() if text.label in each.labels]
    assert len(tickets) == len(world.tickets.tickets) == 1
    [ticket] = tickets
    assert summary.ticket == ticket.ticket.key
    said = (ticket.summary, ticket.description, ticket.priority, set(ticket.labels))
    assert said == (text.summary, text.description, text.priority, {text.label, *text.labels})
    assert ticket.done == summary.status.is_over


def _the_memory_agrees(world: World, row: Incident) -> None:
    with world.store.begin() as tx:
        confirmed = classification.standing_correction(tx, row) is not None or row.status is Status.RESOLVED
    taught = [(lesson.category, lesson.helped) for lesson in world.memory.lessons.values()]
    assert taught == ([(row.category, row.resolution)] if confirmed else [])


def _no_call_goes_on(world: World, told: Sequence[TimelineEntry]) -> None:
    """Every call that the provider has was written down, once, and has ended: somebody took the incident."""
    placed = [call.sid for call in world.phone.placed]
    lines = [str(entry.details["call"]) for entry in told if entry.kind == "paged"]
    assert sorted(lines) == sorted(placed)
    assert [call.sid for call in world.phone.placed if call.status not in FINAL] == []


def _the_timeline_tells_it(row: Incident, told: Sequence[TimelineEntry]) -> None:
    lines = Counter(entry.kind for entry in told)
    assert {kind: lines[kind] for kind in ONCE_EACH} == dict.fromkeys(ONCE_EACH, 1)
    # What a caller said is triaged once more when it is understood.
    assert lines["triaged"] == 1 + lines["transcribed"]
    assert row.triage is Triage.TRIAGED
    assert lines["acknowledged"] == lines["unacknowledged"] + (row.acknowledged_at is not None)
    assert lines["resolved"] == (row.resolved_at is not None)
