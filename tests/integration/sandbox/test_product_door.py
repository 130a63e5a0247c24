"""The page's way to the product's REST: with the key, for the page alone, and to nothing else."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.sandbox.receiver import Answered, Receiver, receiving
from tests.integration.sandbox.running import RunningSandbox, sandbox_running

CLOCK = "/product/api/v1/clock"
JOB = "0dbc9e85-5680-4d04-9bde-3f9c5207a495"


@pytest.fixture(scope="module")
def product() -> Iterator[Receiver]:
    with receiving() as receiver:
        receiver.rule = lambda received: Answered(b'{"held": false}')
        yield receiver


@pytest.fixture(scope="module")
def door(product: Receiver) -> Iterator[RunningSandbox]:
    with tempfile.TemporaryDirectory(prefix="tocsin-door-") as folder:
        key_file = Path(folder) / "admin-api-key"
        key_file.write_text("the-key\n")
        options = ["--product-key-file", str(key_file)]
        with sandbox_running(product.url, Path(folder) / "ledger.jsonl", options) as sandbox:
            yield sandbox


def ask(door: RunningSandbox, method: str, path: str, **headers: str) -> httpx.Response:
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, door.address + path, headers=sent, content=b"{}", trust_env=False)


def test_what_the_page_asks_reaches_the_product_with_the_key(door: RunningSandbox, product: Receiver) -> None:
    product.got.clear()
    answer = ask(door, "GET", "/product/api/v1/incidents?limit=20", Sec_Fetch_Site="same-origin")
    assert answer.json() == {"held": False}
    assert product.got[0].path == "/api/v1/incidents?limit=20"
    assert product.got[0].headers["x-api-key"] == "the-key"
    assert "the-key" not in answer.text
    assert "the-key" not in str(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "rebound.example:80"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
    ],
)
def test_nobody_else_may_use_it(door: RunningSandbox, product: Receiver, headers: dict[str, str]) -> None:
    product.got.clear()
    assert ask(door, "POST", CLOCK, **headers).status_code == 403
    assert product.got == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"/product/api/v1/incidents/7/jobs/{JOB}/retry", 200),
        ("GET", "/product/api/v1/incidents/INC-1.a/timeline", 200),
        ("POST", "/product/api/v1/incidents", 404),
        ("POST", "/product/api/v1/incidents/7/resolve", 404),
        ("GET", "/product/api/v1/incidents/../../metrics", 404),
        ("GET", "/product/api/knowledge/search", 404),
        ("DELETE", CLOCK, 405),
    ],
)
def test_only_what_the_page_needs_is_passed_on(
    door: RunningSandbox, product: Receiver, method: str, path: str, status: int
) -> None:
    assert ask(door, method, path).status_code == status


def test_without_a_key_it_says_so(tmp_path: Path) -> None:
    with sandbox_running("http://127.0.0.1:9", tmp_path / "ledger.jsonl") as alone:
        said = alone.ask("GET", CLOCK)
    assert said.status == 503
    assert "no key" in said.body["error"]


@pytest.mark.parametrize(
    ("product_address", "why"),
    [("http://127.0.0.1:9", "does not answer"), ("http://product.example", "not on this machine")],
)
def test_a_product_that_is_away_or_elsewhere_gets_nothing(tmp_path: Path, product_address: str, why: str) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("the-key")
    options = ["--product-key-file", str(key_file)]
    with sandbox_running(product_address, tmp_path / "ledger.jsonl", options) as sandbox:
        said = sandbox.ask("GET", CLOCK)
    assert said.status >= 500
    assert why in said.body["error"]
