"""Twilio as it comes to the door: its parameters as its documentation has them, signed as it signs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree as ET

from flask import Flask
from twilio.request_validator import RequestValidator

PUBLIC = "https://tocsin.example.com"
ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "an-auth-token"
NUMBER = "+12025550100"
CALLER = "+12025550199"
BEA = "+12025550111"


@dataclass(frozen=True, slots=True)
class Heard:
    """What Twilio got: TwiML, or an error."""

    status: int
    text: str

    @property
    def verbs(self) -> list[ET.Element]:
        root = ET.fromstring(self.text)  # noqa: S314  # Our own answer.
        assert root.tag == "Response"
        return list(root)

    @property
    def tags(self) -> list[str]:
        return [verb.tag for verb in self.verbs]

    @property
    def said(self) -> str:
        """Everything that is said, in its order, the same once."""
        spoken = [say.text or "" for verb in self.verbs for say in verb.iter("Say")]
        return " ".join(dict.fromkeys(spoken))

    def verb(self, tag: str) -> ET.Element:
        return next(verb for verb in self.verbs if verb.tag == tag)

    @property
    def next(self) -> str:
        """Where the next key goes, or where the call goes on."""
        for verb in self.verbs:
            if verb.tag in ("Gather", "Record"):
                return verb.attrib["action"]
            if verb.tag == "Redirect":
                return verb.text or ""
        raise AssertionError("the call ends here")


class Twilio:
    """`public` is the address that Twilio calls and signs; the application is reached behind it."""

    def __init__(self, application: Flask, *, public: str = PUBLIC) -> None:
        self._application = application
        self.public = public

    def post(self, address: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Heard:
        """To a path, or to an address that an answer named; the fragment stays with Twilio."""
        address = urldefrag(address).url
        url = address if address.startswith("http") else f"{self.public}{address}"
        given = {"X-Twilio-Signature": signature(url, fields), **(headers or {})}
        parts = urlsplit(url)
        path = parts.path.removeprefix(urlsplit(self.public).path)
        local = path + (f"?{parts.query}" if parts.query else "")
        answer = self._application.test_client().post(local, data=fields, headers=given)
        return Heard(answer.status_code, answer.get_data(as_text=True))


class Caller:
    """A call that comes in."""

    def __init__(self, twilio: Twilio, *, sid: str = "CA1", number: str = CALLER) -> None:
        self._twilio = twilio
        self._fields = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "From": number,
            "To": NUMBER,
            "Caller": number,
            "Called": NUMBER,
            "Direction": "inbound",
        }

    def dials(self, at: str = "/voice/incoming", **headers: str) -> Heard:
        return self._twilio.post(at, {**self._fields, "CallStatus": "ringing"}, headers)

    def presses(self, key: str, *, at: str = "/voice/severity") -> Heard:
        """Before the tone: https://www.twilio.com/docs/voice/twiml/gather#action."""
        return self._twilio.post(at, {**self._fields, "CallStatus": "in-progress", "Digits": key})

    def stops(
        self,
        *,
        key: str = "",
        seconds: int = 12,
        recording: str = "RE1",
        live: bool = True,
        at: str = "/voice/recorded",
    ) -> Heard:
        """https://www.twilio.com/docs/voice/twiml/record#action."""
        fields = {
            **self._fields,
            "CallStatus": "in-progress" if live else "completed",
            "RecordingSid": recording,
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording}",
            "RecordingDuration": str(seconds),
            "Digits": key,
        }
        return self._twilio.post(at, fields)

    def waits_at(self, address: str) -> Heard:
        """Twilio follows a redirect: it says what it says of every call, and nothing of keys and recordings."""
        return self._twilio.post(address, {**self._fields, "CallStatus": "in-progress"})

    def recording(self, status: str = "completed", *, recording: str = "RE1", seconds: int = 12) -> Heard:
        """https://www.twilio.com/docs/voice/twiml/record#attributes-recording-status-callback."""
        fields = {
            "AccountSid": ACCOUNT,
            "CallSid": self._fields["CallSid"],
            "RecordingSid": recording,
            "RecordingStatus": status,
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording}",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            **({"RecordingDuration": str(seconds)} if status == "completed" else {}),
        }
        return self._twilio.post("/voice/recording", fields)

    def ends(self, status: str = "completed") -> Heard:
        fields = {**self._fields, "CallStatus": status, "CallDuration": "20", "SequenceNumber": "0"}
        return self._twilio.post("/voice/status", fields)


class Paged:
    """A call that pages somebody."""

    def __init__(self, twilio: Twilio, token: str, *, sid: str = "CA9", to: str = BEA) -> None:
        self._twilio = twilio
        self._fields = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "From": NUMBER,
            "To": to,
            "Direction": "outbound-api",
        }
        self.at = f"/voice/page/{token}"

    def presses(self, key: str, *, at: str | None = None, headers: dict[str, str] | None = None) -> Heard:
        fields = {**self._fields, "CallStatus": "in-progress", "Digits": key, "msg": "Gather End"}
        return self._twilio.post(at or f"{self.at}/key", fields, headers)

    def waits_at(self, address: str) -> Heard:
        return self._twilio.post(address, {**self._fields, "CallStatus": "in-progress"})

    def is_told(self, status: str, sequence: int) -> Heard:
        """https://www.twilio.com/docs/voice/api/call-resource#statuscallback."""
        fields: dict[str, Any] = {**self._fields, "CallStatus": status, "SequenceNumber": str(sequence)}
        fields |= {"CallbackSource": "call-progress-events", "Timestamp": "Mon, 02 Nov 2026 12:00:00 +0000"}
        return self._twilio.post(f"{self.at}/status", fields)


def signature(url: str, fields: dict[str, str], *, token: str = TOKEN) -> str:
    signed: str = RequestValidator(token).compute_signature(url, fields)
    return signed
