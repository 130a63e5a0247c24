"""Audio for words that nobody really spoke: a tone a word, different for every recording, 8 kHz 16-bit mono."""

import math
import wave
from array import array
from functools import cache
from hashlib import sha256
from io import BytesIO

RATE = 8000
WORD_SECONDS = 0.4
LOUD = 6000
TONES = 64


def samples(seed: str, text: str) -> bytes:
    """The same seed and text give the same samples; nothing said gives none.

    The first two milliseconds are a faint crackle that no other recording has.
    """
    words = text.split()
    sound = array("h")
    for word in words:
        sound.extend(_tone(sha256(word.encode()).digest()[0] % TONES))
    crackle = array("h", sha256(f"{seed}/{text}".encode()).digest())
    for place, value in enumerate(crackle if words else ()):
        sound[place] = value // 16
    return sound.tobytes()


def wav(sound: bytes) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(sound)
    return file.getvalue()


@cache
def _tone(step: int) -> "array[int]":
    """One word's length, fading out at its end."""
    count = int(RATE * WORD_SECONDS)
    turn = 2 * math.pi * (250 + 12 * step) / RATE
    return array("h", (int(LOUD * math.sin(turn * n) * min(1.0, (count - n) / 400)) for n in range(count)))
