"""Projects within an organization"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEGIN_FOR = """
CREATE FUNCTION begin_for(organization uuid, only_this_transaction boolean)
RETURNS TABLE (
    policy jsonb, policies jsonb, categories jsonb, countries jsonb, default_role varchar, people jsonb,
    {projects}store_now timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('tocsin.organization', organization::text, only_this_transaction);
    RETURN QUERY SELECT o.policy, o.policies, o.categories, o.countries, o.default_role, coalesce(
        (SELECT jsonb_agg(to_jsonb(m)) FROM members m WHERE m.organization_id = o.id
            AND (m.removed_at IS NULL OR m.slack_user IS NOT NULL)), '[]'
    ), {chosen}store_now() FROM organizations o WHERE o.id = organization;
END $$
"""
CHOSEN = """coalesce(
        (SELECT jsonb_agg(jsonb_build_object(
            'id', p.id, 'name', p.name, 'services', p.services, 'channels', p.channels
        )) FROM projects p WHERE p.organization_id = o.id), '[]'
    ), """
DEFAULT = "SELECT {row}.id, {row}.id, 'default', '', '[]'::jsonb, '[]'::jsonb, {row}.created_at"
INTO = "INSERT INTO projects (id, organization_id, name, description, services, channels, made_at)"
FUNCTION = f"""
CREATE FUNCTION make_default_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {INTO} {DEFAULT.format(row="NEW")};
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER make_default_project AFTER INSERT ON organizations
FOR EACH ROW EXECUTE FUNCTION make_default_project()
"""
TIMELINE = """
CREATE OR REPLACE FUNCTION timeline_is_only_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('tocsin.removed', true) = OLD.organization_id::text THEN
        RETURN OLD;
    END IF;
    {removed}
    RAISE EXCEPTION 'the timeline is only ever written, never changed';
END $$
"""
REMOVED = """
    IF TG_OP = 'DELETE' AND current_setting('tocsin.removed_project', true)
        = (SELECT project_id::text FROM incidents WHERE id = OLD.incident_id) THEN
        RETURN OLD;
    END IF;
"""


def upgrade() -> None:
    """What there is belongs to the default project of its organization. A timeline goes with its project too."""
    op.create_table(
        "projects",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("services", postgresql.JSONB(), nullable=False),
        sa.Column("channels", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exported_incidents", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_projects_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_projects_organization_id_name")),
    )
    op.create_index(op.f("ix_projects_organization_id"), "projects", ["organization_id"])
    op.execute("ALTER TABLE projects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY own ON projects"
        " USING (current_setting('tocsin.organization', true) IN (organization_id::text, '*'))"
    )
    op.execute(f"{INTO} {DEFAULT.format(row='organizations')} FROM organizations")
    op.execute(FUNCTION)
    op.execute(TRIGGER)
    op.add_column("incidents", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE incidents SET project_id = organization_id")
    op.alter_column("incidents", "project_id", nullable=False)
    op.create_foreign_key(op.f("fk_incidents_project_id"), "incidents", "projects", ["project_id"], ["id"])
    op.create_index("ix_incidents_project", "incidents", ["project_id", "number"])
    op.execute("DROP FUNCTION begin_for")
    op.execute(BEGIN_FOR.format(projects="projects jsonb, ", chosen=CHOSEN))
    op.execute(TIMELINE.format(removed=REMOVED))


def downgrade() -> None:
    op.execute(TIMELINE.format(removed=""))
    op.execute("DROP FUNCTION begin_for")
    op.execute(BEGIN_FOR.format(projects="", chosen=""))
    op.drop_index("ix_incidents_project", "incidents")
    op.drop_column("incidents", "project_id")
    op.execute("DROP TRIGGER make_default_project ON organizations")
    op.execute("DROP FUNCTION make_default_project")
    op.drop_table("projects")
