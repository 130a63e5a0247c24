"""What a ticket tells."""

from dataclasses import replace

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
