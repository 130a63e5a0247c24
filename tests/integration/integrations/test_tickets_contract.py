"""The port `Tickets`, sentence by sentence, on the fake and on Jira."""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from incidents.errors import PermanentError
from incidents.ports import Ticket, Tickets
from integrations.jira import JiraTickets
from tests.integration.sandbox.running import RunningSandbox

INDEXED_WITHIN = 10.0


def create(tickets: Tickets, label: str = "tocsin-1", priority: str = "Highest", **different: Any) -> Ticket:
    said: dict[str, Any] = {"summary": "#42 Checkout", "description": "It fails.", "labels": ["category-database"]}
    return tickets.create(label=label, priority=priority, **(said | different))


def eventually(find: Callable[[], Ticket | None]) -> Ticket | None:
    end = time.monotonic() + INDEXED_WITHIN
    while True:
        found = find()
        if found is not None or time.monotonic() > end:
            return found
        time.sleep(0.2)


def fields(sandbox: RunningSandbox, key: str) -> dict[str, Any]:
    """What Jira itself says of the ticket."""
    shown: dict[str, Any] = (
        JiraTickets(f"{sandbox.address}/jira", "sandbox@example.com", "sandbox-token", project="OPS")
        ._jira.issue(key)
        .raw["fields"]
    )
    return shown


def test_a_ticket_is_found_by_its_label(tickets: Tickets) -> None:
    made = create(tickets)
    create(tickets, label="tocsin-2")
    assert eventually(lambda: tickets.find(label="tocsin-1")) == made


def test_there_is_none_with_another_label(tickets: Tickets) -> None:
    create(tickets)
    assert tickets.find(label="tocsin-9") is None


def test_of_several_with_the_label_the_oldest_is_found(tickets: Tickets) -> None:
    first = create(tickets)
    create(tickets)
    assert eventually(lambda: tickets.find(label="tocsin-1")) == first


def test_a_ticket_is_still_found_when_its_labels_change(tickets: Tickets) -> None:
    made = create(tickets)
    tickets.update(made.key, summary="New", description="New", priority="Low", labels=["category-network"])
    assert eventually(lambda: tickets.find(label="tocsin-1")) == made


def test_closing_what_is_closed_and_reopening_what_is_open_changes_nothing(tickets: Tickets) -> None:
    key = create(tickets).key
    tickets.reopen(key)
    tickets.close(key)
    tickets.close(key)
    tickets.reopen(key)
    tickets.reopen(key)


def test_a_ticket_that_does_not_exist_is_refused(tickets: Tickets) -> None:
    with pytest.raises(PermanentError):
        tickets.close("OPS-999")


def test_check_says_who_we_are(tickets: Tickets) -> None:
    assert "project" in tickets.check()


def test_jira_has_what_was_said_from_the_first_moment(jira_tickets: JiraTickets, sandbox: RunningSandbox) -> None:
    made = create(jira_tickets, summary="two\nlines " + "x" * 300)
    shown = fields(sandbox, made.key)
    assert made.url == f"{sandbox.address}/jira/browse/{made.key}"
    assert set(shown["labels"]) == {"tocsin-1", "category-database"}
    assert shown["priority"]["name"] == "Highest"
    assert shown["summary"].startswith("two lines xxx")
    created = sandbox.ledger("jira", "POST /rest/api/2/issue")
    assert "tocsin-1" in str(created[0]["request"])


def test_an_update_takes_our_labels_away_and_leaves_those_of_other_people(
    jira_tickets: JiraTickets, sandbox: RunningSandbox
) -> None:
    key = create(jira_tickets, labels=["category-database", "customer-acme"]).key
    jira_tickets.update(key, summary="New", description="Better.", priority="Low", labels=["category-network"])
    shown = fields(sandbox, key)
    assert set(shown["labels"]) == {"tocsin-1", "customer-acme", "category-network"}
    assert (shown["summary"], shown["description"], shown["priority"]["name"]) == ("New", "Better.", "Low")


def test_a_ticket_of_another_incident_is_not_written_over(jira_tickets: JiraTickets, sandbox: RunningSandbox) -> None:
    key = create(jira_tickets).key
    with pytest.raises(PermanentError, match="not this incident's ticket"):
        jira_tickets.update(key, summary="New", description="New", priority="Low", labels=["tocsin-2"])
    assert fields(sandbox, key)["summary"] != "New"


def test_a_priority_that_the_project_does_not_have_is_left_out(
    jira_tickets: JiraTickets, sandbox: RunningSandbox
) -> None:
    key = create(jira_tickets, priority="Apocalyptic").key
    jira_tickets.update(key, summary="New", description="New", priority="Apocalyptic", labels=[])
    assert fields(sandbox, key)["summary"] == "New"


def test_a_ticket_moves_in_and_out_of_done(jira_tickets: JiraTickets, sandbox: RunningSandbox) -> None:
    key = create(jira_tickets).key
    jira_tickets.close(key)
    assert fields(sandbox, key)["status"]["statusCategory"]["key"] == "done"
    jira_tickets.reopen(key)
    assert fields(sandbox, key)["status"]["statusCategory"]["key"] != "done"


def test_a_label_cannot_change_the_question(jira_tickets: JiraTickets) -> None:
    create(jira_tickets)
    assert jira_tickets.find(label='x" OR labels = "tocsin-1') is None


def test_each_thread_has_its_own_connection(jira_tickets: JiraTickets) -> None:
    seen: list[object] = []
    threads = [Thread(target=lambda: seen.append(jira_tickets._jira)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen[0] is not seen[1]


def test_wrong_credentials_are_named_as_the_cause(sandbox: RunningSandbox) -> None:
    stranger = JiraTickets(f"{sandbox.address}/jira", "sandbox@example.com", "wrong", project="OPS")
    with pytest.raises(PermanentError, match="JIRA_API_TOKEN"):
        stranger.check()


def test_building_it_asks_nothing(sandbox: RunningSandbox, jira_tickets: JiraTickets) -> None:
    assert sandbox.ledger("jira") == []
