"""The kinds of jobs, and on what terms each is done."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LONGEST_WAIT = timedelta(minutes=5)


class JobKind(StrEnum):
    TRIAGE = "TRIAGE"
    PAGE = "PAGE"
    NOTIFY_BY_PHONE = "NOTIFY_BY_PHONE"
    CANCEL_CALL = "CANCEL_CALL"
    TEXT_PERSON = "TEXT_PERSON"
    MENTION_PERSON = "MENTION_PERSON"
    MAIL_PERSON = "MAIL_PERSON"
    TELL_EVERYBODY = "TELL_EVERYBODY"
    FOLLOW_UP = "FOLLOW_UP"
    TELL_STAKEHOLDER = "TELL_STAKEHOLDER"
    OPEN_CHANNEL = "OPEN_CHANNEL"
    UPDATE_CHANNEL = "UPDATE_CHANNEL"
    INVITE_PEOPLE = "INVITE_PEOPLE"
    POST_CARD = "POST_CARD"
    UPDATE_CARD = "UPDATE_CARD"
    POST_POINTER = "POST_POINTER"
    POST_NOTE = "POST_NOTE"
    OPEN_TICKET = "OPEN_TICKET"
    UPDATE_TICKET = "UPDATE_TICKET"
    TRANSCRIBE = "TRANSCRIBE"
    LEARN = "LEARN"


@dataclass(frozen=True, slots=True)
class Terms:
    """How jobs of a kind are done. The lease is longer than everything that the kind does with its time limits.

    A standing job makes something outside agree with the database; owed again while it runs, it runs once more.
    `longest_wait` is the most between two attempts, whatever patience a provider asks for.
    """

    queue: str
    lease: timedelta
    attempts: int
    standing: bool = False
    longest_wait: timedelta = LONGEST_WAIT


_SECONDS = timedelta(seconds=1)

TERMS: dict[JobKind, Terms] = {
    JobKind.TRIAGE: Terms("triage", 60 * _SECONDS, attempts=5, standing=True),
    JobKind.PAGE: Terms("page", 30 * _SECONDS, attempts=200, longest_wait=20 * _SECONDS),
    JobKind.NOTIFY_BY_PHONE: Terms("page", 30 * _SECONDS, attempts=10),
    JobKind.CANCEL_CALL: Terms("page", 30 * _SECONDS, attempts=5, standing=True),
    JobKind.TEXT_PERSON: Terms("page", 30 * _SECONDS, attempts=20, longest_wait=20 * _SECONDS),
    JobKind.MENTION_PERSON: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.MAIL_PERSON: Terms("default", 90 * _SECONDS, attempts=10),
    JobKind.FOLLOW_UP: Terms("page", 30 * _SECONDS, attempts=200, longest_wait=20 * _SECONDS),
    JobKind.TELL_EVERYBODY: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.TELL_STAKEHOLDER: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.OPEN_CHANNEL: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_CHANNEL: Terms("default", 30 * _SECONDS, attempts=10, standing=True),
    JobKind.INVITE_PEOPLE: Terms("default", 45 * _SECONDS, attempts=10, standing=True),
    JobKind.POST_CARD: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_CARD: Terms("default", 30 * _SECONDS, attempts=20, standing=True),
    JobKind.POST_POINTER: Terms("default", 45 * _SECONDS, attempts=10),
    JobKind.POST_NOTE: Terms("default", 45 * _SECONDS, attempts=20),
    JobKind.OPEN_TICKET: Terms("default", 45 * _SECONDS, attempts=30),
    JobKind.UPDATE_TICKET: Terms("default", 60 * _SECONDS, attempts=20, standing=True),
    JobKind.TRANSCRIBE: Terms("default", 90 * _SECONDS, attempts=20),
    JobKind.LEARN: Terms("triage", 30 * _SECONDS, attempts=20, standing=True),
}

QUEUES = tuple(dict.fromkeys(terms.queue for terms in TERMS.values()))


def kinds_of(queue: str) -> list[JobKind]:
    return [kind for kind, terms in TERMS.items() if terms.queue == queue]
