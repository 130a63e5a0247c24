"""Bugs of a promise that may be written down twice."""

from tests.mutants.mutant import Change, Mutant

NO_UNIQUE_MESSAGE = Mutant(
    name="no-unique-message",
    breaks="The inbox has no unique key: a message that is delivered twice is two messages.",
    changes=(
        Change(
            "incidents/models/incident.py",
            'UniqueConstraint("organization_id", "source", "external_id")',
            'UniqueConstraint("organization_id", "source", "external_id", "id")',
        ),
        Change(
            "migrations/versions/0001_the_first_tables.py",
            '"organization_id", "source", "external_id", name=op.f("uq_inbox_organization_id_source_external_id")',
            '"organization_id",\n            "source",\n            "external_id",\n            "id",\n'
            '            name=op.f("uq_inbox_organization_id_source_external_id"),',
        ),
    ),
    test="tests/integration/core/test_reporting.py::test_a_message_is_accepted_once_however_often_it_comes",
)

NO_UNIQUE_JOB = Mutant(
    name="no-unique-job",
    breaks="Jobs have no unique key: what is owed a second time is done a second time.",
    changes=(
        Change(
            "incidents/models/job.py",
            'UniqueConstraint("incident_id", "kind", "key")',
            'UniqueConstraint("incident_id", "kind", "key", "id")',
        ),
        Change(
            "migrations/versions/0001_the_first_tables.py",
            'sa.UniqueConstraint("incident_id", "kind", "key", name=op.f("uq_jobs_incident_id_kind_key"))',
            'sa.UniqueConstraint("incident_id", "kind", "key", "id", name=op.f("uq_jobs_incident_id_kind_key"))',
        ),
        Change(
            "incidents/jobs.py",
            'row.on_conflict_do_update(\n            index_elements=["incident_id", "kind", "key"],',
            'row.on_conflict_do_update(\n            index_elements=["incident_id", "kind", "key", "id"],',
        ),
        Change(
            "incidents/jobs.py",
            'row.on_conflict_do_nothing(index_elements=["incident_id", "kind", "key"])',
            'row.on_conflict_do_nothing(index_elements=["incident_id", "kind", "key", "id"])',
        ),
    ),
    test="tests/integration/core/test_jobs.py::test_a_job_owed_twice_is_one",
)
