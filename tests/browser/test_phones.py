"""The phones: the hotline, keys, words, a line that is busy, and a browser without speech recognition."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_page
from tests.browser.screen import Screen
from tests.play import Play

WITHOUT_RECOGNITION = (
    "delete window.webkitSpeechRecognition; delete window.SpeechRecognition; delete window.speechSynthesis"
)
MICROPHONE = "Speak by microphone on Anybody's phone"


def test_a_report_by_phone_with_keypad_words_and_captions(screen: Screen, page: Page, play: Play) -> None:
    before = len(play.incidents())
    anybody = screen.phone("Anybody")
    anybody.get_by_role("button", name="Call the hotline").click()
    expect(anybody.locator(".state")).to_have_text("in a call")
    expect(anybody.get_by_role("list", name="What is said")).to_contain_text("incident")
    anybody.get_by_role("button", name="3", exact=True).click()
    expect(anybody).to_contain_text("(presses 3)")
    assert len(play.incidents()) == before + 1
    anybody.get_by_label("Speak on Anybody's phone").fill("The lamp flickers")
    anybody.get_by_role("button", name="Speak", exact=True).click()
    expect(anybody).to_contain_text("The lamp flickers")
    anybody.get_by_role("button", name="Hang up").click()
    expect(anybody.locator(".state")).to_have_text("idle")
    expect(anybody).to_be_focused()


def test_what_cannot_be_done_is_said(screen: Screen, play: Play) -> None:
    cy = screen.phone("Cy")
    screen.set_line("Cy", "busy")
    cy.get_by_role("button", name="Call the hotline").click()
    expect(cy.locator(".state")).to_have_text("in a call")
    cy.get_by_role("button", name="Hang up").click()
    expect(cy.get_by_label("line")).to_have_value("busy")
    screen.set_line("Cy", "free")
    assert play.cy.phone.state()["line"] == "free"


@pytest.mark.parametrize("recognises", [True, False])
def test_the_microphone_is_there_where_the_browser_has_it(browser: Browser, play: Play, recognises: bool) -> None:
    with new_page(browser, "about:blank") as page:
        if not recognises:
            page.add_init_script(WITHOUT_RECOGNITION)
        page.goto(play.sandbox)
        phone = Screen(page).phone("Anybody")
        page.get_by_label("read aloud").check()
        phone.get_by_role("button", name="Call the hotline").click()
        expect(phone.get_by_role("button", name="Hang up")).to_be_visible()
        expect(phone.get_by_role("button", name=MICROPHONE)).to_have_count(1 if recognises else 0)
        phone.get_by_role("button", name="Hang up").click()
        expect(phone.locator(".state")).to_have_text("idle")


def test_a_mail_is_shown_and_opens(screen: Screen, page: Page, play: Play) -> None:
    assert play.api("POST", "/api/v1/members/Bea/email/test").status_code == 202
    mail = page.get_by_role("region", name="Mail")
    mail.get_by_text("bea@example.com: Tocsin: a test").first.click()
    expect(mail.get_by_label("The mail").first).to_contain_text("there is nothing to do")
    assert screen.barriers() == []
