"""On-call schedules and their overrides"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOW = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("layers", postgresql.JSONB(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("made_at", NOW, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_schedules_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("feed", name=op.f("uq_schedules_feed")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_schedules_organization_id_name")),
    )
    op.create_index(op.f("ix_schedules_organization_id"), "schedules", ["organization_id"])
    op.create_table(
        "overrides",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        sa.Column("begins", NOW, nullable=False),
        sa.Column("ends", NOW, nullable=False),
        sa.Column("made_at", NOW, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_overrides_length")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_overrides_schedule_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["responder_id"], ["responders.id"], name=op.f("fk_overrides_responder_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_overrides_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index(op.f("ix_overrides_organization_id"), "overrides", ["organization_id"])
    op.create_index("ix_overrides_schedule", "overrides", ["schedule_id", "ends"])


def downgrade() -> None:
    op.drop_table("overrides")
    op.drop_table("schedules")
