"""Bea misses a page, calls the number back, and takes the incident with her PIN; nobody hears of a report."""

from tests.play import Play, eventually


def test_a_page_that_was_missed_is_taken_by_calling_back(play: Play) -> None:
    assert play.api("PUT", "/api/v1/members/Bea/pin", {"pin": "27182"}).json()["has_pin"]
    number = play.report(title="Checkout returns 502 for everybody", severity="HIGH")["number"]
    phone = play.bea.phone
    phone.ring()
    phone.hang_up()

    phone.call("+12025550100")
    assert "You were called about incident" in phone.heard()
    phone.press("4")
    phone.press("4")
    assert phone.heard().endswith("Enter your PIN, then press pound.")
    phone.press("27181#")
    assert phone.heard().endswith("That is not your PIN. Enter your PIN, then press pound.")
    phone.press("27182#")
    assert "Acknowledged. You own incident" in phone.heard()
    incident = play.incident(number)
    assert (incident["status"], incident["acknowledged_by"]) == ("acknowledged", "Bea")

    withdrawn = play.incidents()[0]
    assert (withdrawn["title"], withdrawn["status"]) == ("Call from Bea", "resolved")
    eventually(lambda: "caller_hung_up" in [line["kind"] for line in play.timeline(withdrawn["number"])])
    jobs = [(job["kind"], job["outcome"]) for job in play.jobs(withdrawn["number"])]
    assert sorted(jobs) == [("PAGE", "cancelled"), ("TRIAGE", "cancelled")]
    assert play.api("DELETE", "/api/v1/members/Bea/pin").status_code == 200
