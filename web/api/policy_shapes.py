"""Policies as they are sent over REST, with people and schedules by name."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from incidents import duty, groups, people
from incidents.errors import NotFound
from incidents.policies import Named
from incidents.policy import Target, Way
from incidents.store import Transaction
from incidents.words import Severity
from integrations import letters
from web.api.matching import ForShape, Word
from web.api.report import AnySeverity
from web.api.slack_groups import Chosen
from web.api.texts import AddressedName
from web.desk import desk

MOST_STEPS, MOST_CALLS, MOST_REPEATS, LONGEST_LADDER = 20, 10, 10, 200


def _name(value: object) -> object:
    """What was read can be sent back."""
    return str(value["id"]) if isinstance(value, dict) and "id" in value else value


Whom = Annotated[Word, BeforeValidator(_name)]


class To(BaseModel):
    """Exactly one of them, by name, by id, or as it was read: `{"id": …}`. A group is one of Slack's, by its handle."""

    schedule: Whom | None = None
    person: Whom | None = None
    group: Whom | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if [self.schedule, self.person, self.group].count(None) != 2:
            raise ValueError('name one: {"schedule": "Primary"}, {"person": "Bea"} or {"group": "@sre"}')
        return self


class AlsoShape(BaseModel):
    """Whoever is called is told in another way too: by a text, a mention in the incident's channel, or an e-mail.

    A group is mentioned as a whole.
    """

    by: Way
    after: int = Field(0, ge=0, le=86_400, description="seconds from the step's beginning")


class StepBody(BaseModel):
    """One person, called `calls` times, `every` so many seconds; the next step begins `wait` seconds after this one.

    The calls of a group's step go round its people.
    """

    to: To | None = Field(None, description="the person of this step's place on the list of those on call if left out")
    calls: int = Field(2, ge=1, le=MOST_CALLS)
    every: int = Field(60, ge=45, le=3600, description="seconds; a call may ring and talk for a while")
    wait: int = Field(120, ge=45, le=86_400, description="seconds")
    also: list[AlsoShape] = Field([], max_length=5)

    @model_validator(mode="after")
    def one_after_the_other(self) -> Self:
        if self.wait <= (self.calls - 1) * self.every:
            raise ValueError("`wait` must be longer than all calls of the step take: more than (calls - 1) × every")
        if any(way.after >= self.wait for way in self.also):
            raise ValueError("`after` of each other way must be less than `wait`: then the next step begins")
        return self


class PolicyBody(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    name: AddressedName | None = Field(None, description="the default one has its own")
    for_: ForShape | None = Field(None, alias="for", description="which incidents; the default is for all others")
    place: int | None = Field(None, ge=1, le=1000, description="when it is tried; the first that fits counts")
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

    @property
    def groups(self) -> list[str]:
        """Those that its steps name."""
        return [step.to.group for step in self.steps if step.to is not None and step.to.group is not None]

    def definition(self, tx: Transaction, chosen: Chosen) -> dict[str, Any]:
        """What is kept of it, with those groups. Raises: NotFound for a person or a schedule that there is not."""
        kept = self.model_dump(mode="json", exclude={"name", "for_", "place"})
        return {**kept, "steps": [_step(tx, step, chosen) for step in self.steps]}

    @model_validator(mode="after")
    def comes_to_an_end(self) -> Self:
        if sum(step.calls for step in self.steps) * (self.repeat + 1) > LONGEST_LADDER:
            raise ValueError(f"a policy makes {LONGEST_LADDER} calls at most; take fewer steps, calls or repeats")
        return self


class NamedShape(BaseModel):
    id: UUID
    name: str | None = Field(description="null when it is there no more")


class GroupShape(BaseModel):
    """Handle and name are null when Slack has it no more."""

    id: str
    handle: str | None
    name: str | None


class ToShape(BaseModel):
    schedule: NamedShape | None = None
    person: NamedShape | None = None
    group: GroupShape | None = None


class StepShape(BaseModel):
    to: ToShape | None
    calls: int
    every: int
    wait: int
    also: list[AlsoShape]


class PolicyShape(BaseModel):
    id: UUID | None = Field(description="null for the default one, which is for all that no other one is for")
    name: str
    for_: ForShape = Field(alias="for")
    place: int
    pages: list[Severity]
    page_anyway_after: int
    ring_for: int
    steps: list[StepShape]
    repeat: int
    remind_after: int | None = None
    call_again_after: int | None = None
    not_sent: str | None = Field(description="why none of its e-mails is sent; null when they are, or it has none")


def _step(tx: Transaction, step: StepBody, chosen: Chosen) -> dict[str, Any]:
    made = step.model_dump(mode="json", exclude={"to"})
    if step.to is None:
        return made
    if step.to.schedule is not None:
        return {**made, "to": {"schedule": str(duty.find(tx, step.to.schedule).id)}}
    if step.to.group is not None:
        return {**made, "to": {"group": chosen[step.to.group].id}}
    person = people.named(tx, step.to.person or "").id
    people.demand_present(tx, person)
    return {**made, "to": {"person": str(person)}}


def shape(tx: Transaction, policy: Named, place: int) -> PolicyShape:
    """`place` is its place among those that are tried, from 1."""
    steps = [
        StepShape.model_validate({"also": [], **step, "to": _to(tx, Target.of(step.get("to")))})
        for step in policy.definition["steps"]
    ]
    names = {"id": policy.id, "name": policy.name, "for": ForShape.of(tx, policy.match), "place": place}
    mails = any(way.by is Way.EMAIL for step in steps for way in step.also)
    not_sent = letters.OFF if mails and desk().providers.mail is None else None
    return PolicyShape.model_validate({**policy.definition, "steps": steps, **names, "not_sent": not_sent})


def _to(tx: Transaction, target: Target | None) -> ToShape | None:
    if target is None:
        return None
    if target.person is not None:
        person = people.with_id(tx, target.person)
        return ToShape(person=NamedShape(id=target.person, name=person.name if person else None))
    if target.group is not None:
        group = groups.with_id(tx, target.group)
        handle, name = (group.handle, group.name) if group else (None, None)
        return ToShape(group=GroupShape(id=target.group, handle=handle, name=name))
    if target.schedule is None:
        raise ValueError("a target is a person, a schedule or a group")
    try:
        name = duty.find(tx, str(target.schedule)).name
    except NotFound:
        name = None
    return ToShape(schedule=NamedShape(id=target.schedule, name=name))
