"""`/Calls`: place, list, look at, end and redirect calls (https://www.twilio.com/docs/voice/api/call-resource)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sandbox.provider import Reply
from sandbox.twilio.call import Call
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.form import Form
from sandbox.twilio.paging import paged
from sandbox.twilio.placing import from_number, inline, instructions, to_number
from sandbox.twilio.refusal import TwilioRefusal

_TIMES = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


def place(exchange: Exchange, form: Form) -> Reply:
    call = exchange.place(from_number(form), to_number(form), instructions(form))
    return Reply(call.as_json(), 201, {"call": call.sid, "to": call.to, "from": call.from_})


def find(exchange: Exchange, sid: str) -> Call:
    call = exchange.calls.get(sid)
    if call is None:
        raise TwilioRefusal(404, 20404, f"The requested resource /Calls/{sid}.json was not found")
    return call


def show(exchange: Exchange, form: Form, sid: str) -> Reply:
    return Reply(find(exchange, sid).as_json())


def change(exchange: Exchange, form: Form, sid: str) -> Reply:
    """`canceled` leaves a call alone that was already answered; a call that is over cannot be changed."""
    call = find(exchange, sid)
    if call.over:
        raise TwilioRefusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    status = form.get("Status")
    if status not in (None, "canceled", "completed"):
        raise TwilioRefusal(400, 20001, f"Status must be canceled or completed, not {status}")
    if (status == "canceled" and call.answered is None) or status == "completed":
        call.end(status)
        return Reply(call.as_json(), effect={"call": sid, "status": status})
    if status is not None:
        return Reply(call.as_json())
    url, twiml = form.url("Url", 21205), inline(form)
    if url is None and twiml is None:
        return Reply(call.as_json())
    if call.answered is None:
        raise TwilioRefusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    call.turned_to = replace(call.instructions, url=url, twiml=None if url else twiml, method=form.method("Method"))
    call.changed()
    return Reply(call.as_json(), effect={"call": sid, "turned_to": url or "twiml"})


def list_calls(exchange: Exchange, query: Form) -> Reply:
    """Newest first. `StartTime>` and `StartTime<` include the moment itself."""
    rows = [call.as_json() for call in reversed(exchange.calls.values()) if _asked_for(call, query)]
    return Reply(paged("calls", rows, query, folder="Calls.json"))


def _asked_for(call: Call, query: Form) -> bool:
    same: dict[str, Any] = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": call.parent}
    for name, value in same.items():
        if (asked := query.get(name)) is not None and asked != value:
            return False
    return _within(call.created, query, "StartTime") and _within(call.ended, query, "EndTime")


def _within(moment: datetime | None, query: Form, name: str) -> bool:
    """Twilio's times have whole seconds."""
    after, before, on = query.get(f"{name}>"), query.get(f"{name}<"), query.get(name)
    if not (after or before or on):
        return True
    if moment is None:
        return False
    at = moment.replace(microsecond=0)
    return (
        (after is None or at >= _time(after))
        and (before is None or at <= _time(before))
        and (on is None or at.date() == _time(on).date())
    )


def _time(asked: str) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(asked, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise TwilioRefusal(400, 20001, f"{asked} is no date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ")
