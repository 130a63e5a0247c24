"""/api/v1/keys: keys for programs, each with a role, an end, and a name that the timeline shows."""

from datetime import datetime
from typing import Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from incidents import clock, keys
from incidents.models import ApiKey
from incidents.roles import Role
from web.api.texts import AddressedName
from web.caller import caller
from web.desk import desk

LONGEST_DAYS = 3650

api = APIBlueprint("keys", __name__, tag="Administration")


class KeyBody(BaseModel):
    name: AddressedName = Field(description="the program that uses it")
    role: Role = Field(Role.MEMBER, description="what may be done with it; each role may all that those before it may")
    days: int | None = Field(365, ge=1, le=LONGEST_DAYS, description="how long it lasts; null for ever")


class KeyShape(BaseModel):
    id: UUID
    name: str
    role: Role
    begins: str = Field(description="how the key begins; nothing else of it is kept")
    is_open: bool = Field(description="false when it has ended or was taken back")
    made_at: datetime
    made_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None = Field(description="to the minute")

    @classmethod
    def of(cls, row: ApiKey, now: datetime) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            role=row.role,
            begins=row.begins,
            is_open=keys.is_open(row, now),
            made_at=row.made_at,
            made_by=row.made_by,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            used_at=row.used_at,
        )


class MadeShape(KeyShape):
    key: str = Field(description="the key; it is shown this once")


class KeysShape(BaseModel):
    keys: list[KeyShape]


@api.get("/api/v1/keys")
@api.output(KeysShape)
@api.doc(summary="All keys, the newest first")
def all_keys() -> KeysShape:
    with desk().store.begin() as tx:
        now = clock.real(tx.session)
        return KeysShape(keys=[KeyShape.of(row, now) for row in keys.all_of(tx)])


@api.post("/api/v1/keys")
@api.input(KeyBody, arg_name="body", example={"name": "prometheus", "role": "member", "days": 365})
@api.output(MadeShape, 201)
@api.doc(summary="Make a key; it is shown this once")
def make(body: KeyBody) -> MadeShape:
    with desk().store.begin() as tx:
        row, key = keys.make(tx, name=body.name, role=body.role, days=body.days, by=caller().name)
        return MadeShape(**dict(KeyShape.of(row, clock.real(tx.session))), key=key)


@api.delete("/api/v1/keys/<key>")
@api.output(KeyShape)
@api.doc(summary="Take a key back: it opens nothing from now on")
def take_back(key: str) -> KeyShape:
    with desk().store.begin() as tx:
        return KeyShape.of(keys.take_back(tx, key), clock.real(tx.session))
