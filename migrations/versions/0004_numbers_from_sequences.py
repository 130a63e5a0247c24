"""Each organization numbers its incidents with a sequence instead of a counted row"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FUNCTIONS = (
    """
    CREATE FUNCTION incident_numbers(organization uuid) RETURNS regclass LANGUAGE sql STABLE
    RETURN ('incident_numbers_' || replace(organization::text, '-', ''))::regclass
    """,
    """
    CREATE FUNCTION number_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            EXECUTE 'CREATE SEQUENCE incident_numbers_' || replace(NEW.id::text, '-', '');
        ELSE
            EXECUTE 'DROP SEQUENCE incident_numbers_' || replace(OLD.id::text, '-', '');
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER number_incidents AFTER INSERT OR DELETE ON organizations
    FOR EACH ROW EXECUTE FUNCTION number_incidents()
    """,
)
GIVE_BACK = """
    UPDATE organizations
    SET last_number = (SELECT coalesce(max(number), 0) FROM incidents WHERE organization_id = organizations.id)
"""
ALL = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'incident_numbers_%'"


LOCK = "LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE"
"""First of all: whoever counts at this moment has counted, and nobody who reads the table waits for a stronger lock."""


def upgrade() -> None:
    op.execute(LOCK)
    for organization, last_number in op.get_bind().execute(sa.text("SELECT id, last_number FROM organizations")):
        op.execute(f"CREATE SEQUENCE incident_numbers_{organization.hex} START {last_number + 1}")
    for function in FUNCTIONS:
        op.execute(function)
    op.drop_column("organizations", "last_number")


def downgrade() -> None:
    op.execute(LOCK)
    op.add_column("organizations", sa.Column("last_number", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("organizations", "last_number", server_default=None)
    op.execute(GIVE_BACK)
    op.execute("DROP TRIGGER number_incidents ON organizations")
    op.execute("DROP FUNCTION number_incidents, incident_numbers")
    for (name,) in op.get_bind().execute(sa.text(ALL)):
        op.execute(f"DROP SEQUENCE {name}")
