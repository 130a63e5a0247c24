"""The terms of the kinds of jobs."""

from datetime import timedelta

import pytest

from incidents.claims import backoff
from incidents.terms import LONGEST_WAIT, TERMS, JobKind
from tasks.kinds import handler_of

CALL = timedelta(seconds=5)
MOST_CALLS = {
    JobKind.PAGE: 2,  # the provider's list; the call
    JobKind.NOTIFY_BY_PHONE: 2,
    JobKind.CANCEL_CALL: 1,
    JobKind.TEXT_PERSON: 2,  # the provider's list; the text
    JobKind.MENTION_PERSON: 5,
    JobKind.MAIL_PERSON: 8,  # one letter: 20 s at most, and as much for a connection to a host of two addresses
    JobKind.FOLLOW_UP: 0,
    JobKind.TELL_EVERYBODY: 5,  # who we are, history; post, join, post
    JobKind.POST_NOTE: 5,
    JobKind.TELL_STAKEHOLDER: 5,
    JobKind.POST_POINTER: 5,
    JobKind.POST_CARD: 6,  # and pin
    JobKind.OPEN_CHANNEL: 4,  # create, who we are, two pages of channels; more of them only repeat what is idempotent
    JobKind.INVITE_PEOPLE: 5,
    JobKind.UPDATE_CHANNEL: 1,
    JobKind.UPDATE_CARD: 1,
    JobKind.OPEN_TICKET: 5,  # server information, search, issue; create with and without a priority
    JobKind.UPDATE_TICKET: 6,  # issue, update with and without a priority; status, transitions, transition
    JobKind.TRIAGE: 5,  # memory; the model has a limit of its own
    JobKind.TRANSCRIBE: 6,  # the recording; speech may take twenty seconds
    JobKind.LEARN: 2,
}
"""How many requests a run makes at most, each with a time limit of five seconds."""


@pytest.mark.parametrize("kind", JobKind)
def test_every_kind_has_terms_and_a_handler(kind: JobKind) -> None:
    assert TERMS[kind].queue in ("page", "triage", "default")
    assert callable(handler_of(kind).run)


@pytest.mark.parametrize("kind", JobKind)
def test_a_lease_is_longer_than_everything_the_kind_waits_for(kind: JobKind) -> None:
    assert TERMS[kind].lease > MOST_CALLS[kind] * CALL


def test_each_wait_is_twice_the_one_before_up_to_a_limit_and_a_little_shorter_by_chance() -> None:
    for attempts in range(1, 40):
        whole = min(timedelta(seconds=2 ** (attempts - 1)), LONGEST_WAIT)
        assert 0.8 * whole <= backoff(attempts) <= whole


def test_a_page_is_tried_again_within_twenty_seconds_for_an_hour() -> None:
    terms = TERMS[JobKind.PAGE]
    waits = [backoff(attempts, terms.longest_wait) for attempts in range(1, terms.attempts)]
    assert max(waits) <= timedelta(seconds=20)
    assert sum(waits, timedelta()) > timedelta(minutes=50)


def test_a_job_owed_again_before_it_was_begun_waits_less_than_a_second() -> None:
    assert backoff(0) < timedelta(seconds=1)
