"""One sandbox for the whole run, with a receiver in the product's place; both are fresh for each test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from tests.integration.sandbox.receiver import Receiver, receiving
from tests.integration.sandbox.running import RunningSandbox, sandbox_running


@pytest.fixture(scope="session")
def _receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def _sandbox(_receiver: Receiver) -> Iterator[RunningSandbox]:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-sandbox-") as folder,
        sandbox_running(_receiver.url, Path(folder) / "ledger.jsonl") as sandbox,
    ):
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: RunningSandbox, _receiver: Receiver) -> RunningSandbox:
    """The default world, no faults, an empty ledger."""
    _sandbox.post("/control/reset")
    _receiver.forget()
    return _sandbox


@pytest.fixture
def product(sandbox: RunningSandbox, _receiver: Receiver) -> Receiver:
    """Stands where the product would: answers 200 with nothing until its `rule` is set."""
    return _receiver


@pytest.fixture
def slack(sandbox: RunningSandbox) -> WebClient:
    return WebClient("xoxb-sandbox", base_url=f"{sandbox.address}/slack/api/", timeout=10)
