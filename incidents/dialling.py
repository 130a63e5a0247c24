"""Which phone numbers may be dialled at all; pure. Calls cost money, and some numbers pay whoever owns them."""

from collections.abc import Collection
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

DEAR = {
    PhoneNumberType.PREMIUM_RATE: "a premium number",
    PhoneNumberType.SHARED_COST: "a number of shared cost",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number, which can cost as much as a premium one",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.VOICEMAIL: "a voicemail box",
}
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
ALLOW = "An admin adds a country with PUT /api/v1/organizations/…"


def is_number(text: str) -> bool:
    """Whether it is a possible number in E.164."""
    number = _parsed(text)
    return number is not None and phonenumbers.format_number(number, PhoneNumberFormat.E164) == text


def country(text: str) -> str | None:
    """The number's country as ISO 3166 has it (`US`); None when it is of none, like satellite phones.

    A number that no country has given out counts as one of the country that has most of its code.
    """
    number = _parsed(text)
    if number is None:
        return None
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return found if found in COUNTRIES else None


@lru_cache(maxsize=10_000)
def why_not_dialled(text: str, countries: frozenset[str]) -> str | None:
    """Why that number is not called from an organization that calls those countries; None when it is."""
    number = _parsed(text)
    if number is None or not is_number(text):
        return f"{text} is no phone number"
    kind = _kind(number)
    if kind in DEAR:
        return f"{text} is {DEAR[kind]}, and those are not called"
    found = country(text)
    if found is None:
        return f"{text} is of no country, and such numbers are not called"
    if found not in countries:
        return f"{text} is in {found}, and only {_listed(countries)} is called. {ALLOW}"
    return None


def masked(text: str) -> str:
    """Enough for its owner to know it by: `+1…0111`."""
    return f"{text[:2]}…{text[-4:]}"


def _kind(number: phonenumbers.PhoneNumber) -> int:
    """Networks leave out digits that are too many, so that a dear number is one with another digit behind it too."""
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        shorter = phonenumbers.PhoneNumber()
        shorter.merge_from(number)
        if phonenumbers.truncate_too_long_number(shorter):
            kind = phonenumbers.number_type(shorter)
    return int(kind)


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _listed(countries: Collection[str]) -> str:
    return ", ".join(sorted(countries)) or "no country"
