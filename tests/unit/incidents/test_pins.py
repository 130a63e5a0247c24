"""Which PINs there are, and that only the right one fits."""

import pytest

from incidents import pins
from incidents.errors import IncidentError

PHONE = "+12025550111"


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ("123", "4 to 8 digits"),
        ("123456789", "4 to 8 digits"),
        ("12a4", "4 to 8 digits"),
        ("१२३४", "4 to 8 digits"),
        ("2718\n", "4 to 8 digits"),
        ("0000", "repeat or count"),
        ("1212", "repeat or count"),
        ("123123", "repeat or count"),
        ("27182718", "repeat or count"),
        ("1234", "repeat or count"),
        ("8765", "repeat or count"),
        ("67890123", "repeat or count"),
        ("0987", "repeat or count"),
        ("0111", "own number"),
        ("5550111", "own number"),
        ("12025550", "own number"),
    ],
)
def test_what_is_guessed_first_is_no_pin_and_is_not_repeated(pin: str, says: str) -> None:
    with pytest.raises(IncidentError, match=says) as refused:
        pins.hashed(pin, phone=PHONE)
    assert pin not in str(refused.value)


def test_only_the_pin_fits_and_it_is_hashed_with_salt() -> None:
    one, other = (pins.hashed("27182", phone=None) for _ in range(2))
    assert one != other
    assert "27182" not in one
    assert [pins.fits(one, pin) for pin in ("27182", "2718", "271820", "", "27182" * 1000)] == [
        True,
        False,
        False,
        False,
        False,
    ]
