"""Bugs of who is called, when, and when no more."""

from tests.mutants.mutant import Change, Mutant

ACKNOWLEDGEMENT_ENDS_NOTHING = Mutant(
    name="acknowledgement-ends-nothing",
    breaks="An acknowledgement cancels nothing: waiting pages stay owed, and phones that ring go on ringing.",
    changes=(
        Change(
            "incidents/lifecycle.py",
            "    incident.acknowledged_by, incident.acknowledged_slack = by.name, by.slack_user\n"
            "    paging.stop(tx, incident, but=call)\n",
            "    incident.acknowledged_by, incident.acknowledged_slack = by.name, by.slack_user\n",
        ),
    ),
    test="tests/integration/core/test_acknowledging.py::test_acknowledging_ends_paging_and_says_who",
    unseen="A page that stays owed calls nobody; of the seeds tried (2, 5, 39) none has a phone that must fall silent.",
)

STATE_NOT_READ_AGAIN = Mutant(
    name="state-not-read-again",
    breaks="The state is not read again just before the call: somebody is called about what is acknowledged.",
    changes=(
        Change(
            "incidents/claims.py",
            "stands = newest == claim.attempt and job.done_at is None and job.claimed_until is not None",
            "stands = newest == claim.attempt",
        ),
        Change(
            "incidents/paging.py",
            "if incident.status is not Status.OPEN or place.run != incident.paging_run:",
            "if place.run != incident.paging_run:",
        ),
    ),
    test="tests/integration/core/test_acknowledging.py"
    "::test_a_page_in_a_workers_hands_is_not_made_once_somebody_has_acknowledged",
    unseen="Somebody has to acknowledge in the milliseconds in which a worker has the page in hand.",
)

NO_SWEEP = Mutant(
    name="no-sweep",
    breaks="Nobody looks into the table: but for pages, what is due later, or whose bell was lost, waits for ever.",
    changes=(
        Change(
            "tasks/sweep.py",
            "        if rings:\n            self._ring(rings)\n        return len(rings)",
            "        return len(rings)",
        ),
        Change(
            "tasks/celery_worker.py",
            "    rounds_beside(lookout.once, every_seconds=LOOKS_EVERY_SECONDS, stopped=stopped)\n",
            "",
        ),
    ),
    test="tests/integration/core/test_sweep.py::test_the_sweep_rings_for_what_is_due",
)

PAGE_OWED_BY_TRIAGE = Mutant(
    name="page-owed-by-triage",
    breaks="The first page is owed by triage and not on acceptance: without a verdict nobody is called.",
    changes=(
        Change("incidents/opening.py", 'JOBS = ("job1", "job2")', 'JOBS = ("job1",)'),
        Change("incidents/opening.py", "zip(JOBS, jobs, strict=True)", "zip(JOBS, jobs, strict=False)"),
    ),
    test="tests/integration/core/test_paging.py::test_an_untriaged_report_pages_after_thirty_seconds",
    unseen="Triage falls back to the rules whatever is away, so no verdict is missing for a whole minute.",
)
