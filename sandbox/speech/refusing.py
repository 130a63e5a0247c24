"""What Google refuses about a recognition: https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1."""

from google.cloud.speech_v1.types import cloud_speech

from sandbox.spoken import bare

LONGEST_SYNC = 60.0
LARGEST = 10 * 1024 * 1024
MODELS = frozenset(
    {"", "default", "command_and_search", "phone_call", "video", "telephony", "telephony_short"}
    | {"latest_long", "latest_short", "medical_conversation", "medical_dictation"}
)
MOST_PHRASES, LONGEST_PHRASE = 5000, 100
_BAD = "Invalid recognition 'config': "
_LINEAR = cloud_speech.RecognitionConfig.AudioEncoding.LINEAR16
_UNNAMED = cloud_speech.RecognitionConfig.AudioEncoding.ENCODING_UNSPECIFIED


class Invalid(Exception):
    """INVALID_ARGUMENT with this text."""


def check(config: cloud_speech.RecognitionConfig, audio: bytes, *, longest: float) -> None:
    """Raises: Invalid."""
    if not audio:
        raise Invalid("RecognitionAudio not set.")
    if len(audio) > LARGEST:
        raise Invalid(f"Request payload size exceeds the limit: {LARGEST} bytes.")
    if not config.language_code:
        raise Invalid(f"{_BAD}bad language code.")
    if config.model not in MODELS:
        raise Invalid(f"{_BAD}Incorrect model specified: {config.model}")
    _check_phrases(config)
    seconds = _seconds(config, audio)
    if seconds > longest:
        raise Invalid(
            "Sync input too long. For audio longer than 1 min use LongRunningRecognize with a 'uri' parameter."
        )


def _check_phrases(config: cloud_speech.RecognitionConfig) -> None:
    phrases = [phrase for context in config.speech_contexts for phrase in context.phrases]
    if len(phrases) > MOST_PHRASES:
        raise Invalid(f"{_BAD}too many phrases: {len(phrases)} of {MOST_PHRASES}")
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            raise Invalid(f"{_BAD}a phrase has {len(phrase)} of {LONGEST_PHRASE} characters")


def _seconds(config: cloud_speech.RecognitionConfig, audio: bytes) -> float:
    """The length of 16-bit samples; other encodings are taken as short enough."""
    hertz, channels = config.sample_rate_hertz, max(config.audio_channel_count, 1)
    if audio[:4] == b"RIFF":
        stands, has = int.from_bytes(audio[24:28], "little"), int.from_bytes(audio[22:24], "little")
        if hertz and hertz != stands:
            text = f"sample_rate_hertz ({hertz}) in RecognitionConfig must either be unspecified or match the value "
            raise Invalid(f"{text}in the WAV header ({stands}).")
        if has != channels:
            raise Invalid(f"Must use single channel (mono) audio, but WAV header indicates {has} channels.")
        return len(bare(audio)) / (2 * stands * has)
    if config.encoding == _UNNAMED:
        raise Invalid(f"{_BAD}bad encoding.")
    if not 8000 <= hertz <= 48000:
        raise Invalid(f"{_BAD}bad sample rate hertz.")
    return len(audio) / (2 * hertz * channels) if config.encoding == _LINEAR else 0.0
