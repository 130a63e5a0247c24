"""What a page that is due waits for: the end of a silence, or of the rest of all whom it could call.

What a person asks for goes out at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents import claims, duty, lifecycle, lines, paging, silences, timeline, turns
from incidents.claims import Claim
from incidents.errors import TemporaryError
from incidents.lines import LOOK_AGAIN
from incidents.models import Incident, Member, SilenceRow
from incidents.paging import Place
from incidents.people import Known, everybody
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.turns import FIRST_RUN, When
from incidents.words import Severity

REST = "rest"


@dataclass(frozen=True, slots=True)
class Hold:
    """Paging waits until then. `what` is the same as long as it waits for the same."""

    until: datetime
    why: str
    what: str


def hold(
    tx: Transaction,
    policy: Policy,
    rung: int,
    when: When,
    *,
    severity: Severity,
    category: str | None,
    quiet: Sequence[SilenceRow],
    is_on_the_phone: Callable[[Known], bool] = lambda _: False,
) -> Hold | None:
    """Why the call of that rung waits then; `quiet` are the silences that are not over."""
    silence = silences.over(severity=severity, category=category, at=when.at, rows=quiet)
    if silence is not None:
        row = silence.silence
        return Hold(silence.until, f"{row.reason} ({row.made_by})", str(row.id))
    rest = turns.wait(tx, policy, rung, when, is_on_the_phone=is_on_the_phone)
    return None if rest is None else Hold(rest.until, rest.why, f"{REST} until {rest.until.isoformat()}")


def holds(tx: Transaction, incident: Incident, claim: Claim) -> bool:
    """Whether this PAGE job waits; it is put off then, and people are told.

    Lock order: incident, silences, schedules, members, job. Raises: TemporaryError when who rests, or who is on call,
    changed meanwhile.
    """
    place = Place.of(claim.key)
    if place.run > FIRST_RUN:
        return False
    policy, quiet = Policy.of(incident.policy), silences.to_come(tx, lock=True)

    def held() -> Hold | None:
        return hold(
            tx,
            policy,
            place.rung,
            turns.when(tx, incident.severity, incident=incident),
            severity=incident.severity,
            category=incident.category,
            quiet=quiet,
            is_on_the_phone=lambda person: lines.latest(tx, person, claim) is not None,
        )

    found = held()
    if found is not None and found.what.startswith(REST):
        duty.keep(tx, policy.targets)
        _demand_same_people(tx)
        if held() != found:
            raise TemporaryError("somebody else came on call at this moment", happened=False, retry_after=LOOK_AGAIN)
    if found is None or not claims.hold(tx, claim, until=found.until, because={paging.HELD: found.what}):
        return False
    if claim.payload.get(paging.HELD) != found.what:
        until = f"{found.until:%Y-%m-%d %H:%M} UTC"
        timeline.write(tx, incident, "page_held", actor="Tocsin", reason=found.why, until=until)
        text = f"Paging waits until {until}: {found.why}. Escalate, and somebody is called now."
        lifecycle.note(tx, incident, text, key=f"held-{place}-{found.what}")
    return True


def _demand_same_people(tx: Transaction) -> None:
    """Whoever changes rules, or the list, after this waits for this transaction, and sees what it held."""
    present = tx.select(Member).where(Member.removed_at.is_(None)).order_by(Member.id)
    rows = tx.session.scalars(present.with_for_update(read=True).execution_options(populate_existing=True)).all()
    if {row.id: Known.of(tx, row) for row in rows} != {each.id: each for each in everybody(tx)}:
        raise TemporaryError("somebody's rules changed at this moment", happened=False, retry_after=LOOK_AGAIN)
