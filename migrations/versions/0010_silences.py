"""Silences"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOW = sa.DateTime(timezone=True)
SEES = "current_setting('tocsin.organization', true) IN (organization_id::text, '*')"


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("begins", NOW, nullable=False),
        sa.Column("ends", NOW, nullable=False),
        sa.Column("severities", postgresql.JSONB(), nullable=False),
        sa.Column("categories", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", NOW, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", NOW, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_silences_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_silences_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index(op.f("ix_silences_organization_id"), "silences", ["organization_id"])
    op.execute("ALTER TABLE silences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON silences USING ({SEES})")


def downgrade() -> None:
    op.drop_table("silences")
