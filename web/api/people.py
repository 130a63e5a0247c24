"""/api/v1/people: who can be called, and on what number."""

from typing import Annotated, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import people
from incidents.people import Contact, Known
from web.api.actions import CONFLICT
from web.api.texts import AddressedName
from web.desk import desk

api = APIBlueprint("people", __name__, tag="People")


class PersonBody(BaseModel):
    name: AddressedName
    phone: Annotated[str, Field(max_length=40)] | None = Field(None, description="E.164, like +12025550111")
    slack_user: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,30}$")] | None = Field(
        None, description="the id of the person in Slack"
    )

    @property
    def contact(self) -> Contact:
        return Contact(self.name, self.phone, self.slack_user)


class PersonShape(BaseModel):
    id: UUID
    name: str
    phone: str | None
    slack_user: str | None
    place: int | None = Field(description="on the list of those on call, from 1; null for who is not on it")

    @classmethod
    def of(cls, person: Known) -> Self:
        place = None if person.position is None else person.position + 1
        return cls(id=person.id, name=person.name, phone=person.phone, slack_user=person.slack_user, place=place)


class PeopleShape(BaseModel):
    people: list[PersonShape]


@api.get("/api/v1/people")
@api.output(PeopleShape)
@api.doc(summary="All people, by name")
def all_people() -> PeopleShape:
    with desk().store.begin() as tx:
        return PeopleShape(people=[PersonShape.of(each) for each in people.everybody(tx)])


@api.post("/api/v1/people")
@api.input(PersonBody, arg_name="body", example={"name": "Dee", "phone": "+12025550113"})
@api.output(PersonShape, 201)
@api.doc(summary="Add a person", responses=CONFLICT)
def add(body: PersonBody) -> PersonShape:
    with desk().store.begin() as tx:
        return PersonShape.of(people.add(tx, body.contact))


@api.put("/api/v1/people/<person>")
@api.input(PersonBody, arg_name="body", example={"name": "Dee", "phone": "+12025550114"})
@api.output(PersonShape)
@api.doc(summary="Change a person", responses=CONFLICT)
def change(person: str, body: PersonBody) -> PersonShape:
    """The person is named by id or by name."""
    with desk().store.begin() as tx:
        return PersonShape.of(people.change(tx, people.named(tx, person), body.contact))
