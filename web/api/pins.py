"""/api/v1/members/…/pin: what a member proves by phone that it is them, given and taken away."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import people, pins
from web.api.members import MemberShape
from web.desk import desk

api = APIBlueprint("pins", __name__, tag="Members")


class PinBody(BaseModel):
    pin: Annotated[
        str, Field(pattern=r"^[0-9]{4,8}$", repr=False, description="4 to 8 digits, which nobody is shown again")
    ]


@api.put("/api/v1/members/<member>/pin")
@api.input(PinBody, arg_name="body", example={"pin": "27182"})
@api.output(MemberShape)
@api.doc(summary="Give a member a PIN for calls to the hotline")
def give(member: str, body: PinBody) -> MemberShape:
    """The one before counts no more, and a lock after wrong answers ends."""
    with desk().store.begin() as tx:
        person = people.named(tx, member)
    digest = pins.hashed(body.pin, phone=person.phone)
    with desk().store.begin() as tx:
        return MemberShape.of(pins.give(tx, person, digest))


@api.delete("/api/v1/members/<member>/pin")
@api.output(MemberShape)
@api.doc(summary="Take a member's PIN away")
def take_away(member: str) -> MemberShape:
    with desk().store.begin() as tx:
        return MemberShape.of(pins.take_away(tx, people.named(tx, member)))
