"""Phone numbers: which are valid, which Twilio itself refuses, and how people write them."""

import re

E164 = re.compile(r"\+[1-9]\d{6,14}")
NORTH_AMERICA = re.compile(r"\+1[2-9]\d{9}")

INVALID, NOT_ROUTED, NO_PERMISSION, BLOCKED, NO_SMS = (f"+1500555000{digit}" for digit in "12349")
"""Twilio's magic numbers: https://www.twilio.com/docs/iam/test-credentials#magic-input."""


def is_e164(number: str) -> bool:
    if number.startswith("+1"):
        return NORTH_AMERICA.fullmatch(number) is not None
    return E164.fullmatch(number) is not None


def tidy(number: str) -> str:
    """`12025550111` and ` 12025550111` (a plus that a form turned into a space) are `+12025550111`."""
    digits = re.sub(r"[\s().-]", "", number)
    return digits if digits.startswith("+") else f"+{digits}"
