"""For everybody: no serious barrier in light, dark or narrow; the focus stays; a telephone's width is enough."""

import re

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import new_page
from tests.browser.screen import Screen
from tests.play import Play

NARROW: ViewportSize = {"width": 390, "height": 844}


def test_no_serious_barrier_in_light_dark_and_narrow(screen: Screen, page: Page) -> None:
    page.get_by_role("button", name="Checkout 502").click()
    screen.rings("Bea")
    assert screen.barriers() == []
    for tab in ("Requests", "Clock"):
        screen.tab(tab)
        assert screen.barriers() == []
    page.emulate_media(color_scheme="dark")
    assert screen.barriers() == []
    page.get_by_role("button", name="Start over").click()
    assert screen.barriers() == []
    page.set_viewport_size(NARROW)
    assert screen.barriers() == []
    page.emulate_media(color_scheme="light")
    page.keyboard.press("Escape")
    assert screen.barriers() == []


def test_the_story_on_a_telephone(browser: Browser, play: Play) -> None:
    with new_page(browser, play.sandbox, viewport=NARROW, has_touch=True) as page:
        screen = Screen(page)
        page.get_by_role("button", name="Write it for me").tap()
        page.get_by_role("button", name="Send", exact=True).tap()
        screen.rings("Bea")
        page.get_by_role("link", name="Phones").tap()
        screen.phone("Bea").get_by_role("button", name="Answer").tap()
        expect(screen.phone("Bea")).to_contain_text("Press 4 to acknowledge")
        screen.phone("Bea").get_by_role("button", name="4", exact=True).tap()
        screen.step_is_done(3)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_focus_stays_when_the_card_is_drawn_anew(screen: Screen, page: Page, play: Play) -> None:
    number = play.report(title="Production is down: the queue stands still", severity="HIGH")["number"]
    play.triaged(number)
    screen.open_channel(f"incident-{number}")
    screen.card().get_by_role("button", name="Resolve").focus()
    play.api("POST", f"/api/v1/incidents/{number}/ack", {"by": "Bea"})
    expect(screen.card()).to_contain_text("acknowledged by")
    expect(screen.card().get_by_role("button", name="Resolve")).to_be_focused()


def test_who_rings_is_said_to_a_screen_reader(screen: Screen, page: Page, play: Play) -> None:
    play.report(title="Production is down: the shop is closed", severity="HIGH")
    expect(page.locator("#announcements")).to_contain_text("Bea: the phone is ringing")
    expect(page).to_have_title(re.compile("^☎ Bea"))
    running = "document.getAnimations().filter(one => one.playState === 'running').length"
    assert page.evaluate(running) == 0
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function(f"{running} > 0")
