"""What Twilio sends with a request, as text and numbers; a redirect of ours may carry a part of it in the address."""

from flask import Response, request

from voice.hotline import Recorded


def given(name: str) -> str:
    value: str = request.values.get(name, "")
    return value


def number(name: str) -> int:
    value = given(name)
    return int(value) if value.isascii() and value.isdigit() else 0


def recorded() -> Recorded:
    return Recorded(
        call=given("CallSid"),
        recording=given("RecordingSid"),
        seconds=number("RecordingDuration"),
        key=given("Digits"),
        live=given("CallStatus") == "in-progress",
    )


def xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
