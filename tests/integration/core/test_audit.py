"""The audit: written once by one of several processes, counting what stands, told to the admins once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from incidents import admin_notices, audit, heartbeats
from incidents.audit import Audit
from incidents.errors import PermanentError, TemporaryError
from incidents.findings import Kind
from incidents.models import AdminNotice
from incidents.words import Severity
from tasks import telling
from tasks.auditor import Auditor
from tasks.heart import Heart
from tests.integration.core.world import KilledError, World, in_parallel

CHANNEL = "C0ADMINS"
OF_AUDIT = "UPDATE audit SET audited_at = audited_at - :by, bad_at = bad_at - :by, pinged_at = pinged_at - :by"
OF_NOTICES = "UPDATE admin_notices SET made_at = made_at - :by, next_at = next_at - :by"
OF_FINDINGS = (
    "UPDATE audit SET findings = (SELECT coalesce(jsonb_agg(jsonb_set(each, '{since}',"
    " to_jsonb((each->>'since')::timestamptz - :by))), '[]') FROM jsonb_array_elements(findings) each)"
)


class Watch:
    """An auditor whose seconds pass when a test says so."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.auditor = Auditor(world.database, tells=True)
        self.teller = telling.admins(world.database, world.chat, CHANNEL)

    def audit(self, *, after: float = 5.0) -> Audit:
        self.later(after)
        found = self.auditor.once()
        assert found is not None
        return found

    def audits(self, seconds: float) -> Audit:
        """One every five seconds, with what they owe told."""
        found = self.audit()
        self.teller.once()
        for _ in range(int(seconds / 5) - 1):
            found = self.audit()
            self.teller.once()
        return found

    def later(self, seconds: float) -> None:
        """As if all that the audit keeps had been so much earlier."""
        by = {"by": timedelta(seconds=seconds)}
        with self.world.database.begin() as session:
            for statement in (OF_AUDIT, OF_FINDINGS, OF_NOTICES):
                session.execute(text(statement), by)
            for part in heartbeats.PARTS:
                heartbeats.beat(session, part)

    def last(self) -> Audit | None:
        with self.world.database.begin() as session:
            return audit.last(session)

    def told(self) -> list[str]:
        return [post.message.text for post in self.world.chat.posts]

    def break_promise(self) -> None:
        self._sql("UPDATE jobs SET done_at = store_now(), outcome = 'cancelled' WHERE kind = 'PAGE'")

    def keep_promise(self) -> None:
        self._sql("UPDATE jobs SET done_at = NULL, outcome = NULL WHERE kind = 'PAGE'")

    def _sql(self, statement: str) -> None:
        with self.world.database.begin() as session:
            session.execute(text(statement))


@pytest.fixture
def watch(world: World) -> Watch:
    """An open incident whose next call is due in an hour."""
    world.reported(severity=Severity.HIGH)
    world.hold()
    with world.database.begin() as session:
        session.execute(text("UPDATE jobs SET due = due + interval '1 hour'"))
    return Watch(world)


def test_a_good_audit_is_good(watch: Watch) -> None:
    found = watch.audit()
    assert (found.ok, found.findings) == (True, ())


def test_what_was_just_found_does_not_count_until_it_has_stood_for_ten_seconds(watch: Watch) -> None:
    watch.break_promise()
    assert [watch.audit().bad for _ in range(3)] == [False, False, True]
    found = watch.last()
    assert found is not None
    assert [(each.kind, each.count, each.example) for each in found.findings] == [(Kind.PROMISE_MISSING, 1, "#1")]


def test_what_was_not_watched_meanwhile_begins_to_stand_anew(watch: Watch) -> None:
    watch.break_promise()
    watch.audit()
    assert not watch.audit(after=60).bad


def test_of_several_processes_one_audits(watch: Watch) -> None:
    several = [Auditor(watch.world.database, tells=True) for _ in range(6)]
    watch.later(5)
    done = in_parallel(lambda n: several[n].once(), threads=6)
    assert sum(each is not None for each in done) == 1


def test_an_audit_that_is_not_renewed_is_stale(watch: Watch) -> None:
    watch.audit()
    watch.later(14)
    found = watch.last()
    assert found is not None
    assert found.ok
    watch.later(2)
    stale = watch.last()
    assert stale is not None
    assert (stale.fresh, stale.ok, stale.bad) == (False, False, False)


def test_admins_are_told_once_when_it_turns_bad_and_once_when_it_is_well(watch: Watch) -> None:
    watch.audits(20)
    assert watch.told() == []
    watch.break_promise()
    watch.audits(120)
    assert len(watch.told()) == 1
    assert "#1" in watch.told()[0]
    assert "Call somebody yourself" in watch.told()[0]
    watch.keep_promise()
    watch.audits(110)
    assert len(watch.told()) == 1
    watch.audits(20)
    assert watch.told()[1:] == [admin_notices.WELL]
    watch.audits(300)
    assert len(watch.told()) == 2


def test_trouble_that_comes_and_goes_is_told_of_once(watch: Watch) -> None:
    for _ in range(5):
        watch.break_promise()
        watch.audits(30)
        watch.keep_promise()
        watch.audits(30)
    assert len(watch.told()) == 1


def test_another_kind_of_trouble_is_told_as_well(watch: Watch) -> None:
    watch.break_promise()
    watch.audits(30)
    watch.world.jump(4000)
    watch.audits(60)
    assert len(watch.told()) == 2
    assert "without a triage result" in watch.told()[1]


def test_a_job_that_waits_for_a_person_is_no_trouble(watch: Watch) -> None:
    with watch.world.database.begin() as session:
        session.execute(text("UPDATE jobs SET done_at = store_now(), outcome = 'failed' WHERE kind = 'TRIAGE'"))
        session.execute(text("UPDATE incidents SET triage = 'failed'"))
    found = watch.audits(60)
    assert ([each.kind for each in found.findings], found.bad) == ([Kind.JOB_FAILED], False)
    assert watch.told() == []


def test_without_a_channel_nothing_is_owed(watch: Watch) -> None:
    watch.auditor = Auditor(watch.world.database, tells=False)
    watch.break_promise()
    watch.audits(30)
    assert notices(watch) == []


def notices(watch: Watch) -> list[AdminNotice]:
    with watch.world.database.begin() as session:
        return list(session.scalars(select(AdminNotice).order_by(AdminNotice.made_at)))


@pytest.fixture
def owed(watch: Watch) -> Watch:
    """The admins are to be told, and nobody did yet."""
    watch.break_promise()
    for _ in range(3):
        watch.audit()
    assert [notice.done_at for notice in notices(watch)] == [None]
    return watch


def lost_answer(watch: Watch) -> None:
    watch.world.chat.fail(TemporaryError("Slack did not answer"), method="post", after=True)


def killed_after_the_effect(watch: Watch) -> None:
    watch.world.chat.fail(KilledError(), method="post", after=True)


def killed_before_the_effect(watch: Watch) -> None:
    watch.world.chat.fail(KilledError(), method="post")


def away(watch: Watch) -> None:
    watch.world.chat.fail(TemporaryError("Slack is away", happened=False), method="post")


@pytest.mark.parametrize("trouble", [lost_answer, killed_after_the_effect, killed_before_the_effect, away])
def test_admins_are_told_exactly_once_whatever_becomes_of_the_first_attempt(
    owed: Watch, trouble: Callable[[Watch], None]
) -> None:
    trouble(owed)
    with suppress(KilledError):
        owed.teller.once()
    owed.later(61)
    telling.admins(owed.world.database, owed.world.chat, CHANNEL).once()
    assert len(owed.told()) == 1
    assert [notice.outcome for notice in notices(owed)] == ["done"]


def test_two_processes_tell_it_once(owed: Watch) -> None:
    several = [telling.admins(owed.world.database, owed.world.chat, CHANNEL) for _ in range(6)]
    assert sum(in_parallel(lambda n: several[n].once(), threads=6)) == 1
    assert len(owed.told()) == 1


def test_a_channel_that_does_not_exist_is_not_asked_for_ever(owed: Watch) -> None:
    owed.world.chat.fail(PermanentError("channel_not_found"), method="post", times=99)
    owed.teller.once()
    owed.later(600)
    assert owed.teller.once() is False
    with owed.world.database.begin() as session:
        assert admin_notices.failed(session) == 1


def test_a_part_that_does_not_work_does_not_beat(watch: Watch) -> None:
    with watch.world.database.begin() as session:
        session.execute(text("DELETE FROM heartbeats"))
    Heart(watch.world.database, heartbeats.SWEEP, alive=lambda: False).once()
    Heart(watch.world.database, heartbeats.PAGE).once()
    with watch.world.database.begin() as session:
        assert set(heartbeats.ages(session)) == {"worker-page"}


def due(watch: Watch, *, every: float = 60) -> Any:
    with watch.world.database.begin() as session:
        return audit.ping_is_due(session, every=timedelta(seconds=every))


def test_the_outside_is_pinged_every_minute_while_all_is_well_by_one_process(watch: Watch) -> None:
    assert due(watch) is False
    watch.audit()
    assert sum(in_parallel(lambda _: due(watch), threads=6)) == 1
    for _ in range(11):
        watch.audit()
        assert due(watch) is False
    watch.audit()
    assert due(watch) is True


def test_the_outside_is_not_pinged_while_the_audit_is_bad_or_stale(watch: Watch) -> None:
    watch.audit()
    watch.later(16)
    assert due(watch) is False
    watch.break_promise()
    watch.audits(30)
    assert due(watch) is False
