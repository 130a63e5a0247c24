"""When an organization was exported"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TIMELINE = """
CREATE OR REPLACE FUNCTION timeline_is_only_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {removed}
    RAISE EXCEPTION 'the timeline is only ever written, never changed';
END $$
"""
REMOVED = """
    IF TG_OP = 'DELETE' AND current_setting('tocsin.removed', true) = OLD.organization_id::text THEN
        RETURN OLD;
    END IF;
"""


def upgrade() -> None:
    """A timeline goes with its organization, and never otherwise."""
    op.execute(TIMELINE.format(removed=REMOVED))
    op.add_column("organizations", sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organizations", sa.Column("exported_incidents", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.execute(TIMELINE.format(removed=""))
    op.drop_column("organizations", "exported_incidents")
    op.drop_column("organizations", "exported_at")
