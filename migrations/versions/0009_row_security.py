"""Each transaction sees the rows of its organization alone"""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "api_keys",
    "attempts",
    "calls",
    "corrections",
    "inbox",
    "incidents",
    "jobs",
    "members",
    "overrides",
    "pages",
    "phone_codes",
    "recordings",
    "schedules",
    "timeline",
)
SEES = "current_setting('tocsin.organization', true) IN ({column}::text, '*')"
BEGIN_FOR = """
CREATE FUNCTION begin_for(organization uuid, only_this_transaction boolean)
RETURNS TABLE (
    policy jsonb, categories jsonb, countries jsonb, default_role varchar, people jsonb, store_now timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tocsin.organization', organization::text, only_this_transaction);
    RETURN QUERY SELECT o.policy, o.categories, o.countries, o.default_role, coalesce(
        (SELECT jsonb_agg(to_jsonb(m)) FROM members m WHERE m.organization_id = o.id
            AND (m.removed_at IS NULL OR m.slack_user IS NOT NULL)), '[]'
    ), store_now() FROM organizations o WHERE o.id = organization;
END $$
"""


def upgrade() -> None:
    """Forced, for the product owns its tables. Who has said nothing sees nothing; `*` sees all."""
    for table, column in (("organizations", "id"), *((table, "organization_id") for table in TABLES)):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({SEES.format(column=column)})")
    op.execute(BEGIN_FOR)


def downgrade() -> None:
    op.execute("DROP FUNCTION begin_for")
    for table in ("organizations", *TABLES):
        op.execute(f"DROP POLICY own ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
