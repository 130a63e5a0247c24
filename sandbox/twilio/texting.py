"""A person sends a text message to the product's number; what its TwiML answers is sent back."""

from sandbox.reading import Refused
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.grammar import MESSAGING
from sandbox.twilio.handset import Handset
from sandbox.twilio.refusal import CallError
from sandbox.twilio.texts import Text, deliver
from sandbox.twilio.twiml import read
from sandbox.twilio.webhook import Webhook
from sandbox.world import HOTLINE

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START_WORDS = frozenset({"start", "yes", "unstop"})


async def text_hotline(exchange: Exchange, handset: Handset, body: str) -> None:
    """https://www.twilio.com/docs/messaging/guides/webhook-request; Twilio itself keeps who has sent STOP."""
    if not body.strip():
        raise Refused("there is nothing to send")
    word = body.strip().lower()
    handset.stopped = word in STOP_WORDS or (handset.stopped and word not in START_WORDS)
    text = Text(handset.number, HOTLINE, body, direction="inbound", status="received")
    exchange.texts[text.sid] = text
    handset.texts.append(text.shown())
    told = text.parameters() | {"Body": body, "NumMedia": "0", "SmsStatus": "received"}
    told["NumSegments"] = str(text.segments)
    heard = await Webhook(exchange.sandbox).send(f"{exchange.sandbox.product}/voice/sms", "POST", told)
    if heard.ok and heard.body.strip():
        await _reply(exchange, handset, heard.body)


async def _reply(exchange: Exchange, handset: Handset, document: str) -> None:
    try:
        verbs = read(document, MESSAGING)
    except CallError as error:
        note = {"from": HOTLINE, "to": handset.number}
        exchange.sandbox.ledger.write(provider="twilio", method="debugger", request=note, response=error.noted())
        return
    for verb in verbs:
        if verb.name == "Message":
            body = " ".join([verb.text, *(inside.text for inside in verb.inside if inside.name == "Body")]).strip()
            reply = Text(HOTLINE, handset.number, body, direction="outbound-reply")
            exchange.texts[reply.sid] = reply
            await deliver(exchange.sandbox, reply, handset)
