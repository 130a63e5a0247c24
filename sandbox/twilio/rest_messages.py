"""`/Messages`: send, list, look at text messages (https://www.twilio.com/docs/messaging/api/message-resource)."""

from sandbox.provider import Reply
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.form import Form
from sandbox.twilio.numbers import INVALID, NO_SMS, is_e164
from sandbox.twilio.paging import paged
from sandbox.twilio.refusal import TwilioRefusal
from sandbox.twilio.texts import Text, deliver
from sandbox.world import HOTLINE

LONGEST_BODY = 1600


def send(exchange: Exchange, form: Form) -> Reply:
    to, from_, body = form.get("To"), form.get("From"), form.get("Body")
    if to is None:
        raise TwilioRefusal(400, 21604, "A 'To' phone number is required.")
    if from_ is None:
        raise TwilioRefusal(400, 21603, "A 'From' phone number is required.")
    if body is None:
        raise TwilioRefusal(400, 21602, "Message body is required.")
    if not is_e164(to) or to == INVALID:
        raise TwilioRefusal(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    if from_ != HOTLINE:
        raise TwilioRefusal(400, 21606, f"The 'From' phone number {from_} is not a valid, SMS-capable number of yours.")
    if to == from_:
        raise TwilioRefusal(400, 21266, f"'To' and 'From' number cannot be the same: {to}")
    if to == NO_SMS:
        raise TwilioRefusal(400, 21614, f"'To' number is not a valid mobile number: {to}")
    if exchange.handset(to).stopped:
        raise TwilioRefusal(400, 21610, "Attempt to send to unsubscribed recipient")
    if len(body) > LONGEST_BODY:
        raise TwilioRefusal(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    text = Text(from_, to, body, callback=form.url("StatusCallback", 21609))
    exchange.texts[text.sid] = text
    exchange.sandbox.spawn(deliver(exchange.sandbox, text, exchange.handset(to)))
    return Reply(text.as_json(), 201, {"message": text.sid, "to": to})


def show(exchange: Exchange, query: Form, sid: str) -> Reply:
    text = exchange.texts.get(sid)
    if text is None:
        raise TwilioRefusal(404, 20404, f"The requested resource /Messages/{sid}.json was not found")
    return Reply(text.as_json())


def list_messages(exchange: Exchange, query: Form) -> Reply:
    to, from_ = query.get("To"), query.get("From")
    found = [
        text.as_json()
        for text in reversed(exchange.texts.values())
        if to in (None, text.to) and from_ in (None, text.from_)
    ]
    return Reply(paged("messages", found, query, folder="Messages.json"))
