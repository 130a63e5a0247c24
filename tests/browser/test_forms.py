"""Forms, the home tab and the page without a product, with a small app in the product's place."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import new_page
from tests.browser.form_app import FormApp, form_app
from tests.browser.screen import Screen
from tests.integration.sandbox.running import RunningSandbox

NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def _running() -> Iterator[tuple[FormApp, RunningSandbox]]:
    with tempfile.TemporaryDirectory(prefix="tocsin-forms-") as folder, form_app(Path(folder)) as running:
        yield running


@pytest.fixture
def app(_running: tuple[FormApp, RunningSandbox]) -> FormApp:
    app, sandbox = _running
    sandbox.post("/control/reset")
    return app


@pytest.fixture
def form(browser: Browser, app: FormApp) -> Iterator[Page]:
    """The page with the app's form in front."""
    with new_page(browser, app.address) as page:
        Screen(page).write("/incident")
        expect(page.get_by_role("dialog", name="Declare")).to_be_visible()
        yield page


def test_every_field_reaches_the_app(form: Page, app: FormApp) -> None:
    fields = form.get_by_role("dialog", name="Declare")
    expect(fields.get_by_label("What is happening?")).to_be_focused()
    form.get_by_label("What is happening?").fill("Checkout is slow")
    fields.get_by_label("Details").fill("first line\nsecond line")
    form.get_by_role("radio", name="High").check()
    form.get_by_role("checkbox", name="Private").check()
    fields.get_by_label("Since").fill("2026-11-20")
    fields.get_by_label("Service").select_option("checkout")
    fields.get_by_label("Who knows more?").select_option("U0CY")
    fields.get_by_label("Where?").select_option("C0GENERAL")
    fields.get_by_label("Tags").select_option(["network", "disk"])
    form.get_by_role("button", name="Declare it").click()
    expect(form.get_by_role("dialog")).not_to_be_visible()
    expect(form.locator("#compose")).to_be_focused()
    told = app.submitted
    assert told is not None
    assert told["details"]["value"] == "first line\nsecond line"
    assert told["bad"]["selected_option"]["value"] == "high"
    assert [each["value"] for each in told["also"]["selected_options"]] == ["private"]
    assert told["day"]["selected_date"] == "2026-11-20"
    assert told["service"]["selected_option"]["value"] == "checkout"
    assert told["who"]["selected_user"] == "U0CY"
    assert told["where"]["selected_channel"] == "C0GENERAL"
    assert [each["value"] for each in told["tags"]["selected_options"]] == ["network", "disk"]


def test_what_is_missing_or_wrong_is_said_at_the_field(form: Page) -> None:
    what = form.get_by_label("What is happening?")
    form.get_by_role("button", name="Declare it").click()
    expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    expect(what).to_be_focused()
    what.fill("slow")
    form.get_by_role("radio", name="Low").check()
    form.keyboard.press("Enter")
    expect(form.get_by_role("alert").filter(has_text="Say a little more.")).to_be_visible()
    expect(what).to_be_focused()
    expect(what).to_have_value("slow")
    expect(what).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("radio", name="Low")).to_be_checked()
    form.keyboard.press("Escape")
    expect(form.get_by_role("dialog")).not_to_be_visible()


def test_a_form_has_no_serious_barrier_in_light_dark_and_narrow(form: Page) -> None:
    screen = Screen(form)
    assert screen.barriers() == []
    form.emulate_media(color_scheme="dark")
    assert screen.barriers() == []
    form.set_viewport_size(NARROW)
    assert screen.barriers() == []


def test_the_home_tab_and_a_button_that_asks_first(browser: Browser, app: FormApp) -> None:
    with new_page(browser, app.address) as page:
        page.get_by_role("button", name="Tocsin (home)").click()
        home = page.locator(".home")
        expect(home.get_by_role("heading", name="Open incidents")).to_be_visible()
        expect(home.get_by_role("img", name="A bell")).to_be_visible()
        expect(home).to_contain_text("on duty: @bea")
        app.clicked.clear()
        home.get_by_role("button", name="Page").click()
        page.get_by_role("dialog", name="Really?").get_by_role("button", name="No").click()
        assert app.clicked == []
        home.get_by_role("button", name="Page").click()
        page.get_by_role("dialog", name="Really?").get_by_role("button", name="Ring").click()
        expect(page.get_by_role("dialog")).not_to_be_visible()
        expect(page.locator("#composer-error")).to_be_empty()
        assert Screen(page).barriers() == []
    assert app.clicked == ["page"]


def test_without_a_product_the_page_says_so(browser: Browser, app: FormApp) -> None:
    with new_page(browser, app.address) as page:
        screen = Screen(page)
        expect(screen.tab("Incident")).to_contain_text("This sandbox has no key of a product")
        expect(screen.tab("Clock")).to_contain_text("This sandbox has no key of a product")
        expect(screen.hint).to_contain_text(re.compile("needs the product"))
        expect(screen.tab("Requests")).to_contain_text("No request yet.")
