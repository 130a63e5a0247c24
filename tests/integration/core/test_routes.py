"""How each route of triage does, counted: speed, corrections, and whether its confidence is true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from incidents import classification, listing, routes
from incidents.listing import Wanted
from incidents.models import Incident
from incidents.words import Route
from tests.core_fakes import judged
from tests.integration.core.world import ANA, World


def answered(
    world: World, route: Route, *, confidence: float, after: float = 1, corrected: str | None = None
) -> Incident:
    """Reported, and triaged so many seconds later."""
    world.triager.verdict = replace(judged("database", confidence=confidence), route=route)
    incident = world.reported()
    world.jump(after)
    world.run_due()
    if corrected is not None:
        world.act(incident, lambda tx, row: classification.correct(tx, row, corrected, by=ANA, via="api"))
    return incident


def stats(world: World, wanted: Wanted | None = None) -> dict[str, Any]:
    with world.store.begin() as tx:
        return listing.stats(tx, wanted)


def test_each_route_with_its_speed_its_share_and_its_corrections(world: World) -> None:
    world.hold()
    for after in (1, 1, 2, 11):
        answered(world, Route.MEMORY, confidence=0.97, after=after)
    answered(world, Route.LLM, confidence=0.8, after=4, corrected="network")
    told = stats(world)
    memory, llm, human = (told["routes"][route] for route in ("memory", "llm", "human"))
    assert (memory["count"], memory["share"], memory["corrected"]) == (4, 0.8, 0)
    assert (memory["p50_seconds"], memory["p95_seconds"]) == (1.5, pytest.approx(9.65))
    assert (llm["count"], llm["share"], llm["corrected"], llm["p50_seconds"]) == (1, 0.2, 1, 4)
    assert (human["count"], human["p50_seconds"]) == (1, None)
    assert (told["model_calls_saved"], told["memory_share"]) == (4, 0.8)


def test_confidence_against_outcome_in_bins(world: World) -> None:
    world.hold()
    for confidence, corrected in (
        (0.96, None),
        (0.98, None),
        (0.97, "network"),
        (0.95, None),
        (1.0, None),
        (0.3, "access"),
    ):
        answered(world, Route.MEMORY, confidence=confidence, corrected=corrected)
    low, high, certain = stats(world)["routes"]["memory"]["reliability"]
    assert (low["least"], low["most"], low["count"], low["not_corrected"]) == (0.0, 0.5, 1, 0.0)
    assert (high["least"], high["most"], high["count"]) == (0.95, 0.99, 4)
    assert (high["mean_confidence"], high["not_corrected"]) == (0.965, 0.75)
    assert (certain["least"], certain["most"], certain["count"]) == (0.99, 1.0, 1)


def test_a_correction_to_the_same_category_or_one_that_was_undone_counts_for_nothing(world: World) -> None:
    answered(world, Route.MEMORY, confidence=0.97, corrected="database")
    undone = answered(world, Route.MEMORY, confidence=0.97, corrected="network")
    world.act(undone, lambda tx, row: classification.undo_correction(tx, row, "network", by=ANA, via="api"))
    assert stats(world)["routes"]["memory"]["corrected"] == 0


def test_a_time_range_counts_what_was_opened_in_it(world: World) -> None:
    world.hold()
    answered(world, Route.MEMORY, confidence=0.97)
    noon = world.now() + timedelta(seconds=1)
    world.jump(5)
    answered(world, Route.RULES, confidence=0.4)
    assert list(stats(world, Wanted(opened_to=noon))["routes"]) == ["memory"]
    later = stats(world, Wanted(opened_from=noon))
    assert (list(later["routes"]), later["total"], later["model_calls_saved"]) == (["rules"], 1, 0)


def test_nothing_was_triaged_yet(world: World) -> None:
    assert stats(world)["routes"] == {}
    world.reported()
    told = stats(world)
    assert (told["total"], told["routes"], told["memory_share"]) == (1, {}, None)


def test_a_category_that_a_person_gave_when_triage_failed_is_theirs_alone(world: World) -> None:
    incident = world.reported()
    world.act(incident, lambda tx, row: classification.triage_failed(tx, row, reason="it broke"))
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=ANA, via="menu"))
    told = stats(world)["routes"]
    assert list(told) == ["human"]
    assert (told["human"]["count"], told["human"]["share"]) == (1, 1.0)


def test_the_last_hours_verdicts_for_the_metrics(world: World) -> None:
    world.hold()
    answered(world, Route.LLM, confidence=0.8)
    world.jump(3700)
    for after in (1, 3):
        answered(world, Route.MEMORY, confidence=0.97, after=after)
    world.reported()
    with world.database.begin() as session:
        (only,) = routes.lately(session)
    assert (only.route, only.count) == (Route.MEMORY, 2)
    assert only.quantiles == {"0.5": 2.0, "0.95": pytest.approx(2.9), "1.0": 3.0}
