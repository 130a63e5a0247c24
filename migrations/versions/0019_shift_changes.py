"""Shifts that ended, and where hand-overs are told"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIME = sa.DateTime(timezone=True)
SEES = "current_setting('tocsin.organization', true) IN (organization_id::text, '*')"


def upgrade() -> None:
    op.add_column("schedules", sa.Column("hand_over_channel", sa.String(), nullable=True))
    op.create_table(
        "shift_changes",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("went", sa.Uuid(), nullable=True),
        sa.Column("came", sa.Uuid(), nullable=True),
        sa.Column("began", TIME, nullable=False),
        sa.Column("ended", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("begun_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_shift_changes_schedule_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["went"], ["members.id"], name=op.f("fk_shift_changes_went")),
        sa.ForeignKeyConstraint(["came"], ["members.id"], name=op.f("fk_shift_changes_came")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_shift_changes_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_changes")),
    )
    op.create_index(op.f("ix_shift_changes_organization_id"), "shift_changes", ["organization_id"])
    op.create_index("ix_shift_changes_schedule", "shift_changes", ["schedule_id", "n"])
    op.create_index("ix_shift_changes_owed", "shift_changes", ["next_at"], postgresql_where=sa.text("done_at IS NULL"))
    op.execute("ALTER TABLE shift_changes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON shift_changes USING ({SEES})")


def downgrade() -> None:
    op.drop_table("shift_changes")
    op.drop_column("schedules", "hand_over_channel")
