"""The short form of the statistics."""

from typing import Any

from integrations.blocks import _texts
from integrations.stats import stats


def counted(**different: Any) -> dict[str, Any]:
    memory = {"count": 8, "share": 0.8, "p50_seconds": 0.44, "p95_seconds": 75.0, "corrected": 1}
    human = {"count": 1, "share": 0.1, "p50_seconds": None, "p95_seconds": None, "corrected": 0}
    usual = {
        "total": 10,
        "mean_seconds_to_acknowledge": 180.0,
        "mean_seconds_to_resolve": 18_900.0,
        "model_calls_saved": 8,
        "routes": {"human": human, "memory": memory},
    }
    return {**usual, **different}


def test_it_says_how_many_how_fast_and_who_decided() -> None:
    lines = [text for block in stats(counted()).blocks for text in _texts(block)]
    assert (
        "\n".join(
            [
                "*10 incidents*, on average acknowledged after 3 min, resolved after 5.2 h",
                "*Memory:* 8 (80%) · half of them within 0.4 s, 95% within 1.2 min · 1 corrected",
                "*People:* 1 (10%)",
                "The memory saved 8 questions to the model.",
            ]
        )
        in lines
    )


def test_nothing_happened_yet() -> None:
    nothing = {"total": 0, "mean_seconds_to_acknowledge": None, "mean_seconds_to_resolve": None}
    lines = [
        text for block in stats(counted(**nothing, model_calls_saved=0, routes={})).blocks for text in _texts(block)
    ]
    assert "*0 incidents*" in lines
