"""What somebody may do: each role may all that those before it may."""

from enum import StrEnum


class Role(StrEnum):
    """`viewer` reads; `member` reports and corrects too; `responder` acts and is called; `admin` may everything."""

    VIEWER = "viewer"
    MEMBER = "member"
    RESPONDER = "responder"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = tuple(Role)
