"""The Slack groups that policies name, with their members"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("organizations", sa.Column("groups", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("organizations", "groups", server_default=None)


def downgrade() -> None:
    op.drop_column("organizations", "groups")
