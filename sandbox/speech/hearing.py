"""From the text that was said to the results Google would give for it."""

from datetime import timedelta

from google.cloud.speech_v1.types import cloud_speech

CONFIDENCE = 0.93
WORD_SECONDS = 0.4


def results(text: str | None, config: cloud_speech.RecognitionConfig) -> list[cloud_speech.SpeechRecognitionResult]:
    """Audio in which nobody spoke has no results at all."""
    if not text:
        return []
    alternative = cloud_speech.SpeechRecognitionAlternative(
        transcript=text, confidence=CONFIDENCE, words=_words(text, config)
    )
    length = timedelta(seconds=len(text.split()) * WORD_SECONDS)
    return [
        cloud_speech.SpeechRecognitionResult(
            alternatives=[alternative], result_end_time=length, language_code=config.language_code.lower()
        )
    ]


def _words(text: str, config: cloud_speech.RecognitionConfig) -> list[cloud_speech.WordInfo]:
    """Only when they were asked for."""
    if not (config.enable_word_confidence or config.enable_word_time_offsets):
        return []
    return [
        cloud_speech.WordInfo(
            word=word,
            confidence=CONFIDENCE if config.enable_word_confidence else 0.0,
            start_time=timedelta(seconds=place * WORD_SECONDS),
            end_time=timedelta(seconds=(place + 1) * WORD_SECONDS),
        )
        for place, word in enumerate(text.split())
    ]
