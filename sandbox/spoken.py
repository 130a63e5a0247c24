"""What was said in which audio: the phone exchange writes it down, the speech service looks it up."""

from hashlib import sha256


class Spoken:
    """Keyed by the SHA-256 of the bare samples, so that it does not matter whether the WAV header comes along."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def keep(self, samples: bytes, text: str) -> None:
        self._texts[sha256(samples).hexdigest()] = text

    def text(self, audio: bytes) -> str | None:
        """None when nobody said this on a phone of the sandbox."""
        return self._texts.get(sha256(bare(audio)).hexdigest())

    def clear(self) -> None:
        self._texts.clear()


def bare(audio: bytes) -> bytes:
    """The samples of a WAV file; anything else as it is."""
    if audio[:4] != b"RIFF" or audio[8:12] != b"WAVE":
        return audio
    at = 12
    while at + 8 <= len(audio):
        size = int.from_bytes(audio[at + 4 : at + 8], "little")
        if audio[at : at + 4] == b"data":
            return audio[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return audio
