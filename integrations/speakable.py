"""A written title made for the ear: few words, no addresses, ids, brackets or emoji, numbers as people say them."""

import re

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LETTERS = """
ai api aws cdn ci cpu crm db dns erp eu gcp gpu hr http https id ip jwt kyc oom pdf sdk sla smtp sql sre ssd ssh ssl sso
tcp tls ttl udp ui uk usa url vm vpc vpn xml
"""
_SPELLED = frozenset(_LETTERS.split())
"""Read letter by letter, however they are written."""
_SHORT = """
a all an and app are arm as at bad be big box bug by can car cut day dev do end few for get go has he hot how i if in is
it job key kit lag log low map may me my net new no not now of off old on one or our out own pay per raw red row run set
so tax the to too top try two up us use was way we web who why yes
"""
_WORDS = frozenset(_SHORT.split())
"""Short words that stay words when somebody shouts them."""

_MENTION = re.compile(r"<(?:[@#!][^>|]*|(?:https?|mailto):[^>|]*)(?:\|([^>]*))?>")
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+|\S+@\S+\.\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", re.IGNORECASE
)
_EMOJI_NAME = re.compile(r":[a-z][a-z0-9_+-]*:")
_ID = re.compile(r"\b(?=[\w-]*\d)(?:[0-9a-f]{8}-[0-9a-f-]{9,}|[0-9a-f]{8,}|(?=[\w-]*[a-z])\w{13,})\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*%?")


def speakable(text: str, *, words: int = 12) -> str:
    """At most `words` words of the first line that has any; empty when nothing can be said."""
    for line in text.splitlines():
        said = _said(line)
        if said:
            return " ".join(said[:words])
    return ""


def _said(line: str) -> list[str]:
    line = _MENTION.sub(lambda found: f" {found[1] or ''} ", line)
    for noise in (_ADDRESS, _EMOJI_NAME, _ID):
        line = noise.sub(" ", line)
    tokens = _TOKEN.findall(line)
    shouted = line.isupper() and len(tokens) > 2
    return [_spoken(token, shouted=shouted) for token in tokens]


def _spoken(token: str, *, shouted: bool) -> str:
    if token.endswith("%"):
        return f"{token[:-1]} percent"
    if re.fullmatch(r"[1-9]\d\d", token):
        return _code(token)
    if re.fullmatch(r"[1-5]xx", token, re.IGNORECASE):
        return f"{_DIGITS[int(token[0])]} x x"
    word = token.lower()
    if word in _SPELLED:
        return " ".join(token.upper())
    if token.isalpha() and token.isupper() and len(token) > 1:
        return word if shouted or word in _WORDS or len(token) > 4 or _pronounceable(word) else " ".join(token)
    return token


def _pronounceable(word: str) -> bool:
    return len(word) == 4 and any(letter in "aeiouy" for letter in word)


def _code(token: str) -> str:
    """`502` is five oh two, `500` five hundred."""
    if token.endswith("00"):
        return f"{_DIGITS[int(token[0])]} hundred"
    return " ".join("oh" if digit == "0" else _DIGITS[int(digit)] for digit in token)
