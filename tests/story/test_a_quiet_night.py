"""Bea sleeps, and Cy has the night: a policy for a service, quiet hours, a text and a mention beside the call."""

from datetime import UTC, datetime, timedelta

from tests.play import Phone, Play, eventually

BEA, CY = "+12025550111", "+12025550112"
CHECKOUT = {
    "name": "Checkout",
    "for": {"services": ["checkout"]},
    "steps": [{"calls": 1, "wait": 600, "also": [{"by": "slack", "after": 0}, {"by": "text", "after": 0}]}],
    "page_anyway_after": 0,
}


def test_whoever_sleeps_is_left_alone_and_the_other_is_told_in_three_ways(play: Play) -> None:
    now = datetime.now(UTC)
    hours = {"from": f"{now - timedelta(hours=1):%H:%M}", "to": f"{now + timedelta(hours=2):%H:%M}", "zone": "UTC"}
    assert play.api("PUT", "/api/v1/members/Bea/rules", {"quiet": hours}).status_code == 200
    assert play.api("POST", "/api/v1/policies", CHECKOUT).status_code == 201
    try:
        _night(play)
    finally:
        play.api("DELETE", "/api/v1/policies/Checkout")
        play.api("PUT", "/api/v1/members/Bea/rules", {})


def _night(play: Play) -> None:
    foreseen = play.api("GET", "/api/v1/preview?severity=MEDIUM&service=checkout").json()
    assert foreseen["policy"] == "Checkout"
    ways = [(call["person"], call["channel"]) for call in foreseen["calls"][:3]]
    assert sorted(ways) == [("Cy", "phone"), ("Cy", "slack"), ("Cy", "text")]

    text = "Payment takes twenty seconds for some customers"
    incident = play.report(title=text, severity="MEDIUM", service="Checkout")
    number = incident["number"]
    assert incident["policy"] == "Checkout"
    phone = Phone(play, CY)
    phone.ring()
    told = f"Tocsin #{number}: {text}. Take it: /incident ack {number}"
    eventually(lambda: told in _texts(play, CY), saying="Cy was sent no text")
    mention = "<@U0CY>, you are on call for"
    eventually(
        lambda: [each for each in play.messages(f"incident-{number}") if mention in each["text"]],
        saying="Cy was not mentioned",
    )
    phone.answer()
    phone.press("4")
    eventually(lambda: play.incident(number)["acknowledged_by"] == "Cy", saying="Cy did not get it")
    assert told not in _texts(play, BEA)
    assert [line["details"]["by"] for line in play.timeline(number) if line["kind"] in ("paged", "messaged")].count(
        "text"
    ) == 1


def _texts(play: Play, to: str) -> list[str]:
    return [text["body"] for text in Phone(play, to).state()["texts"]]
