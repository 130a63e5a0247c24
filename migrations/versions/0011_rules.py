"""When, and how often, somebody is not to be called"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("members", sa.Column("rules", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column("members", "rules", server_default=None)


def downgrade() -> None:
    op.drop_column("members", "rules")
