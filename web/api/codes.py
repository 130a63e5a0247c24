"""Codes and tests, by phone and by e-mail alike: begun, sent while somebody waits for them, and said again."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, Field

from incidents import people, verifying
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.people import Known
from incidents.store import Transaction
from incidents.verifying import Channel, Sending, TooMany, Verified
from web.api.members import MemberShape
from web.conflicts import CONFLICT
from web.desk import desk
from web.refusal import Refusal

SENDS = {429: "Enough was sent for now.", 503: "The provider is away.", **CONFLICT}


class ConfirmBody(BaseModel):
    code: Annotated[str, Field(pattern=r"^\s*[0-9]{6}\s*$", description="the six digits that were said")]


class SentShape(BaseModel):
    to: str = Field(description="the number, but for its middle; or the address, but for the name in it")
    by: Channel
    good_for: int | None = Field(description="seconds in which the code can be confirmed; null for a test")


def sent(
    member: str,
    begin: Callable[[Transaction, Known], Sending],
    send: Callable[[Sending], None],
    *,
    masked: Callable[[str], str],
) -> SentShape:
    """In the request, for somebody waits for it: whoever asks tries again, and no job does."""
    with desk().store.begin() as tx:
        sending = _room(lambda: begin(tx, people.named(tx, member)))
    try:
        send(sending)
    except TemporaryError as error:
        if error.happened is False:
            _forget(sending)
        raise
    except PermanentError as error:
        _forget(sending)
        raise Refusal(409, f"Nothing was sent to {sending.to}: {error}") from error
    good_for = None if sending.code is None else round(verifying.GOOD_FOR.total_seconds())
    return SentShape(to=masked(sending.to), by=sending.channel, good_for=good_for)


def confirmed(member: str, body: ConfirmBody, *, of: Verified) -> MemberShape:
    with desk().store.begin() as tx:
        person = people.named(tx, member)
        try:
            return MemberShape.of(verifying.confirm(tx, person, body.code.strip(), of=of))
        except IncidentError as error:
            wrong = str(error)  # The wrong answer is counted: this transaction is committed.
    raise Refusal(422, wrong)


def _room(begin: Callable[[], Sending]) -> Sending:
    try:
        return begin()
    except TooMany as error:
        wait = {"Retry-After": str(int(error.after.total_seconds()))}
        raise Refusal(429, str(error), headers=wait) from error


def _forget(sending: Sending) -> None:
    with desk().store.begin() as tx:
        verifying.forget(tx, sending)
