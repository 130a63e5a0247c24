"""Bugs of who works on a job, and of what is known about earlier attempts."""

from tests.mutants.mutant import Change, Mutant

NO_LEASE_END = Mutant(
    name="no-lease-end",
    breaks="A lease never ends: the job of a worker that died is never free again.",
    changes=(
        Change(
            "incidents/claims.py",
            "free = or_(Job.claimed_until.is_(None), Job.claimed_until < func.clock_timestamp())",
            "free = Job.claimed_until.is_(None)",
        ),
    ),
    test="tests/integration/core/test_jobs.py::test_a_job_in_hand_is_nobody_elses_until_its_lease_ends",
)

LEASE_CHECKED_BY_NOBODY = Mutant(
    name="lease-checked-by-nobody",
    breaks="Nobody looks at the lease, when taking a job or before its effect: two workers do the same job.",
    changes=(
        Change(
            "incidents/claims.py",
            "return and_(Job.done_at.is_(None), Job.due <= func.store_now(), free)",
            "return and_(Job.done_at.is_(None), Job.due <= func.store_now(), or_(free, Job.done_at.is_(None)))",
        ),
        Change(
            "incidents/claims.py",
            "stands = newest == claim.attempt and job.done_at is None and job.claimed_until is not None",
            "stands = newest is not None and job.done_at is None",
        ),
    ),
    test="tests/integration/core/test_jobs.py::test_of_two_hundred_jobs_and_sixteen_workers_none_is_claimed_twice",
    unseen="Seed 2 does not: the second worker finds an attempt without an end, and looks for its effect first.",
)

LOST_EFFECT_NOT_LOOKED_FOR = Mutant(
    name="lost-effect-not-looked-for",
    breaks="An attempt without an end counts as one without an effect: what was done and not heard of is done again.",
    changes=(
        Change(
            "incidents/claims.py",
            "unsettled=unsettled.started_real if unsettled else None,",
            "unsettled=None,",
        ),
        Change(
            "incidents/claims.py",
            "unsettled_for=now - unsettled.started_at if unsettled else None,",
            "unsettled_for=None,",
        ),
    ),
    test="tests/integration/core/test_lost_answers.py"
    "::test_a_call_whose_answer_was_lost_is_found_in_the_providers_list_and_not_placed_again",
)

FAILURE_IS_FINAL = Mutant(
    name="failure-is-final",
    breaks="What a provider could not do for a while is given up at once.",
    changes=(
        Change(
            "incidents/claims.py",
            "if job.attempts >= terms.attempts:",
            "if job.attempts >= 1:",
        ),
    ),
    test="tests/integration/core/test_jobs.py::test_a_job_waits_longer_after_each_attempt_and_fails_after_the_last",
)
