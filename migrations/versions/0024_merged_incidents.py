"""Incidents that are merged into others, and what an incident may be the same as"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GOING_ON = "status IN ('open', 'acknowledged', 'mitigated')"


def upgrade() -> None:
    severity = sa.Enum("LOW", "MEDIUM", "HIGH", name="severity", native_enum=False, length=20)
    op.add_column("incidents", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.add_column("incidents", sa.Column("least_severity", severity, nullable=True))
    op.add_column("incidents", sa.Column("suspects", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("incidents", "suspects", server_default=None)
    op.create_index(
        "ix_incidents_going_on", "incidents", ["organization_id", "number"], postgresql_where=sa.text(GOING_ON)
    )


def downgrade() -> None:
    op.drop_index("ix_incidents_going_on", table_name="incidents")
    for column in ("suspects", "least_severity", "merged_into"):
        op.drop_column("incidents", column)
