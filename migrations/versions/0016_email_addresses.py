"""E-mail addresses of members"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Codes for them go into the table of those for phones."""
    op.add_column("members", sa.Column("email", sa.String(), nullable=True))
    op.add_column("members", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "email_verified_at")
    op.drop_column("members", "email")
