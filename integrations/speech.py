"""Google Cloud Speech: what a caller said, as text."""

import io
import threading
import wave
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import google.auth
import grpc
from google.api_core import exceptions
from google.api_core.exceptions import GoogleAPIError
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.cloud.speech_v1 import RecognizeResponse, SpeechClient
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcTransport
from google.oauth2.service_account import Credentials

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Transcript
from integrations.addresses import is_loopback

GOOGLE = "speech.googleapis.com"
MODEL = "telephony"
LANGUAGE = "en-US"
_MOST_HINTS = 500
_LONGEST_HINT = 100
"""https://cloud.google.com/speech-to-text/quotas"""
_CHANNEL = [("grpc.max_reconnect_backoff_ms", 2000)]
"""So that it is there again soon after the service is; gRPC's own limit is two minutes."""


class GoogleSpeech:
    """One attempt for each recording. May be used by several threads."""

    def __init__(
        self,
        *,
        endpoint: str | None = None,
        credentials_file: str | None = None,
        timeout: timedelta = timedelta(seconds=20),
    ) -> None:
        """`endpoint` is a host (with a port), `https://…`, or `http://127.0.0.1:…` for a service on this machine."""
        self._host, self._plain = _address(endpoint or GOOGLE)
        self._credentials_file = credentials_file
        self._timeout = timeout
        self._making = threading.Lock()
        self._client: SpeechClient | None = None

    def transcribe(self, audio: bytes, *, hints: Sequence[str] = ()) -> Transcript:
        rate, channels = _format(audio)
        phrases = [hint[:_LONGEST_HINT] for hint in dict.fromkeys(hints) if hint.strip()][:_MOST_HINTS]
        config = {
            "encoding": "LINEAR16",
            "sample_rate_hertz": rate,
            "audio_channel_count": channels,
            "language_code": LANGUAGE,
            "model": MODEL,
            "enable_automatic_punctuation": True,
            "speech_contexts": [{"phrases": phrases}] if phrases else [],
        }
        return _transcript(self._recognize({"config": config, "audio": {"content": audio}}))

    def check(self) -> str:
        """Asks about a tenth of a second of silence."""
        self.transcribe(_silence())
        return f"{self._host} answers"

    def _recognize(self, request: dict[str, Any]) -> RecognizeResponse:
        """One attempt: the library's own retry would go on for more than an hour."""
        seconds = self._timeout.total_seconds()
        once = Retry(predicate=lambda _: False, timeout=seconds)
        try:
            return self._connected().recognize(request=request, retry=once, timeout=seconds)
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise _translate(error) from error

    def _connected(self) -> SpeechClient:
        """Made in the process that uses it: gRPC does not survive a fork."""
        with self._making:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> SpeechClient:
        if self._plain:
            channel = grpc.insecure_channel(self._host, options=[*_CHANNEL, ("grpc.enable_http_proxy", 0)])
            return SpeechClient(transport=SpeechGrpcTransport(channel=channel))

        def secure(host: str, *, options: Sequence[tuple[str, Any]], **others: Any) -> grpc.Channel:
            return SpeechGrpcTransport.create_channel(host, options=[*options, *_CHANNEL], **others)

        scopes = SpeechGrpcTransport.AUTH_SCOPES
        if self._credentials_file:
            credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]  # google-auth's own.
                self._credentials_file, scopes=scopes
            )
        else:
            credentials, _ = google.auth.default(scopes=scopes)
        return SpeechClient(transport=SpeechGrpcTransport(host=self._host, credentials=credentials, channel=secure))


def _address(endpoint: str) -> tuple[str, bool]:
    """The host and port, and whether the connection is a plain one. Raises: PermanentError."""
    parts = urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}")
    if not parts.hostname or parts.scheme not in ("http", "https") or parts.path.strip("/"):
        raise PermanentError("SPEECH_API_ENDPOINT must be a host, an https address or http://127.0.0.1:PORT")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise PermanentError(
            "SPEECH_API_ENDPOINT may be an http address of this machine only: recordings are personal data"
        )
    return parts.netloc, parts.scheme == "http"


def _format(audio: bytes) -> tuple[int, int]:
    """The sample rate and the number of channels that the WAV header tells."""
    try:
        with wave.open(io.BytesIO(audio)) as recording:
            if recording.getsampwidth() != 2:
                raise PermanentError("the recording does not have 16 bits a sample")
            return recording.getframerate(), recording.getnchannels()
    except (wave.Error, EOFError) as error:
        raise PermanentError(f"the recording is not a WAV file: {error}") from error


def _transcript(response: RecognizeResponse) -> Transcript:
    """The best guess for each part; its confidence counts by its length."""
    best = [result.alternatives[0] for result in response.results if result.alternatives]
    parts = [(each.transcript.strip(), each.confidence) for each in best if each.transcript.strip()]
    letters = sum(len(text) for text, _ in parts)
    confidence = sum(len(text) * sure for text, sure in parts) / letters if letters else 0.0
    return Transcript(text=" ".join(text for text, _ in parts), confidence=min(1.0, max(0.0, confidence)))


def _silence() -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(bytes(1600))
    return sound.getvalue()


def _translate(error: Exception) -> TemporaryError | PermanentError:
    refusals = (
        exceptions.BadRequest,
        exceptions.Unauthorized,
        exceptions.Forbidden,
        exceptions.NotFound,
        exceptions.MethodNotImplemented,
    )
    if isinstance(error, refusals):
        return PermanentError(f"Google Speech refused: {error.message}")
    if isinstance(error, GoogleAuthError) and not error.retryable:
        return PermanentError("Google does not take our credentials: look at GOOGLE_APPLICATION_CREDENTIALS")
    if isinstance(error, OSError):
        return PermanentError("the file of GOOGLE_APPLICATION_CREDENTIALS cannot be read")
    return TemporaryError(f"Google Speech could not do it: {type(error).__name__}")
