"""/api/v1/members: who belongs to the organization, what they may do, where they are called and written to."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import mailing, members, people
from incidents.people import Contact, Known
from incidents.roles import Role
from web.api.texts import AddressedName
from web.conflicts import CONFLICT, conflicts
from web.desk import desk

api = APIBlueprint("members", __name__, tag="Members")


class MemberBody(BaseModel):
    name: AddressedName
    phone: Annotated[str, Field(max_length=40)] | None = Field(None, description="E.164, like +12025550111")
    slack_user: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,30}$")] | None = Field(
        None, description="the id of the person in Slack"
    )
    email: Annotated[str, Field(max_length=mailing.LONGEST)] | None = Field(None, description="like bea@example.com")

    @property
    def contact(self) -> Contact:
        return Contact(self.name, self.phone, self.slack_user, self.email)


class InviteBody(MemberBody):
    role: Role = Role.RESPONDER


class RoleBody(BaseModel):
    role: Role


class MemberShape(BaseModel):
    id: UUID
    name: str
    role: Role = Field(description="a viewer reads, a member reports and corrects, a responder acts and is called")
    phone: str | None
    phone_verified: bool
    not_called: str | None = Field(description="why, and what to do about it; null for who is called")
    slack_user: str | None
    email: str | None
    email_verified: bool
    not_mailed: str | None = Field(description="why, and what to do about it; null for who gets e-mails")
    has_pin: bool = Field(description="without one nothing is changed in a call of theirs to the hotline")
    place: int | None = Field(description="on the list of those on call, from 1; null for who is not on it")

    @classmethod
    def of(cls, person: Known) -> Self:
        return cls(
            id=person.id,
            name=person.name,
            role=person.role,
            phone=person.phone,
            phone_verified=person.phone_verified,
            not_called=person.why_not_called,
            slack_user=person.slack_user,
            email=person.email,
            email_verified=person.email_verified,
            not_mailed=person.why_not_mailed,
            has_pin=person.has_pin,
            place=None if person.position is None else person.position + 1,
        )


class MembersShape(BaseModel):
    members: list[MemberShape]

    @classmethod
    def of(cls, everybody: Sequence[Known]) -> Self:
        return cls(members=[MemberShape.of(each) for each in everybody])


@api.get("/api/v1/members")
@api.output(MembersShape)
@api.doc(summary="All members, by name")
def all_members() -> MembersShape:
    with desk().store.begin() as tx:
        return MembersShape.of(people.everybody(tx))


@api.post("/api/v1/members")
@api.input(InviteBody, arg_name="body", example={"name": "Dee", "phone": "+12025550113", "role": "responder"})
@api.output(MemberShape, 201)
@api.doc(summary="Invite somebody")
def invite(body: InviteBody) -> MemberShape:
    with desk().store.begin() as tx:
        return MemberShape.of(members.invite(tx, body.contact, role=body.role))


@api.put("/api/v1/members/<member>")
@api.input(MemberBody, arg_name="body", example={"name": "Dee", "phone": "+12025550114"})
@api.output(MemberShape)
@api.doc(summary="Change a member's name, phone, Slack user and e-mail address")
def change(member: str, body: MemberBody) -> MemberShape:
    """The member is named by id or by name."""
    with desk().store.begin() as tx:
        return MemberShape.of(members.change(tx, people.named(tx, member), body.contact))


@api.put("/api/v1/members/<member>/role")
@api.input(RoleBody, arg_name="body", example={"role": "admin"})
@api.output(MemberShape)
@api.doc(summary="Promote or demote a member", responses=CONFLICT)
def give_role(member: str, body: RoleBody) -> MemberShape:
    """The last admin stays one, and nobody who is to be called becomes somebody who is not."""
    with desk().store.begin() as tx, conflicts():
        return MemberShape.of(members.give_role(tx, people.named(tx, member), body.role))


@api.delete("/api/v1/members/<member>")
@api.output(MembersShape)
@api.doc(summary="Remove a member", responses=CONFLICT)
def remove(member: str) -> MembersShape:
    """Answers with those who are left. What was written about the incidents goes on naming them."""
    with desk().store.begin() as tx, conflicts():
        members.remove(tx, people.named(tx, member))
    with desk().store.begin() as tx:
        return MembersShape.of(people.everybody(tx))
