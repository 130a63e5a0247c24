"""The seeds are complete and well formed."""

from collections import Counter
from dataclasses import replace

import pytest

from incidents.advice import read_advice
from incidents.ports import Lesson
from incidents.words import CATEGORIES
from knowledge.redact import redact
from knowledge.seeds import load_seeds, read_page

SEEDS = load_seeds()

REPORT = "> No name resolves\n> since noon.\n\n> dns is dead!!\n\n"
HELPED = "Cause: The resolver hangs.\n\n1. Restart the resolver.\n2. Wait.\n\nCheck: Names resolve.\n"


def page(body: str) -> str:
    return f"# network\n\n## DNS is gone\n\n{body}"


def test_there_are_at_least_twenty_for_every_category() -> None:
    counts = Counter(seed.category for seed in SEEDS if "#" not in seed.source)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 20
    assert counts.total() >= 180


def test_no_source_and_no_title_comes_twice() -> None:
    assert len({seed.source for seed in SEEDS}) == len(SEEDS)
    assert len({seed.title.lower() for seed in SEEDS}) == len({seed.source.partition("#")[0] for seed in SEEDS})
    assert len({seed.text for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.source)
def test_a_seed_is_whole_fits_a_card_and_holds_no_secret(seed: Lesson) -> None:
    assert (seed.source[:5], seed.taught_by) == ("seed:", "seed")
    assert len(seed.text.split()) >= 3
    assert seed.helped is not None
    remedy = read_advice(seed.helped)
    assert remedy.cause
    assert remedy.check
    assert 3 <= len(remedy.steps) <= 5
    assert max(len(line) for line in seed.helped.splitlines()) <= 300
    assert redact(seed.text) == seed.text
    assert redact(seed.helped) == seed.helped


def test_a_seed_is_heading_reports_cause_steps_and_check() -> None:
    seed, second = read_page(page(REPORT + HELPED))
    assert (seed.source, seed.title, seed.category) == ("seed:dns-is-gone", "DNS is gone", "network")
    assert seed.text == "No name resolves since noon."
    assert seed.helped == "Cause: The resolver hangs.\n1. Restart the resolver.\n2. Wait.\nCheck: Names resolve."
    assert second == replace(seed, source="seed:dns-is-gone#2", text="dns is dead!!")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "no report"),
        (HELPED, "no report"),
        (">\n\n" + HELPED, "no report"),
        (REPORT, "one line that begins with 'Cause: '"),
        (REPORT + HELPED.replace("Cause: ", ""), "one line that begins with 'Cause: '"),
        (REPORT + HELPED.replace("Check: ", ""), "one line that begins with 'Check: '"),
        (REPORT + "Cause: a\n1. c", "one line that begins with 'Check: '"),
        (REPORT + "Cause: a\nCause: b\n1. c\nCheck: d", "one line that begins with 'Cause: '"),
        (REPORT + "Cause: a\nCheck: d", "steps, numbered"),
        (REPORT + "Cause: a\n1.\nCheck: d", "steps, numbered"),
        (REPORT + HELPED.replace("2. ", "3. "), "steps, numbered"),
        (REPORT + "1. c\nCause: a\nCheck: d", "the cause, the steps, the check"),
        (REPORT + "Cause: a\n1. c\nCheck: d\n2. e", "the cause, the steps, the check"),
        (REPORT + "Cause: a\n1. c\nor so\nCheck: d", "nothing else"),
    ],
)
def test_a_seed_that_lacks_a_part_is_refused_by_name(body: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"'DNS is gone' in network: .*{problem}"):
        read_page(page(body))
