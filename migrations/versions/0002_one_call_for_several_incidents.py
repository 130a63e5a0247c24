"""One call for several incidents"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PAGES_OF_EARLIER_CALLS = """
INSERT INTO pages (id, organization_id, call_id, incident_id, job_id, paging_run, rung, made_at, said)
SELECT gen_random_uuid(), calls.organization_id, calls.id, calls.incident_id, calls.job_id, calls.paging_run,
    CASE WHEN jobs.kind = 'PAGE' THEN split_part(jobs.key, ':', 2)::integer END, calls.placed_at, 1
FROM calls JOIN jobs ON jobs.id = calls.job_id
"""
STEPS_OF_CALLS = """
UPDATE calls SET paging_run = pages.paging_run, step = coalesce(pages.rung, -1)
FROM pages WHERE pages.call_id = calls.id AND pages.job_id = calls.job_id
"""
"""Which step a rung belongs to stands in the incident's policy; going back, the rung must do."""


def upgrade() -> None:
    op.add_column("calls", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("calls", "round", server_default=None)
    op.add_column("calls", sa.Column("ending_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_calls_line", "calls", ["to", "placed_at"], unique=False)
    op.create_table(
        "pages",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("paging_run", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Integer(), nullable=True),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_pages_call_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_pages_incident_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_pages_job_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_pages_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("call_id", "job_id", name=op.f("uq_pages_call_id_job_id")),
    )
    op.create_index("ix_pages_incident", "pages", ["incident_id"], unique=False)
    op.create_index(op.f("ix_pages_organization_id"), "pages", ["organization_id"], unique=False)
    op.execute(PAGES_OF_EARLIER_CALLS)
    op.drop_column("calls", "step")
    op.drop_column("calls", "paging_run")


def downgrade() -> None:
    op.add_column("calls", sa.Column("paging_run", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("calls", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    op.execute(STEPS_OF_CALLS)
    op.alter_column("calls", "paging_run", server_default=None)
    op.alter_column("calls", "step", server_default=None)
    op.drop_index(op.f("ix_pages_organization_id"), table_name="pages")
    op.drop_index("ix_pages_incident", table_name="pages")
    op.drop_table("pages")
    op.drop_index("ix_calls_line", table_name="calls")
    op.drop_column("calls", "ending_at")
    op.drop_column("calls", "round")
