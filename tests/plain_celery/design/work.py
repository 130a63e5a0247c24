"""The stand-in's tasks: Celery on Redis as its documentation advises; state is checked before each act."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import Celery

from app.bootstrap import Providers
from app.resolve import load
from incidents.errors import TemporaryError
from incidents.ports import Message
from tests.plain_celery.design import tables
from tests.plain_celery.timing import NEXT_PERSON_AFTER, PAGE_ANYWAY_AFTER, RING_FOR

PEOPLE = ("+12025550111", "+12025550112")
TWIML = "<Response><Say>Incident {number}. {title}</Say></Response>"

app = Celery("plain", broker=load().redis_url)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 30,
        "unacked_restore_interval": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
    },
)
providers: Any = Providers(load())  # All of them are on: it works with the sandbox alone.
AGAIN: dict[str, Any] = {
    "autoretry_for": (Exception,),
    "retry_backoff": 1,
    "retry_backoff_max": 20,
    "retry_jitter": True,
    "max_retries": 50,
}
task: Callable[[Callable[..., None]], Any] = app.task(bind=True, **AGAIN)


def begin(id: str, severity: str) -> None:
    """Everything that a new incident needs."""
    open_channel.delay(id)
    open_ticket.delay(id)
    page.apply_async((id, 0), countdown=0 if severity == "HIGH" else PAGE_ANYWAY_AFTER)


@task
def open_channel(self: Any, id: str) -> None:
    incident = tables.get(id)
    if incident.channel is None:
        with patience(self):
            channel = providers.chat.open_channel(f"incident-{incident.number}")
        tables.put(id, channel=channel.id)
    post_card.delay(id)


@task
def post_card(self: Any, id: str) -> None:
    incident = tables.get(id)
    if incident.card is None:
        with patience(self):
            card = providers.chat.post(incident.channel, Message(f"{incident.title} ({incident.severity})"), mark=id)
        tables.put(id, card=card)


@task
def open_ticket(self: Any, id: str) -> None:
    incident = tables.get(id)
    if incident.ticket is None:
        with patience(self):
            ticket = providers.tickets.create(
                label=f"plain-{id}", summary=incident.title, description="", priority="High"
            )
        tables.put(id, ticket=ticket.key)


@task
def page(self: Any, id: str, step: int) -> None:
    """Call the person of that step unless somebody acknowledged, and the next one later."""
    incident = tables.get(id)
    if incident.status != "open":
        return
    if not tables.was_called(id, step):
        with patience(self):
            sid = providers.phone.call(
                to=PEOPLE[step],
                twiml=TWIML.format(number=incident.number, title=incident.title),
                status_url=f"{load().public_url}/status",
                ring_for=timedelta(seconds=RING_FOR),
            )
        tables.note_call(id, step, sid)
    if step + 1 < len(PEOPLE):
        page.apply_async((id, step + 1), countdown=NEXT_PERSON_AFTER)


@task
def hang_up(self: Any, sid: str) -> None:
    with patience(self):
        providers.phone.hang_up(sid)


class patience:  # noqa: N801  # It reads as a word in a `with` statement.
    """A provider that says when to come again is believed; everything else is Celery's own retry."""

    def __init__(self, task: Any) -> None:
        self._task = task

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, TemporaryError) and error.retry_after is not None:
            raise self._task.retry(countdown=error.retry_after.total_seconds(), exc=error)
