"""Recordings: made while a Record verb listens, kept for the REST API, known to the speech service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.spoken import Spoken
from sandbox.twilio.call import API_VERSION, Call, new_sid, now, rfc2822
from sandbox.twilio.tones import RATE, samples, wav
from sandbox.world import ACCOUNT_SID


@dataclass
class Recording:
    """`sound` is empty until it is completed."""

    call: Call
    sid: str = field(default_factory=lambda: new_sid("RE"))
    status: str = "in-progress"
    started: datetime = field(default_factory=now)
    text: str = ""
    sound: bytes = b""

    @property
    def seconds(self) -> int:
        """Rounded up, at least 1 when there is anything."""
        return -(-len(self.sound) // (RATE * 2))

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Recordings/{self.sid}"

    def as_json(self) -> dict[str, Any]:
        """https://www.twilio.com/docs/voice/api/recording#recording-properties."""
        ready = self.status == "completed"
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT_SID,
            "call_sid": self.call.sid,
            "conference_sid": None,
            "api_version": API_VERSION,
            "channels": 1,
            "date_created": rfc2822(self.started),
            "date_updated": rfc2822(self.started),
            "start_time": rfc2822(self.started),
            "duration": str(self.seconds) if ready else "-1",
            "price": None,
            "price_unit": "USD",
            "status": self.status,
            "source": "RecordVerb",
            "error_code": None,
            "encryption_details": None,
            "track": "inbound",
            "media_url": None,
            "uri": f"{self.path}.json",
            "subresource_uris": {},
        }


class Recordings:
    """`base` is the address that recordings are fetched from, without a slash at the end."""

    def __init__(self, base: str, spoken: Spoken) -> None:
        self._base = base
        self._spoken = spoken
        self._kept: dict[str, Recording] = {}

    def begin(self, call: Call) -> Recording:
        recording = Recording(call)
        self._kept[recording.sid] = recording
        return recording

    def end(self, recording: Recording) -> None:
        """What was said becomes sound; it can be fetched once its status is completed."""
        recording.sound = samples(recording.sid, recording.text)
        recording.status = "processing" if recording.sound else "absent"
        if recording.sound:
            self._spoken.keep(recording.sound, recording.text)

    def restore(self, sid: str, calls: Mapping[str, Call], call: str, status: str, started: str, text: str) -> None:
        """One that was being made is complete with what was said until then."""
        recording = Recording(calls[call], sid, status, datetime.fromisoformat(started), text)
        self.end(recording)
        recording.status = "completed" if recording.sound else "absent"
        self._kept[sid] = recording

    def address(self, recording: Recording) -> str:
        return self._base + recording.path

    def find(self, sid: str) -> Recording | None:
        return self._kept.get(sid)

    def all(self) -> list[Recording]:
        return list(self._kept.values())

    def delete(self, sid: str) -> bool:
        return self._kept.pop(sid, None) is not None

    def clear(self) -> None:
        self._kept.clear()


def media(recording: Recording) -> bytes:
    return wav(recording.sound)
