"""Numbers that are verified, and the countries that are called"""

from collections.abc import Sequence
from json import dumps

import phonenumbers
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOW = sa.DateTime(timezone=True)
WHO_IS_CALLED = "SELECT organization_id, phone FROM members WHERE phone IS NOT NULL"


def upgrade() -> None:
    """Whoever was called before is called afterwards, but on premium numbers, satellites' and the like."""
    countries = sa.Column("countries", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("organizations", countries)
    op.alter_column("organizations", "countries", server_default=None)
    op.add_column("members", sa.Column("phone_verified_at", NOW, nullable=True))
    op.execute("UPDATE members SET phone_verified_at = now() WHERE phone IS NOT NULL")
    found: dict[str, set[str]] = {}
    for organization, phone in op.get_bind().execute(sa.text(WHO_IS_CALLED)):
        found.setdefault(organization, set()).update(_country(phone))
    for organization, called in found.items():
        change = sa.text("UPDATE organizations SET countries = cast(:called AS jsonb) WHERE id = :id")
        op.get_bind().execute(change, {"called": dumps(sorted(called)), "id": organization})
    op.create_table(
        "phone_codes",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("sent_at", NOW, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", NOW, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_phone_codes_member_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_phone_codes_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
    )
    op.create_index(op.f("ix_phone_codes_member_id"), "phone_codes", ["member_id"])
    op.create_index(op.f("ix_phone_codes_organization_id"), "phone_codes", ["organization_id"])


def downgrade() -> None:
    op.drop_table("phone_codes")
    op.drop_column("members", "phone_verified_at")
    op.drop_column("organizations", "countries")


def _country(phone: str) -> set[str]:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return set()
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return {found} & set(phonenumbers.SUPPORTED_REGIONS)
