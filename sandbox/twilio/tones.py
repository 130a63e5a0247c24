"""Audio for words that nobody really spoke: a tone a word, different for every recording, 8 kHz 16-bit mono."""

import math
import wave
from array import array
from hashlib import sha256
from io import BytesIO

RATE = 8000
WORD_SECONDS = 0.4
LOUD = 6000


def samples(seed: str, text: str) -> bytes:
    """The same seed and text give the same samples; nothing said gives none."""
    sound = array("h")
    for place, word in enumerate(text.split()):
        digest = sha256(f"{seed}/{place}/{word}".encode()).digest()
        sound.extend(_tone(250 + int.from_bytes(digest[:2], "big") % 900, digest[2]))
    return sound.tobytes()


def wav(sound: bytes) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(sound)
    return file.getvalue()


def _tone(hertz: int, phase: int) -> list[int]:
    count = int(RATE * WORD_SECONDS)
    return [
        int(LOUD * math.sin(2 * math.pi * hertz * n / RATE + phase) * min(1.0, (count - n) / 400)) for n in range(count)
    ]
