"""A real Chromium before the sandbox's page of a running product."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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


@pytest.fixture(scope="session")
def play() -> Iterator[Play]:
    with tempfile.TemporaryDirectory(prefix="tocsin-browser-") as folder, playing(Path(folder) / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path, "the browser tests need Chromium; `make test` says how to get it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, play: Play) -> Iterator[Page]:
    """The sandbox's page, in light colours so that its pictures are always the same."""
    context = browser.new_context(viewport=SCREEN, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto(play.sandbox)
    yield opened
    context.close()
