"""Behind the scenes: jobs that count down and are tried again, requests with details, the clock."""

import re

from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.play import Play


def test_the_clock_is_hurried_held_and_put_right(screen: Screen, page: Page, play: Play) -> None:
    clock = screen.tab("Clock")
    clock.get_by_role("button", name="+5 min").click()
    expect(clock).to_contain_text(re.compile(r"(5:00|4:59) ahead of the machine"))
    clock.get_by_role("button", name="+10 s").click()
    expect(clock).to_contain_text(re.compile(r"(5:10|5:09) ahead of the machine"))
    clock.get_by_role("button", name="Hold").click()
    expect(clock).to_contain_text("standing still")
    assert play.api("GET", "/api/v1/clock").json()["held"] is True
    clock.get_by_role("button", name="Release").click()
    expect(clock.get_by_role("button", name="Hold")).to_be_visible()
    clock.get_by_role("button", name="Reset").click()
    expect(clock).to_contain_text("the machine's time")
    page.keyboard.press("Shift+Tab")
    page.get_by_role("tab", name="Clock").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tabpanel", name="Requests")).to_be_visible()


def test_a_page_counts_down_and_hurrying_to_it_rings(screen: Screen, play: Play) -> None:
    number = play.report(title="The search is slow for some people", severity="MEDIUM")["number"]
    panel = screen.tab("Incident")
    owed = panel.get_by_role("row").filter(has=screen.page.locator("[data-due]")).filter(has_text="page")
    expect(owed.first).to_contain_text(re.compile(r"in 0:\d\d"))
    expect(panel.get_by_label("Incident", exact=True)).to_have_value(str(number))
    clock = screen.tab("Clock")
    expect(clock).to_contain_text(f"Next: page of #{number} in 0:")
    clock.get_by_role("button", name="To the next due job").click()
    screen.rings("Bea")
    expect(screen.tab("Incident").locator("#timeline")).to_contain_text("paged")


def test_requests_open_to_their_details_and_can_be_chosen(screen: Screen, play: Play) -> None:
    screen.write("/incident list")
    panel = screen.tab("Requests")
    row = panel.locator("#ledger li").filter(has_text="command /incident").first
    row.locator("summary").click()
    expect(row.locator("pre")).to_contain_text('"user_id": "U0ANA"')
    panel.get_by_label("Show").select_option("jira")
    expect(row).not_to_be_visible()
    assert play.key not in panel.inner_text()


def test_a_failed_job_says_why_and_is_tried_again(screen: Screen, page: Page, play: Play) -> None:
    number = play.report(title="A lamp flickers again", severity="LOW")["number"]
    play.triaged(number)
    play.control("/control/reset", {})
    play.api("POST", f"/api/v1/incidents/{number}/resolve", {"by": "Bea"})
    row = screen.tab("Incident").get_by_role("row").filter(has_text="update ticket")
    expect(row).to_have_class(re.compile("failed"))
    expect(row.locator(".error")).not_to_be_empty()
    row.get_by_role("button", name="Try again").click()
    expect(screen.page.locator("#timeline")).to_contain_text("job retried")
