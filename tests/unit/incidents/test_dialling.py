"""Which numbers are dialled: those of the allowed countries that cost what a call costs."""

import pytest

from incidents.dialling import country, is_number, masked, why_not_dialled

US = frozenset({"US"})


@pytest.mark.parametrize(
    ("number", "countries", "says"),
    [
        ("+12025550111", US, None),
        ("+4915112345678", frozenset({"DE", "US"}), None),
        ("+442079460000", frozenset({"GB"}), None),
        ("+19005550111", US, "a premium number"),
        ("+448712345678", frozenset({"GB"}), "a premium number"),
        ("+4990011234567", frozenset({"DE"}), "a premium number"),
        ("+447700900123", frozenset({"GB"}), None),
        ("+443001234567", frozenset({"GB"}), None),
        ("+491805123456", frozenset({"DE"}), "a number of shared cost"),
        ("+447012345678", frozenset({"GB"}), "a personal number"),
        ("+4915112345678", US, "is in DE, and only US is called. An admin adds a country with PUT"),
        ("+18095551234", US, "is in DO, and only US is called"),
        ("+5355512345", frozenset({"GB", "US"}), "is in CU, and only GB, US is called"),
        ("+881612345678", US, "is of no country"),
        ("+12025550111", frozenset(), "only no country is called"),
        ("12025550111", US, "is no phone number"),
        ("+1 202 555 0111", US, "is no phone number"),
        ("hello", US, "is no phone number"),
    ],
)
def test_why_not_dialled(number: str, countries: frozenset[str], says: str | None) -> None:
    told = why_not_dialled(number, countries)
    assert told is None if says is None else says in (told or "")


@pytest.mark.parametrize(
    ("number", "found"),
    [("+12025550111", "US"), ("+18095551234", "DO"), ("+881612345678", None), ("+447700900123", "GB"), ("hello", None)],
)
def test_the_country(number: str, found: str | None) -> None:
    assert country(number) == found


def test_a_number_is_written_with_its_country_code() -> None:
    assert [is_number(each) for each in ("+12025550111", "+1202555011", "0800 1234", "+1 202 555 0111", "")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_masked_shows_its_owner_which_it_is() -> None:
    assert masked("+12025550111") == "+1…0111"
