"""What models were asked, and what triage drafts for people"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES = "current_setting('tocsin.organization', true) IN (organization_id::text, '*')"
DRAFTED = ("urgency", "sentiment")


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_model_calls_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "day", "model", "outcome", name=op.f("pk_model_calls")),
    )
    op.execute("ALTER TABLE model_calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON model_calls USING ({SEES})")
    op.create_table(
        "model_states",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("model", name=op.f("pk_model_states")),
    )
    for name in DRAFTED:
        op.add_column("incidents", sa.Column(name, sa.String(length=20), nullable=True))
    op.add_column("incidents", sa.Column("reply", sa.String(), nullable=True))
    op.add_column("incidents", sa.Column("remediation", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("incidents", "remediation", server_default=None)


def downgrade() -> None:
    for name in ("remediation", "reply", *DRAFTED):
        op.drop_column("incidents", name)
    op.drop_table("model_states")
    op.drop_table("model_calls")
