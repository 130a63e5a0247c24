"""The five steps as a new person plays them, by mouse and by keyboard alone; the first tests, for the pictures."""

from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.play import Play, eventually

REPORT = "/incident everything is down: checkout returns 502 for every customer"


def test_a_new_person_plays_the_checklist_by_mouse(screen: Screen, page: Page, play: Play) -> None:
    expect(screen.hint).to_contain_text("/incident everything is down")
    assert screen.steps_done() == 0
    screen.composer.press_sequentially("/inc")
    expect(page.locator("#completions").get_by_role("option")).not_to_have_count(0)
    screen.picture("declare")
    screen.composer.fill(REPORT)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(screen.messages).to_contain_text("It is recorded")
    screen.step_is_done(1)

    bea = screen.rings("Bea")
    screen.step_is_done(2)
    number = play.incidents()[0]["number"]
    screen.open_channel(f"incident-{number}")
    expect(screen.card()).to_contain_text(f"HIGH · #{number}")
    expect(screen.hint).to_contain_text("Bea's phone is ringing")
    screen.picture("ringing")

    bea.get_by_role("button", name="Answer").click()
    expect(bea).to_contain_text("Press 4 to acknowledge")
    bea.get_by_role("button", name="4", exact=True).click()
    expect(bea).to_contain_text(f"You own incident {number}")
    screen.step_is_done(3)
    expect(screen.card()).to_contain_text("acknowledged by @bea")
    screen.picture("acknowledged")

    screen.card().hover()
    screen.card().get_by_role("button", name="React", exact=True).click()
    screen.card().get_by_role("button", name="lock", exact=True).click()
    screen.step_is_done(4)
    expect(screen.card()).to_contain_text("corrected by a person")
    assert play.incident(number)["category"] == "security"
    screen.picture("corrected")

    screen.card().get_by_role("button", name="Resolve").click()
    screen.step_is_done(5)
    expect(screen.hint).to_contain_text("Well done!")
    expect(screen.card()).to_contain_text("resolved by @ana")
    screen.picture("resolved")

    page.reload()
    expect(screen.hint).to_contain_text("Well done!")
    assert screen.steps_done() == 5
    page.emulate_media(color_scheme="dark")
    screen.picture("dark")


def test_the_checklist_by_keyboard_alone(screen: Screen, page: Page, play: Play) -> None:
    keys = page.keyboard
    expect(screen.hint).to_contain_text("/incident")
    screen.walk_to("Write it for me")
    keys.press("Enter")
    expect(screen.composer).to_be_focused()
    keys.press("Enter")
    screen.rings("Bea")
    screen.step_is_done(2)
    expect(page.get_by_role("button", name="Go to the phone")).to_be_visible()

    screen.walk_to("Go to the phone", within="#checklist")
    keys.press("Enter")
    expect(screen.phone("Bea").get_by_role("button", name="Answer")).to_be_focused()
    keys.press("Enter")
    expect(screen.phone("Bea")).to_contain_text("Press 4 to acknowledge")
    expect(screen.phone("Bea")).to_be_focused()
    keys.press("4")
    screen.step_is_done(3)

    screen.walk_to("Go to the card", within="#checklist")
    keys.press("Enter")
    keys.press("Enter")
    expect(page.get_by_label("Emoji by name").and_(page.locator(":focus"))).to_be_visible()
    keys.type("floppy_disk")
    keys.press("Enter")
    screen.step_is_done(4)

    expect(screen.hint).to_contain_text("Resolve")
    screen.walk_to("Go to the card", within="#checklist")
    keys.press("Enter")
    expect(screen.card().get_by_role("button", name="Resolve")).to_be_focused()
    keys.press("Enter")
    expect(screen.hint).to_contain_text("Well done!")
    incident = play.incidents()[0]
    assert incident["category"] == "storage"
    eventually(lambda: play.incident(incident["number"])["status"] == "resolved")


def test_starting_over_empties_the_stand_ins_and_keeps_the_products_data(
    screen: Screen, page: Page, play: Play
) -> None:
    play.report(title="A lamp in the cellar flickers", severity="LOW")
    before = len(play.incidents())
    screen.step_is_done(1)
    page.get_by_role("button", name="Start over").click()
    question = page.get_by_role("dialog", name="Start over?")
    expect(question).to_contain_text("What the product keeps stays")
    page.keyboard.press("Escape")
    expect(question).not_to_be_visible()
    assert screen.steps_done() >= 1

    page.get_by_role("button", name="Start over").click()
    with page.expect_navigation():
        question.get_by_role("button", name="Start over").click()
    expect(page.locator("#channels li")).to_have_count(4)
    expect(screen.hint).to_contain_text("In #incidents, write")
    assert screen.steps_done() == 0
    assert len(play.incidents()) == before
