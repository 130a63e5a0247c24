"""/api/v1/policies: whom an incident calls, when, how often; and a preview of it."""

from datetime import datetime
from typing import Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import duty, policies, preview, projects
from incidents.errors import IncidentError
from incidents.match import Match
from incidents.policies import Named
from incidents.policy import Policy, Way
from incidents.preview import Expected
from incidents.store import Transaction
from incidents.words import Severity
from integrations import letters
from web.api import slack_groups
from web.api.matching import ForShape, Word
from web.api.policy_shapes import PolicyBody, PolicyShape, shape
from web.api.report import AnySeverity
from web.api.times import Moment
from web.desk import desk

SLACK = {409: "A step names a Slack group, and Slack is off here or refuses.", 503: "The same, and Slack is away."}

api = APIBlueprint("policies", __name__, tag="On call")


class PoliciesShape(BaseModel):
    policies: list[PolicyShape] = Field(description="in the order in which they are tried")

    @classmethod
    def of(cls, tx: Transaction, kept: list[Named]) -> Self:
        return cls(policies=[shape(tx, each, place) for place, each in enumerate(kept, start=1)])


class PreviewQuery(BaseModel):
    severity: AnySeverity = Severity.HIGH
    at: Moment | None = Field(None, description="when the incident would be opened; now if left out")


class ChoiceQuery(PreviewQuery):
    category: Word | None = None
    service: Word | None = None
    project: Word | None = None


class ExpectedShape(BaseModel):
    """`+60 Bea phone`: so many seconds after the incident was opened."""

    after: int
    at: datetime
    step: int = Field(description="from 1")
    person: str | None = Field(description="by name; a group that is mentioned as a whole by its handle, with the @")
    channel: str = Field(description="`phone`, `text`, `slack` or `email`")
    trouble: str | None = Field(description="why nobody is called or told there; null when somebody is")

    @classmethod
    def of(cls, expected: Expected, opened: datetime) -> Self:
        return cls(
            after=round((expected.at - opened).total_seconds()),
            at=expected.at,
            step=expected.step + 1,
            person=expected.who,
            channel=expected.by or "phone",
            trouble=letters.OFF if expected.by is Way.EMAIL and desk().providers.mail is None else expected.trouble,
        )


class PreviewShape(BaseModel):
    policy: str
    calls: list[ExpectedShape]
    not_called: list[str] = Field(description="why some of those who are on call now are not called")
    told_after: int | None = Field(
        description="seconds until everybody is told that nobody answered; null when nobody is called"
    )


@api.get("/api/v1/policies")
@api.output(PoliciesShape)
@api.doc(summary="All policies")
def all_policies() -> PoliciesShape:
    with desk().store.begin() as tx:
        return PoliciesShape.of(tx, policies.all_of(tx))


@api.post("/api/v1/policies")
@api.input(
    PolicyBody,
    arg_name="body",
    example={"name": "Database", "for": {"categories": ["database"]}, "steps": [{"to": {"person": "Cy"}}]},
)
@api.output(PolicyShape, 201)
@api.doc(summary="A policy for some incidents", responses=SLACK)
def make(body: PolicyBody) -> PolicyShape:
    """Slack is asked for the groups that it names, and from then on once a minute who is in them."""
    chosen = slack_groups.chosen(body.groups)
    with desk().store.begin() as tx:
        policies.now(tx)  # Nobody removes a schedule between its being found and its being called.
        name, match = _named(tx, body)
        made = policies.make(tx, name=name, match=match, definition=body.definition(tx, chosen), place=body.place)
        slack_groups.keep(tx, chosen)
        return _shown(tx, made)


@api.get("/api/v1/policies/<policy>")
@api.output(PolicyShape)
@api.doc(summary="Whom an incident calls, when, how often")
def read(policy: str) -> PolicyShape:
    """The policy is named by id or by name; `default` is for all incidents that no other one is for."""
    with desk().store.begin() as tx:
        kept = policies.all_of(tx)
        found = policies.find(kept, policy)
        return shape(tx, found, policies.place_of(kept, found))


@api.put("/api/v1/policies/<policy>")
@api.input(PolicyBody, arg_name="body", example={"steps": [{"to": {"schedule": "Primary"}}, {"to": {"person": "Cy"}}]})
@api.output(PolicyShape)
@api.doc(summary="Change it for incidents that are opened from now on", responses=SLACK)
def change(policy: str, body: PolicyBody) -> PolicyShape:
    """The whole of it is sent. What it is for and its name stay when they are left out; so does its place."""
    chosen = slack_groups.chosen(body.groups)
    with desk().store.begin() as tx:
        kept = policies.now(tx)
        known, definition = policies.find(kept, policy), body.definition(tx, chosen)
        slack_groups.keep(tx, chosen)
        if known.id is None:
            place = policies.place_of(kept, known)
            wanted = (body.name or known.name, body.for_ or ForShape(), body.place or place)
            if wanted != (known.name, ForShape(), place):
                raise IncidentError("The default policy keeps its name, and is for all that no other one is for.")
            policies.change_default(tx, definition)
            return _shown(tx, known)
        changed = policies.change(
            tx,
            known,
            name=body.name or known.name,
            match=known.match if body.for_ is None else body.for_.match(tx),
            definition=definition,
            place=body.place or policies.place_of(kept, known),
        )
        return _shown(tx, changed)


@api.delete("/api/v1/policies/<policy>")
@api.output(PoliciesShape)
@api.doc(summary="Remove a policy")
def remove(policy: str) -> PoliciesShape:
    """Answers with those that are left. Incidents keep the policy with which they were opened."""
    with desk().store.begin() as tx:
        policies.remove(tx, policies.find(policies.now(tx), policy))
        return PoliciesShape.of(tx, policies.now(tx))


@api.get("/api/v1/policies/<policy>/preview")
@api.input(PreviewQuery, location="query", arg_name="query")
@api.output(PreviewShape)
@api.doc(summary="Who would be called, and when, were an incident opened that nobody acknowledges")
def preview_of(policy: str, query: PreviewQuery) -> PreviewShape:
    with desk().store.begin() as tx:
        return _preview(tx, policies.find(policies.all_of(tx), policy), query, category=None)


@api.get("/api/v1/preview")
@api.input(ChoiceQuery, location="query", arg_name="query")
@api.output(PreviewShape)
@api.doc(summary="The same, by the policy that is for such an incident")
def preview_of_an_incident(query: ChoiceQuery) -> PreviewShape:
    with desk().store.begin() as tx:
        project = projects.find(tx, query.project or projects.DEFAULT).id
        chosen = policies.chosen(
            tx, severity=query.severity, category=query.category, service=query.service, project=project
        )
        return _preview(tx, chosen, query, category=query.category)


def _preview(tx: Transaction, policy: Named, query: PreviewQuery, *, category: str | None) -> PreviewShape:
    opened = query.at or tx.now
    definition = Policy.of(policy.definition)
    expected = preview.preview(tx, definition, severity=query.severity, category=category, opened=opened)
    return PreviewShape(
        policy=policy.name,
        calls=[ExpectedShape.of(each, opened) for each in expected.calls],
        not_called=duty.not_called(tx),
        told_after=None if expected.told_at is None else round((expected.told_at - opened).total_seconds()),
    )


def _named(tx: Transaction, body: PolicyBody) -> tuple[str, Match]:
    if body.name is None or body.for_ is None:
        raise IncidentError('Say its name, and what it is for: {"name": "Database", "for": {"categories": [...]}}.')
    return body.name, body.for_.match(tx)


def _shown(tx: Transaction, policy: Named) -> PolicyShape:
    """As it is after the change."""
    kept = policies.now(tx)
    found = next(each for each in kept if each.id == policy.id)
    return shape(tx, found, policies.place_of(kept, found))
