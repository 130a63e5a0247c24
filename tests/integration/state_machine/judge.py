"""Holds the core against the models: after each step what must never be, at the end what must have come about."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from incidents import jobs
from incidents.models import Incident, Job
from incidents.summary import summarize
from incidents.words import Severity
from integrations import notices
from integrations.card import card
from tests.fakes import FINAL, FakeCall
from tests.integration.state_machine.house import House, token_of
from tests.integration.state_machine.model import Model

PRIORITY = {Severity.HIGH: "Highest", Severity.MEDIUM: "Medium", Severity.LOW: "Low"}

BEGIN_ANEW = ("escalated", "page_unheard")


@dataclass
class Judge:
    house: House
    models: dict[UUID, Model] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    """Tokens of calls that were on their way to the provider when somebody took the incident."""
    retried: Counter[UUID] = field(default_factory=Counter)
    """How often a person asked that the job be tried again."""
    rang: Counter[UUID] = field(default_factory=Counter)
    """How often a phone rang for the job."""
    spoken: set[str] = field(default_factory=set)
    """Ids of calls in which a key was pressed: they are not ended from outside."""
    _seen: int = 0
    _last: int = 0

    def rings(self, call: FakeCall) -> None:
        """A phone begins to ring."""
        subjects = [self.models[each] for each in self.house.subjects(call)]
        wanted = any(each.is_open for each in subjects) or token_of(call) in self.excused
        assert wanted, f"a phone rings for {[(each.number, each.status) for each in subjects]}"
        job = self.house.job_of(call)
        self.rang[job] += 1
        assert self.rang[job] <= 1 + self.retried[job], "a phone rings twice for one turn"

    def read(self) -> None:
        """The models learn what workers did."""
        self.house.notice()
        (counted,) = self.house.rows("SELECT count(*) AS n FROM timeline WHERE id <= :last", last=self._last)
        assert counted.n == self._seen, "a line of a timeline is gone"
        for entry in self.house.rows("SELECT * FROM timeline WHERE id > :last ORDER BY id", last=self._last):
            self._last, self._seen = entry.id, self._seen + 1
            model = self.models.get(entry.incident_id)
            if model is not None and entry.actor == "Tocsin":
                rung = self.rung(entry.incident_id, model.run + 1) if entry.kind in BEGIN_ANEW else None
                model.read(entry.kind, entry.at, entry.details, rung=rung)

    def rung(self, incident: UUID, run: int) -> int | None:
        """Where that run of the ladder began; None when there is no such run."""
        found = self.house.rows(
            "SELECT key FROM jobs WHERE incident_id = :id AND kind = 'PAGE' AND key LIKE :run",
            id=incident,
            run=f"{run}:%",
        )
        return min((int(row.key.partition(":")[2]) for row in found), default=None)

    def check(self) -> None:
        self.read()
        self._nothing_twice()
        now = self.house.now()
        owed = self._ladders()
        for row in self.house.rows("SELECT * FROM incidents ORDER BY number"):
            model = self.models[row.id]
            about = f"#{row.number}"
            shown = (row.status, row.acknowledged_by, row.severity, row.category)
            holder = model.holder
            assert shown[0] == model.status, f"{about} is {shown[0]} and should be {model.status}"
            assert shown[1] == holder, f"{about} is {shown[1]}'s and should be {holder}'s"
            assert shown[2] == model.severity, f"{about} is {shown[2]} and should be {model.severity}"
            assert shown[3] == model.standing_category, f"{about}: {shown[3]}, should be {model.standing_category}"
            fresh, any_waits, told_failed = owed.get(row.id, (0, 0, False))
            if model.is_paging:
                assert any_waits or told_failed, f"{about}: nobody is paged any more"
            elif not (model.is_open and model.told):  # Then a call that a fault kept back may still be made.
                assert not any_waits, f"{about}: a page waits though none is wanted"
            assert fresh <= 1, f"{about}: {fresh} pages wait"
            overdue = model.overdue(now, self.house.last_fault)
            assert not overdue, f"{about}: {[(each.who, str(each.late)) for each in overdue]} not called by {now}"

    def _ladders(self) -> dict[UUID, tuple[int, int, bool]]:
        """Of each incident: pages that wait and were never tried, all that wait, whether telling everybody failed."""
        found: dict[UUID, tuple[int, int, bool]] = {}
        for row in self.house.rows(
            "SELECT id, incident_id, attempts, error, outcome, kind FROM jobs WHERE kind IN ('PAGE', 'TELL_EVERYBODY')"
            " AND (done_at IS NULL OR (kind = 'TELL_EVERYBODY' AND outcome = 'failed'))"
        ):
            fresh, waiting, failed = found.get(row.incident_id, (0, 0, False))
            if row.outcome is not None:
                failed = True
            elif row.id not in self.retried:
                fresh, waiting = fresh + (row.attempts == 0 and row.error is None), waiting + 1
            elif row.kind == "TELL_EVERYBODY":
                failed = True
            found[row.incident_id] = (fresh, waiting, failed)
        return found

    def _nothing_twice(self) -> None:
        house = self.house
        names = {f"incident-{model.number}" for model in self.models.values()}
        assert {channel.name for channel in house.chat.channels.values()} <= names, "a channel too many"
        posts = Counter(post.mark for post in house.chat.posts)
        assert all(times == 1 for times in posts.values()), "a message was posted twice"
        tickets = Counter(label for ticket in house.tickets.tickets.values() for label in ticket.labels)
        twice = [label for label, times in tickets.items() if label.startswith("tocsin-") and times > 1]
        assert not twice, f"two tickets for {twice}"

    def end(self) -> None:
        """Providers are well again, people try again what failed, and time passes."""
        for _ in range(6):
            self.house.settle()
            if not self.try_again():
                break
        else:
            raise AssertionError("what failed fails again though everything is well")
        self.check()
        for incident in self.models:
            self._as_it_should_be(incident)
        self._phones()

    def try_again(self, incident: UUID | None = None) -> int:
        """A person wants all that failed to be tried again."""
        failed = self.house.rows(
            "SELECT j.id, j.incident_id FROM jobs j JOIN incidents i ON i.id = j.incident_id"
            " WHERE outcome = 'failed' AND coalesce(:one, i.id) = i.id ORDER BY i.number, j.kind, j.created_at, j.key",
            one=incident,
        )
        for row in failed:
            self.retried[row.id] += 1
            self.house.act(row.incident_id, lambda tx, _, id=row.id: jobs.try_again(tx, tx.get(Job, id, lock=True)))  # type: ignore[misc]
        return len(failed)

    def _as_it_should_be(self, incident: UUID) -> None:
        house, model = self.house, self.models[incident]
        about = f"#{model.number}"
        with house.store.begin() as tx:
            row = tx.get(Incident, incident)
            summary = summarize(tx, row)
        assert model.triage == "triaged", f"{about} is {model.triage}"
        assert row.channel_id in {channel.id for channel in house.chat.channels.values()}, f"{about} has no channel"
        shown = [post for post in house.chat.posts if (post.channel, post.timestamp) == (row.channel_id, row.card_ts)]
        assert len(shown) == 1, f"{about} has no card"
        assert shown[0].message == card(summary), f"{about}: the card says what was true before"
        assert (row.channel_id, row.card_ts) in house.chat.pins, f"{about}: the card is not pinned"
        assert house.chat.topics[row.channel_id or ""] == notices.topic(summary), f"{about}: the topic is old"
        ticket = house.tickets.tickets.get(row.ticket_key or "")
        assert ticket is not None, f"{about} has no ticket"
        assert ticket.done == (model.status == "resolved"), f"{about}: done is {ticket.done}, it is {model.status}"
        assert ticket.priority == PRIORITY[model.severity], f"{about}: {ticket.priority} for {model.severity}"
        agreed = {label for label in ticket.labels if label.startswith(("severity-", "category-"))}
        assert agreed == {f"severity-{model.severity.lower()}", f"category-{model.standing_category}"}, (
            f"{about}: {agreed}"
        )
        lesson = house.memory.lessons.get((house.store.organization, f"incident:{incident}"))
        learnt = model.standing_category if model.corrections or model.status == "resolved" else None
        assert (lesson and lesson.category) == learnt, f"{about}: the memory has {lesson}, should have {learnt}"
        if model.is_open and model.told_from is not None:
            assert model.told, f"{about}: nobody was told that nobody answered"
            assert model.turns == [], f"{about}: {model.turns} were never called"

    def _phones(self) -> None:
        for call in self.house.phone.placed:
            subjects = [self.models[each] for each in self.house.subjects(call)]
            unwanted = not any(each.is_open for each in subjects)
            if unwanted and call.sid not in self.spoken:
                assert call.status in FINAL, f"a phone rings on for {[each.number for each in subjects]}"
