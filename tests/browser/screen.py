"""The sandbox's page in the words of a person who looks at it."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
MOST_TABS = 150


class Screen:
    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.locator("#steps li")).to_have_count(5)
        self.composer = page.get_by_label("Message, or a command such as /incident")
        self.messages = page.locator("#messages")
        self.hint = page.locator("#hint")
        self.watch = page.locator("#watch-line")

    def phone(self, who: str) -> Locator:
        return self.page.get_by_role("region", name=f"{who}'s phone")

    def rings(self, who: str) -> Locator:
        """Waits until it does."""
        phone = self.phone(who)
        expect(phone.locator(".state")).to_have_text("ringing")
        return phone

    def set_line(self, who: str, line: str) -> None:
        """Busy, free, …; returns when the sandbox has heard of it."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/line")) as told:
            self.phone(who).get_by_label("line").select_option(line)
        assert told.value.ok

    def write(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def open_channel(self, name: str) -> None:
        self.page.locator("#channels").get_by_role("button", name=re.compile(rf"^\S {name}( \(\d+\))?$")).click()
        expect(self.page.locator("#channel-name")).to_have_text(f"#{name}")

    def card(self) -> Locator:
        return self.messages.locator("> li").filter(has=self.page.locator(".actions")).first

    def step_is_done(self, number: int) -> None:
        expect(self.page.locator("#steps li").nth(number - 1)).to_have_class("done")

    def steps_done(self) -> int:
        return self.page.locator("#steps li.done").count()

    def tab(self, name: str) -> Locator:
        """The panel of that tab, opened."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def walk_to(self, name: str, *, within: str = "body") -> None:
        """By the Tab key alone, to the element of that name."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(HERE, within) == name:
                return
        raise AssertionError(f"the Tab key never came to {name!r}")

    def picture(self, name: str) -> None:
        if self.card().count():
            self.card().evaluate("card => card.scrollIntoView({block: 'start'})")
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def barriers(self) -> list[str]:
        """What axe finds serious or critical."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in BAD]


BAD = ("serious", "critical")
HERE = """within => {
  const here = document.activeElement;
  if (!here.closest(within)) return null;
  return here.getAttribute("aria-label") ?? (here.labels?.[0]?.textContent || here.textContent).trim();
}"""
