"""Bugs of an answer that promises what is not safe yet."""

from tests.mutants.mutant import Change, Mutant

ANSWER_BEFORE_COMMIT = Mutant(
    name="answer-before-commit",
    breaks="A report by REST is answered 202 first and committed then.",
    changes=(
        Change(
            "web/api/report.py",
            "    with desk().store.autocommit() as tx:\n"
            "        opened = reports.open_incident(tx, _report(body), message=message)\n"
            "        summary = summarize(tx, opened.incident, first_page=opened.first_page)\n",
            "    unit = ExitStack()\n"
            "    tx = unit.enter_context(desk().store.begin())\n"
            "    opened = reports.open_incident(tx, _report(body), message=message)\n"
            "    summary = summarize(tx, opened.incident, first_page=opened.first_page)\n"
            "    after_this_request(lambda response: (response.call_on_close(unit.close), response)[1])\n",
        ),
        Change(
            "web/api/report.py",
            "from apiflask import APIBlueprint\n",
            "from contextlib import ExitStack\n\n"
            "from apiflask import APIBlueprint\nfrom flask import after_this_request\n",
        ),
    ),
    test="tests/integration/web/test_reporting.py::test_nothing_is_answered_before_the_commit",
    unseen="The answer is milliseconds ahead of the commit, and a fault would have to fall between them.",
)

EVENT_ANSWERED_FIRST = Mutant(
    name="event-answered-first",
    breaks="Bolt answers Slack's event before the listener ran (its default): an event whose listener fails is gone.",
    changes=(Change("bot/app.py", "process_before_response=True", "process_before_response=False"),),
    test="tests/integration/bot/test_mentions.py::test_nothing_is_answered_before_the_commit",
)
