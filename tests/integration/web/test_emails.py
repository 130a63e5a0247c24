"""An e-mail address is written to once it is verified by a code that was sent there, and by no other way."""

import re
from collections.abc import Callable, Iterator
from typing import cast
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from app.bootstrap import Providers
from incidents.errors import PermanentError, TemporaryError
from incidents.store import Database
from incidents.verifying import MOST_A_DAY, MOST_AN_HOUR, MOST_TRIES
from tests.fakes import FakeMail
from tests.integration.web.conftest import Ask, Json
from tests.integration.web.test_phones import wrong

EVE = "eve@example.com"


@pytest.fixture
def mail(providers: Providers, database: Database) -> Iterator[FakeMail]:
    """Nothing was sent yet."""
    with database.begin() as session:
        session.execute(text("DELETE FROM phone_codes"))
    mail = cast(FakeMail, providers.mail)
    mail.letters.clear()
    yield mail
    providers.__dict__["mail"] = mail


@pytest.fixture
def member(ask: Ask) -> Iterator[Callable[..., Json]]:
    """Invites somebody with that address, and removes them in the end."""
    made: list[str] = []

    def member(address: str | None = EVE) -> Json:
        invited = ask("POST", "members", {"name": f"Eve {uuid4().hex[:6]}", "email": address}, status=201)
        made.append(invited["id"])
        return invited

    yield member
    for each in made:
        ask("DELETE", f"members/{each}")


def code(mail: FakeMail) -> str:
    """That of the last letter."""
    found = re.search(r"is (\d{6})\.", mail.letters[-1].text)
    assert found
    return found[1]


def test_a_code_verifies_the_address(ask: Ask, member: Callable[..., Json], mail: FakeMail) -> None:
    eve = member()
    assert (eve["email"], eve["email_verified"], "is not verified (POST" in eve["not_mailed"]) == (EVE, False, True)
    assert ask("POST", f"members/{eve['id']}/email/code", status=202) == {
        "to": "e…@example.com",
        "by": "email",
        "good_for": 600,
    }
    assert [letter.to for letter in mail.letters] == [EVE]
    right = {"code": code(mail)}
    verified = ask("POST", f"members/{eve['id']}/email/confirm", right)
    assert (verified["email_verified"], verified["not_mailed"]) == (True, None)
    told = ask("POST", f"members/{eve['id']}/email/confirm", right, status=422)
    assert "No code is waiting" in told["detail"]
    assert "/email/code" in told["detail"]


def test_a_code_for_the_address_verifies_no_phone(ask: Ask, member: Callable[..., Json], mail: FakeMail) -> None:
    eve = member()
    ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "email": EVE, "phone": "+12025550177"})
    ask("POST", f"members/{eve['id']}/email/code", status=202)
    told = ask("POST", f"members/{eve['id']}/phone/confirm", {"code": code(mail)}, status=422)
    assert "No code is waiting" in told["detail"]


def test_another_address_wants_to_be_verified_anew(ask: Ask, member: Callable[..., Json], mail: FakeMail) -> None:
    eve = member()
    ask("POST", f"members/{eve['id']}/email/code", status=202)
    right = {"code": code(mail)}
    ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "email": "other@example.com"})
    assert "No code is waiting" in ask("POST", f"members/{eve['id']}/email/confirm", right, status=422)["detail"]
    ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "email": EVE})
    assert ask("POST", f"members/{eve['id']}/email/confirm", right)["email_verified"]
    same = ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "email": "eve@EXAMPLE.com"})
    assert (same["email"], same["email_verified"]) == (EVE, True)
    assert not ask("PUT", f"members/{eve['id']}", {"name": eve["name"], "email": "x@example.com"})["email_verified"]


def test_after_five_wrong_answers_the_right_one_is_worth_nothing(
    ask: Ask, member: Callable[..., Json], mail: FakeMail
) -> None:
    eve = member()
    ask("POST", f"members/{eve['id']}/email/code", status=202)
    for _ in range(MOST_TRIES):
        told = ask("POST", f"members/{eve['id']}/email/confirm", {"code": wrong(code(mail))}, status=422)
        assert "That is not the code" in told["detail"]
    told = ask("POST", f"members/{eve['id']}/email/confirm", {"code": code(mail)}, status=422)
    assert "answers were wrong" in told["detail"]


def test_three_an_hour_to_an_address_whoever_has_it_and_however_it_is_written(
    ask: Ask, member: Callable[..., Json], mail: FakeMail
) -> None:
    one, other = member(), member("EVE@example.com")
    for _ in range(MOST_AN_HOUR):
        ask("POST", f"members/{one['id']}/email/code", status=202)
    assert "within an hour" in ask("POST", f"members/{other['id']}/email/code", status=429)["detail"]
    assert len(mail.letters) == MOST_AN_HOUR


def test_an_organization_sends_so_many_a_day_by_phone_and_mail(
    ask: Ask, member: Callable[..., Json], mail: FakeMail, database: Database
) -> None:
    eve = member()
    with database.begin() as session:
        session.execute(
            text(
                "INSERT INTO phone_codes (id, organization_id, member_id, phone, channel, sent_at, tries) "
                "SELECT gen_random_uuid(), organization_id, id, n || '@example.com', 'email', "
                "now() - interval '2 hours', 0 FROM members, generate_series(1, :n) AS n WHERE id = :id"
            ),
            {"n": MOST_A_DAY, "id": eve["id"]},
        )
    assert "within a day" in ask("POST", f"members/{eve['id']}/email/code", status=429)["detail"]
    assert mail.letters == []


def test_a_test_goes_to_a_verified_address_alone(ask: Ask, member: Callable[..., Json], mail: FakeMail) -> None:
    assert "is not verified" in ask("POST", f"members/{member()['id']}/email/test", status=422)["detail"]
    assert "no e-mail address" in ask("POST", f"members/{member(None)['id']}/email/code", status=422)["detail"]
    assert mail.letters == []
    assert ask("POST", "members/Bea/email/test", status=202)["good_for"] is None
    assert [letter.to for letter in mail.letters] == ["bea@example.com"]


def test_a_mail_server_that_is_away_uses_nobodys_codes_up(
    ask: Ask, member: Callable[..., Json], mail: FakeMail
) -> None:
    eve = member()
    for _ in range(MOST_AN_HOUR):
        mail.fail(TemporaryError("it is away", happened=False), method="send")
        assert "it is away" in ask("POST", f"members/{eve['id']}/email/code", status=503)["detail"]
        mail.fail(PermanentError("550 nobody"), method="send")
        assert "550 nobody" in ask("POST", f"members/{eve['id']}/email/code", status=409)["detail"]
    mail.fail(TemporaryError("no answer"), method="send", after=True)
    ask("POST", f"members/{eve['id']}/email/code", status=503)
    assert ask("POST", f"members/{eve['id']}/email/confirm", {"code": code(mail)})["email_verified"]


@pytest.mark.parametrize(
    "address",
    [
        "eve@example.com\r\nBcc: all@example.com",
        "eve@example.com,all@example.com",
        "Eve <eve@example.com>",
        "\u0435ve@example.com",  # The first letter is Cyrillic.
        "eve\u202e@example.com",
        "eve\x00@example.com",
        "e" * 1000 + "@example.com",
        "eve@" + "e." * 500 + "com",
        "eve@localhost",
        "eve",
        "@",
        "",
    ],
)
def test_what_is_no_address_is_refused(ask: Ask, address: str) -> None:
    ask("POST", "members", {"name": f"Eve {uuid4().hex[:6]}", "email": address}, status=422)


def test_a_domain_that_only_looks_like_ours_shows(member: Callable[..., Json]) -> None:
    assert member("eve@ex\u0430mple.com")["email"] == "eve@xn--exmple-4nf.com"


def test_mail_that_is_off_is_said_wherever_it_would_be_sent(
    ask: Ask, member: Callable[..., Json], mail: FakeMail, providers: Providers
) -> None:
    eve = member()
    step = {"to": {"person": "Bea"}, "also": [{"by": "email", "after": 30}]}
    body = {"name": f"Mail {uuid4().hex[:6]}", "for": {"services": ["mail"]}, "steps": [step]}
    policy = ask("POST", "policies", body, status=201)
    assert policy["not_sent"] is None
    assert ask("PUT", f"policies/{policy['id']}", policy)["steps"] == policy["steps"]

    def troubles() -> set[str | None]:
        calls = ask("GET", f"policies/{policy['id']}/preview")["calls"]
        return {call["trouble"] for call in calls if call["channel"] == "email"}

    assert troubles() == {None}
    providers.__dict__["mail"] = None
    off = "E-mail is off. Set SMTP_URL and MAIL_FROM."
    assert ask("POST", f"members/{eve['id']}/email/code", status=409)["detail"] == off
    assert ask("GET", f"policies/{policy['id']}")["not_sent"] == off
    assert ask("GET", "policies/default")["not_sent"] is None
    assert troubles() == {off}
    ask("DELETE", f"policies/{policy['id']}")


def test_nobody_of_another_organization_is_sent_a_code(ask: Ask, application: APIFlask, mail: FakeMail) -> None:
    made = ask("POST", "organizations", {"name": f"Globex {uuid4().hex[:6]}"}, status=201)
    theirs = application.test_client()
    theirs.environ_base["HTTP_X_API_KEY"] = made["key"]
    for act in ("code", "test"):
        assert theirs.post(f"/api/v1/members/Bea/email/{act}").status_code == 404
    assert mail.letters == []
