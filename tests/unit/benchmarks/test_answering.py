"""The protocol of the triage benchmark tells no label too early, and its figures are what came."""

import re
from xml.etree import ElementTree

import pytest

from benchmarks.stage import answering, reliability
from benchmarks.stage.answering import Outcome, play, share, told, wilson
from benchmarks.stage.tickets import Ticket
from knowledge.recollection import Guess


class Listening:
    """Answers each ticket whose text ends with 0, and hears what it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def guess(self, text: str, *, ask: bool = False) -> Guess:
        self.heard.append(f"? {text}")
        return Guess("label", 0.9, (1.0,), sure=True, answers=text.endswith("0") and not ask)

    def learn(self, text: str, label: str, guess: Guess | None = None) -> None:
        self.heard.append(f"! {text} {label}")


def tickets(count: int) -> list[Ticket]:
    return [Ticket(f"ticket {number}", "label" if number % 20 else "other") for number in range(count)]


def outcomes(*, right: int, wrong: int, answers: bool = True, probability: float = 0.9) -> list[Outcome]:
    guess = Guess("label", probability, (1.0,), sure=True, answers=answers)
    return [Outcome(guess, number < right, 0.002, 0.001) for number in range(right + wrong)]


def test_a_label_is_told_after_its_guess_and_never_of_a_ticket_that_was_answered() -> None:
    listening = Listening()
    play(tickets(40), listening, warm=5)
    told_of = [line for line in listening.heard if line.startswith("!")]
    assert not [line for line in told_of if re.search("[1-3]0 ", line)]
    assert "! ticket 0 other" in told_of
    for line in told_of:
        number = line.split()[2]
        assert listening.heard.index(f"? ticket {number}") < listening.heard.index(line)


def test_what_was_given_at_the_beginning_counts_for_nothing() -> None:
    figures = told(play(tickets(40), Listening(), warm=5))
    assert figures["bypass"] == round(3 / 35, 4)
    assert figures["bypass_accuracy"] == round(2 / 3, 4)
    assert figures["accuracy_all"] == round(34 / 35, 4)


def test_a_share_of_nothing_claims_nothing() -> None:
    figures = told(outcomes(right=3, wrong=1, answers=False))
    assert (figures["bypass"], figures["bypass_accuracy"], figures["bypass_wilson"]) == (0.0, None, (0.0, 1.0))
    assert figures["checked"] == 1.0


def test_times_are_milliseconds() -> None:
    assert told(outcomes(right=3, wrong=1))["p95_ms"] == 2.0


@pytest.mark.parametrize(("right", "wrong", "low", "high"), [(95, 5, 0.8882, 0.9785), (10, 0, 0.7225, 1.0)])
def test_the_interval_is_wilsons(right: int, wrong: int, low: float, high: float) -> None:
    assert list(wilson(outcomes(right=right, wrong=wrong))) == pytest.approx([low, high], abs=2e-4)


def test_the_share_of_some_is_rounded() -> None:
    assert share(outcomes(right=2, wrong=1)) == 0.6667
    assert answering.share([]) is None


def test_the_diagram_is_a_picture_by_itself_and_its_title_is_text() -> None:
    drawn = reliability.diagram(outcomes(right=9, wrong=1) + outcomes(right=1, wrong=1, probability=1.0), title="a<b&c")
    root = ElementTree.fromstring(drawn)  # noqa: S314  # It was just written here.
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 2
    assert "a&lt;b&amp;c" in drawn
    assert "href" not in drawn


def test_a_diagram_of_nothing_has_no_points() -> None:
    assert "<circle" not in reliability.diagram([], title="nothing")
