"""What Google's speech service refuses."""

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import speech
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcTransport

from tests.integration.sandbox.refusals.case import Case, Send, World

RPC = "https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1"
CONFIG = f"{RPC}#recognitionconfig"
QUOTAS = "https://cloud.google.com/speech-to-text/quotas"
SECOND = b"\x00\x01" * 8000
BAD = "INVALID_ARGUMENT Invalid recognition 'config': "


def hear(audio: bytes = SECOND, **changed: object) -> Send:
    """Recognizes a second of sound that would be fine but for what is changed."""
    given: dict[str, object] = {"encoding": "LINEAR16", "sample_rate_hertz": 8000, "language_code": "en-US"}

    def ask(world: World) -> str:
        request = {"config": {**given, **changed}, "audio": {"content": audio}}
        with grpc.insecure_channel(world.sandbox.speech_address) as channel:
            client = speech.SpeechClient(transport=SpeechGrpcTransport(channel=channel))
            try:
                client.recognize(request=request, retry=None, timeout=5)
            except GoogleAPICallError as error:
                return f"{error.grpc_status_code.name if error.grpc_status_code else ''} {error.message}"
        return "ok"

    return ask


CASES = [
    Case("sound", "none", hear(b""), "INVALID_ARGUMENT RecognitionAudio not set.", f"{RPC}#recognitionaudio"),
    Case("sound", "longer than a minute", hear(SECOND * 61),
         "INVALID_ARGUMENT Sync input too long. For audio longer than 1 min use LongRunningRecognize with a 'uri'"
         " parameter.", QUOTAS),
    Case("what the sound is", "no language", hear(language_code=""), f"{BAD}bad language code.", CONFIG),
    Case("what the sound is", "no encoding", hear(encoding="ENCODING_UNSPECIFIED"), f"{BAD}bad encoding.", CONFIG),
    Case("what the sound is", "4,000 samples a second", hear(sample_rate_hertz=4000), f"{BAD}bad sample rate hertz.",
         CONFIG),
    Case("no such model", "for speech", hear(model="loud"), f"{BAD}Incorrect model specified: loud", CONFIG),
    Case("hint", "of 101 letters", hear(speech_contexts=[{"phrases": ["a" * 101]}]),
         f"{BAD}a phrase has 101 of 100 characters", QUOTAS),
]  # fmt: skip
