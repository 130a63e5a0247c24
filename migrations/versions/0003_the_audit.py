"""The audit, what admins are told, heartbeats, and how late jobs are"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PARTIAL = (
    ("ix_jobs_failed", "jobs", "kind", "outcome = 'failed'"),
    ("ix_incidents_to_page", "incidents", "opened_at", "status = 'open'"),
    ("ix_incidents_to_triage", "incidents", "opened_at", "triage IN ('submitted', 'processing')"),
    ("ix_incidents_reported_high", "incidents", "opened_at", "reported_severity = 'HIGH'"),
    ("ix_attempts_to_measure", "attempts", "ended_at", "NOT measured AND ended_at IS NOT NULL"),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "audit",
        sa.Column("one", sa.Boolean(), nullable=False),
        sa.Column("audited_at", moment, nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bad_at", moment, nullable=True),
        sa.Column("pinged_at", moment, nullable=True),
        sa.Column("pings_sent", sa.BigInteger(), nullable=False),
        sa.Column("pings_failed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit")),
    )
    op.create_table(
        "admin_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("kinds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("begun_at", moment, nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_notices")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "lateness",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "stage", "cell", name=op.f("pk_lateness")),
    )
    op.add_column("attempts", sa.Column("due", moment, nullable=True))
    # What was attempted before is not measured: nobody knows when it was due.
    op.add_column("attempts", sa.Column("measured", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("attempts", "measured", server_default=sa.false())
    for name, table, column, where in PARTIAL:
        op.create_index(name, table, [column], unique=False, postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, where in reversed(PARTIAL):
        op.drop_index(name, table_name=table, postgresql_where=sa.text(where))
    op.drop_column("attempts", "measured")
    op.drop_column("attempts", "due")
    for table in ("lateness", "heartbeats", "admin_notices", "audit"):
        op.drop_table(table)
