"""The triage benchmark on a few made-up tickets, with the real embedding model."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import triage
from benchmarks.stage import deciding
from tests.unit.knowledge.texts import tickets

PROMISED = ("n", "bypass", "bypass_accuracy", "bypass_late_half", "accuracy_all", "p50_ms", "p95_ms", "rss_mb")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "made-up.jsonl"
    file.write_text("\n".join(json.dumps({"text": text, "label": label}) for text, label in tickets(160)))
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[list[str], dict[str, Any]]:
    assert triage.main([str(argument) for argument in arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    told: dict[str, Any] = json.loads(lines[-1])
    return lines, told


def test_what_it_prints_last_is_what_was_promised_with_the_worst_order_and_the_baselines(
    data: Path, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "made-up.svg"
    asked = ["--data", data, "--models", models, "--orders", 2, "--compare", "--diagram", picture]
    lines, told = run(capsys, *asked)
    assert all(name in told for name in PROMISED)
    assert told["n"] == 160
    assert told["bypass"] > 0.1
    assert [order["seed"] for order in told["orders"]] == [0, 1]
    assert told["worst"]["bypass_accuracy"] == min(order["bypass_accuracy"] for order in told["orders"])
    assert sum(line.startswith("| ") for line in lines) == 6
    assert picture.read_text().startswith("<svg")


def test_bad_data_is_told_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    assert triage.main(["--data", str(tmp_path / "bad.jsonl")]) == 1
    assert "Line 1: `text` must be a string" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [[], ["--data", "x", "--target", "1.5"], ["--data", "x", "--orders", "0"]])
def test_what_cannot_be_asked_is_refused(asked: list[str]) -> None:
    with pytest.raises(SystemExit):
        triage.main(asked)


def test_a_decision_is_timed_by_tokens(models: Path) -> None:
    told = deciding.decided(models, entries=40, tokens=(16, 256), rounds=2)
    assert told["held"] == 40
    assert told["16_tokens"]["n"] == told["256_tokens"]["n"] == 2
