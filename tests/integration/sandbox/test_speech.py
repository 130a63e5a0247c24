"""Google's own client against the speech service: what was said on a phone comes back as text."""

from collections.abc import Iterator

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import speech
from google.cloud.speech_v1.services.speech import SpeechClient
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcTransport

from tests.integration.sandbox.phones import ANYBODY, Pages, Phone, client
from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.running import RunningSandbox
from tests.integration.sandbox.test_twilio_hotline import download

QUIET = b"\x00\x01" * 8000


@pytest.fixture
def google(sandbox: RunningSandbox) -> Iterator[speech.SpeechClient]:
    with grpc.insecure_channel(sandbox.speech_address) as channel:
        yield speech.SpeechClient(transport=SpeechGrpcTransport(channel=channel))


def config(**changed: object) -> speech.RecognitionConfig:
    given: dict[str, object] = {"encoding": "LINEAR16", "sample_rate_hertz": 8000, "language_code": "en-US"}
    return speech.RecognitionConfig({**given, "model": "telephony", **changed})


def hear(google: speech.SpeechClient, audio: bytes, **changed: object) -> list[str]:
    request = {"config": config(**changed), "audio": speech.RecognitionAudio(content=audio)}
    found = google.recognize(request=request, retry=None, timeout=5)
    return [result.alternatives[0].transcript for result in found.results]


@pytest.fixture
def recording(sandbox: RunningSandbox, product: Receiver) -> bytes:
    """Somebody called the hotline and said "payments are failing in europe"."""
    pages = Pages(product, {"/voice/incoming": '<Record action="/voice/done" recordingStatusCallback="/voice/tape"/>'})
    caller = Phone(sandbox, ANYBODY)
    caller.calls_hotline()
    caller.does("speak", text="payments are failing in europe")
    caller.does("hangup")
    pages.wait_for("/voice/tape")
    return download(sandbox, client(sandbox).recordings.list()[0].sid)


@pytest.mark.parametrize("header", [0, 44])
def test_a_recording_is_heard_with_and_without_its_header(
    google: speech.SpeechClient, recording: bytes, header: int
) -> None:
    assert hear(google, recording[header:]) == ["payments are failing in europe"]


def test_words_come_with_their_confidence(google: speech.SpeechClient, recording: bytes) -> None:
    asked = config(enable_word_confidence=True, enable_word_time_offsets=True)
    found = google.recognize(config=asked, audio=speech.RecognitionAudio(content=recording), timeout=5)
    best = found.results[0].alternatives[0]
    assert best.confidence == pytest.approx(0.93)
    assert [(word.word, round(word.confidence, 2)) for word in best.words][:2] == [("payments", 0.93), ("are", 0.93)]


def test_sound_in_which_nobody_spoke_has_no_result(google: speech.SpeechClient) -> None:
    assert hear(google, QUIET) == []


def test_a_script_says_what_unknown_sound_is(sandbox: RunningSandbox, google: speech.SpeechClient) -> None:
    sandbox.post("/control/speech/script", text="the disk is full")
    assert [hear(google, QUIET), hear(google, QUIET)] == [["the disk is full"], []]


def test_long_and_streamed_recognition(google: speech.SpeechClient, recording: bytes) -> None:
    audio = speech.RecognitionAudio(content=recording)
    long = google.long_running_recognize(config=config(), audio=audio, timeout=5)
    done = long.result(timeout=5)  # type: ignore[no-untyped-call]  # The SDK has types only in part.
    assert done.results[0].alternatives[0].transcript == "payments are failing in europe"
    parts = [recording[at : at + 4000] for at in range(0, len(recording), 4000)]
    first = speech.StreamingRecognizeRequest(streaming_config=speech.StreamingRecognitionConfig(config=config()))
    requests = [first, *(speech.StreamingRecognizeRequest(audio_content=part) for part in parts)]
    (answer,) = SpeechClient.streaming_recognize(google, iter(requests), timeout=5)
    assert answer.results[0].alternatives[0].transcript == "payments are failing in europe"


def test_a_rate_that_is_not_the_headers_is_refused(google: speech.SpeechClient, recording: bytes) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="match the value in the WAV header"):
        hear(google, recording, sample_rate_hertz=16000)


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("500", exceptions.InternalServerError),
        ("500-after", exceptions.InternalServerError),
        ("503", exceptions.ServiceUnavailable),
        ("429", exceptions.ResourceExhausted),
        ("reset", exceptions.ServiceUnavailable),
        ("garbage", exceptions.InternalServerError),
    ],
)
def test_faults_arrive_as_googles_errors(
    sandbox: RunningSandbox, google: speech.SpeechClient, kind: str, raised: type[Exception]
) -> None:
    sandbox.post("/control/fault", provider="speech", method="recognize", kind=kind, times=1)
    with pytest.raises(raised):
        hear(google, QUIET)
    assert hear(google, QUIET) == []
    first, second = sandbox.ledger("speech", "recognize")
    assert (first["response"]["fault"], second["response"]["status"]) == (kind, "OK")


def test_silence_lasts_until_the_client_gives_up(sandbox: RunningSandbox, google: speech.SpeechClient) -> None:
    sandbox.post("/control/fault", provider="speech", method="recognize", kind="silence", times=1)
    request = {"config": config(), "audio": speech.RecognitionAudio(content=QUIET)}
    with pytest.raises(exceptions.DeadlineExceeded):
        google.recognize(request=request, retry=None, timeout=0.3)
