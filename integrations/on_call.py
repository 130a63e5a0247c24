"""Who is on call and whom a page would call, as Slack shows it."""

from collections.abc import Sequence
from datetime import datetime

from incidents.duty import Duty
from incidents.models import SilenceRow
from incidents.people import Known
from incidents.ports import Message
from incidents.preview import Expected, Preview
from incidents.summary import Person
from integrations.blocks import context, escape, fit_blocks, header, section
from integrations.phrases import mention

MOST_CALLS_SHOWN = 12


def on_call(
    duties: Sequence[Duty],
    listed: Sequence[Known],
    preview: Preview,
    *,
    troubles: Sequence[str],
    silences: Sequence[SilenceRow],
    opened: datetime,
) -> Message:
    """`listed` are the people of the list, `preview` is of a HIGH incident opened at that moment; `troubles` say why
    some of those on call are not called.
    """
    lines = [_line(each) for each in duties]
    if listed:
        lines.append(f"*The list*: {', '.join(_who(person) for person in listed)}")
    if not lines:
        lines = ["Nobody is on call. `python -m app oncall` and `POST /api/v1/schedules` put people there."]
    lines += [f":warning: *Not called*: {escape(trouble)}" for trouble in troubles]
    lines += [_silence(each) for each in silences]
    calls = _calls(preview, opened)
    now = [f"{each.now.name} ({each.schedule.name})" for each in duties if each.now is not None]
    text = f"On call now: {escape(', '.join(now) or ', '.join(person.name for person in listed[:1]) or 'nobody')}."
    return Message(
        text=text,
        blocks=fit_blocks([header("On call"), *(section(line) for line in lines), context(calls)]),
    )


def _line(duty: Duty) -> str:
    name = f"*{escape(duty.schedule.name)}*"
    until = f" until {day(duty.until)}" if duty.until is not None else ""
    if duty.now is not None:
        then = _then(duty) if duty.until is not None else ""
        return f"{name}: {_who(duty.now)}{until}{then}"
    following = f"; then {_who(duty.next)}" if duty.next is not None else ""
    return f"{name}: :warning: nobody{until}{following}"


def _silence(silence: SilenceRow) -> str:
    about = ", ".join([*silence.severities, *silence.categories])
    time = f"{day(silence.begins)} to {day(silence.ends)}"
    return f":no_bell: *Silence* {time}: {escape(silence.reason)} ({escape(about)}, by {escape(silence.made_by)})"


def _then(duty: Duty) -> str:
    if duty.next is None or duty.next_from is None:
        return "; then :warning: nobody"
    if duty.next_from == duty.until:
        return f"; then {_who(duty.next)}"
    return f"; then :warning: nobody until {day(duty.next_from)}, when {_who(duty.next)} begins"


def _calls(preview: Preview, opened: datetime) -> str:
    if preview.told_at is None:
        return "A HIGH incident would call nobody: the policy does not page it."
    shown = [_call(each, opened) for each in preview.calls[:MOST_CALLS_SHOWN]]
    more = len(preview.calls) - len(shown)
    end = f", and {more} more" if more else ""
    told = f"everybody is told after {_after(preview.told_at, opened)}"
    return f"A HIGH incident that nobody takes would call {', '.join(shown)}{end}; {told}."


def _call(expected: Expected, opened: datetime) -> str:
    after = f"+{_after(expected.at, opened)}"
    if expected.responder is None:
        return f"{after} :warning: nobody ({escape(expected.trouble or '')})"
    return f"{after} {escape(expected.who or '')} {expected.by or 'phone'}"


def _after(at: datetime, opened: datetime) -> str:
    """`0:00`, `2:30`."""
    minutes, seconds = divmod(round((at - opened).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def _who(person: Known) -> str:
    """By name and not by mention: asking who is on call must not ring them."""
    return mention(Person(person.name))


def day(at: datetime) -> str:
    """In the reader's own time zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"
