"""Somebody new: invited, their phone verified by a code that they hear, put on call, called, and removed again."""

import re

from tests.play import Person, Phone, Play, eventually

NUMBER = "+12025550199"


def test_from_the_invitation_to_the_first_page(play: Play) -> None:
    eve = play.api("POST", "/api/v1/members", {"name": "Eve", "phone": NUMBER}).json()
    before = play.api("GET", "/api/v1/policies/default").json()
    play.api("PUT", "/api/v1/policies/default", {"steps": [{"to": {"person": "Eve"}}]})
    trouble = play.api("GET", "/api/v1/policies/default/preview").json()["calls"][0]["trouble"]
    assert "Eve's number is not verified" in trouble

    phone = Phone(play, NUMBER)
    assert play.api("POST", "/api/v1/members/Eve/phone/code", {"by": "call"}).status_code == 202
    phone.ring()
    phone.answer()
    eventually(lambda: "code for your phone" in phone.heard(), saying="no code was said")
    said = re.search(r"is: ((?:\d, ){5}\d)", phone.heard())
    assert said
    code = said[1].replace(", ", "")
    assert play.api("POST", "/api/v1/members/Eve/phone/confirm", {"code": code}).json()["phone_verified"]
    assert play.api("GET", "/api/v1/policies/default/preview").json()["calls"][0]["person"] == "Eve"

    number = play.report(title="Checkout returns 502 for everybody", severity="HIGH")["number"]
    phone.ring()
    phone.answer()
    phone.press("4")
    eventually(lambda: play.incident(number)["acknowledged_by"] == "Eve", saying="Eve did not get it")
    told = play.api("DELETE", "/api/v1/members/Eve")
    assert (told.status_code, "is to be called (the policy)" in told.json()["detail"]) == (409, True)

    steps = [{name: step[name] for name in ("calls", "every", "wait")} for step in before["steps"]]
    play.api("PUT", "/api/v1/policies/default", {"steps": steps, "repeat": before["repeat"]})
    assert play.api("DELETE", f"/api/v1/members/{eve['id']}").status_code == 200


def test_a_guest_of_the_workspace_changes_nothing_and_is_told_what_helps(play: Play) -> None:
    number = play.report(title="A lamp in the yard flickers", severity="LOW")["number"]
    before = len(play.incidents())
    dee = Person(play, "U0DEE", "+12025550113")
    for typed in (f"/incident ack {number}", "/incident everything is down"):
        assert "You have no role here" in str(dee.types(typed, channel="tocsin"))
    assert play.incident(number)["status"] == "open"
    assert len(play.incidents()) == before
