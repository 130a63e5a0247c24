"""What a provider refuses, its stand-in refuses: one table, each line with its source."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.sandbox.receiver import Receiver
from tests.integration.sandbox.refusals import (
    jira_cases,
    mail_cases,
    model_cases,
    slack_methods,
    slack_surfaces,
    speech_cases,
    twilio_calls,
    twilio_rest,
)
from tests.integration.sandbox.refusals.case import Case, World
from tests.integration.sandbox.running import RunningSandbox, sandbox_running

TABLES: dict[str, list[Case]] = {
    "slack": [*slack_methods.CASES, *slack_surfaces.CASES],
    "twilio": [*twilio_rest.CASES, *twilio_calls.CASES],
    "jira": jira_cases.CASES,
    "speech": speech_cases.CASES,
    "model": model_cases.CASES,
    "mail": mail_cases.CASES,
}
CASES = [(provider, case) for provider, cases in TABLES.items() for case in cases]
IDS = [f"{provider}: {case.kind}: {case.name}" for provider, case in CASES]
FEW_SCOPES = "oauth_config: {scopes: {bot: [commands, 'chat:write', 'app_mentions:read']}}"


@pytest.fixture(scope="module")
def _narrow() -> Iterator[RunningSandbox]:
    with tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as folder:
        manifest = Path(folder) / "manifest.yml"
        manifest.write_text(FEW_SCOPES)
        options = ["--manifest", str(manifest)]
        with sandbox_running("http://127.0.0.1:9", Path(folder) / "ledger.jsonl", options) as sandbox:
            yield sandbox


@pytest.fixture
def world(sandbox: RunningSandbox, product: Receiver, _narrow: RunningSandbox) -> World:
    return World(sandbox, _narrow, product)


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=IDS)
def test_refused(world: World, case: Case) -> None:
    assert case.send(world) == case.answer, case.source


def test_there_are_many_and_they_differ() -> None:
    """At most three of a kind over all providers, no two alike, and each says where it is written."""
    kinds = Counter(case.kind for _, case in CASES)
    assert len(CASES) >= 70
    assert kinds.most_common(1)[0][1] <= 3, kinds
    assert len(set(IDS)) == len(IDS)
    assert all(case.source.startswith("https://") for _, case in CASES)
