"""Each scenario: its button makes the first step, its line says what to do, and that is what happens."""

from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.play import Play, eventually


def begin(screen: Screen, play: Play, name: str, watch: str) -> int:
    """The number of the incident that it opens."""
    before = len(play.incidents())
    screen.page.get_by_role("button", name=name, exact=True).click()
    expect(screen.watch).to_contain_text(watch)
    eventually(lambda: len(play.incidents()) == before + 1, saying="no incident was opened")
    return int(play.incidents()[0]["number"])


def hurry_until_rings(screen: Screen, who: str) -> None:
    """From one due job to the next, as a person would who is in a hurry."""
    button = screen.tab("Clock").get_by_role("button", name="To the next due job")
    state = screen.phone(who).locator(".state")

    def rings() -> bool:
        if state.inner_text() != "ringing" and button.is_enabled():
            button.click()
            screen.page.wait_for_timeout(700)
        return state.inner_text() == "ringing"

    eventually(rings, saying=f"{who}'s phone does not ring")


def test_checkout_502(screen: Screen, play: Play) -> None:
    number = begin(screen, play, "Checkout 502", "Answer and press 4")
    bea = screen.rings("Bea")
    bea.get_by_role("button", name="Ignore").click()
    expect(bea.locator(".state")).to_have_text("rings on, ignored")
    bea.get_by_role("button", name="Answer").click()
    expect(bea).to_contain_text("Press 4 to acknowledge")
    screen.page.keyboard.press("4")
    expect(bea).to_contain_text(f"You own incident {number}")


def test_nobody_answers(screen: Screen, play: Play) -> None:
    screen.set_line("Bea", "busy")
    begin(screen, play, "Nobody answers", "Bea again, then Cy")
    hurry_until_rings(screen, "Cy")
    screen.set_line("Bea", "free")


def test_wrong_category(screen: Screen, page: Page, play: Play) -> None:
    number = begin(screen, play, "Wrong category", "react on the card")
    play.triaged(number)
    screen.open_channel(f"incident-{number}")
    before = play.incident(number)["category"]
    screen.card().get_by_role("button", name="React", exact=True).click(force=True)
    screen.card().get_by_role("button", name="handshake", exact=True).click()
    expect(screen.card()).to_contain_text("corrected by a person")
    assert play.incident(number)["category"] == "third-party"
    screen.card().get_by_role("button", name="handshake, by ana").click()
    eventually(lambda: play.incident(number)["category"] == before, saying="taking it away did not undo it")


def test_speech_service_down(screen: Screen, play: Play) -> None:
    number = begin(screen, play, "Speech service down", "hang up")
    anybody = screen.phone("Anybody")
    expect(anybody.locator(".state")).to_have_text("in a call")
    expect(anybody).to_contain_text(f"incident {number}")
    anybody.focus()
    screen.page.keyboard.press("2")
    expect(anybody).to_contain_text("(presses 2)")
    expect(anybody).to_contain_text("tone")
    anybody.get_by_label("Speak on Anybody's phone").fill("the orders database is full")
    screen.page.keyboard.press("Enter")
    anybody.get_by_role("button", name="Hang up").click()
    eventually(lambda: play.ledger(provider="speech", effects=False), saying="nobody asked the speech service")
    screen.page.locator("#mend-now").click()
    expect(screen.page.locator("#mend-now")).not_to_be_visible()
    play.forward(120)
    eventually(lambda: "transcribed" in [line["kind"] for line in play.timeline(number)], saying="no transcript")


def test_model_down(screen: Screen, play: Play) -> None:
    number = begin(screen, play, "Model down", "by rules")
    screen.rings("Bea")
    incident = play.triaged(number)
    assert incident["route"] in ("rules", "memory")


def test_phone_provider_down(screen: Screen, play: Play) -> None:
    begin(screen, play, "Phone provider down", "tried again")
    panel = screen.tab("Incident")
    failing = panel.get_by_role("row").filter(has_text="page").filter(has_text="not available")
    expect(failing).to_be_visible()
    screen.page.locator("#mend-now").click()
    hurry_until_rings(screen, "Bea")
