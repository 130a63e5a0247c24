"""POST …/email/code, /confirm, /test: that a member's e-mail address is theirs, and that e-mails arrive."""

from functools import partial

from apiflask import APIBlueprint

from incidents import mailing, verifying
from incidents.ports import Mail
from incidents.verifying import Channel, Sending, Verified
from integrations import letters
from web.api import codes
from web.api.codes import SENDS, ConfirmBody, SentShape
from web.api.members import MemberShape
from web.desk import desk
from web.refusal import Refusal

api = APIBlueprint("emails", __name__, tag="Members")


@api.post("/api/v1/members/<member>/email/code")
@api.output(SentShape, 202)
@api.doc(summary="Send a code to a member's e-mail address", responses=SENDS)
def send_code(member: str) -> SentShape:
    """An address is written to once somebody who reads its e-mails has said the code: `POST …/email/confirm`."""
    begin = partial(verifying.begin, channel=Channel.EMAIL)
    return codes.sent(member, begin, partial(_send, _mail()), masked=mailing.masked)


@api.post("/api/v1/members/<member>/email/confirm")
@api.input(ConfirmBody, arg_name="body", example={"code": "123456"})
@api.output(MemberShape)
@api.doc(summary="Say the code: the e-mail address is verified")
def confirm(member: str, body: ConfirmBody) -> MemberShape:
    """After five wrong answers, or ten minutes, another code is needed."""
    return codes.confirmed(member, body, of=Verified.EMAIL)


@api.post("/api/v1/members/<member>/email/test")
@api.output(SentShape, 202)
@api.doc(summary="Write to a member now, to see that e-mails arrive", responses=SENDS)
def test_mail(member: str) -> SentShape:
    begin = partial(verifying.begin_test, channel=Channel.EMAIL)
    return codes.sent(member, begin, partial(_send, _mail()), masked=mailing.masked)


def _mail() -> Mail:
    mail = desk().providers.mail
    if mail is None:
        raise Refusal(409, letters.OFF)
    return mail


def _send(mail: Mail, sending: Sending) -> None:
    letter = letters.test() if sending.code is None else letters.code(sending.code)
    mail.send(to=sending.to, subject=letter.subject, text=letter.text, mark=str(sending.id))
