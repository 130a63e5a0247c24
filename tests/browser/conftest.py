"""A real Chromium before the sandbox's page of a running product, one product for all tests."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.screen import Screen
from tests.play import Play, playing

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREEN = {"width": 1500, "height": 900}
HAPPENS_WITHIN = 20_000

expect.set_options(timeout=HAPPENS_WITHIN)


@pytest.fixture(scope="session")
def _product() -> Iterator[Play]:
    with tempfile.TemporaryDirectory(prefix="tocsin-browser-") as folder, playing(Path(folder) / "data") as running:
        yield running


@pytest.fixture
def play(_product: Play) -> Play:
    """Nothing is open, broken or ringing, and the clock is right; what earlier tests did stays history."""
    _product.http.delete(f"{_product.sandbox}/control/fault")
    _product.api("POST", "/api/v1/clock", {"reset": True})
    for incident in _product.api("GET", "/api/v1/incidents?status=open,acknowledged").json()["incidents"]:
        _product.api("POST", f"/api/v1/incidents/{incident['number']}/resolve", {"by": "Ana"})
    for phone in (_product.bea.phone, _product.cy.phone, _product.anybody):
        for act in ("answer", "hangup"):
            _product.http.post(f"{_product.sandbox}/control/phone/{phone.number}/{act}")
    return _product


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path, "the browser tests need Chromium; `make test` says how to get it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@contextmanager
def new_page(browser: Browser, address: str, **how: Any) -> Iterator[Page]:
    """A new person's browser at that address; an error of the page's own scripts fails the test."""
    looks = {"viewport": SCREEN, "color_scheme": "light", "reduced_motion": "reduce", **how}
    context = browser.new_context(**looks)
    context.set_default_timeout(HAPPENS_WITHIN)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(address)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Browser, play: Play) -> Iterator[Page]:
    with new_page(browser, play.sandbox) as opened:
        yield opened


@pytest.fixture
def screen(page: Page) -> Screen:
    return Screen(page)
