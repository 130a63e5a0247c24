"""POST /api/v1/incidents: a program reports an incident, once, however often it sends the report."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from incidents import reports
from incidents.inbox import Message
from incidents.reports import Report
from incidents.summary import summarize
from incidents.words import Severity, Source
from web.api.shapes import IncidentShape, shape
from web.api.texts import storable
from web.caller import actor
from web.desk import desk

LONGEST_SOURCE = 100
INBOX = "api"

api = APIBlueprint("report", __name__, tag="Incidents")


def upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


AnySeverity = Annotated[Severity, BeforeValidator(upper)]


class ReportBody(BaseModel):
    """At least one of title, description and type says what is wrong. Other members are kept with the incident."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": True})

    id: str | None = Field(None, description="your own id; the same id again is the same incident")
    type: str | None = Field(None, description="your kind of event, like `database_error`")
    service: JsonValue = Field(None, description="what it happens to, like `checkout`; policies may be for a service")
    project: JsonValue = Field(None, description="name or id of a project; the default one's if nobody knows it")
    title: str | None = None
    description: str | None = None
    source: str | None = Field(None, description="who reports: the name of your system")
    severity: AnySeverity | None = Field(None, description="your word; triage never lowers it")
    metadata: dict[str, JsonValue] | None = Field(None, description="kept with the incident as it is")


class ReportHeaders(BaseModel):
    idempotency_key: str | None = Field(
        None, pattern=r"^[\x21-\x7e]{1,200}$", description="the same key again is the same report"
    )


class AcceptedShape(IncidentShape):
    """Safe in the database; triage and paging follow by themselves."""

    duplicate: bool = Field(description="it was known: the first report stands")


@api.post("/api/v1/incidents")
@api.input(ReportHeaders, location="headers", arg_name="headers")
@api.input(ReportBody, arg_name="body", example={"title": "Checkout returns 500", "severity": "HIGH"})
@api.output(AcceptedShape, 202)
@api.doc(summary="Report an incident", responses={503: "The database is away; nothing was accepted."})
def report(headers: ReportHeaders, body: ReportBody) -> tuple[AcceptedShape, int, dict[str, str]]:
    message = Message(INBOX, headers.idempotency_key) if headers.idempotency_key else None
    with desk().store.autocommit() as tx:
        opened = reports.open_incident(tx, _report(body), message=message)
        summary = summarize(tx, opened.incident, first_page=opened.first_page)
    shown = shape(summary, opened.incident, desk().settings)
    answer = AcceptedShape(**dict(shown), duplicate=opened.duplicate)
    return answer, 202, {"Location": shown.status_url}


def _report(body: ReportBody) -> Report:
    source = reports.cleaned(body.source or "")[:LONGEST_SOURCE]
    return Report(
        title=body.title or "",
        description=body.description or "",
        ref=body.id or None,
        kind=body.type,
        service=body.service if isinstance(body.service, str) else None,
        project=body.project if isinstance(body.project, str) else None,
        severity=body.severity,
        source=Source.API,
        by=actor(source),
        details=_details(body, source),
    )


def _details(body: ReportBody, source: str) -> dict[str, Any]:
    labels = {"service": body.service, "project": body.project}
    strange = {name: value for name, value in labels.items() if value is not None and not isinstance(value, str)}
    other = storable({**(body.model_extra or {}), **strange})
    parts = {"source": source, "metadata": storable(body.metadata or {}), "other": other}
    return {name: part for name, part in parts.items() if part}
