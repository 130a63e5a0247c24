"""POST …/phone/code, /confirm, /test: that a member's number is theirs, and that calls arrive."""

from datetime import timedelta
from functools import partial
from typing import Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import dialling, verifying
from incidents.ports import Phone
from incidents.verifying import Channel, Sending, Verified
from integrations import prompts, twiml
from web.api import codes
from web.api.codes import SENDS, ConfirmBody, SentShape
from web.api.members import MemberShape
from web.desk import desk
from web.refusal import Refusal

RING_FOR = timedelta(seconds=25)

api = APIBlueprint("phones", __name__, tag="Members")


class CodeBody(BaseModel):
    by: Literal[Channel.CALL, Channel.TEXT] = Field(Channel.CALL, description="whether the code is spoken or texted")


@api.post("/api/v1/members/<member>/phone/code")
@api.input(CodeBody, arg_name="body", example={"by": "text"})
@api.output(SentShape, 202)
@api.doc(summary="Send a code to a member's phone", responses=SENDS)
def send_code(member: str, body: CodeBody) -> SentShape:
    """A number is paged once somebody who has the phone has said the code: `POST …/phone/confirm`."""
    send = partial(_send, _phone())
    begin = partial(verifying.begin, channel=body.by, own=_own())
    return codes.sent(member, begin, send, masked=dialling.masked)


@api.post("/api/v1/members/<member>/phone/confirm")
@api.input(ConfirmBody, arg_name="body", example={"code": "123456"})
@api.output(MemberShape)
@api.doc(summary="Say the code: the number is verified")
def confirm(member: str, body: ConfirmBody) -> MemberShape:
    """After five wrong answers, or ten minutes, another code is needed."""
    return codes.confirmed(member, body, of=Verified.PHONE)


@api.post("/api/v1/members/<member>/phone/test")
@api.output(SentShape, 202)
@api.doc(summary="Call a member now, to see that calls arrive", responses=SENDS)
def test_call(member: str) -> SentShape:
    send = partial(_send, _phone())
    begin = partial(verifying.begin_test, channel=Channel.CALL, own=_own())
    return codes.sent(member, begin, send, masked=dialling.masked)


def _phone() -> Phone:
    phone = desk().providers.phone
    if phone is None:
        raise Refusal(409, "Phone calls are off. Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER.")
    return phone


def _own() -> list[str]:
    number = desk().settings.twilio_number
    return [number] if number else []


def _send(phone: Phone, sending: Sending) -> None:
    if sending.channel is Channel.TEXT:
        phone.text(to=sending.to, body=prompts.code_texted(sending.code or ""))
    else:
        said = prompts.test_call() if sending.code is None else prompts.code_spoken(sending.code)
        phone.call(to=sending.to, twiml=twiml.said(said), ring_for=RING_FOR)
