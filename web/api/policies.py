"""/api/v1/policies/default: whom an incident calls, when, how often; and a preview of it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, model_validator

from incidents import duty, organizations, people, preview
from incidents.errors import NotFound
from incidents.policy import Policy, Target
from incidents.preview import Expected
from incidents.store import Transaction
from incidents.words import Severity
from web.api.report import AnySeverity
from web.api.times import Moment
from web.desk import desk

MOST_STEPS, MOST_CALLS, MOST_REPEATS, LONGEST_LADDER = 20, 10, 10, 200

api = APIBlueprint("policies", __name__, tag="On call")

Named = Annotated[str, Field(max_length=100)]


class To(BaseModel):
    """Exactly one of them, by name or by id."""

    schedule: Named | None = None
    person: Named | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if (self.schedule is None) == (self.person is None):
            raise ValueError('name one: {"schedule": "Primary"} or {"person": "Bea"}')
        return self


class StepBody(BaseModel):
    """One person, called `calls` times, `every` so many seconds; the next step begins `wait` seconds after this one."""

    to: To | None = Field(None, description="the person of this step's place on the list of those on call if left out")
    calls: int = Field(2, ge=1, le=MOST_CALLS)
    every: int = Field(60, ge=45, le=3600, description="seconds; a call may ring and talk for a while")
    wait: int = Field(120, ge=45, le=86_400, description="seconds")

    @model_validator(mode="after")
    def one_after_the_other(self) -> Self:
        if self.wait <= (self.calls - 1) * self.every:
            raise ValueError("`wait` must be longer than all calls of the step take: more than (calls - 1) × every")
        return self


class PolicyBody(BaseModel):
    pages: list[AnySeverity] = Field(
        [Severity.HIGH, Severity.MEDIUM], min_length=1, description="which severities call people"
    )
    page_anyway_after: int = Field(
        30, ge=0, le=3600, description="seconds after which somebody is called although triage has not spoken"
    )
    ring_for: int = Field(25, ge=10, le=40, description="seconds")
    steps: list[StepBody] = Field(min_length=1, max_length=MOST_STEPS)
    repeat: int = Field(2, ge=0, le=MOST_REPEATS, description="how often all steps are done again")
    remind_after: int | None = Field(
        None,
        ge=300,
        le=86_400,
        description="seconds after which whoever has it is asked whether they still do",
    )
    call_again_after: int | None = Field(
        None, ge=600, le=604_800, description="seconds without a word after which people are called again"
    )

    @model_validator(mode="after")
    def comes_to_an_end(self) -> Self:
        if sum(step.calls for step in self.steps) * (self.repeat + 1) > LONGEST_LADDER:
            raise ValueError(f"a policy makes {LONGEST_LADDER} calls at most; take fewer steps, calls or repeats")
        return self


class NamedShape(BaseModel):
    id: UUID
    name: str | None = Field(description="null when it is there no more")


class ToShape(BaseModel):
    schedule: NamedShape | None = None
    person: NamedShape | None = None


class StepShape(BaseModel):
    to: ToShape | None
    calls: int
    every: int
    wait: int


class PolicyShape(BaseModel):
    pages: list[Severity]
    page_anyway_after: int
    ring_for: int
    steps: list[StepShape]
    repeat: int
    remind_after: int | None = None
    call_again_after: int | None = None


class PreviewQuery(BaseModel):
    severity: AnySeverity = Severity.HIGH
    at: Moment | None = Field(None, description="when the incident would be opened; now if left out")


class ExpectedShape(BaseModel):
    """`+60 Bea phone`: so many seconds after the incident was opened."""

    after: int
    at: datetime
    step: int = Field(description="from 1")
    person: str | None
    channel: str
    trouble: str | None = Field(description="why nobody can be called there; null when somebody can")

    @classmethod
    def of(cls, expected: Expected, opened: datetime) -> Self:
        return cls(
            after=round((expected.at - opened).total_seconds()),
            at=expected.at,
            step=expected.step + 1,
            person=expected.responder.name if expected.responder else None,
            channel="phone",
            trouble=expected.trouble,
        )


class PreviewShape(BaseModel):
    calls: list[ExpectedShape]
    not_called: list[str] = Field(description="why some of those who are on call now are not called")
    told_after: int | None = Field(
        description="seconds until everybody is told that nobody answered; null when nobody is called"
    )


@api.get("/api/v1/policies/default")
@api.output(PolicyShape)
@api.doc(summary="Whom an incident calls, when, how often")
def read() -> PolicyShape:
    with desk().store.begin() as tx:
        return _shape(tx, tx.own.policy)


@api.put("/api/v1/policies/default")
@api.input(PolicyBody, arg_name="body", example={"steps": [{"to": {"schedule": "Primary"}}, {"to": {"person": "Cy"}}]})
@api.output(PolicyShape)
@api.doc(summary="Change it for incidents that are opened from now on")
def change(body: PolicyBody) -> PolicyShape:
    with desk().store.begin() as tx:
        organizations.lock(tx)  # Nobody removes a schedule between its being found and its being called.
        definition = {**body.model_dump(mode="json"), "steps": [_step(tx, step) for step in body.steps]}
        organizations.set_policy(tx, definition)
        return _shape(tx, definition)


@api.get("/api/v1/policies/default/preview")
@api.input(PreviewQuery, location="query", arg_name="query")
@api.output(PreviewShape)
@api.doc(summary="Who would be called, and when, were an incident opened that nobody acknowledges")
def preview_of(query: PreviewQuery) -> PreviewShape:
    with desk().store.begin() as tx:
        opened = query.at or tx.now
        expected = preview.preview(tx, Policy.of(tx.own.policy), severity=query.severity, opened=opened)
        whys = [person.why_not_called for person in duty.expected(tx)]
    return PreviewShape(
        calls=[ExpectedShape.of(each, opened) for each in expected.calls],
        not_called=[why for why in whys if why is not None],
        told_after=None if expected.told_at is None else round((expected.told_at - opened).total_seconds()),
    )


def _step(tx: Transaction, step: StepBody) -> dict[str, Any]:
    made: dict[str, Any] = {"calls": step.calls, "every": step.every, "wait": step.wait}
    if step.to is None:
        return made
    if step.to.schedule is not None:
        return {**made, "to": {"schedule": str(duty.find(tx, step.to.schedule).id)}}
    person = people.named(tx, step.to.person or "").id
    people.demand_present(tx, person)
    return {**made, "to": {"person": str(person)}}


def _shape(tx: Transaction, definition: dict[str, Any]) -> PolicyShape:
    steps = [
        StepShape(to=_to(tx, Target.of(step.get("to"))), calls=step["calls"], every=step["every"], wait=step["wait"])
        for step in definition["steps"]
    ]
    return PolicyShape.model_validate({**definition, "steps": steps})


def _to(tx: Transaction, target: Target | None) -> ToShape | None:
    if target is None:
        return None
    if target.person is not None:
        person = people.with_id(tx, target.person)
        return ToShape(person=NamedShape(id=target.person, name=person.name if person else None))
    if target.schedule is None:
        raise ValueError("a target is a person or a schedule")
    try:
        name = duty.find(tx, str(target.schedule)).name
    except NotFound:
        name = None
    return ToShape(schedule=NamedShape(id=target.schedule, name=name))
