"""The port `Speech`, sentence by sentence, on the fake and on Google Cloud Speech."""

import io
import wave

import pytest

from incidents.errors import PermanentError
from incidents.ports import Speech, Transcript
from integrations.speech import GoogleSpeech
from tests.integration.integrations.conftest import HEARD
from tests.integration.sandbox.running import RunningSandbox


def wav(*, rate: int = 8000, width: int = 2, seconds: int = 1) -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(width)
        recording.setframerate(rate)
        recording.writeframes(bytes(rate * width * seconds))
    return sound.getvalue()


def test_what_was_said_comes_with_a_confidence(speech: Speech) -> None:
    heard = speech.transcribe(wav(), hints=["checkout"])
    assert heard.text == HEARD
    assert heard.confidence == pytest.approx(0.93)


def test_an_empty_text_means_that_nothing_was_understood(speech: Speech) -> None:
    speech.transcribe(wav())
    assert speech.transcribe(wav()) == Transcript(text="", confidence=0.0)


def test_what_is_no_wav_file_is_refused(speech: Speech) -> None:
    for audio in (b"", b"\xff\xfb\x90 an MP3", b"<html>"):
        with pytest.raises(PermanentError, match="WAV"):
            speech.transcribe(audio)


def test_check_says_that_it_answers(speech: Speech) -> None:
    assert speech.check()


def test_google_gets_model_rate_and_hints(google_speech: GoogleSpeech, sandbox: RunningSandbox) -> None:
    google_speech.transcribe(wav(rate=16000), hints=["checkout", "checkout", "  ", "x" * 300])
    (entry,) = sandbox.ledger("speech")
    request = str(entry["request"])
    assert "telephony" in request
    assert "16000" in request
    assert "checkout" in request
    assert "x" * 101 not in request


def test_eight_bits_a_sample_are_refused(google_speech: GoogleSpeech) -> None:
    with pytest.raises(PermanentError, match="16 bits"):
        google_speech.transcribe(wav(width=1))


@pytest.mark.parametrize(
    "endpoint",
    ["http://speech.example.com:80", "http://10.0.0.1:8091", "ftp://127.0.0.1", "https://a.test/path", "://"],
)
def test_a_plain_connection_to_anywhere_else_is_refused(endpoint: str) -> None:
    with pytest.raises(PermanentError, match="SPEECH_API_ENDPOINT"):
        GoogleSpeech(endpoint=endpoint)


def test_a_file_of_credentials_that_is_not_there_is_named_as_the_cause() -> None:
    with pytest.raises(PermanentError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        GoogleSpeech(credentials_file="/nowhere/at/all.json").transcribe(wav())
