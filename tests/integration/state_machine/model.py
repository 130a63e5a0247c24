"""What must be true of one incident, in plain Python that knows nothing of jobs, rows or workers.

People's acts are told to it as they happen (`acknowledged`, `resolved`, …); what workers did it reads in the
timeline (`read`). Of these it makes what must hold: who has the incident, how bad it is, who must have been called.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incidents.words import Severity

PEOPLE = ("Bea", "Cy")
CALLS, EVERY, WAIT, ANYWAY = 2, 60, 120, 30
"""The policy that these incidents have: each of the two is called twice, a minute apart; so often as `turns` says."""
WITHIN, WITHIN_AFTER_A_FAULT = timedelta(seconds=30), timedelta(seconds=60)


@dataclass
class Turn:
    """Somebody is to be called not before `early`, and by `late`; the two differ when two readings are allowed."""

    who: str
    early: datetime
    late: datetime


@dataclass
class Model:
    number: int
    opened: datetime
    reported: Severity | None
    turns_of_all: int
    verdicts: dict[str, Severity]
    """What triage may find: category and severity."""
    status: str = "open"
    holder: str | None = None
    triage: str = "waiting"
    category: str | None = None
    severity: Severity = Severity.MEDIUM
    corrections: list[tuple[str, str, str]] = field(default_factory=list)
    """Who, category, by which way; the last counts."""
    run: int = 1
    turns: list[Turn] = field(default_factory=list)
    told_from: datetime | None = None
    """Before this nobody may be told that nobody answered; None when paging is off or over."""
    told: bool = False
    called: bool = False
    """In this run."""
    excuses: int = 0
    """What may send the page to the next person without anybody's wish: calls that ended, numbers that are refused."""

    def __post_init__(self) -> None:
        self.severity = self.reported or Severity.MEDIUM
        self.begin(0, self.opened + self._delay(self.severity if self.reported else None))

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_paging(self) -> bool:
        return self.is_open and self.told_from is not None and not self.told

    @property
    def standing_category(self) -> str | None:
        return self.corrections[-1][1] if self.corrections else self.category

    def ladder(self) -> list[tuple[int, str]]:
        """Seconds and person of each call."""
        round_of_all = len(PEOPLE) * WAIT
        return [
            (turn * round_of_all + step * WAIT + call * EVERY, who)
            for turn in range(self.turns_of_all)
            for step, who in enumerate(PEOPLE)
            for call in range(CALLS)
        ]

    def begin(self, rung: int, at: datetime) -> None:
        """The ladder begins at that rung."""
        ladder = self.ladder()
        begun = ladder[rung][0]
        due = [(who, at + timedelta(seconds=after - begun)) for after, who in ladder[rung:]]
        self.turns = [Turn(who, moment, moment) for who, moment in due]
        self.told_from = at + timedelta(seconds=self.turns_of_all * len(PEOPLE) * WAIT - begun)
        self.told, self.called = False, False

    def stop(self) -> None:
        self.turns, self.told_from = [], None

    # What people do.

    def acknowledged(self, who: str) -> bool:
        """Whether this one wins."""
        if not self.is_open:
            return self.holder == who
        self.status, self.holder = "acknowledged", who
        self.stop()
        return True

    def passed_on(self, rung: int | None, at: datetime) -> None:
        """To the person of that rung; None: nobody is left, and everybody is told."""
        self.status, self.holder = "open", None
        if rung is None:
            self.turns, self.told_from = [], at
            return
        self.run += 1
        self.begin(rung, at)

    def resolved(self) -> bool:
        if self.status == "resolved":
            return False
        self.status = "resolved"
        self.stop()
        return True

    def reopened(self, at: datetime) -> None:
        self.status, self.holder = "open", None
        self.told = False
        if self.severity is not Severity.LOW:
            self.run += 1
            self.begin(0, at + self._delay(self.severity))

    def says_how_bad(self, severity: Severity, at: datetime) -> None:
        self.reported = severity
        self.severity = max(severity, self.severity, key=_rank) if self.triage == "triaged" else severity
        if severity is not Severity.LOW or self.severity is not Severity.LOW:
            self._page_by_severity(at)

    def corrected(self, who: str, category: str, way: str) -> bool:
        if self.corrections and self.corrections[-1][:2] == (who, category):
            return False
        self.corrections.append((who, category, way))
        return True

    def undone(self, who: str, category: str, way: str) -> bool:
        left = [each for each in self.corrections if each != (who, category, way)]
        changed, self.corrections = left != self.corrections, left
        return changed

    # What workers did, by the timeline.

    def read(self, kind: str, at: datetime, details: dict[str, object], *, rung: int | None) -> None:
        """`rung` is where the ladder began anew, for a line that says so."""
        match kind:
            case "triaged":
                self._triaged(str(details["category"]), at)
            case "triage_failed":
                self.triage = "failed"
            case "paged":
                self._was_called(str(details["who"]), at)
            case "paging_ended":
                assert self.severity is Severity.LOW, f"#{self.number}: paging ended though it is {self.severity}"
                assert self.run == 1, f"#{self.number}: paging that a person asked for was ended"
                self.stop()
            case "page_not_made":
                self.turns = [turn for turn in self.turns if turn.early > at]
                self.excuses += 1
            case "escalated":
                self.excuses -= 1
                assert self.excuses >= 0, f"#{self.number}: passed on though nobody was reached or refused"
                assert self.is_open, f"#{self.number}: passed on though it is {self.status}"
                self.passed_on(rung, at)
            case "page_unheard":
                self.excuses -= 1
                assert self.excuses >= 0, f"#{self.number}: called again though no call ended"
                assert rung is not None, f"#{self.number}: to be called again, and no page is owed"
                self.passed_on(rung, at)
            case "nobody_answered":
                assert self.told_from is not None, f"#{self.number}: everybody was told though paging had ended"
                assert not self.told, f"#{self.number}: everybody was told twice"
                assert at >= self.told_from, f"#{self.number}: everybody was told before the time"
                self.told = True

    def _triaged(self, category: str, at: datetime) -> None:
        assert category in self.verdicts, f"#{self.number}: nobody found {category}"
        self.triage, self.category = "triaged", category
        self.severity = max(self.reported or Severity.LOW, self.verdicts[category], key=_rank)
        if self.is_open and self.severity is not Severity.LOW:
            self._page_by_severity(at)

    def _was_called(self, who: str, at: datetime) -> None:
        self.called = True
        self.turns = [turn for turn in self.turns if not (turn.who == who and turn.early <= at)]

    def _page_by_severity(self, at: datetime) -> None:
        if not self.is_open or self.severity is Severity.LOW:
            return
        if self.told_from is None and not self.told:
            self.run += 1
            self.begin(0, max(at, self.opened + self._delay(self.severity)))
        elif self.severity is Severity.HIGH and not self.called and self.turns:
            self._hurry(at)

    def _hurry(self, at: datetime) -> None:
        """The first call is due now. What follows moves with it, unless a worker was at the first call already."""
        earlier = max(self.turns[0].early - at, timedelta(0))
        for turn in self.turns:
            turn.early -= earlier
        self.turns[0].late = max(self.turns[0].early, at)
        if self.told_from is not None:
            self.told_from -= earlier

    def _delay(self, severity: Severity | None) -> timedelta:
        return timedelta(0) if severity is Severity.HIGH else timedelta(seconds=ANYWAY)

    # What must hold.

    def overdue(self, now: datetime, last_fault: datetime) -> list[Turn]:
        """Who should have been called by now."""
        if not self.is_open:
            return []
        return [turn for turn in self.turns if now > max(turn.late + WITHIN, last_fault + WITHIN_AFTER_A_FAULT)]


def _rank(severity: Severity) -> int:
    return ("LOW", "MEDIUM", "HIGH").index(severity)
