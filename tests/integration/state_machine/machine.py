"""What people, callers, providers, workers and time may do, one after the other in any order."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from incidents import classification, lifecycle
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.inbox import Message
from incidents.people import Actor
from incidents.reports import Report, open_incident
from incidents.roles import Role
from incidents.store import Database
from incidents.words import Severity, Source
from tests.core_fakes import judged
from tests.fakes import FINAL, FakeCall
from tests.integration.core.world import ANA, BEA, CY, KilledError
from tests.integration.state_machine.boundaries import AT_THE_EFFECT
from tests.integration.state_machine.house import House, token_of
from tests.integration.state_machine.judge import Judge
from tests.integration.state_machine.model import Model
from voice import call_news, hotline, pages
from voice.hotline import Addresses, Recorded
from voice.pages import Pressed

MOST_INCIDENTS = 3
ADDRESSES = Addresses("/severity", "/recorded", "/recording", "/back")
CALLER = "+12025550199"
METHODS = {
    "chat": ("open_channel", "set_topic", "invite", "name_of", "post", "find_post", "edit", "pin"),
    "phone": ("call", "find_calls", "hang_up", "recording"),
    "tickets": ("create", "find", "update", "close", "reopen"),
    "speech": ("transcribe",),
    "triager": ("triage",),
    "memory": ("remember", "forget"),
}
TROUBLES: dict[str, Callable[[], Exception]] = {
    "not reached": lambda: TemporaryError("no connection", happened=False),
    "unknown": lambda: TemporaryError("timeout"),
    "unknown, and done": lambda: TemporaryError("timeout"),
    "too many": lambda: TemporaryError("429", retry_after=timedelta(seconds=40), happened=False),
    "refused": lambda: PermanentError("no"),
}

severities = st.sampled_from(list(Severity))
categories = st.sampled_from(["database", "network", "security"])
which = st.integers(0, MOST_INCIDENTS - 1)
twice = st.booleans()
people = st.sampled_from([ANA, BEA, CY, Actor("Dee", via="api", role=Role.RESPONDER)])
acts = st.sampled_from(["acknowledge", "escalate", "resolve", "reopen", "correct", "undo"])
some_incident = precondition(lambda self: self.judge.models)
some_call = precondition(lambda self: self.house.phone.placed)
some_call_goes_on = precondition(lambda self: self._going_on())


class Machine(RuleBasedStateMachine):
    database: ClassVar[Database]
    data_dir: ClassVar[Path]

    @initialize(repeat=st.sampled_from([0, 0, 1]), severity=st.none() | severities, found=severities)
    def begins(self, repeat: int, severity: Severity | None, found: Severity) -> None:
        self.house = House(self.database, self.data_dir, repeat=repeat)
        self.judge = Judge(self.house)
        self.repeat = repeat
        self.house.phone.look = self.judge.rings
        self.house.after_each_moment = self.judge.check
        self.deliveries: list[Callable[[], Any]] = []
        """What the outside may send once more at any time."""
        self.history: dict[str, list[str]] = {}
        """What became of each call, as the provider tells it."""
        self.ended: set[str] = set()
        """Calls of whose end we were told."""
        self.fives: set[tuple[str, UUID, int]] = set()
        self.hotline: dict[str, UUID] = {}
        self.report(severity, "database", found, "", None, twice=False)

    # Reports.

    @precondition(lambda self: len(self.judge.models) < MOST_INCIDENTS)
    @rule(
        severity=st.none() | severities,
        category=categories,
        found=severities,
        name=st.sampled_from(["", "id", "key"]),
        origin=st.sampled_from([None, "C0GENERAL"]),
        twice=twice,
    )
    def report(
        self, severity: Severity | None, category: str, found: Severity, name: str, origin: str | None, twice: bool
    ) -> None:
        n = len(self.judge.models) + 1
        title = f"Report {n}"
        self.house.triager.verdicts[title] = judged(category, found)
        said = Report(
            title, Source.API, ANA, severity=severity, ref=f"mine-{n}" if name == "id" else None, origin_channel=origin
        )

        def deliver() -> tuple[UUID, bool]:
            with self.house.store.autocommit() as tx:
                opened = open_incident(tx, said, message=Message("api", f"key-{n}") if name == "key" else None)
                return opened.incident.id, opened.duplicate

        incident, duplicate = deliver()
        assert not duplicate
        self._opened(incident, severity, {category: found})
        if name:
            self.deliveries.append(deliver)
            if twice:
                assert deliver() == (incident, True)

    @precondition(lambda self: len(self.judge.models) < MOST_INCIDENTS)
    @rule(category=categories, found=severities, twice=twice)
    def a_call_comes_in(self, category: str, found: Severity, twice: bool) -> None:
        sid = f"CAin{len(self.judge.models) + 1}"
        self.house.triager.verdicts[f"They say {sid}"] = judged(category, found)

        def deliver() -> None:
            hotline.picked_up(self.house.store, call=sid, caller=CALLER, addresses=ADDRESSES)

        deliver()
        (row,) = self.house.rows("SELECT id FROM incidents ORDER BY number DESC LIMIT 1")
        self._opened(row.id, None, {category: found, "other": Severity.MEDIUM})
        self.hotline[sid] = row.id
        self.deliveries.append(deliver)
        if twice:
            self._changes_nothing(deliver)

    def _opened(self, incident: UUID, severity: Severity | None, verdicts: dict[str, Severity]) -> None:
        number = len(self.judge.models) + 1
        self.judge.models[incident] = Model(number, self.house.now(), severity, self.repeat + 1, verdicts)

    @precondition(lambda self: self.hotline)
    @rule(
        which=which,
        does=st.sampled_from(["key", "speak", "hang up"]),
        key=st.sampled_from(["", "1", "2", "3", "7"]),
        ready=st.booleans(),
        twice=twice,
    )
    def the_caller_goes_on(self, which: int, does: str, key: str, ready: bool, twice: bool) -> None:
        sid = list(self.hotline)[which % len(self.hotline)]
        store = self.house.store
        if does == "key":
            said = hotline.SEVERITY.get(key)
            self._caller_says(
                sid, said, lambda: hotline.key_first(store, call=sid, key=key, addresses=ADDRESSES), twice
            )
        elif does == "speak":
            if ready:
                self._recording_is_ready(sid)
            what = Recorded(call=sid, recording=f"RE{sid}", seconds=5, key=key, live=True)
            said = hotline.SEVERITY.get(key)
            self._caller_says(sid, said, lambda: hotline.recorded(store, what, addresses=ADDRESSES), twice)
        else:

            def hung_up() -> None:
                hotline.hung_up(store, call=sid, caller=CALLER)

            self._caller_says(sid, None, hung_up, twice)
            self.deliveries.append(hung_up)

    def _caller_says(self, sid: str, severity: Severity | None, deliver: Callable[[], Any], twice: bool) -> None:
        self.judge.read()
        model = self.judge.models[self.hotline[sid]]
        deliver()
        if severity is not None and severity is not model.reported:
            model.says_how_bad(severity, self.house.now())
        if twice:
            self._changes_nothing(deliver)

    def _recording_is_ready(self, sid: str) -> None:
        self.house.phone.recordings[f"RE{sid}"] = f"RIFFThey say {sid}".encode()

    # What people do.

    @some_incident
    @rule(which=which, by=people, twice=twice)
    def somebody_acknowledges(self, which: int, by: Actor, twice: bool) -> None:
        self._somebody_perhaps_twice(which, "acknowledge", by, twice=twice)

    @some_incident
    @rule(which=which, by=people)
    def somebody_escalates(self, which: int, by: Actor) -> None:
        self._somebody(which, "escalate", by)

    @some_incident
    @rule(which=which, act=st.sampled_from(["resolve", "resolve", "reopen"]), by=people, twice=twice)
    def somebody_ends_it_or_begins_anew(self, which: int, act: str, by: Actor, twice: bool) -> None:
        self._somebody_perhaps_twice(which, act, by, twice=twice)

    @some_incident
    @rule(
        which=which,
        act=st.sampled_from(["correct", "correct", "undo"]),
        by=people,
        category=categories,
        way=st.sampled_from(["reaction", "api"]),
        twice=twice,
    )
    def somebody_corrects(self, which: int, act: str, by: Actor, category: str, way: str, twice: bool) -> None:
        self._somebody_perhaps_twice(which, act, by, category, way, twice=twice)

    def _somebody_perhaps_twice(
        self, which: int, act: str, by: Actor, category: str = "", way: str = "", *, twice: bool
    ) -> None:
        self._somebody(which, act, by, category, way)
        if twice:
            self._changes_nothing(lambda: self._somebody(which, act, by, category, way))

    def _somebody(self, which: int, act: str, by: Actor, category: str = "", way: str = "") -> None:
        self.judge.read()
        incident = self._incident(which)
        model, now = self.judge.models[incident], self.house.now()

        def doing(work: Callable[..., Any]) -> Any:
            try:
                return self.house.act(incident, work)
            except IncidentError:
                return IncidentError

        match act:
            case "acknowledge":
                taken = doing(lambda tx, row: lifecycle.acknowledge(tx, row, by=by))
                self._acknowledged(model, by, taken)
            case "escalate":
                called = doing(lambda tx, row: lifecycle.escalate(tx, row, by=by))
                self._escalated(incident, by, called)
            case "resolve":
                assert doing(lambda tx, row: lifecycle.resolve(tx, row, by=by, how="restarted")) == model.resolved()
            case "reopen":
                answer = doing(lambda tx, row: lifecycle.reopen(tx, row, by=by, reason="again"))
                assert (answer is IncidentError) == (model.status != "resolved")
                if answer is not IncidentError:
                    model.reopened(now)
            case "correct":
                changed = doing(lambda tx, row: classification.correct(tx, row, category, by=by, via=way))
                assert changed == model.corrected(by.name, category, way)
            case "undo":
                changed = doing(lambda tx, row: classification.undo_correction(tx, row, category, by=by, via=way))
                assert changed == model.undone(by.name, category, way)

    def _acknowledged(self, model: Model, by: Actor, taken: Any) -> None:
        if model.status == "resolved":
            assert taken is IncidentError
            return
        assert taken.by_you == model.acknowledged(by.name), f"{by.name} took #{model.number} and {model.holder} has it"
        assert taken.by == model.holder

    def _escalated(self, incident: UUID, by: Actor, called: Any) -> None:
        model = self.judge.models[incident]
        if model.status == "resolved":
            assert called is IncidentError
            return
        rung = self.judge.rung(incident, model.run + 1)
        assert (rung is None) == (called is None)
        if rung is not None:
            assert model.ladder()[rung][1] == called.name
            assert called.name != by.name, "whoever passes it on is called"
        model.passed_on(rung, self.house.now())

    @some_incident
    @rule(which=which)
    def somebody_tries_again_what_failed(self, which: int) -> None:
        self.judge.try_again(self._incident(which))

    def _incident(self, which: int) -> UUID:
        return list(self.judge.models)[which % len(self.judge.models)]

    # Phones.

    @some_call_goes_on
    @rule(
        which=st.integers(0, 2),
        key=st.sampled_from(["4", "4", "5", "6", "66", "0", "9", ""]),
        listens=st.sampled_from([0, 0, 10, 65]),
        twice=twice,
    )
    def a_key_is_pressed(self, which: int, key: str, listens: int, twice: bool) -> None:
        self.judge.read()
        call = self._going_on()[-1 - which % len(self._going_on())]
        history = self.history.setdefault(call.sid, ["initiated"])
        if "in-progress" not in history:
            history.append("in-progress")
        call.status = "in-progress"
        self.judge.spoken.add(call.sid)
        if listens:
            self._told(call, history.index("in-progress"))
            self.house.pass_time(timedelta(seconds=listens))
            self.judge.read()
            if call.status in FINAL:  # Somebody else took it meanwhile.
                return

        told, asked = self.house.told_of(call)
        event(f"a key about {len(asked)} after {listens} s")

        def press() -> None:
            for again, digit in zip(("", *key), key or [""], strict=False):
                pages.pressed(self.house.store, Pressed(token_of(call), call.sid, digit, again, told), here="/key")

        press()
        for incident in asked:
            if key != "66" or len(asked) == 1:
                self._pressed(call, incident, key, told)
        if twice and key != "66":
            self._changes_nothing(press)

    def _pressed(self, call: FakeCall, incident: UUID, key: str, told: int) -> None:
        model, by = self.judge.models[incident], {BEA.phone: BEA, CY.phone: CY}[call.to]
        if key == "66":
            model.resolved()
        if model.status == "resolved":
            return
        if key == "4":
            model.acknowledged(by.name)
        if key == "5" and (call.sid, incident, told) not in self.fives and model.holder in (None, by.name):
            self.fives.add((call.sid, incident, told))
            self._passed_on_by_key(incident)

    def _passed_on_by_key(self, incident: UUID) -> None:
        model = self.judge.models[incident]
        model.passed_on(self.judge.rung(incident, model.run + 1), self.house.now())

    @some_call_goes_on
    @rule(which=st.integers(0, 2), end=st.sampled_from(FINAL), answered=st.booleans(), told=st.booleans())
    def a_call_ends(self, which: int, end: str, answered: bool, told: bool) -> None:
        call = self._going_on()[-1 - which % len(self._going_on())]
        history = self.history.setdefault(call.sid, ["initiated"])
        if "in-progress" in history or (answered and end == "completed"):
            history.extend([] if "in-progress" in history else ["in-progress"])
            end = "completed"
        elif end == "completed":
            end = "no-answer"
        history.append(end)
        call.status = end
        if told:
            self._told(call, len(history) - 1)

    @some_call
    @rule(which=st.integers(0, 4), item=st.integers(0, 3))
    def news_of_a_call(self, which: int, item: int) -> None:
        """Each piece may come late, or before those that were before it."""
        call = self._call(which)
        history = self.history.setdefault(call.sid, ["initiated"])
        if call.status in FINAL and history[-1] not in FINAL:
            history.append(call.status)
        self._told(call, item % len(history))

    def _told(self, call: FakeCall, item: int) -> None:
        self.judge.read()
        status = self.history[call.sid][item]

        def deliver() -> None:
            call_news.told(self.house.store, token=token_of(call), sid=call.sid, status=status, sequence=item)

        final = status in FINAL and call.sid not in self.ended
        if final:
            self.ended.add(call.sid)
            if status in ("completed", "failed", "canceled"):
                for incident in self.house.subjects(call):
                    self.judge.models[incident].excuses += 1
        deliver()
        self.judge.read()
        self._changes_nothing(deliver)
        self.deliveries.append(deliver)

    def _going_on(self) -> list[FakeCall]:
        """Calls that ring or talk."""
        return [
            call
            for call in self.house.phone.placed
            if call.status not in FINAL and self.history.get(call.sid, [""])[-1] not in FINAL
        ]

    def _call(self, which: int) -> FakeCall:
        placed = self.house.phone.placed
        return placed[-1 - which % len(placed)]

    # The outside once more.

    @precondition(lambda self: self.deliveries)
    @rule(which=st.integers(0, 20))
    def something_is_delivered_again(self, which: int) -> None:
        self._changes_nothing(self.deliveries[which % len(self.deliveries)])

    def _changes_nothing(self, delivery: Callable[[], Any]) -> None:
        before = self._picture()
        delivery()
        assert self._picture() == before, "what was delivered again changed something"

    def _picture(self) -> Any:
        return self.house.rows(
            "SELECT (SELECT pg_sequence_last_value(incident_numbers(id)) FROM organizations),"
            " (SELECT count(*) FROM timeline),"
            " (SELECT md5(json_agg(i ORDER BY number)::text) FROM incidents i),"
            " (SELECT md5(json_agg(j ORDER BY id)::text) FROM jobs j),"
            " (SELECT md5(json_agg(c ORDER BY id)::text) FROM corrections c),"
            " (SELECT md5(string_agg(concat(sid, status, sequence, ended_at), ' ' ORDER BY id)) FROM calls)"
        )

    # Trouble.

    @rule(
        method=st.sampled_from([(provider, method) for provider, all_ in METHODS.items() for method in all_]),
        trouble=st.sampled_from(sorted(TROUBLES)),
        times=st.integers(1, 3),
    )
    def a_provider_will_fail(self, method: tuple[str, str], trouble: str, times: int) -> None:
        if (method[1], trouble) == ("pin", "refused"):
            return  # That is taken as it is: the card stays where it is, without a pin.
        provider = getattr(self.house, method[0])
        provider.fail(TROUBLES[trouble](), method=method[1], times=times, after=trouble == "unknown, and done")

    @rule(silent=st.booleans())
    def the_bell(self, silent: bool) -> None:
        self.house.bell.silent = silent

    # Workers and time.

    @rule(who=st.sampled_from(["a worker", "the sweep", "all", "all"]))
    def work_is_done(self, who: str) -> None:
        match who:
            case "a worker":
                for job in self.house.due()[:1]:
                    self.house.worker(job)
            case "the sweep":
                self.house.sweep()
            case _:
                self.house.work()

    @rule(seconds=st.sampled_from([1, 5, 25, 30, 60, 120, 300]))
    def time_passes(self, seconds: int) -> None:
        self.house.pass_time(timedelta(seconds=seconds))

    @rule(seconds=st.sampled_from([1, 29, 61, 130, 400]))
    def nobody_works_for_a_while(self, seconds: int) -> None:
        self.house.jump(timedelta(seconds=seconds))
        self.house.fault()

    @rule(nth=st.integers(1, 15), seconds=st.sampled_from([0, 1, 31, 65]))
    def a_worker_dies(self, nth: int, seconds: int) -> None:
        def happening(place: str) -> None:
            raise KilledError(place)

        with self.house.interrupted(nth, happening):
            self.house.pass_time(timedelta(seconds=seconds))

    @rule(nth=st.integers(1, 15), sleeps=st.sampled_from([0, 20, 31, 100]), seconds=st.sampled_from([0, 30, 65]))
    def a_worker_is_overtaken(self, nth: int, sleeps: int, seconds: int) -> None:
        """Others look at its job as well, or its lease ends while it sleeps; then it goes on as if nothing were."""

        def happening(place: str) -> None:
            if sleeps and place not in AT_THE_EFFECT:
                self.house.jump(timedelta(seconds=sleeps))
            self.house.fault()
            for job in self.house.due():
                self.house.worker(job)
            self.house.fault()

        with self.house.interrupted(nth, happening):
            self.house.pass_time(timedelta(seconds=seconds))

    @some_incident
    @rule(
        nth=st.integers(1, 15),
        seconds=st.sampled_from([0, 30, 65]),
        which=which,
        act=acts,
        by=people,
        category=categories,
    )
    def somebody_acts_while_a_worker_is_at_it(
        self, nth: int, seconds: int, which: int, act: str, by: Actor, category: str
    ) -> None:
        def happening(place: str) -> None:
            self.judge.excused |= self.house.planned()
            self._somebody(which, act, by, category, "api")

        with self.house.interrupted(nth, happening):
            self.house.pass_time(timedelta(seconds=seconds))

    # What must hold.

    @invariant()
    def all_is_well(self) -> None:
        self.judge.check()

    def teardown(self) -> None:
        if not hasattr(self, "judge"):
            return
        try:
            if sys.exc_info()[0] is None:  # What a rule found is not to be hidden by what it led to.
                self._ends_well()
        finally:
            self.house.close()

    def _ends_well(self) -> None:
        self.house.bell.silent = False
        for provider in self.house.outside:
            provider.works_again()
        for sid in self.hotline:
            self._recording_is_ready(sid)
        self.house.fault()
        self.house.work()
        for call in self.house.phone.placed:
            self.history.setdefault(call.sid, ["initiated"])
            self._told(call, 0)
        self.judge.try_again()
        self.judge.end()
        event(f"incidents: {len(self.judge.models)}")
        event(f"calls: {min(len(self.house.phone.placed), 6)}")
