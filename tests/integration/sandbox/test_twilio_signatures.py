"""Every form of an address is signed so that Twilio's own SDK takes it: https://www.twilio.com/docs/usage/webhooks/webhooks-security."""

import pytest
from twilio.request_validator import RequestValidator

from tests.integration.sandbox.phones import BEA, HOTLINE, TOKEN, Phone, client, form
from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox

HELLO = Answered(b"<Response><Say>Hello</Say></Response>", media_type="text/xml")


def valid(product: Receiver, got: Received, path: str | None = None) -> bool:
    sent = form(got) if got.method == "POST" else {}
    signature = got.headers["x-twilio-signature"]
    return bool(RequestValidator(TOKEN).validate(product.url + (path or got.path), sent, signature))


def page(sandbox: RunningSandbox, product: Receiver, path: str, method: str = "POST") -> Received:
    """Bea is called and answers; the request for what she hears."""
    client(sandbox).calls.create(to=BEA, from_=HOTLINE, url=product.url + path, method=method)
    Phone(sandbox, BEA).rings()
    Phone(sandbox, BEA).does("answer")
    Phone(sandbox, BEA).is_idle()
    return product.got[0]


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "path",
    ["/voice", "/voice?token=a%2Bb&n=1", "/voice/a%20b/%C3%A9", "/voice?empty=&flag", "/voice?x=1&x=2", "/voice?q=a+b"],
)
def test_the_address_is_signed_as_it_arrives(
    sandbox: RunningSandbox, product: Receiver, path: str, method: str
) -> None:
    product.rule = lambda received: HELLO
    got = page(sandbox, product, path, method)
    assert got.path.startswith(path)
    assert valid(product, got)
    assert Phone(sandbox, BEA).heard() == ["Hello"]


def test_what_stands_behind_the_hash_is_neither_sent_nor_signed(sandbox: RunningSandbox, product: Receiver) -> None:
    product.rule = lambda received: HELLO
    got = page(sandbox, product, "/voice?n=1#rc=2&rp=5xx,ct,rt")
    assert got.path == "/voice?n=1"
    assert valid(product, got)


def test_where_a_redirect_leads_is_signed_for_itself(sandbox: RunningSandbox, product: Receiver) -> None:
    def moved(received: Received) -> Answered:
        return Answered(status=307, location="/elsewhere?n=2") if received.path == "/voice" else HELLO

    product.rule = moved
    page(sandbox, product, "/voice")
    first, second = product.got
    assert [one.path for one in (first, second)] == ["/voice", "/elsewhere?n=2"]
    assert valid(product, second)
    assert not valid(product, second, "/voice")
    assert form(second)["CallSid"] == form(first)["CallSid"]
