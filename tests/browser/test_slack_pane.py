"""Writing, commands offered by the composer, threads, reactions by name, and what only one person sees."""

from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.play import Play


def test_commands_are_offered_and_taken_by_keyboard(screen: Screen, page: Page) -> None:
    screen.composer.press_sequentially("/incident he")
    expect(page.locator("#completions").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Commands")).not_to_be_visible()
    screen.composer.fill("")
    screen.composer.press_sequentially("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(screen.composer).to_have_attribute("aria-activedescendant", "completion-1")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(screen.composer).to_have_value("/incident help")
    page.keyboard.press("Enter")
    expect(screen.messages.locator(".ephemeral").last).to_contain_text("Only you can see this")
    expect(screen.messages.locator(".ephemeral").last).to_contain_text("/incident list")


def test_what_one_person_is_told_another_does_not_see(screen: Screen, page: Page) -> None:
    screen.write("/incident list")
    expect(screen.messages.locator(".ephemeral").last).to_be_visible()
    page.get_by_label("Act as").select_option("U0CY")
    expect(screen.messages.locator(".ephemeral")).to_have_count(0)
    page.get_by_label("Act as").select_option("U0DEE")
    expect(page.locator("#channels").get_by_text("incident-")).to_have_count(0)


def test_a_thread_and_a_reaction_by_its_name(screen: Screen, page: Page, play: Play) -> None:
    screen.open_channel("general")
    screen.write("Who has the key of the cellar?")
    message = screen.messages.locator("> li").filter(has_text="key of the cellar").last
    message.get_by_role("button", name="Thread").click(force=True)
    expect(screen.composer).to_be_focused()
    screen.write("I have it")
    expect(screen.messages.locator(".reply").last).to_contain_text("I have it")
    message.get_by_role("button", name="React", exact=True).click(force=True)
    message.get_by_label("Emoji by name").fill(":rocket:")
    page.keyboard.press("Enter")
    expect(message.get_by_role("button", name="rocket, by ana")).to_have_attribute("aria-pressed", "true")
    expect(message.get_by_role("button", name="React", exact=True)).to_be_focused()
    message.get_by_role("button", name="React", exact=True).press("Enter")
    message.get_by_label("Emoji by name").fill("no-such-thing")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-error")).to_contain_text("there is no emoji")


def test_a_title_with_markup_stays_text(screen: Screen, page: Page) -> None:
    screen.open_channel("general")
    screen.write("<img src=x onerror=\"document.title='hacked'\"> & <script>1</script>")
    expect(screen.messages.locator("> li").last).to_contain_text("<script>1</script>")
    assert page.title() == "Tocsin sandbox"
