"""A number is called once it is verified: by a code that is spoken or texted, and by no other way."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.bootstrap import Providers
from app.settings import Settings
from incidents.errors import PermanentError, TemporaryError
from incidents.store import Database
from incidents.verifying import MOST_A_DAY, MOST_AN_HOUR, MOST_TRIES
from tests.fakes import FakePhone
from tests.integration.web.conftest import Ask, Json

NUMBER = "+12025550177"
PREMIUM, FOREIGN = "+19005550111", "+4915112345678"


@pytest.fixture
def phone(providers: Providers, database: Database) -> Iterator[FakePhone]:
    """Nothing was dialled yet."""
    with database.begin() as session:
        session.execute(text("DELETE FROM phone_codes"))
    phone = cast(FakePhone, providers.phone)
    phone.placed.clear()
    phone.texted.clear()
    yield phone
    phone.placed.clear()


@pytest.fixture
def member(ask: Ask) -> Iterator[Callable[..., Json]]:
    """Invites somebody with that number, and removes them in the end."""
    made: list[str] = []

    def member(number: str | None = NUMBER) -> Json:
        invited = ask("POST", "members", {"name": f"Eve {uuid4().hex[:6]}", "phone": number}, status=201)
        made.append(invited["id"])
        return invited

    yield member
    for each in made:
        ask("DELETE", f"members/{each}")


def code(said: str) -> str:
    digits = re.search(r"is:? (\d(?:,? ?\d){5})", said)
    assert digits, said
    return re.sub(r"\D", "", digits[1])


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def test_a_spoken_code_verifies_the_number(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    eve = member()
    assert (eve["phone_verified"], "is not verified (POST" in eve["not_called"]) == (False, True)
    sent = ask("POST", f"members/{eve['id']}/phone/code", {}, status=202)
    assert sent == {"to": "+1…0177", "by": "call", "good_for": 600}
    (call,) = phone.placed
    assert call.to == NUMBER
    assert call.twiml.count(", ".join(code(call.twiml))) == 3
    verified = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": code(call.twiml)})
    assert (verified["phone_verified"], verified["not_called"]) == (True, None)
    told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": code(call.twiml)}, status=422)
    assert "No code is waiting" in told["detail"]


def test_a_texted_code_verifies_it_too(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    eve = member()
    ask("POST", f"members/{eve['id']}/phone/code", {"by": "text"}, status=202)
    ((to, body),) = phone.texted
    assert (to, phone.placed) == (NUMBER, [])
    assert ask("POST", f"members/{eve['id']}/phone/confirm", {"code": f" {code(body)} "})["phone_verified"]


def test_another_number_wants_to_be_verified_anew(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    eve = member()
    ask("POST", f"members/{eve['id']}/phone/code", {"by": "text"}, status=202)
    old = code(phone.texted[0][1])
    same = ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "phone": "+12025550178"})
    assert not same["phone_verified"]
    assert (
        "No code is waiting" in ask("POST", f"members/{eve['id']}/phone/confirm", {"code": old}, status=422)["detail"]
    )
    ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "phone": NUMBER})
    assert ask("POST", f"members/{eve['id']}/phone/confirm", {"code": old})["phone_verified"]
    renamed = ask("PUT", f"members/{eve['id']}", {"name": f"{eve['name']} B", "phone": NUMBER})
    assert renamed["phone_verified"]


def test_after_five_wrong_answers_the_right_one_is_worth_nothing(
    ask: Ask, member: Callable[..., Json], phone: FakePhone
) -> None:
    eve = member()
    ask("POST", f"members/{eve['id']}/phone/code", {"by": "text"}, status=202)
    right = code(phone.texted[0][1])
    for _ in range(MOST_TRIES):
        told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": wrong(right)}, status=422)
        assert "That is not the code" in told["detail"]
    told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": right}, status=422)
    assert "answers were wrong" in told["detail"]


def test_an_old_code_is_worth_nothing(
    ask: Ask, member: Callable[..., Json], phone: FakePhone, database: Database
) -> None:
    eve = member()
    for _ in range(2):
        ask("POST", f"members/{eve['id']}/phone/code", {"by": "text"}, status=202)
    first, second = (code(body) for _, body in phone.texted)
    if first != second:
        told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": first}, status=422)
        assert "That is not the code" in told["detail"]
    with database.begin() as session:
        session.execute(text("UPDATE phone_codes SET sent_at = sent_at - :by"), {"by": timedelta(minutes=11)})
    told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": second}, status=422)
    assert "older than ten minutes" in told["detail"]


def test_a_number_is_dialled_three_times_an_hour_whoever_has_it(
    ask: Ask, member: Callable[..., Json], phone: FakePhone
) -> None:
    one, other = member(), member()
    for _ in range(MOST_AN_HOUR):
        ask("POST", f"members/{one['id']}/phone/code", {}, status=202)
    told = ask("POST", f"members/{other['id']}/phone/code", {"by": "text"}, status=429)
    assert "within an hour" in told["detail"]
    assert (len(phone.placed), phone.texted) == (MOST_AN_HOUR, [])


def test_an_organization_dials_so_often_a_day(
    ask: Ask, member: Callable[..., Json], phone: FakePhone, database: Database
) -> None:
    eve = member()
    with database.begin() as session:
        session.execute(
            text(
                "INSERT INTO phone_codes (id, organization_id, member_id, phone, channel, sent_at, tries) "
                "SELECT gen_random_uuid(), organization_id, id, '+1202555' || n, 'call', now() - interval '2 hours', 0 "
                "FROM members, generate_series(1, :n) AS n WHERE id = :id"
            ),
            {"n": MOST_A_DAY, "id": eve["id"]},
        )
    assert "within a day" in ask("POST", f"members/{eve['id']}/phone/code", {}, status=429)["detail"]
    assert phone.placed == []


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (PREMIUM, "is a premium number"),
        (FOREIGN, "is in DE, and only US is called. An admin adds a country with PUT"),
        ("the product's", "is Tocsin's own number"),
        (None, "has no phone number. Give one"),
    ],
)
@pytest.mark.parametrize("way", ["code by call", "code by text", "test"])
def test_what_is_not_dialled_whatever_one_asks(
    ask: Ask,
    member: Callable[..., Json],
    phone: FakePhone,
    settings: Settings,
    number: str | None,
    says: str,
    way: str,
) -> None:
    eve = member(settings.twilio_number if number == "the product's" else number)
    address = f"members/{eve['id']}/phone/{'test' if way == 'test' else 'code'}"
    told = ask("POST", address, {"by": way.split()[-1]} if way != "test" else {}, status=422)
    assert says in told["detail"]
    assert (phone.placed, phone.texted) == ([], [])


def test_a_country_that_an_admin_allows_is_called(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    own = ask("GET", "organizations")["organizations"][0]
    eve = member(FOREIGN)
    ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "countries": ["US", "DE", "DE"]})
    ask("POST", f"members/{eve['id']}/phone/code", {}, status=202)
    changed = ask("PUT", f"organizations/{own['id']}", {"name": own["name"], "countries": ["US"]})
    assert changed == own
    assert [call.to for call in phone.placed] == [FOREIGN]


def test_a_test_call_goes_to_a_verified_number_alone(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    told = ask("POST", f"members/{member()['id']}/phone/test", {}, status=422)
    assert "is not verified (POST" in told["detail"]
    assert phone.placed == []
    assert ask("POST", "members/Bea/phone/test", {}, status=202)["good_for"] is None
    (call,) = phone.placed
    assert call.to == "+12025550111"
    assert "This is Tocsin with a test call" in call.twiml


def test_a_provider_that_is_away_is_said(ask: Ask, member: Callable[..., Json], phone: FakePhone) -> None:
    eve = member()
    for _ in range(MOST_AN_HOUR):
        phone.fail(TemporaryError("Twilio is away", happened=False), method="call")
        assert "Twilio is away" in ask("POST", f"members/{eve['id']}/phone/code", {}, status=503)["detail"]
        phone.fail(PermanentError("the account is closed"), method="call")
        assert "the account is closed" in ask("POST", f"members/{eve['id']}/phone/code", {}, status=409)["detail"]
    ask("POST", f"members/{eve['id']}/phone/code", {}, status=202)


def test_a_code_whose_answer_was_lost_counts_and_is_worth_something(
    ask: Ask, member: Callable[..., Json], phone: FakePhone
) -> None:
    """Nobody knows whether it was sent: it may have cost a call, and somebody may have heard it."""
    eve = member()
    phone.fail(TemporaryError("Twilio did not answer"), method="call", after=True)
    ask("POST", f"members/{eve['id']}/phone/code", {}, status=503)
    assert ask("POST", f"members/{eve['id']}/phone/confirm", {"code": code(phone.placed[0].twiml)})["phone_verified"]
    for _ in range(MOST_AN_HOUR - 1):
        ask("POST", f"members/{eve['id']}/phone/code", {}, status=202)
    ask("POST", f"members/{eve['id']}/phone/code", {}, status=429)


@pytest.mark.parametrize("bad", ["12345", "1234567", "abcdef", ""])
def test_what_is_no_code_counts_as_no_answer(ask: Ask, member: Callable[..., Json], bad: str) -> None:
    told = ask("POST", f"members/{member()['id']}/phone/confirm", {"code": bad}, status=422)
    assert told["errors"][0]["field"] == "code"
