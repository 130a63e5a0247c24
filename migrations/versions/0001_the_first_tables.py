"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CREATE_CLOCK = """
CREATE TABLE clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    moved interval NOT NULL DEFAULT interval '0',
    held_at timestamptz
);
INSERT INTO clock DEFAULT VALUES;
CREATE FUNCTION store_now() RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT coalesce(held_at, clock_timestamp()) + moved FROM clock $$;
"""
KEEP_TIMELINE = """
CREATE FUNCTION timeline_is_only_written() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the timeline is only ever written, never changed'; END $$;
CREATE TRIGGER timeline_is_only_written BEFORE UPDATE OR DELETE ON timeline
    FOR EACH ROW EXECUTE FUNCTION timeline_is_only_written();
"""
DROP_KEEP_TIMELINE = "DROP TRIGGER timeline_is_only_written ON timeline; DROP FUNCTION timeline_is_only_written();"
DROP_CLOCK = "DROP FUNCTION store_now(); DROP TABLE clock;"


def upgrade() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slack_team", sa.String(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("categories", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("name", name=op.f("uq_organizations_name")),
        sa.UniqueConstraint("slack_team", name=op.f("uq_organizations_slack_team")),
    )
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "source",
            sa.Enum("api", "slash", "mention", "phone", name="source", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reporter_name", sa.String(), nullable=False),
        sa.Column("reporter_slack", sa.String(), nullable=True),
        sa.Column("reporter_phone", sa.String(), nullable=True),
        sa.Column("origin_channel", sa.String(), nullable=True),
        sa.Column("origin_thread", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open", "acknowledged", "mitigated", "resolved", "merged", name="status", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "severity", sa.Enum("LOW", "MEDIUM", "HIGH", name="severity", native_enum=False, length=20), nullable=False
        ),
        sa.Column(
            "reported_severity",
            sa.Enum("LOW", "MEDIUM", "HIGH", name="severity", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_slack", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolved_slack", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column(
            "triage",
            sa.Enum("submitted", "processing", "triaged", "failed", name="triage", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("predicted_category", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column(
            "route",
            sa.Enum("memory", "llm", "rules", "human", name="route", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column(
            "predicted_route",
            sa.Enum("memory", "llm", "rules", "human", name="route", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("similar", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("helped", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("paging_run", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.Column("card_ts", sa.String(), nullable=True),
        sa.Column("ticket_key", sa.String(), nullable=True),
        sa.Column("ticket_url", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_incidents_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_incidents_organization_id_number")),
        sa.UniqueConstraint("organization_id", "ref", name=op.f("uq_incidents_organization_id_ref")),
    )
    op.create_index("ix_incidents_card", "incidents", ["channel_id", "card_ts"], unique=False)
    op.create_index("ix_incidents_opened", "incidents", ["organization_id", "opened_at"], unique=False)
    op.create_index(op.f("ix_incidents_organization_id"), "incidents", ["organization_id"], unique=False)
    op.create_table(
        "responders",
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_responders_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responders")),
        sa.UniqueConstraint("organization_id", "position", name=op.f("uq_responders_organization_id_position")),
    )
    op.create_index(op.f("ix_responders_organization_id"), "responders", ["organization_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_slack", sa.String(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("predicted", sa.String(), nullable=True),
        sa.Column(
            "predicted_route",
            sa.Enum("memory", "llm", "rules", "human", name="route", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_corrections_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_corrections_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_incident_id"), "corrections", ["incident_id"], unique=False)
    op.create_index(op.f("ix_corrections_organization_id"), "corrections", ["organization_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_inbox_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_inbox_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "organization_id", "source", "external_id", name=op.f("uq_inbox_organization_id_source_external_id")
        ),
    )
    op.create_index(op.f("ix_inbox_organization_id"), "inbox", ["organization_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_jobs_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_jobs_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("incident_id", "kind", "key", name=op.f("uq_jobs_incident_id_kind_key")),
    )
    op.create_index("ix_jobs_open", "jobs", ["due"], unique=False, postgresql_where="done_at IS NULL")
    op.create_index(op.f("ix_jobs_organization_id"), "jobs", ["organization_id"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("transcript", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_recordings_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_recordings_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("sid", name=op.f("uq_recordings_sid")),
    )
    op.create_index(op.f("ix_recordings_incident_id"), "recordings", ["incident_id"], unique=False)
    op.create_index(op.f("ix_recordings_organization_id"), "recordings", ["organization_id"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_timeline_incident_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_timeline_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index(op.f("ix_timeline_incident_id"), "timeline", ["incident_id"], unique=False)
    op.create_index(op.f("ix_timeline_organization_id"), "timeline", ["organization_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_real", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_attempts_job_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_attempts_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("job_id", "n", name=op.f("uq_attempts_job_id_n")),
    )
    op.create_index(op.f("ix_attempts_organization_id"), "attempts", ["organization_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        sa.Column("responder_name", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("paging_run", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_real", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_calls_incident_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_calls_job_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_calls_organization_id")),
        sa.ForeignKeyConstraint(["responder_id"], ["responders.id"], name=op.f("fk_calls_responder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("sid", name=op.f("uq_calls_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_calls_token")),
    )
    op.create_index("ix_calls_incident", "calls", ["incident_id"], unique=False)
    op.create_index("ix_calls_job", "calls", ["job_id"], unique=False)
    op.create_index(op.f("ix_calls_organization_id"), "calls", ["organization_id"], unique=False)

    op.execute(CREATE_CLOCK)
    op.execute(KEEP_TIMELINE)


def downgrade() -> None:
    op.execute(DROP_KEEP_TIMELINE)
    op.execute(DROP_CLOCK)
    op.drop_index(op.f("ix_calls_organization_id"), table_name="calls")
    op.drop_index("ix_calls_job", table_name="calls")
    op.drop_index("ix_calls_incident", table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_attempts_organization_id"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_timeline_organization_id"), table_name="timeline")
    op.drop_index(op.f("ix_timeline_incident_id"), table_name="timeline")
    op.drop_table("timeline")
    op.drop_index(op.f("ix_recordings_organization_id"), table_name="recordings")
    op.drop_index(op.f("ix_recordings_incident_id"), table_name="recordings")
    op.drop_table("recordings")
    op.drop_index(op.f("ix_jobs_organization_id"), table_name="jobs")
    op.drop_index("ix_jobs_open", table_name="jobs", postgresql_where="done_at IS NULL")
    op.drop_table("jobs")
    op.drop_index(op.f("ix_inbox_organization_id"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_corrections_organization_id"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_incident_id"), table_name="corrections")
    op.drop_table("corrections")
    op.drop_index(op.f("ix_responders_organization_id"), table_name="responders")
    op.drop_table("responders")
    op.drop_index(op.f("ix_incidents_organization_id"), table_name="incidents")
    op.drop_index("ix_incidents_opened", table_name="incidents")
    op.drop_index("ix_incidents_card", table_name="incidents")
    op.drop_table("incidents")
    op.drop_table("organizations")
