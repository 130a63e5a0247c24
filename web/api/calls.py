"""POST …/call/incident-notification: have one person on call told something by phone."""

import hashlib
from typing import Annotated
from uuid import UUID

import phonenumbers
from apiflask import APIBlueprint
from phonenumbers import NumberParseException, PhoneNumberFormat
from pydantic import AfterValidator, BaseModel, Field

from incidents import notifying
from incidents.notifying import Notification, NotOnCall
from web import parts
from web.api.actions import Said, locked
from web.api.report import AnySeverity, ReportHeaders
from web.caller import actor
from web.conflicts import CONFLICT
from web.desk import desk
from web.refusal import Refusal

api = APIBlueprint("calls", __name__, tag="Calls")


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError("send a phone number with its country code, like +12025550111")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


class NotificationBody(BaseModel):
    toPhoneNumber: Annotated[str, Field(max_length=40), AfterValidator(_e164)]  # noqa: N815 (part of the contract)
    incidentId: Annotated[str, Field(max_length=80)] | int  # noqa: N815 (part of the contract)
    severity: AnySeverity | None = Field(None, description="what the person hears; the incident's own when left out")
    message: Annotated[Said, Field(min_length=1)]


class NotificationShape(BaseModel):
    id: str
    number: int
    job: UUID
    calling: str
    duplicate: bool = Field(description="asked for before: nobody is called again")
    outcome: str | None = Field(description="`done`, `failed` or `cancelled`; null while the call is owed")
    status_url: str


@api.post("/api/twilio/outbound/call/incident-notification")
@api.input(ReportHeaders, location="headers", arg_name="headers")
@api.input(NotificationBody, arg_name="body")
@api.output(NotificationShape, 202)
@api.doc(
    summary="Call a person on call about an incident",
    description="The same number and message again is the same call, unless another `Idempotency-Key` is sent.",
    responses={403: "The number belongs to nobody on call.", **CONFLICT},
)
def notify(headers: ReportHeaders, body: NotificationBody) -> NotificationShape:
    settings = desk().settings
    if parts.providers(settings)["twilio"] == parts.OFF:
        raise Refusal(409, "Phone calls are off. Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER.")
    with locked(str(body.incidentId)) as (tx, incident):
        try:
            asked = notifying.notify(
                tx,
                incident,
                phone=body.toPhoneNumber,
                message=body.message,
                severity=body.severity,
                key=_key(headers.idempotency_key, body),
                by=actor(),
            )
        except NotOnCall as error:
            raise Refusal(403, str(error)) from error
        return _shape(asked, incident.ref, incident.number)


def _key(given: str | None, body: NotificationBody) -> str:
    text = f"key\n{given}" if given else f"call\n{body.toPhoneNumber}\n{body.severity}\n{body.message}"
    return hashlib.sha256(text.encode()).hexdigest()


def _shape(asked: Notification, ref: str, number: int) -> NotificationShape:
    return NotificationShape(
        id=ref,
        number=number,
        job=asked.job.id,
        calling=asked.responder.name,
        duplicate=asked.duplicate,
        outcome=asked.job.outcome,
        status_url=f"{desk().settings.public_url}/api/v1/incidents/{ref}/jobs",
    )
