"""Responders are members with roles"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAMES = (
    ("ALTER INDEX", "pk_{}"),
    ("ALTER INDEX", "uq_{}_organization_id_position"),
    ("ALTER INDEX", "ix_{}_organization_id"),
    ("ALTER TABLE {} RENAME CONSTRAINT", "fk_{}_organization_id"),
)


def _rename(before: str, after: str) -> None:
    op.rename_table(before, after)
    for change, name in NAMES:
        old, new = name.format(before), name.format(after)
        what = change.format(after)
        op.execute(f"{what} {old} TO {new}" if "CONSTRAINT" in what else f"{what} {old} RENAME TO {new}")


def upgrade() -> None:
    """Who could act before can act afterwards."""
    _rename("responders", "members")
    op.add_column("members", sa.Column("role", sa.String(length=20), server_default="responder", nullable=False))
    op.add_column("members", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("members", "role", server_default=None)
    op.add_column("organizations", sa.Column("default_role", sa.String(length=20), server_default="responder"))
    op.alter_column("organizations", "default_role", server_default=None)


def downgrade() -> None:
    op.drop_column("organizations", "default_role")
    op.drop_column("members", "removed_at")
    op.drop_column("members", "role")
    _rename("members", "responders")
