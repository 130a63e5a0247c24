"""What is said on the phone: short, complete, and with the first key early."""

from datetime import timedelta

import pytest

from incidents.summary import Person
from incidents.words import Severity
from integrations import prompts
from integrations.prompts import Keys
from tests.unit.integrations.summaries import CHECKOUT, neighbour, summary

WORDS_A_SECOND = 2.5
"""A usual synthetic voice."""


def test_a_page_says_severity_number_cause_and_keys() -> None:
    assert prompts.page(CHECKOUT) == (
        "Tocsin. Severity high, incident 42. Checkout returns five oh two. "
        "Press 4 to acknowledge. 5 passes it on, 6 resolves, star repeats, 0 gives details."
    )


def test_the_first_key_is_named_within_about_eight_seconds() -> None:
    longest = prompts.page(summary(title="word " * 40))
    before = longest[: longest.index("Press 4") + len("Press 4")]
    assert len(before.split()) / WORDS_A_SECOND <= 8.5


def test_a_title_that_cannot_be_said_is_not_passed_over_in_silence() -> None:
    assert "No title was given." in prompts.page(summary(title="🔥"))


def test_keys_are_settings_but_never_one_and_never_the_same() -> None:
    assert "Press star to acknowledge." in prompts.menu(Keys(acknowledge="*", repeat="4"))
    for wrong in ({"acknowledge": "1"}, {"acknowledge": "5"}, {"acknowledge": "44"}, {"acknowledge": ""}):
        with pytest.raises(ValueError, match="no two the same"):
            Keys(**wrong)


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (60, "one minute ago"), (150, "two minutes ago"), (7300, "two hours ago")]
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert prompts.already_acknowledged("Cy", timedelta(seconds=seconds)) == f"Cy acknowledged this {words}."


def test_the_hotline_names_the_number_and_what_the_keys_mean() -> None:
    said = prompts.hotline_greeting(42)
    assert said.startswith(
        "This call is recorded. This is incident 42. Press 1 if it is urgent, 2 if it can wait, 3 for"
    )
    assert said.endswith("After the tone, say what is happening, or just hang up.")
    assert prompts.hotline_greeting(42, caller="Ana").startswith("Hello Ana. ")


def test_the_key_of_what_one_was_called_about_is_named_within_about_eight_seconds() -> None:
    said = prompts.hotline_greeting(43, caller="Bea", offered=[CHECKOUT])
    begins = "Hello Bea. You were called about incident 42, Checkout returns five oh two. Press 4 for it. "
    assert said == f"{begins}Or report something new. {prompts.hotline_greeting(43)}"
    longest = prompts.hotline_greeting(43, caller="Bea", offered=[summary(title="word " * 40)] * 3)
    before = longest[: longest.index("and two more. Press 4 for them.")]
    assert len(before.split()) / WORDS_A_SECOND <= 8.5


@pytest.mark.parametrize(
    ("seconds", "words"), [(900, "15 minutes"), (61, "two minutes"), (60, "one minute"), (1, "one minute")]
)
def test_how_long_a_pin_is_locked(seconds: int, words: str) -> None:
    assert prompts.pin_locked(timedelta(seconds=seconds)).endswith(f"Your PIN counts again in {words}.")


def test_a_caller_who_is_only_a_number_is_somebody() -> None:
    assert prompts.passed_on("+1 202 555 0199") == "Calling somebody now."


def test_thanks_repeat_number_and_severity() -> None:
    said = prompts.hotline_thanks(42, Severity.HIGH, called=["Bea"])
    assert said == "Thank you. Incident 42, severity high. Bea is being called. Goodbye."


def test_details_say_who_reported_what_and_what_helped() -> None:
    said = prompts.details(summary(reported_by=Person("Ana")))
    assert "Reported by Ana. Since the deploy at noon. Category database." in said
    assert "What helped last time: Restart the connection pool." in said
    assert said.endswith(prompts.menu())


def test_of_a_runbook_the_first_step_is_said_without_its_command() -> None:
    helped = "Cause: a lock.\n1. See who waits in `orders`: `select * from pg_locks;`\n2. End them.\nCheck: all run."
    said = prompts.details(summary(helped=[neighbour(None, helped=helped)]))
    assert "What helped last time: See who waits in orders." in said
