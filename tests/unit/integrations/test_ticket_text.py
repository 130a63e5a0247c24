"""What a ticket tells."""

from dataclasses import replace

from incidents.summary import Other
from incidents.words import Status
from integrations.ticket_text import ticket
from tests.unit.integrations.summaries import neighbour, summary


def test_a_ticket_tells_all_of_what_helped_under_its_name() -> None:
    helped = "Cause: a lost setting.\n1. Roll back.\nCheck: an order works."
    book = replace(neighbour(None, helped=helped), title="Crash loop")
    told = ticket(summary(helped=[book, neighbour(17, helped="Fail over")])).description
    assert told.endswith(
        "What helped last time\n\n"
        "Crash loop:\nCause: a lost setting.\n1. Roll back.\nCheck: an order works.\n\n"
        "Old incident 17:\nFail over"
    )


def test_a_ticket_says_nothing_when_nothing_is_known() -> None:
    assert "helped" not in ticket(summary(helped=())).description


def test_a_ticket_of_what_was_merged_says_where_it_goes_on() -> None:
    onward = Other(41, "Checkout", ticket="OPS-6", ticket_url="https://jira.test/browse/OPS-6")
    merged = summary(status=Status.MERGED, merged_into=onward)
    assert "Status: merged into #41, OPS-6 (https://jira.test/browse/OPS-6)\n" in ticket(merged).description
    bare = summary(status=Status.MERGED, merged_into=Other(41, "Checkout"))
    assert "Status: merged into #41\n" in ticket(bare).description
