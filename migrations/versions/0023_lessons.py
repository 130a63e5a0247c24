"""Lessons of the memory, with where each comes from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIME = sa.DateTime(timezone=True)
SEES = "current_setting('tocsin.organization', true) IN (organization_id::text, '*')"


def upgrade() -> None:
    op.add_column("corrections", sa.Column("voice", sa.String(), nullable=True))
    # The version before goes on writing corrections until it is replaced.
    op.add_column("corrections", sa.Column("by_admin", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "lessons",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("helped", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("taught_by", sa.String(), nullable=False),
        sa.Column("voice", sa.String(), nullable=True),
        sa.Column("via", sa.String(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_lessons_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_lessons_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("organization_id", "source", name=op.f("uq_lessons_organization_id_source")),
    )
    op.create_index(op.f("ix_lessons_organization_id"), "lessons", ["organization_id"])
    op.create_index(op.f("ix_lessons_incident_id"), "lessons", ["incident_id"])
    op.create_index("ix_lessons_browse", "lessons", ["organization_id", "n"])
    op.create_index("ix_lessons_unsettled", "lessons", ["organization_id", "n"], postgresql_where=sa.text("NOT agrees"))
    op.execute("ALTER TABLE lessons ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON lessons USING ({SEES})")


def downgrade() -> None:
    op.drop_table("lessons")
    op.drop_column("corrections", "by_admin")
    op.drop_column("corrections", "voice")
