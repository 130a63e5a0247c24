"""Keys with which programs use the API."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from incidents.models.base import Base, Owned, words
from incidents.roles import Role


class ApiKey(Owned, Base):
    """`digest` is all that is kept of the key itself, but for `begins`, by which people recognize it.

    Times are the machine's: whoever moves the store's clock does not bring a key back to life.
    """

    __tablename__ = "api_keys"

    name: Mapped[str]
    role: Mapped[Role] = mapped_column(words(Role))
    digest: Mapped[str] = mapped_column(unique=True)
    begins: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
