"""Masks secrets and personal data, before a text goes to the memory or to a model."""

import re
from dataclasses import replace

from incidents.ports import Lesson

_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "private key",
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?",
    ),
    ("token", r"\beyJ[\w-]{8,2000}\.[\w-]{4,4000}(?:\.[\w-]{0,2000})?"),
    ("token", r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|npm_|pypi-|hf_|gsk_|SG\.)[\w.-]{10,255}"),
    ("key", r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,255}"),
    ("key", r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b"),
    ("key", r"\bAIza[\w-]{35}"),
    ("token", r"(?<=hooks\.slack\.com/services/)[\w/]{8,255}"),
)
"""Secrets with a form of their own: found by their first letters."""

_NAMED = re.compile(
    r"""
    (?P<name>\b[\w-]{0,40}?
        (?:password|passwd|passphrase|pwd|secret|token|credential|(?:api|access|private|auth)[ _-]?key)s?["']?
        (?:\s{0,3}(?:=>|[:=])\s{0,3}|\s{1,3}(?:is|was)\s{1,3}))
    (?P<value>"[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s,;"'<>]{3,500})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCHEME = re.compile(
    r"(?P<name>\b(?i:bearer|basic)\s{1,3})(?=\w[a-z]{0,40}[A-Z0-9.~+/_=])(?P<value>[\w.~+/-]{8,2000}={0,2})"
)
_IN_ADDRESS = re.compile(
    r"(?P<name>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,100}:)(?P<value>[^\s/@]{1,200})(?=@)", re.IGNORECASE
)
_EMAIL = re.compile(r"\b[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b")
_CARD = re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-])")
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ .-]?)?\(?\d{2,4}\)?[ .-]\d{3,4}[ .-]\d{3,4}(?![\w-]|\.\d)"
    r"|(?<!\w)\+\d(?:[ .()/-]{0,2}\d){7,14}(?!\d)"
)
_FORMS = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)

_PLAIN_WORDS = re.compile(
    r"(?:is|was|the|an?|not|no|are|has|expired|invalid|wrong|reset|missing|required|rotation|rotated)$", re.IGNORECASE
)
"""What follows "password is" or "token:" without being one."""


def redact(text: str) -> str:
    """The same text with `[email]`, `[key]` and the like in the place of what nobody else should read."""
    for name, pattern in _FORMS:
        text = pattern.sub(f"[{name}]", text)
    text = _SCHEME.sub(r"\g<name>[secret]", text)
    text = _IN_ADDRESS.sub(r"\g<name>[secret]", text)
    text = _NAMED.sub(_mask_value, text)
    text = _EMAIL.sub("[email]", text)
    text = _CARD.sub(lambda match: "[card]" if _is_card(match.group()) else match.group(), text)
    return _PHONE.sub("[phone]", text)


def redacted(lesson: Lesson) -> Lesson:
    helped = redact(lesson.helped) if lesson.helped else None
    return replace(lesson, title=redact(lesson.title), text=redact(lesson.text), helped=helped)


def _mask_value(match: re.Match[str]) -> str:
    name, value = match["name"].lower(), match["value"]
    spoken = name.split()[-1] in {"is", "was"}
    plain = _PLAIN_WORDS.match(value) is not None
    # "The token is printed" tells no token; "the password is sunshine" may well tell a password.
    if spoken and value.strip(".!?").isalpha() and not name.lstrip().startswith(("pass", "pwd")):
        plain = True
    return match.group() if plain or value.startswith("[") else f"{match['name']}[secret]"


def _is_card(number: str) -> bool:
    """Whether the digits pass the check that card numbers pass (Luhn)."""
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return sum(digits[-1::-2] + doubled) % 10 == 0
