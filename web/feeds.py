"""GET /calendars/SECRET.ics: a schedule for calendar programs. They send no key: whoever knows the address reads it."""

from datetime import datetime, timedelta

from flask import Blueprint, Response

from incidents import duty, people
from incidents.errors import NotFound
from incidents.models import ScheduleRow
from incidents.schedules import Shift
from incidents.store import Transaction
from integrations import calendars
from integrations.calendars import Event
from web.desk import desk

PAST, AHEAD = timedelta(days=30), timedelta(days=120)
MIMETYPE = "text/calendar"

door = Blueprint("feeds", __name__)


@door.get("/calendars/<feed>.ics")
def calendar(feed: str) -> Response:
    database = desk().database
    with database.begin() as session:
        found = duty.by_feed(session, feed)
    if found is None:
        raise NotFound("There is no calendar at this address.", look="A schedule tells its `calendar` address.")
    with database.store(found.organization_id).begin() as tx:
        row = tx.get(ScheduleRow, found.id)
        since, until = tx.now - PAST, tx.now + AHEAD
        shifts = duty.loaded(tx, row, since=since).shifts(since, until)
        events = [_event(tx, row, shift, since, until) for shift in shifts if shift.person is not None]
        text = calendars.written(f"On call: {row.name}", events, now=tx.now)
    return Response(text, mimetype=MIMETYPE, headers={"Cache-Control": "private, max-age=300"})


def _event(tx: Transaction, row: ScheduleRow, shift: Shift, since: datetime, until: datetime) -> Event:
    """The same shift has the same id each time, so that a calendar program moves it instead of showing it twice: by its
    end, or by its beginning where the time that is shown cuts it off, for that moves on.
    """
    if shift.person is None:
        raise ValueError("a gap is no event")
    name = people.remembered(tx, shift.person).name
    edge = next((f"{at:%Y%m%dT%H%M%S}" for at in (shift.ends, shift.begins) if since < at < until), "always")
    return Event(shift.begins, shift.ends, f"{name} ({row.name})", f"{edge}-{shift.person}-{row.id}@tocsin")
