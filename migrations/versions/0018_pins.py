"""PINs of members, and those who call back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOW = sa.DateTime(timezone=True)
SEES = "current_setting('tocsin.organization', true) IN (organization_id::text, '*')"
TABLES = ("pins", "return_calls")


def upgrade() -> None:
    op.add_column("members", sa.Column("pin_set_at", NOW, nullable=True))
    op.create_table(
        "pins",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_until", NOW, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pins_member_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_pins_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sa.UniqueConstraint("member_id", name=op.f("uq_pins_member_id")),
    )
    op.create_table(
        "return_calls",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("pages", postgresql.JSONB(), nullable=False),
        sa.Column("begun_at", NOW, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("proved_at", NOW, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_return_calls_incident_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_return_calls_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_return_calls_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_calls")),
        sa.UniqueConstraint("sid", name=op.f("uq_return_calls_sid")),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_organization_id"), table, ["organization_id"])
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({SEES})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("members", "pin_set_at")
