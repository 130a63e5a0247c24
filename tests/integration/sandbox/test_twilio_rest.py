"""Twilio's REST API as its own SDK sees it: calls are placed, listed, changed, refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.integration.sandbox.phones import ANYBODY, BEA, CY, HOTLINE, SID, Phone, client
from tests.integration.sandbox.running import RunningSandbox

HELLO = "<Response><Say>Hello</Say></Response>"
PLACE = "POST /Accounts/{Sid}/Calls.json"


def test_a_placed_call_is_one_effect_in_the_ledger(sandbox: RunningSandbox) -> None:
    call = client(sandbox).calls.create(to=BEA, from_=HOTLINE, twiml=HELLO)
    (entry,) = sandbox.ledger("twilio", PLACE)
    assert (call.status, call.direction, call.duration) == ("queued", "outbound-api", None)
    assert entry["effect"] == {"call": call.sid, "to": BEA, "from": HOTLINE}
    assert "Authorization" not in str(entry)


def test_a_call_whose_answer_was_lost_can_be_found(sandbox: RunningSandbox) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    sandbox.post("/control/fault", provider="twilio", method=PLACE, kind="reset-after", times=1)
    with pytest.raises(requests.ConnectionError):
        client(sandbox).calls.create(to=BEA, from_=HOTLINE, twiml=HELLO)
    found = client(sandbox).calls.list(to=BEA, start_time_after=before, limit=20)
    (entry,) = [one for one in sandbox.ledger("twilio", PLACE) if one["effect"]]
    assert [call.sid for call in found] == [entry["effect"]["call"]]
    assert isinstance(found[0].start_time, datetime)


def test_lists_come_in_pages_and_filter(sandbox: RunningSandbox) -> None:
    twilio = client(sandbox)
    for to in (BEA, CY, ANYBODY):
        twilio.calls.create(to=to, from_=HOTLINE, twiml=HELLO)
    assert [call.to for call in twilio.calls.stream(page_size=1)] == [ANYBODY, CY, BEA]
    assert [call.to for call in twilio.calls.list(to=CY)] == [CY]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert twilio.calls.list(start_time_after=tomorrow) == []


def test_a_ringing_call_can_be_ended(sandbox: RunningSandbox) -> None:
    call = client(sandbox).calls.create(to=BEA, from_=HOTLINE, twiml=HELLO)
    Phone(sandbox, BEA).rings()
    call.update(status="completed")
    Phone(sandbox, BEA).is_idle()
    assert call.fetch().status == "canceled"


def test_a_running_call_can_be_turned_to_other_twiml(sandbox: RunningSandbox) -> None:
    call = client(sandbox).calls.create(
        to=BEA, from_=HOTLINE, twiml="<Response><Say>One</Say><Pause length='60'/></Response>"
    )
    bea = Phone(sandbox, BEA)
    bea.rings()
    bea.does("answer")
    call.update(twiml="<Response><Say>Two</Say></Response>")
    bea.is_idle()
    assert bea.heard() == ["One", "Two"]


def test_a_call_that_is_over_cannot_be_changed(sandbox: RunningSandbox) -> None:
    call = client(sandbox).calls.create(to=BEA, from_=HOTLINE, twiml=HELLO)
    Phone(sandbox, BEA).rings()
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).is_idle()
    with pytest.raises(TwilioRestException) as refused:
        call.update(status="completed")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_the_account_can_be_fetched(sandbox: RunningSandbox) -> None:
    assert client(sandbox).api.accounts(SID).fetch().status == "active"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "+15005550001"}, 21211),
        ({"twiml": "<Response><Say>Hello</Response>"}, 12100),
        ({"twiml": "<Reply/>"}, 12102),
        ({"twiml": "<Response><Shout>Hello</Shout></Response>"}, 12200),
        ({"timeout": 700}, 21208),
        ({"machine_detection": "Yes"}, 20001),
    ],
)
def test_a_refused_call_has_no_effect(sandbox: RunningSandbox, change: dict[str, Any], code: int) -> None:
    """The refusals themselves stand in `refusals/`."""
    asked: dict[str, Any] = {"to": BEA, "from_": HOTLINE, "twiml": HELLO}
    with pytest.raises(TwilioRestException) as refused:
        client(sandbox).calls.create(**asked | change)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert sandbox.ledger("twilio", PLACE)[-1]["effect"] is None
