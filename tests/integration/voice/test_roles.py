"""Each role at each key of a paging call, as it is when the key is pressed; and the hotline, which is for everybody."""

import pytest
from sqlalchemy import update

from incidents.models import Member
from incidents.roles import Role
from incidents.words import Status
from tests.books import Books
from tests.integration.voice.twilio import BEA, Caller, Paged, Twilio

NOT_ALLOWED = "You may not do that any more: an admin has changed your role. The others go on being called."


@pytest.fixture
def page(twilio: Twilio, books: Books) -> Paged:
    """Bea's phone rings for incident 1."""
    books.urgent()
    page = Paged(twilio, books.call().token)
    page.is_told("ringing", 1)
    return page


def give(books: Books, role: Role | None) -> None:
    """Bea has that role from now on; None: she was removed."""
    now = books.database.now()
    values = {"removed_at": now} if role is None else {"role": role}
    with books.database.begin() as session:
        session.execute(update(Member).where(Member.name == "Bea").values(**values))


@pytest.mark.parametrize(
    ("keys", "acts"), [("4", True), ("5", True), ("66", True), ("0", False), ("*", False)], ids=lambda each: str(each)
)
@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_role_at_each_key(page: Paged, books: Books, role: Role | None, keys: str, acts: bool) -> None:
    give(books, role)
    before = books.timeline()
    heard = page.presses(keys[0])
    if len(keys) > 1 and heard.said != NOT_ALLOWED:
        heard = page.presses(keys[1], at=heard.next)
    may = role is not None and role.may(Role.RESPONDER)
    assert (heard.said == NOT_ALLOWED) is (acts and not may)
    assert (books.timeline() != before) is (acts and may)
    if not may:
        assert books.incident().status is Status.OPEN


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_whoever_calls_the_hotline_can_report(twilio: Twilio, books: Books, role: Role | None) -> None:
    give(books, role)
    Caller(twilio, number=BEA).dials()
    assert len(books.incidents()) == 1


def test_who_is_no_responder_any_more_is_not_called(books: Books) -> None:
    books.urgent()
    give(books, Role.MEMBER)
    assert books.next_call() == ("Cy", 0.0)
