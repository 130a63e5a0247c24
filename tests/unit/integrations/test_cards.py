"""The card and the notices say what slack.md promises, within Slack's limits, whatever people write."""

import json
from dataclasses import replace
from typing import Any

import pytest

from incidents.ports import Remedy
from incidents.summary import Other, Person
from incidents.words import Route, Sentiment, Severity, Source, Status, Triage, Urgency
from integrations import blocks, card, notices
from integrations.notices import Command
from integrations.reactions import Reactions
from tests.unit.integrations.summaries import ANA, BEA, CHECKOUT, HOSTILE, ID, NOON, neighbour, summary

COMMANDS = [
    Command("start", "", "opens the form"),
    Command("during", "ack", "acknowledges"),
    Command("finish", "resolve", "closes it"),
]


def text_of(shown: list[dict[str, Any]]) -> str:
    return "\n".join(text for block in shown for text in blocks._texts(block))


def actions_of(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [element for block in shown if block["type"] == "actions" for element in block["elements"]]


def offered(status: Status) -> list[str]:
    return [element["action_id"] for element in actions_of(card.card(summary(status=status)).blocks)]


def test_the_card_names_severity_number_and_title_first() -> None:
    first = card.card(CHECKOUT).blocks[0]
    assert first["type"] == "header"
    assert first["text"]["text"] == "HIGH · #42 · Checkout returns 502"


@pytest.mark.parametrize(
    ("route", "wording"),
    [
        (Route.MEMORY, "*Category:* Database · 91% sure · from memory (3 alike: #17, #29, #31)"),
        (Route.LLM, "*Category:* Database · 91% sure · asked the model"),
        (Route.RULES, "*Category:* Database · 91% sure · a guess by rules"),
        (Route.HUMAN, "*Category:* Database · corrected by a person"),
    ],
)
def test_the_card_says_who_decided_the_category(route: Route, wording: str) -> None:
    assert wording in text_of(card.card(summary(route=route)).blocks)


def test_alike_entries_without_a_number_are_counted_only() -> None:
    shown = text_of(card.card(summary(similar=[neighbour(None), neighbour(None)])).blocks)
    assert "from memory (2 alike)" in shown


def test_a_card_that_is_perhaps_another_one_asks_and_slack_asks_once_more() -> None:
    suspects = [Other(41, HOSTILE, "C041", similarity=0.784), Other(40, "Search", similarity=0.7)]
    for shown in (card.card(summary(suspects=suspects)).blocks, notices.pointer(summary(suspects=suspects)).blocks):
        text = text_of(shown)
        assert "*Already open: #41 in <#C041>?* " in text
        assert "78% alike" in text
        assert "<!channel>" not in text
        same = [each for each in actions_of(shown) if each["action_id"] == "incident_merge"]
        assert [(each["text"]["text"], each["value"]) for each in same] == [("Same as #41", "41")]
        assert "#40" in text
        assert same[0]["confirm"]["title"]["text"] == "Merge #42 into #41?"
    assert "Is it open already, as #41, #40?" in notices.pointer(summary(suspects=suspects)).text


def test_what_was_merged_says_where_it_goes_on() -> None:
    merged = summary(status=Status.MERGED, merged_into=Other(41, "Checkout", "C041"))
    assert "*Status:* merged into #41 in <#C041>" in text_of(card.card(merged).blocks)
    assert "It is merged into #41." in card.card(merged).text
    assert "It is the same trouble as #41 in <#C041>, and goes on there." in notices.pointer(merged).text


def test_an_incident_that_is_not_triaged_says_so() -> None:
    nothing = {"category": None, "confidence": None, "route": None, "similar": (), "helped": ()}
    assert "being worked out" in text_of(card.card(summary(triage=Triage.PROCESSING, **nothing)).blocks)
    assert "a person must look" in text_of(card.card(summary(triage=Triage.FAILED, **nothing)).blocks)


def test_the_card_tells_what_helped_last_time() -> None:
    shown = text_of(card.card(CHECKOUT).blocks)
    assert "*What helped last time* (#29):\n1. Restart the connection pool\nAlso #17: Fail over" in shown


def test_the_steps_of_a_runbook_are_one_a_line_and_numbered_once() -> None:
    book = replace(neighbour(0, helped="1. Roll back.\n2. Read the log.\n"), number=None, title="Crash loop")
    shown = text_of(card.card(summary(helped=[book])).blocks)
    assert "*What helped last time* (Crash loop):\n1. Roll back.\n2. Read the log." in shown


def test_a_cause_and_a_check_stand_around_the_steps_and_are_none() -> None:
    helped = "Cause: a lost setting.\n1. Roll back: `helm undo <x>`.\n2. Read the log.\nCheck: an order works."
    book = replace(neighbour(0, helped=helped), number=None, title="Crash loop")
    shown = text_of(card.card(summary(helped=[book, replace(book, source="seed:other")])).blocks)
    assert (
        "*What helped last time* (Crash loop):\nCause: a lost setting.\n1. Roll back: `helm undo &lt;x&gt;`.\n"
        "2. Read the log.\nCheck: an order works.\nAlso Crash loop: Roll back: `helm undo &lt;x&gt;`. Read the log."
    ) in shown


def test_who_resolved_it_with_a_cause_alone_said_something() -> None:
    plain = text_of(card.card(summary(helped=[neighbour(29, helped="Cause: a loose cable")])).blocks)
    assert "(#29):\n1. Cause: a loose cable" in plain


def test_steps_from_several_entries_are_each_told_with_their_source() -> None:
    chosen = [Remedy("Fail over.", "incident:17", "Old incident 17", 17), Remedy("Roll back.", "seed:x", "Crash loop")]
    shown = text_of(card.card(summary(remediation=chosen)).blocks)
    assert "*What helped last time*:\n1. Fail over. (#17)\n2. Roll back. (Crash loop)\nAlso #29: Restart" in shown


def test_a_draft_reply_is_told_as_a_draft_while_somebody_may_need_it() -> None:
    drafted = {"reply": "Thank you. Since when?", "sentiment": Sentiment.WORRIED}
    told = "*A draft for the reporter, who sounds worried* (not sent): Thank you. Since when?"
    assert told in text_of(card.card(summary(**drafted)).blocks)
    assert "draft" not in text_of(card.card(summary(status=Status.RESOLVED, **drafted)).blocks)
    assert "draft" not in text_of(card.card(CHECKOUT).blocks)


def test_what_is_urgent_says_so_when_the_severity_does_not() -> None:
    assert "urgent" in text_of(card.card(summary(severity=Severity.MEDIUM, urgency=Urgency.HIGH)).blocks)
    assert "urgent" not in text_of(card.card(CHECKOUT).blocks)


def test_the_card_tells_status_reporter_people_and_next_page() -> None:
    shown = text_of(card.card(CHECKOUT).blocks)
    assert "open, not acknowledged · reported by <@U0ANA> by phone" in shown
    assert "*On call:* <@U0BEA> · next page at <!date^" in shown
    assert "ticket <https://jira.test/browse/OPS-7|OPS-7>" in shown


def test_without_a_next_page_the_card_says_what_paging_is_doing() -> None:
    assert "no phone provider" in text_of(card.card(summary(next_page_at=None, page="no phone provider")).blocks)
    assert "nobody is paged" in text_of(card.card(summary(next_page_at=None, page="none")).blocks)


def test_the_card_names_who_acknowledged_and_who_resolved() -> None:
    acknowledged = summary(status=Status.ACKNOWLEDGED, acknowledged_by=BEA, acknowledged_at=NOON)
    assert "acknowledged by <@U0BEA> at <!date^" in text_of(card.card(acknowledged).blocks)
    resolved = summary(status=Status.RESOLVED, resolved_by=ANA, resolved_at=NOON)
    assert "resolved by <@U0ANA>" in text_of(card.card(resolved).blocks)


def test_only_actions_that_make_sense_are_offered() -> None:
    menu = card.CATEGORY
    assert offered(Status.OPEN) == [card.ACKNOWLEDGE, card.ESCALATE, card.RESOLVE, menu]
    assert offered(Status.ACKNOWLEDGED) == [card.ESCALATE, card.RESOLVE, menu]
    assert offered(Status.MITIGATED) == [card.RESOLVE, menu]
    assert offered(Status.RESOLVED) == [menu]
    assert offered(Status.MERGED) == []


def test_every_action_leads_back_to_the_incident() -> None:
    shown = card.card(CHECKOUT).blocks
    buttons = [element for element in actions_of(shown) if element["type"] == "button"]
    assert {button["value"] for button in buttons} == {str(ID)}
    (row,) = [block for block in shown if block["type"] == "actions"]
    assert card.incident_of(row["block_id"]) == ID


def test_a_block_that_is_not_ours_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        card.incident_of("something else")


def test_the_menu_shows_the_category_even_when_it_is_not_one_of_the_organizations() -> None:
    menu = actions_of(card.card(summary(category="weather")).blocks)[-1]
    assert menu["initial_option"] in menu["options"]
    assert menu["initial_option"]["value"] == "weather"


def test_the_legend_names_each_emoji_with_its_word() -> None:
    shown = text_of(card.card(CHECKOUT).blocks)
    assert ":file_cabinet: database · :globe_with_meridians: network" in shown
    assert "Remove your reaction to undo. :eyes: acknowledges." in shown


def test_the_text_for_screen_readers_is_a_full_sentence() -> None:
    assert card.card(CHECKOUT).text == (
        "HIGH incident #42: Checkout returns 502. It is open and not acknowledged. Acknowledge it if you take it."
    )


def hostile_messages() -> list[Any]:
    stranger = Person(HOSTILE, None)
    bad = summary(
        title=HOSTILE,
        description=HOSTILE,
        category=HOSTILE,
        project=HOSTILE,
        page=HOSTILE,
        next_page_at=None,
        reported_by=stranger,
        on_call=[stranger] * 30,
        categories=[HOSTILE, *(f"{n}{HOSTILE}" for n in range(150))],
        similar=[neighbour(n) for n in range(500)],
        helped=[neighbour(n, helped=HOSTILE) for n in range(50)],
        reply=HOSTILE,
        remediation=[Remedy(HOSTILE, f"incident:{n}", HOSTILE) for n in range(50)],
        ticket=HOSTILE,
        ticket_url=None,
        channel=HOSTILE,
        channel_id=None,
    )
    return [
        card.card(bad),
        notices.pointer(bad),
        notices.all_told(bad),
        notices.incident_list([bad] * 80),
        notices.help_message(hotline=HOSTILE, legend=Reactions().legend(CHECKOUT.categories), commands=COMMANDS),
    ]


def test_hostile_text_neither_rings_nor_breaks_a_limit() -> None:
    for message in hostile_messages():
        said = json.dumps([block for block in message.blocks if block["type"] in ("section", "context")]) + message.text
        assert "<!channel" not in said
        assert "<!here" not in said
        assert "@here" not in said
        assert "<@U0BEA>" not in said
        assert "<http://evil" not in said
        assert "\u202e" not in message.text
        assert len(message.blocks) <= blocks.MOST_BLOCKS
        assert sum(blocks.length(block) for block in message.blocks) <= blocks.MOST_CHARACTERS
        for block in message.blocks:
            check_limits(block)


def check_limits(block: dict[str, Any]) -> None:
    match block["type"]:
        case "header":
            assert len(block["text"]["text"]) <= blocks.HEADER
        case "section":
            assert len(block["text"]["text"]) <= blocks.SECTION
        case "context":
            assert all(len(element["text"]) <= blocks.SECTION for element in block["elements"])
        case "actions":
            menu = block["elements"][-1]
            assert len(menu["options"]) <= blocks.MOST_OPTIONS
            assert all(len(option["text"]["text"]) <= blocks.OPTION for option in menu["options"])
            assert all(len(option["value"]) <= blocks.OPTION for option in menu["options"])
            assert menu["initial_option"] in menu["options"]


def test_the_buttons_are_never_what_is_left_out() -> None:
    shown = hostile_messages()[0].blocks
    assert blocks.CUT not in text_of(shown[-1:])
    assert len(actions_of(shown)) == 4


def test_a_topic_fits_and_keeps_status_and_people() -> None:
    assert notices.topic(CHECKOUT) == "HIGH · #42 · Checkout returns 502 · open · <@U0BEA>"
    long = notices.topic(summary(title=HOSTILE))
    assert len(long) <= blocks.TOPIC
    assert long.endswith(" · open · <@U0BEA>")


def test_a_pointer_leads_to_the_channel() -> None:
    assert notices.pointer(CHECKOUT).text == "HIGH · #42 · Checkout returns 502. Follow it in <#C042>."
    assert "Follow" not in notices.pointer(summary(channel=None, channel_id=None)).text


def test_the_list_shows_the_worst_first_and_then_the_oldest() -> None:
    shown = notices.incident_list(
        [
            summary(number=3, severity=Severity.LOW),
            summary(number=2, severity=Severity.HIGH),
            summary(number=1, severity=Severity.HIGH),
        ]
    )
    assert shown.text == "3 open: #1 HIGH, #2 HIGH, #3 LOW."


def test_card_and_list_name_a_project_that_is_not_the_default_one() -> None:
    for project, shown in (("Pay & Go", True), ("default", False)):
        incident = summary(project=project)
        assert ("project Pay &amp; Go" in text_of(card.card(incident).blocks)) is shown
        assert ("Pay &amp; Go" in text_of(notices.incident_list([incident]).blocks)) is shown


def test_a_long_list_says_that_there_is_more() -> None:
    shown = notices.incident_list([summary(number=n) for n in range(80)])
    assert len(shown.blocks) == blocks.MOST_BLOCKS
    assert blocks.CUT in text_of(shown.blocks[-1:])


def test_an_empty_list_says_what_to_do_next() -> None:
    assert "/incident" in notices.incident_list([]).text


def test_all_told_asks_everybody_and_mentions_those_on_call() -> None:
    told = notices.all_told(CHECKOUT)
    assert told.text.startswith("Nobody answered the page. Everybody please look.")
    assert "<@U0BEA>" in text_of(told.blocks)
    assert "<!channel>" not in text_of(told.blocks)


def test_help_names_every_command_the_hotline_and_the_legend() -> None:
    shown = text_of(notices.help_message(hotline="+12025550100", legend=":lock: security", commands=COMMANDS).blocks)
    for command in COMMANDS:
        assert f"/incident {command.usage}".strip() in shown
    assert "+12025550100" in shown
    assert ":lock: security" in shown


@pytest.mark.parametrize("source", list(Source))
def test_every_source_has_its_words(source: Source) -> None:
    assert "reported by" in text_of(card.card(summary(source=source)).blocks)
