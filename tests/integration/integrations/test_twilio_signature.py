"""A request is Twilio's only when its signature says so. The signatures are computed here, by the documented recipe."""

import base64
import hashlib
import hmac

import pytest
from werkzeug.datastructures import MultiDict

from integrations.twilio_signature import valid_signature

URL = "https://tocsin.example.com/voice/incoming?name=caf%C3%A9&x=a%20b"
FORM = {"CallSid": "CA1", "From": "+12025550199", "Digits": "4"}
TOKEN = "secret"


def sign(token: str, url: str, form: dict[str, str]) -> str:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-security: the address, then the form sorted by name."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def test_what_twilio_signed_is_valid() -> None:
    assert valid_signature([TOKEN], url=URL, params=FORM, signature=sign(TOKEN, URL, FORM))


def test_twilio_may_have_signed_the_address_with_its_port() -> None:
    signed = URL.replace(".com/", ".com:443/")
    assert valid_signature([TOKEN], url=URL, params=FORM, signature=sign(TOKEN, signed, FORM))


@pytest.mark.parametrize(
    "changed",
    [
        {"url": URL.replace("incoming", "outgoing")},
        {"url": URL.replace("tocsin", "evil")},
        {"url": URL.replace("%C3%A9", "é")},
        {"params": FORM | {"Digits": "6"}},
        {"params": {}},
        {"signature": ""},
        {"signature": None},
        {"signature": "é" * 28},
        {"auth_tokens": []},
        {"auth_tokens": [""]},
        {"auth_tokens": ["other"]},
    ],
)
def test_anything_else_is_not(changed: dict[str, object]) -> None:
    given: dict[str, object] = {"auth_tokens": [TOKEN], "url": URL, "params": FORM, "signature": sign(TOKEN, URL, FORM)}
    given |= changed
    tokens = given.pop("auth_tokens")
    assert not valid_signature(tokens, **given)  # type: ignore[arg-type]


def test_two_tokens_are_good_during_a_rotation() -> None:
    assert valid_signature(["new", TOKEN], url=URL, params=FORM, signature=sign(TOKEN, URL, FORM))


def test_a_name_that_comes_twice_is_signed_twice() -> None:
    url = "https://tocsin.example.com/voice"
    text = url + "Aone" + "Atwo"
    signature = base64.b64encode(hmac.new(b"secret", text.encode(), hashlib.sha1).digest()).decode()
    assert valid_signature([TOKEN], url=url, params=MultiDict([("A", "two"), ("A", "one")]), signature=signature)


def test_a_json_body_must_carry_its_hash() -> None:
    body = b'{"x": 1}'
    url = f"https://tocsin.example.com/voice?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = sign(TOKEN, url, {})
    assert valid_signature([TOKEN], url=url, body=body, signature=signature)
    assert not valid_signature([TOKEN], url=url, body=b'{"x": 2}', signature=signature)
    bare = "https://tocsin.example.com/voice"
    assert not valid_signature([TOKEN], url=bare, body=body, signature=sign(TOKEN, bare, {}))
