"""/api/v1/schedules/…/report: what a shift was like, and what goes on when it is handed over."""

from datetime import datetime
from typing import Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import duty, hand_over
from incidents.hand_over import Report
from incidents.models import Incident
from incidents.words import Severity, Status
from web.api.schedules import WhoShape
from web.api.times import Moment
from web.desk import desk

api = APIBlueprint("hand_over", __name__, tag="On call")


class AtQuery(BaseModel):
    at: Moment | None = Field(None, description="a moment of the shift; now if left out")


class OpenShape(BaseModel):
    number: int
    title: str
    severity: Severity
    status: Status
    acknowledged_by: str | None

    @classmethod
    def of(cls, row: Incident) -> Self:
        return cls(
            number=row.number,
            title=row.title,
            severity=row.severity,
            status=row.status,
            acknowledged_by=row.acknowledged_by,
        )


class ReportShape(BaseModel):
    person: WhoShape | None = Field(description="null where nobody was on call")
    begins: datetime
    ends: datetime
    calls: int = Field(description="to the person")
    opened: int = Field(description="all incidents that were reported in the shift")
    acknowledged: int = Field(description="by the person")
    resolved: int = Field(description="by the person")
    acknowledged_after: int | None = Field(description="seconds from the report, the median; null when there is none")
    next: WhoShape | None = Field(description="who takes over at the end")
    open: list[OpenShape] = Field(description="what is not over now, the worst first; 25 at most")

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            person=WhoShape.of(report.person),
            begins=report.begins,
            ends=report.ends,
            calls=report.calls,
            opened=report.opened,
            acknowledged=report.taken,
            resolved=report.resolved,
            acknowledged_after=None if report.to_take is None else round(report.to_take.total_seconds()),
            next=WhoShape.of(report.next),
            open=[OpenShape.of(each) for each in report.open],
        )


@api.get("/api/v1/schedules/<schedule>/report")
@api.input(AtQuery, location="query", arg_name="query")
@api.output(ReportShape)
@api.doc(summary="What a shift was like, and what goes on")
def report(schedule: str, query: AtQuery) -> ReportShape:
    """The shift in which that moment lies; a shift that is not over is counted as far as it has gone."""
    with desk().store.begin() as tx:
        return ReportShape.of(hand_over.report(tx, duty.find(tx, schedule), at=query.at or tx.now))
