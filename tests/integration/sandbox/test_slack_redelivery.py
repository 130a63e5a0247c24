"""An event that the app does not take comes three times more: at once, after a minute, after five minutes."""

from functools import partial

from slack_sdk.signature import SignatureVerifier

from tests.integration.sandbox.phones import eventually
from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox

VERIFIER = SignatureVerifier("sandbox-signing-secret")


def ana_writes(sandbox: RunningSandbox) -> None:
    sandbox.post("/control/slack/message", user="ana", channel="general", text="hello")


def attempts(product: Receiver) -> list[str]:
    return [one.headers.get("x-slack-retry-num", "0") for one in product.got]


def come(sandbox: RunningSandbox, product: Receiver, count: int) -> None:
    """The first repetition comes by itself; those of later minutes are asked for."""
    while len(product.got) < count:
        number = len(product.got)
        if number > 1:
            sandbox.post("/control/slack/redeliver")
        eventually(lambda: {"got": len(product.got)}, partial(_is_more, number))


def _is_more(than: int, seen: dict[str, int]) -> bool:
    return seen["got"] > than


def test_four_times_in_all_and_then_never_again(sandbox: RunningSandbox, product: Receiver) -> None:
    product.rule = lambda received: Answered(status=500)
    ana_writes(sandbox)
    come(sandbox, product, 4)
    sandbox.post("/control/slack/redeliver")
    eventually(lambda: {"said": len(sandbox.ledger("slack", "event message"))}, lambda seen: seen["said"] == 4)
    assert attempts(product) == ["0", "1", "2", "3"]
    assert {one.body for one in product.got} == {product.got[0].body}
    assert all(VERIFIER.is_valid_request(one.body, one.headers) for one in product.got)


def test_each_repetition_says_why_the_one_before_failed(sandbox: RunningSandbox, product: Receiver) -> None:
    def late_and_then_wrong(received: Received) -> Answered:
        return Answered(after_seconds=3.3) if len(product.got) == 1 else Answered(status=503)

    product.rule = late_and_then_wrong
    ana_writes(sandbox)
    come(sandbox, product, 3)
    reasons = [one.headers.get("x-slack-retry-reason") for one in product.got]
    assert reasons == [None, "http_timeout", "http_error"]


def test_who_has_taken_it_hears_no_more(sandbox: RunningSandbox, product: Receiver) -> None:
    product.rule = lambda received: Answered(status=500 if len(product.got) == 1 else 200)
    ana_writes(sandbox)
    come(sandbox, product, 2)
    sandbox.post("/control/slack/redeliver")
    assert attempts(product) == ["0", "1"]
