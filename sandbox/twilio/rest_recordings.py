"""`/Recordings`: list, look at, download, delete (https://www.twilio.com/docs/voice/api/recording)."""

from sandbox.provider import Reply
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.form import Form
from sandbox.twilio.paging import paged
from sandbox.twilio.recordings import Recording, media
from sandbox.twilio.refusal import TwilioRefusal
from sandbox.twilio.rest_calls import find as find_call


def list_all(exchange: Exchange, query: Form) -> Reply:
    call = query.get("CallSid")
    return _listed(exchange, query, call, "Recordings.json")


def list_of_call(exchange: Exchange, query: Form, call: str) -> Reply:
    find_call(exchange, call)
    return _listed(exchange, query, call, f"Calls/{call}/Recordings.json")


def show(exchange: Exchange, query: Form, sid: str) -> Reply:
    return Reply(_find(exchange, sid).as_json())


def download(exchange: Exchange, query: Form, sid: str) -> Reply:
    """The sound exists once the recording is completed."""
    recording = _find(exchange, sid)
    if recording.status != "completed":
        raise TwilioRefusal(404, 20404, f"The requested resource /Recordings/{sid}.wav was not found")
    return Reply(media(recording), media_type="audio/x-wav")


def delete(exchange: Exchange, query: Form, sid: str) -> Reply:
    _find(exchange, sid)
    exchange.recordings.delete(sid)
    return Reply(b"", 204, {"recording": sid, "deleted": True})


def _listed(exchange: Exchange, query: Form, call: str | None, folder: str) -> Reply:
    found = [one for one in reversed(exchange.recordings.all()) if call in (None, one.call.sid)]
    shown = [one.as_json() for one in found if one.status != "absent"]
    return Reply(paged("recordings", shown, query, folder=folder))


def _find(exchange: Exchange, sid: str) -> Recording:
    recording = exchange.recordings.find(sid)
    if recording is None:
        raise TwilioRefusal(404, 20404, f"The requested resource /Recordings/{sid}.json was not found")
    return recording
