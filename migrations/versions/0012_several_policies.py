"""Several policies, by severity, category and service"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEGIN_FOR = """
CREATE FUNCTION begin_for(organization uuid, only_this_transaction boolean)
RETURNS TABLE (
    policy jsonb, {policies}categories jsonb, countries jsonb, default_role varchar, people jsonb, store_now timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tocsin.organization', organization::text, only_this_transaction);
    RETURN QUERY SELECT o.policy, {chosen}o.categories, o.countries, o.default_role, coalesce(
        (SELECT jsonb_agg(to_jsonb(m)) FROM members m WHERE m.organization_id = o.id
            AND (m.removed_at IS NULL OR m.slack_user IS NOT NULL)), '[]'
    ), store_now() FROM organizations o WHERE o.id = organization;
END $$
"""


def upgrade() -> None:
    op.add_column("organizations", sa.Column("policies", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("organizations", "policies", server_default=None)
    op.add_column("incidents", sa.Column("service", sa.String(), nullable=True))
    op.execute("DROP FUNCTION begin_for")
    op.execute(BEGIN_FOR.format(policies="policies jsonb, ", chosen="o.policies, "))


def downgrade() -> None:
    op.execute("DROP FUNCTION begin_for")
    op.execute(BEGIN_FOR.format(policies="", chosen=""))
    op.drop_column("incidents", "service")
    op.drop_column("organizations", "policies")
