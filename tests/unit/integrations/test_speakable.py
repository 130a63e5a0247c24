"""What is written is said the way people say it, in few words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.speakable import speakable


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Checkout returns 502", "Checkout returns five oh two"),
        ("500 and 404", "five hundred and four oh four"),
        ("5xx on login", "five x x on login"),
        ("EU checkout down", "E U checkout down"),
        ("disk at 98%", "disk at 98 percent"),
        ("API and db slow", "A P I and D B slow"),
        ("DNS NXDOMAIN", "D N S nxdomain"),
        ("ALL PAYMENTS ARE DOWN", "all payments are down"),
        ("[PROD] Checkout (eu-west-1) fails", "prod Checkout E U west 1 fails"),
        ("see https://grafana.test/d/abc?x=1 please", "see please"),
        ("mail ana@example.com about it", "mail about it"),
        ("10.2.3.4:8080 refuses", "refuses"),
        ("order 3f2a9c1e-1234-4abc-9def-123456789012 stuck", "order stuck"),
        ("trace 9f86d081884c7d65 lost", "trace lost"),
        ("<!here> <@U0BEA> <https://a.test|the graph> is red", "the graph is red"),
        ("🔥 fire :fire: fire", "fire fire"),
        ("it doesn't work", "it doesn't work"),
        ("\n\n  second line\nthird", "second line"),
        ("", ""),
        ("🔥 <!here>", ""),
    ],
)
def test_written_and_spoken(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


def test_no_more_than_so_many_words() -> None:
    assert speakable("one two three four", words=2) == "one two"


@settings(deadline=None)
@given(st.text(max_size=400))
def test_nothing_that_a_voice_or_xml_would_stumble_over(text: str) -> None:
    said = speakable(text)
    assert not set(said) & set('<>&[]{}()@#/\\"')
    assert said.isprintable()
