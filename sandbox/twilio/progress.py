"""Status callbacks: https://www.twilio.com/docs/voice/api/call-resource#statuscallback."""

import asyncio

from sandbox.core import Sandbox
from sandbox.twilio.call import Call, now, rfc2822
from sandbox.twilio.webhook import Webhook

SIP_CODES = {"completed": "200", "busy": "486", "failed": "404", "no-answer": "487", "canceled": "487"}


def tell(sandbox: Sandbox, call: Call, event: str) -> None:
    """Sent in the background and in order: each waits until the one before it was answered."""
    told = call.instructions
    if told.status_callback is None or event not in told.status_events:
        return
    parameters = call.parameters() | {
        "Timestamp": rfc2822(now()) or "",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.callbacks_sent),
    }
    if call.over:
        parameters["CallDuration"] = str(call.seconds)
        parameters["Duration"] = str(-(-call.seconds // 60))
        parameters["SipResponseCode"] = SIP_CODES[call.status]
    call.callbacks_sent += 1
    address, method, before = told.status_callback, told.status_method, call.last_callback

    async def deliver() -> None:
        if before is not None:
            await asyncio.wait({before})
        await Webhook(sandbox).send(address, method, parameters)

    call.last_callback = sandbox.spawn(deliver())
