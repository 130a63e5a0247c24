"""Commands that change nothing: what they show to the person alone."""

from collections.abc import Callable

from bot.answers import Answer
from bot.typed import COMMANDS
from incidents import duty, listing, people, preview, silences
from incidents.hand_over import report
from incidents.policy import Policy
from incidents.store import Transaction
from incidents.summary import summarize_all
from incidents.words import CATEGORIES, Severity
from integrations import notices
from integrations.hand_over import hand_over as shown_hand_over
from integrations.on_call import on_call
from integrations.reactions import Reactions
from integrations.stats import stats

MOST_LISTED = 25


def help_answer(hotline: str | None) -> Answer:
    legend = Reactions().legend(CATEGORIES)
    return Answer(notices.help_message(hotline=hotline, legend=legend, commands=COMMANDS), public=False)


def list_answer(tx: Transaction) -> Answer:
    open_now = summarize_all(tx, listing.open_by_severity(tx, limit=MOST_LISTED))
    return Answer(notices.incident_list(open_now), public=False)


def on_call_answer(tx: Transaction) -> Answer:
    duties = [duty.duty(tx, row) for row in duty.all_of(tx)]
    expected = preview.preview(tx, Policy.of(tx.own.policy), severity=Severity.HIGH, opened=tx.now)
    quiet = silences.to_come(tx)
    whys = duty.not_called(tx)
    shown = on_call(duties, people.on_call(tx), expected, troubles=whys, silences=quiet, opened=tx.now)
    return Answer(shown, public=False)


def hand_over_answer(tx: Transaction) -> Answer:
    return Answer(shown_hand_over([report(tx, row, at=tx.now) for row in duty.all_of(tx)]), public=False)


def stats_answer(tx: Transaction) -> Answer:
    return Answer(stats(listing.stats(tx)), public=False)


SHOWN: dict[str, Callable[[Transaction], Answer]] = {
    "list": list_answer,
    "oncall": on_call_answer,
    "handover": hand_over_answer,
    "stats": stats_answer,
}
