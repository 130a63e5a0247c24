"""Shifts as calendars (iCalendar, RFC 5545): written for calendar programs, and read from them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from incidents.errors import IncidentError

MOST_EVENTS = 2000
MOST_SERIES = 100
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"})
"""Of a rule. With others one can write what happens never, or each second."""
DAY = re.compile(r"[+-]?[1-4]?(MO|TU|WE|TH|FR|SA|SU)|-?5(MO|TU|WE|TH|FR|SA|SU)")
OLDEST_SERIES = 10
"""Years."""
_DAY = timedelta(days=1)
PRODUCT = "-//Tocsin//on-call//EN"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """What a calendar says of some time. `title` is its SUMMARY; `uid` is the same in all of a series."""

    begins: datetime
    ends: datetime
    title: str
    uid: str


def written(name: str, events: Sequence[Event], *, now: datetime) -> bytes:
    """A calendar of these events."""
    import icalendar  # Half a second, which who never asks for a calendar need not wait.

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in events:
        shown = icalendar.Event()
        shown.add("uid", event.uid)
        shown.add("dtstamp", now)
        shown.add("dtstart", event.begins.astimezone(UTC))
        shown.add("dtend", event.ends.astimezone(UTC))
        shown.add("summary", event.title)
        calendar.add_component(shown)
    text: bytes = calendar.to_ical()
    return text


def read(text: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> Sequence[Event]:
    """The events that touch that time, repeated ones each time that they happen, in their order.

    Whole days and times without a zone are meant in `zone`. Raises: IncidentError when it is no calendar, or too large.
    """
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(text)
        if not isinstance(calendar, icalendar.Calendar):
            raise IncidentError("This is no calendar but a part of one. Send the whole file, from BEGIN:VCALENDAR on.")
        _demand_what_can_be_read(calendar, since)
        # The library takes times without a zone for UTC when it looks; a day more finds what is on now.
        found = recurring_ical_events.of(calendar).between(since - _DAY, until + _DAY)
        events = [_event(each, zone) for each in found if each.get("STATUS", "") != "CANCELLED"]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise IncidentError(
            f"The calendar cannot be read: {str(error)[:200]}. Send an iCalendar file (.ics)."
        ) from None
    events = sorted(event for event in events if event.ends > since and event.begins < until)
    if len(events) > MOST_EVENTS:
        raise IncidentError(f"More than {MOST_EVENTS} shifts in a year are not read. Send a shorter calendar.")
    return events


def _demand_what_can_be_read(calendar: Any, since: datetime) -> None:
    """Before anything is worked out: a rule that never comes true would be followed to the year 9999."""
    events = calendar.walk("VEVENT")
    repeated = [event for event in events if "RRULE" in event]
    if len(events) > MOST_EVENTS or len(repeated) > MOST_SERIES:
        raise IncidentError(
            f"More than {MOST_EVENTS} events, or {MOST_SERIES} repeated ones, are not read. Send a smaller calendar."
        )
    if not all(_is_simple(event["RRULE"]) for event in repeated):
        raise IncidentError(
            "A repeated event is read when it repeats daily, weekly, monthly or yearly, on weekdays at most: "
            "RRULE with FREQ, INTERVAL, COUNT, UNTIL, BYDAY. Write the others out."
        )
    if any(abs(event["DTSTART"].dt.year - since.year) > OLDEST_SERIES for event in repeated):
        raise IncidentError(f"A repeated event that began more than {OLDEST_SERIES} years ago is not read.")
    for time in (event[name] for event in events for name in ("DTSTART", "DTEND") if name in event):
        zone = time.params.get("TZID")
        if zone is not None and isinstance(time.dt, datetime) and time.dt.tzinfo is None:
            raise IncidentError(f"The calendar names a time zone that is not known: {str(zone)[:70]!r}.")


def _is_simple(rule: object) -> bool:
    if not (isinstance(rule, dict) and PARTS.issuperset(rule) and FREQUENCIES.issuperset(rule.get("FREQ", ()))):
        return False
    days = [str(day) for day in rule.get("BYDAY", ())]
    return all(each > 0 for each in rule.get("INTERVAL", ())) and all(DAY.fullmatch(day) for day in days)


def _event(found: Any, zone: ZoneInfo) -> Event:
    begins, ends = _moment(found.start, zone), _moment(found.end, zone)
    title, uid = str(found.get("SUMMARY", "")), str(found.get("UID", ""))
    return Event(begins, ends, title.strip(), uid)


def _moment(value: datetime | date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).astimezone(UTC)
