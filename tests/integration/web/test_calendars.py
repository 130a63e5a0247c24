"""Calendars: a schedule's feed for calendar programs, and shifts that a calendar brings."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask.testing import FlaskClient

from tests.integration.web.conftest import Ask, Json
from tests.integration.web.test_schedules import people_of

NOON = (datetime.now(UTC) + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)


def event(who: str, begins: datetime, hours: int, *more: str) -> str:
    ends = begins + timedelta(hours=hours)
    lines = [f"UID:{who}-{begins:%Y%m%d%H}", f"SUMMARY:{who}", f"DTSTART:{begins:%Y%m%dT%H%M%SZ}"]
    return "\r\n".join(["BEGIN:VEVENT", *lines, f"DTEND:{ends:%Y%m%dT%H%M%SZ}", *more, "END:VEVENT"])


def calendar(*events: str) -> Json:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN"]
    return {"calendar": "\r\n".join([*head, *events, "END:VCALENDAR", ""]), "by": "Ana"}


def who_at(ask: Ask, schedule: str, at: datetime) -> list[str | None]:
    since, until = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (at, at + timedelta(minutes=1)))
    return people_of(ask("GET", f"schedules/{schedule}/shifts?since={since}&until={until}"))


def test_a_calendar_brings_shifts_and_the_next_one_replaces_them(ask: Ask, rota: str) -> None:
    ask("PUT", f"schedules/{rota}", {"name": rota, "zone": "Europe/Berlin", "layers": []})
    weekly = event("Bea", NOON, 24, "RRULE:FREQ=WEEKLY;COUNT=3")
    told = ask(
        "POST", f"schedules/{rota}/calendar", calendar(weekly, event("cy", NOON + timedelta(days=1), 12)), status=201
    )
    assert told["shifts"] == 4
    moments = (NOON, NOON + timedelta(hours=30), NOON + timedelta(days=3), NOON + timedelta(days=14))
    assert [who_at(ask, rota, at) for at in moments] == [["Bea"], ["Cy"], [None], ["Bea"]]
    ask("POST", f"schedules/{rota}/calendar", calendar(event("Cy", NOON, 2)), status=201)
    assert [who_at(ask, rota, at) for at in moments] == [["Cy"], [None], [None], [None]]


def test_what_people_took_covers_a_calendar_that_comes_later(ask: Ask, rota: str) -> None:
    taken = {"person": "Cy", "begins": NOON.isoformat(), "ends": (NOON + timedelta(hours=3)).isoformat()}
    ask("POST", f"schedules/{rota}/overrides", taken, status=201)
    ask("POST", f"schedules/{rota}/calendar", calendar(event("Bea", NOON, 12)), status=201)
    assert [who_at(ask, rota, NOON + timedelta(hours=hours)) for hours in (1, 4)] == [["Cy"], ["Bea"]]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (calendar(event("Zoe", NOON, 1), event("Bea", NOON, 1)), "Nobody is called 'Zoe'"),
        ({"calendar": "hello"}, "cannot be read"),
        (calendar(event("Bea", NOON, 1, "RRULE:FREQ=SECONDLY")), "repeats daily, weekly"),
        (calendar(event("Bea", NOON, 1, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")), "repeats daily, weekly"),
        (calendar(*[event("Bea", NOON, 1, "RRULE:FREQ=DAILY")] * 101), "100 repeated"),
        (calendar(event("Bea", NOON, 1, "RRULE:FREQ=DAILY;INTERVAL=0")), "repeats daily, weekly"),
        (calendar(event("Bea", NOON, 1, "RRULE:FREQ=MONTHLY;BYDAY=6MO")), "repeats daily, weekly"),
        (calendar(event("Bea", NOON.replace(year=1990), 1, "RRULE:FREQ=DAILY")), "more than 10 years ago"),
        (
            {
                "calendar": calendar(event("Bea", NOON, 1))["calendar"]
                .replace("DTSTART:", "DTSTART;TZID=Foo/Bar:")
                .replace("00Z", "00")
            },
            "time zone that is not known",
        ),
        (
            calendar(*(event("Bea", NOON + timedelta(hours=hour), 1, "RRULE:FREQ=DAILY") for hour in range(9))),
            "More than 2000",
        ),
    ],
)
def test_a_calendar_that_is_refused_changes_nothing(ask: Ask, rota: str, sent: Json, says: str) -> None:
    assert says in ask("POST", f"schedules/{rota}/calendar", sent, status=422)["detail"]
    assert ask("GET", f"schedules/{rota}/overrides")["overrides"] == []


def test_the_feed_is_read_without_a_key_by_whoever_knows_it(ask: Ask, rota: str, stranger: FlaskClient) -> None:
    """Read once more a second later, the same shifts have the same ids, the first and the last too."""
    address = ask("GET", f"schedules/{rota}")["calendar"]
    path = address[address.index("/calendars/") :]
    answer = stranger.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert {str(each["SUMMARY"]) for each in events} == {f"Bea ({rota})", f"Cy ({rota})"}
    assert len({str(each["UID"]) for each in events}) == len(events) > 100
    time.sleep(1.1)
    later = icalendar.Calendar.from_ical(stranger.get(path).data).walk("VEVENT")
    assert [each["UID"] for each in later] == [each["UID"] for each in events]
    assert stranger.get("/calendars/guessed.ics").status_code == 404


def test_a_shift_that_is_on_now_counts_west_of_greenwich_too(ask: Ask, rota: str) -> None:
    """A whole day and a time without a zone are meant where the schedule is."""
    ask("PUT", f"schedules/{rota}", {"name": rota, "zone": "America/Los_Angeles", "layers": []})
    here = datetime.now(UTC).astimezone(ZoneInfo("America/Los_Angeles"))
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    whole = f"DTSTART;VALUE=DATE:{today:%Y%m%d}\r\nDTEND;VALUE=DATE:{tomorrow:%Y%m%d}"
    lines = "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:Cy", whole, "END:VEVENT"])
    assert ask("POST", f"schedules/{rota}/calendar", calendar(lines), status=201)["shifts"] == 1
    assert ask("GET", f"schedules/{rota}")["on_call"]["now"]["name"] == "Cy"


def test_what_was_cancelled_is_no_shift(ask: Ask, rota: str) -> None:
    sent = calendar(event("Bea", NOON, 1, "STATUS:CANCELLED"), event("Cy", NOON, 1, "STATUS:CONFIRMED"))
    assert ask("POST", f"schedules/{rota}/calendar", sent, status=201)["shifts"] == 1


def test_a_year_of_shifts_is_read(ask: Ask, rota: str) -> None:
    weeks = [event(("Bea", "Cy")[week % 2], NOON + timedelta(weeks=week), 168) for week in range(52)]
    assert ask("POST", f"schedules/{rota}/calendar", calendar(*weeks), status=201)["shifts"] == 52


def test_a_calendar_gets_another_address(ask: Ask, rota: str, stranger: FlaskClient) -> None:
    before = ask("GET", f"schedules/{rota}")["calendar"]
    after = ask("POST", f"schedules/{rota}/calendar-address")["calendar"]
    assert [stranger.get(each[each.index("/calendars/") :]).status_code for each in (before, after)] == [404, 200]
    viewer = ask("POST", "keys", {"name": f"v-{rota}", "role": "viewer"}, status=201)["key"]
    shown = stranger.get(f"/api/v1/schedules/{rota}", headers={"X-API-Key": viewer}).get_json()
    assert shown["calendar"] is None
