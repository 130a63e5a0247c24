"""The seeds are complete and well formed."""

from collections import Counter

import pytest

from incidents.ports import Lesson
from incidents.words import CATEGORIES
from knowledge.redact import redact
from knowledge.seeds import load_seeds, read_page

SEEDS = load_seeds()


def test_there_are_enough_for_every_category() -> None:
    counts = Counter(seed.category for seed in SEEDS)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 8
    assert len(SEEDS) >= 70


def test_no_source_and_no_title_comes_twice() -> None:
    assert len({seed.source for seed in SEEDS}) == len(SEEDS)
    assert len({seed.title for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.source)
def test_a_seed_has_a_report_and_steps_and_no_secret(seed: Lesson) -> None:
    assert seed.source.startswith("seed:")
    assert seed.taught_by == "seed"
    assert len(seed.text.split()) >= 8
    assert seed.helped is not None
    assert seed.helped.startswith("1. ")
    assert redact(seed.text) == seed.text
    assert redact(seed.helped) == seed.helped


def test_a_seed_is_heading_quote_and_steps() -> None:
    page = "# network\n\n## DNS is gone\n\n> No name resolves\n> since noon.\n\n1. Restart the resolver.\n2. Wait.\n"
    (seed,) = read_page(page)
    assert (seed.source, seed.title, seed.category) == ("seed:dns-is-gone", "DNS is gone", "network")
    assert seed.text == "No name resolves since noon."
    assert seed.helped == "1. Restart the resolver.\n2. Wait."


@pytest.mark.parametrize("body", ["> only a report", "1. only steps", ""])
def test_half_a_seed_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="DNS"):
        read_page(f"# network\n\n## DNS is gone\n\n{body}\n")
