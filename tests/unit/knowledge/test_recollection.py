"""A memory answers what it was often right about, asks about the rest, and learns from what it is told."""

import pytest

from knowledge.grams import Floats
from knowledge.judge import NOBODY, Rules
from knowledge.recollection import Guess, Recollection
from tests.unit.knowledge.texts import play, tickets, vector


def new(*, seed: int = 0, rules: Rules | None = None) -> Recollection:
    return Recollection(vector, rules, seed=seed)


def test_an_empty_memory_guesses_nothing_and_asks() -> None:
    assert new().guess("disk full") == Guess(None, 0.0)


def test_one_entry_is_a_guess_without_any_evidence() -> None:
    memory = new()
    memory.learn("disk full", "storage")
    assert memory.guess("disk full again") == Guess("storage", 0.0)


def test_a_handful_of_entries_is_never_enough_to_answer() -> None:
    assert not any(guess.answers for guess, _ in play(new(), tickets(8)))


def test_a_memory_of_one_label_alone_learns_and_guesses() -> None:
    memory = new()
    assert all(
        guess.label in (None, "storage") for guess, _ in play(memory, [(text, "storage") for text, _ in tickets(60)])
    )


def test_what_repeats_is_soon_answered_and_rightly() -> None:
    played = play(new(), tickets(400))
    answered = [guess.label == label for guess, label in played if guess.answers]
    assert len(answered) > 150
    assert sum(answered) / len(answered) >= 0.95


def test_nothing_is_answered_where_labels_are_chance() -> None:
    played = play(new(), tickets(300, wrong=1.0))
    assert sum(guess.answers for guess, _ in played) < 10


def test_a_sure_answer_is_asked_about_now_and_then_with_a_chance_that_is_told() -> None:
    guesses = [guess for guess, _ in play(new(), tickets(400))]
    assert any(guess.is_check for guess in guesses)
    assert all(0 < guess.chance <= 1 for guess in guesses)
    assert all(guess.chance == 1 and not guess.answers for guess in guesses if not guess.sure)


def test_whoever_will_be_asked_in_any_case_is_asked() -> None:
    memory = new()
    play(memory, tickets(300))
    guesses = [memory.guess(text, ask=True) for text, _ in tickets(50)]
    assert not any(guess.answers for guess in guesses)
    assert all(guess.chance == 1 for guess in guesses)


def test_the_same_tickets_and_the_same_seed_make_the_same_memory() -> None:
    first, again, other = (play(new(seed=seed), tickets(250)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_correction_teaches() -> None:
    memory = new()
    play(memory, tickets(100))
    for _ in range(3):
        memory.learn("the printer prints nothing but stripes", "access")
    assert memory.guess("the printer prints stripes").label == "access"


def test_a_correction_is_no_calibration() -> None:
    """Only answers that are wrong are corrected: as outcomes they would say that nothing is ever right."""
    corrected, asked = new(), new()
    for memory in (corrected, asked):
        play(memory, tickets(300))
    for text, _ in tickets(3, seed=9):
        guess = asked.guess(text, ask=True)
        corrected.learn(text, "access")
        asked.learn(text, "access", guess)
    assert len(corrected._judge._outcomes) + 3 == len(asked._judge._outcomes)


def test_a_kind_that_was_answered_twice_and_never_confirmed_is_asked_about() -> None:
    memory = new()
    play(memory, tickets(400))
    guesses = [memory.guess("disk is full on host 3, again and again since noon") for _ in range(20)]
    assert all(guess.sure for guess in guesses)
    answered = [number for number, guess in enumerate(guesses) if guess.answers]
    assert len(answered) == 2
    assert all(guess.chance == 1 for guess in guesses[answered[1] + 1 :])


def test_the_same_text_as_an_entry_was_confirmed_by_it() -> None:
    memory = new()
    play(memory, tickets(400))
    memory.learn("disk is full on host 3, again and again since noon", "storage")
    guesses = [memory.guess("disk is full on host 3, again and again since noon") for _ in range(20)]
    assert sum(guess.answers for guess in guesses) > 10
    assert all(guess.chance < 1 for guess in guesses)


@pytest.mark.parametrize(
    "text", ["", " \n", "🔥" * 50, "a" * 100_000, "disk full " * 10_000, "\x00\ud800", "的" * 3_000]
)
def test_hostile_texts_are_texts_like_others(text: str) -> None:
    memory = new()
    play(memory, tickets(40))
    memory.learn(text, "storage", memory.guess(text))
    memory.learn(text, "network")
    assert 0 <= memory.guess(text).probability <= 1
    play(memory, tickets(40, seed=2))


def test_no_more_of_a_text_is_read_than_of_a_report() -> None:
    read: list[str] = []

    def embed(text: str) -> Floats:
        read.append(text)
        return vector("x")

    Recollection(embed).learn("a" * 100_000, "storage")
    assert len(read[0]) == 4_000


def test_many_at_once_guess_as_one_by_one() -> None:
    rows = tickets(60)
    slowly, at_once = new(), new()
    for text, label in rows:
        slowly.learn(text, label)
    at_once.learn_all(rows)
    assert len(slowly) == len(at_once) == 60
    texts = [text for text, _ in tickets(30, seed=5)]
    assert [slowly.guess(text).label for text in texts] == [at_once.guess(text).label for text in texts]


def test_nothing_learned_at_once_leaves_the_memory_empty() -> None:
    memory = new()
    memory.learn_all([])
    assert memory.guess("disk full") == Guess(None, 0.0)


def test_the_latest_entries_are_kept_and_labels_that_no_entry_has_are_forgotten() -> None:
    at_once, slowly = Recollection(vector, most=40), Recollection(vector, most=40)
    rows = [("the fax is broken", "fax")] + [(f"disk full {n}", "storage") for n in range(60)]
    at_once.learn_all(rows)
    for text, label in rows:
        slowly.learn(text, label)
    assert len(at_once) == 30
    assert 30 <= len(slowly) < 40
    for memory in (at_once, slowly):
        assert memory.guess("the fax is broken").label == "storage"


def test_a_memory_that_forgets_goes_on_answering_rightly() -> None:
    played = play(Recollection(vector, most=100), tickets(400))
    answered = [guess.label == label for guess, label in played[200:] if guess.answers]
    assert len(answered) > 50
    assert sum(answered) / len(answered) >= 0.95


def test_the_line_begins_where_nobody_is_believed() -> None:
    assert new().line == NOBODY
