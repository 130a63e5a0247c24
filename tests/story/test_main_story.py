"""The story that the product is for: declared, triaged, paged, acknowledged, corrected, undone, resolved."""

import json
import re

from tests.play import Json, Play, eventually


def test_from_slash_command_to_resolved(play: Play) -> None:
    before = len(play.ledger(method="POST /Accounts/{Sid}/Calls.json"))
    answer = play.ana.types("/incident everything is down, checkout returns 502 for all customers")
    number = int(re.search(r"#(\d+)", json.dumps(answer))[1])  # type: ignore[index]

    incident = play.triaged(number)
    assert incident["severity"] == "HIGH"
    assert incident["channel"] == f"incident-{number}"
    assert incident["ticket"].startswith("OPS-")
    members = (play.channel(f"incident-{number}") or {})["members"]
    eventually(lambda: {"U0ANA", "U0BEA", "U0CY"} <= set((play.channel(f"incident-{number}") or {})["members"]))
    assert members

    play.bea.phone.ring()
    play.bea.phone.ignore()
    play.forward(60)
    play.bea.phone.ring()
    play.bea.phone.ignore()
    play.forward(60)
    play.cy.phone.ring()
    play.cy.phone.answer()
    assert "Press 4 to acknowledge" in play.cy.phone.heard()
    play.cy.phone.press("4")
    assert f"You own incident {number}" in play.cy.phone.heard()

    acknowledged = play.incident(number)
    assert (acknowledged["status"], acknowledged["acknowledged_by"]) == ("acknowledged", "Cy")
    eventually(lambda: "acknowledged by" in json.dumps(play.card(number)), saying="the card does not say so")
    calls = len(play.ledger(method="POST /Accounts/{Sid}/Calls.json"))
    assert calls == before + 3
    play.forward(600)

    predicted = incident["category"]
    wanted, emoji = ("security", "lock") if predicted != "security" else ("database", "file_cabinet")
    card = play.card(number) or {}
    play.bea.reacts(card, emoji)
    corrected = play.incident(number)
    assert (corrected["category"], corrected["route"]) == (wanted, "human")
    ticket_says(play, corrected["ticket"], wanted)
    eventually(lambda: remembered(play, incident["title"], wanted), saying="the memory did not learn it")

    play.bea.reacts(card, emoji, remove=True)
    assert play.incident(number)["category"] == predicted
    ticket_says(play, corrected["ticket"], predicted)
    eventually(lambda: not remembered(play, incident["title"], wanted), saying="the memory did not forget it")

    play.cy.types(f"/incident resolve {number} restarted the load balancer")
    assert play.incident(number)["status"] == "resolved"
    eventually(lambda: ticket_status(play, corrected["ticket"]) == "done", saying="the ticket is not closed")
    eventually(lambda: "resolved by" in json.dumps(play.card(number)), saying="the card does not say so")
    assert len(play.ledger(method="POST /Accounts/{Sid}/Calls.json")) == calls, "a call after the acknowledgement"

    told = [line["kind"] for line in play.timeline(number)]
    order = ["opened", "triaged", "paged", "acknowledged", "category_corrected", "correction_undone", "resolved"]
    assert [kind for kind in told if kind in order and kind != "paged"] == [kind for kind in order if kind != "paged"]
    assert told.count("paged") == 3


def ticket_says(play: Play, key: str, category: str) -> None:
    def labels() -> list[str]:
        found: list[str] = issue(play, key)["fields"]["labels"]
        return [label for label in found if label.startswith("category-")]

    eventually(lambda: labels() == [f"category-{category}"], saying=f"the ticket does not say {category}")


def ticket_status(play: Play, key: str) -> str:
    return str(issue(play, key)["fields"]["status"]["statusCategory"]["key"])


def issue(play: Play, key: str) -> Json:
    response = play.http.get(
        f"{play.sandbox}/jira/rest/api/2/issue/{key}", auth=("sandbox@example.com", "sandbox-token")
    )
    return dict(response.json())


def remembered(play: Play, title: str, category: str) -> bool:
    found = play.api("GET", f"/api/knowledge/search?query={title}&maxResults=5").json()["results"]
    return any(entry["source"].startswith("incident:") and entry["category"] == category for entry in found)
