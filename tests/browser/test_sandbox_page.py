"""The story as a person plays it in the sandbox's page; it takes the pictures of the README."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.play import Play

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
REPORT = "/incident everything is down, checkout returns 502 for all customers"


def test_the_main_job_in_the_browser(page: Page, play: Play) -> None:
    page.get_by_label("Act as").select_option("U0ANA")
    page.locator("#channels").get_by_text("incidents").click()
    page.get_by_label("Message, or a command such as /incident").fill(REPORT)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("It is recorded", timeout=10_000)

    bea = page.get_by_role("region", name="Bea's phone")
    expect(bea.get_by_role("status")).to_contain_text("ring", ignore_case=True, timeout=20_000)
    number = play.incidents()[0]["number"]
    room = page.locator("#channels").get_by_text(f"incident-{number}")
    expect(room).to_be_visible(timeout=20_000)
    room.click()
    expect(page.locator("#messages")).to_contain_text(f"HIGH · #{number}", timeout=20_000)
    page.screenshot(path=PICTURES / "sandbox.png")

    bea.get_by_role("button", name="Answer").click()
    expect(bea).to_contain_text("Press 4 to acknowledge", timeout=10_000)
    bea.get_by_role("button", name="4", exact=True).click()
    expect(bea).to_contain_text(f"You own incident {number}", timeout=10_000)
    expect(page.locator("#messages")).to_contain_text("acknowledged by", timeout=20_000)

    page.get_by_label("Act as").select_option("U0BEA")
    card = page.locator("#messages > li").filter(has=page.get_by_role("button", name="Resolve"))
    card.hover()
    card.get_by_role("button", name="React", exact=True).click()
    card.get_by_role("button", name="lock", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("corrected by a person", timeout=20_000)
    page.screenshot(path=PICTURES / "corrected.png")
    assert play.incident(number)["category"] == "security"


def test_the_page_has_no_serious_barrier(page: Page) -> None:
    expect(page.get_by_role("region", name="Bea's phone")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
