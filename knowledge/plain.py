"""What may be shown of a text that a model wrote: plain words, without what nobody else should read."""

import re
import unicodedata

from knowledge.redact import redact

_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}:/?/?|www\.)[^\s/][^\s]{2,}", re.IGNORECASE)
_OPAQUE = re.compile(r"[A-Za-z0-9+/=_\-.%]{16,}")
_WORDY = re.compile(r"[A-Za-z]{1,24}(?:[-/.][A-Za-z]{1,24}){0,4}\.?")


def one_line(text: str) -> str:
    """Letters as everybody writes them, without what is invisible, on one line."""
    usual = unicodedata.normalize("NFKC", text)
    return " ".join("".join(" " if _is_control(each) else each for each in usual if not _is_hidden(each)).split())


def plain(text: str, *, report: str) -> str:
    """`text` on one line, with masks for secrets, for addresses and for strings that only a machine reads.

    What stands so in `report` (redacted already) may stay.
    """
    line = redact(one_line(text))
    line = _ADDRESS.sub(lambda match: match.group() if match.group() in report else "[address]", line)
    return _OPAQUE.sub(lambda match: match.group() if _may_stay(match.group(), report) else "[…]", line)


def _may_stay(token: str, report: str) -> bool:
    return token in report or _WORDY.fullmatch(token) is not None


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"}


def _is_hidden(character: str) -> bool:
    """Joiners, marks of direction, tags and what has no meaning to anybody else."""
    return unicodedata.category(character) in {"Cf", "Co", "Cs", "Cn"}
