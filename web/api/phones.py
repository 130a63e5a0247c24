"""POST …/phone/code, /confirm, /test: that a member's number is theirs, and that calls arrive."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import dialling, people, verifying
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.ports import Phone
from incidents.verifying import Channel, Sending, TooMany
from integrations import prompts, twiml
from web.api.members import MemberShape
from web.conflicts import CONFLICT
from web.desk import desk
from web.refusal import Refusal

RING_FOR = timedelta(seconds=25)
DIALS = {429: "Enough was dialled for now.", 503: "The phone provider is away.", **CONFLICT}

api = APIBlueprint("phones", __name__, tag="Members")


class CodeBody(BaseModel):
    by: Channel = Field(Channel.CALL, description="whether the code is spoken or texted")


class ConfirmBody(BaseModel):
    code: Annotated[str, Field(pattern=r"^\s*[0-9]{6}\s*$", description="the six digits that were said")]


class SentShape(BaseModel):
    to: str = Field(description="the number, but for its middle")
    by: Channel
    good_for: int | None = Field(description="seconds in which the code can be confirmed; null for a test call")


@api.post("/api/v1/members/<member>/phone/code")
@api.input(CodeBody, arg_name="body", example={"by": "text"})
@api.output(SentShape, 202)
@api.doc(summary="Send a code to a member's phone", responses=DIALS)
def send_code(member: str, body: CodeBody) -> SentShape:
    """A number is paged once somebody who has the phone has said the code: `POST …/phone/confirm`."""
    phone = _phone()
    with desk().store.begin() as tx:
        sending = _room(lambda: verifying.begin(tx, people.named(tx, member), body.by, own=_own()))
    return _sent(phone, sending)


@api.post("/api/v1/members/<member>/phone/confirm")
@api.input(ConfirmBody, arg_name="body", example={"code": "123456"})
@api.output(MemberShape)
@api.doc(summary="Say the code: the number is verified")
def confirm(member: str, body: ConfirmBody) -> MemberShape:
    """After five wrong answers, or ten minutes, another code is needed."""
    with desk().store.begin() as tx:
        person = people.named(tx, member)
        try:
            return MemberShape.of(verifying.confirm(tx, person, body.code.strip()))
        except IncidentError as error:
            wrong = str(error)  # The wrong answer is counted: this transaction is committed.
    raise Refusal(422, wrong)


@api.post("/api/v1/members/<member>/phone/test")
@api.output(SentShape, 202)
@api.doc(summary="Call a member now, to see that calls arrive", responses=DIALS)
def test_call(member: str) -> SentShape:
    phone = _phone()
    with desk().store.begin() as tx:
        sending = _room(lambda: verifying.begin_test(tx, people.named(tx, member), own=_own()))
    return _sent(phone, sending)


def _phone() -> Phone:
    phone = desk().providers.phone
    if phone is None:
        raise Refusal(409, "Phone calls are off. Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER.")
    return phone


def _own() -> list[str]:
    number = desk().settings.twilio_number
    return [number] if number else []


def _room(begin: Callable[[], Sending]) -> Sending:
    try:
        return begin()
    except TooMany as error:
        wait = {"Retry-After": str(int(error.after.total_seconds()))}
        raise Refusal(429, str(error), headers=wait) from error


def _forget(sending: Sending) -> None:
    with desk().store.begin() as tx:
        verifying.forget(tx, sending)


def _sent(phone: Phone, sending: Sending) -> SentShape:
    """In the request, for somebody waits with the phone in their hand: whoever asks tries again, and no job does."""
    try:
        if sending.channel is Channel.TEXT:
            phone.text(to=sending.to, body=prompts.code_texted(sending.code or ""))
        else:
            said = prompts.test_call() if sending.code is None else prompts.code_spoken(sending.code)
            phone.call(to=sending.to, twiml=twiml.said(said), ring_for=RING_FOR)
    except TemporaryError as error:
        if error.happened is False:
            _forget(sending)
        raise
    except PermanentError as error:
        _forget(sending)
        raise Refusal(409, f"The phone provider does not dial {sending.to}: {error}") from error
    good_for = None if sending.code is None else round(verifying.GOOD_FOR.total_seconds())
    return SentShape(to=dialling.masked(sending.to), by=sending.channel, good_for=good_for)
