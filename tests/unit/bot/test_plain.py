"""Slack's markup as plain text."""

import pytest

from bot.plain import plain, without_mention

KNOWN = {"U0BEA": "Bea"}


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("checkout returns 502", "checkout returns 502"),
        ("", ""),
        ("  a \n", "a"),
        ("<@U0BEA> sees 502", "@Bea sees 502"),
        ("<@U0ANA> sees 502", "@U0ANA sees 502"),
        ("<@U0ANA|ana> sees 502", "@ana sees 502"),
        ("look at <#C0GENERAL|general>", "look at #general"),
        ("look at <#C0GENERAL>", "look at #C0GENERAL"),
        ("look at <#C0GENERAL|>", "look at #C0GENERAL"),
        ("<!here> look", "@here look"),
        ("<!channel|channel> look", "@channel look"),
        ("<!subteam^S1|@oncall> look", "@oncall look"),
        ("<!subteam^S1> look", "@subteam look"),
        ("since <!date^1392734382^{date}|18 February>", "since 18 February"),
        ("<https://shop.test/a?b=1&amp;c=2> fails", "https://shop.test/a?b=1&c=2 fails"),
        ("<https://shop.test|shop.test> fails", "shop.test fails"),
        ("<mailto:a@b.test> bounces", "a@b.test bounces"),
        ("<tel:+12025550100> rings", "+12025550100 rings"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&lt;!here&gt;", "<!here>"),
        ("&amp;lt; stays", "&lt; stays"),
        ("&copy; &nbsp; stay", "&copy; &nbsp; stay"),
        ("a < b", "a < b"),
        ("<<@U0BEA>>", "<@Bea>"),
        ("<>", "<>"),
        ("😱 \u202eנפל", "😱 \u202eנפל"),
    ],
)
def test_markup_becomes_what_the_person_meant(marked: str, text: str) -> None:
    assert plain(marked, name_of=KNOWN.get) == text


@pytest.mark.parametrize(
    ("text", "user", "left"),
    [
        ("<@U0BOT> checkout is down", "U0BOT", "checkout is down"),
        ("<@U0BOT|tocsin>: checkout is down", "U0BOT", "checkout is down"),
        ("<@U0BOT>, :fire: in the rack :fire:", "U0BOT", ":fire: in the rack :fire:"),
        ("hey <@U0BOT> checkout is down", "U0BOT", "hey checkout is down"),
        ("<@U0BOT> ask <@U0BEA>", "U0BOT", "ask <@U0BEA>"),
        ("<@U0BOT>", "U0BOT", ""),
        ("<@U0BOT> ,", "U0BOT", ""),
        ("<@U0BOT> checkout is down", None, "checkout is down"),
        ("checkout is down <@U0BOT>", None, "checkout is down <@U0BOT>"),
    ],
)
def test_the_mention_of_the_bot_is_no_part_of_the_report(text: str, user: str | None, left: str) -> None:
    assert without_mention(text, user).split() == left.split()
