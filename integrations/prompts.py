"""Everything that is said on the phone, in one catalogue."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from incidents.advice import read_advice
from incidents.summary import Summary
from incidents.words import Severity, Status
from integrations.blocks import cut, one_line
from integrations.speakable import speakable

LONGEST_TEXT = 160
_QUOTED = re.compile(r"`[^`]*`")
_DIGIT = {"*": "star", "#": "pound"}


@dataclass(frozen=True, slots=True)
class Keys:
    """What each key does while a page is on the line. Never 1, which voicemail menus use."""

    acknowledge: str = "4"
    next_person: str = "5"
    resolve: str = "6"
    repeat: str = "*"
    details: str = "0"

    def __post_init__(self) -> None:
        chosen = (self.acknowledge, self.next_person, self.resolve, self.repeat, self.details)
        if len(set(chosen)) < len(chosen) or not set(chosen) <= set("023456789*#"):
            raise ValueError("each key must be one of 0, 2 to 9, * and #, and no two the same")


KEYS = Keys()
CALLED_BACK = "4"
"""On the hotline, beside the severities: what the caller was called about."""
NO_KEY = "No key pressed. I will try the next person."
ONE_MOMENT = "One moment."
GOODBYE = "Goodbye."
NO_KEY_OF_A_CALLER = f"No key pressed. {GOODBYE}"
MOST_READ_OUT = 5


def page(summary: Summary, keys: Keys = KEYS) -> str:
    """The first key is named within about eight seconds."""
    cause = speakable(summary.title) or "No title was given"
    return f"Tocsin. Severity {summary.severity.lower()}, incident {summary.number}. {cause}. {menu(keys)}"


def menu(keys: Keys = KEYS) -> str:
    return (
        f"Press {_key(keys.acknowledge)} to acknowledge. {_key(keys.next_person).capitalize()} passes it on, "
        f"{_key(keys.resolve)} resolves, {_key(keys.repeat)} repeats, {_key(keys.details)} gives details."
    )


def further(summaries: Sequence[Summary], keys: Keys = KEYS) -> str:
    """What came while the person was listening: how many, and of the worst what it is."""
    if len(summaries) == 1:
        return f"One more incident. S{_worst(summaries)} {menu(keys)}"
    return (
        f"{_counted(len(summaries)).capitalize()} more incidents. The worst: s{_worst(summaries)} {menu_for_all(keys)}"
    )


def several(summaries: Sequence[Summary], keys: Keys = KEYS) -> str:
    """For somebody who calls back about more than one."""
    return f"{_counted(len(summaries)).capitalize()} incidents. The worst: s{_worst(summaries)} {menu_for_all(keys)}"


def _worst(summaries: Sequence[Summary]) -> str:
    """`everity high, incident 42. …`, to begin a sentence or to go on with one."""
    worst = max(summaries, key=lambda summary: summary.severity.rank)
    cause = speakable(worst.title) or "No title was given"
    return f"everity {worst.severity.lower()}, incident {worst.number}. {cause}."


def menu_for_all(keys: Keys = KEYS) -> str:
    return (
        f"Press {_key(keys.acknowledge)} to acknowledge all of them. "
        f"{_key(keys.next_person).capitalize()} passes them on, {_key(keys.repeat)} repeats, "
        f"{_key(keys.details)} gives details."
    )


def details_of_all(summaries: Sequence[Summary], keys: Keys = KEYS) -> str:
    """Each in a few words, the worst first, as many as one can listen to."""
    worst_first = sorted(summaries, key=lambda summary: -summary.severity.rank)
    lines = [f"Incident {each.number}, {each.severity.lower()}: {speakable(each.title)}." for each in worst_first]
    left = len(lines) - MOST_READ_OUT
    rest = [f"And {_counted(left)} more."] if left > 0 else []
    return " ".join([*lines[:MOST_READ_OUT], *rest, menu_for_all(keys)])


def acknowledged(*numbers: int) -> str:
    """One incident or several; the numbers of the first few."""
    if len(numbers) == 1:
        return f"Acknowledged. You own incident {numbers[0]}."
    shown = [str(number) for number in numbers[:MOST_READ_OUT]]
    left = len(numbers) - len(shown)
    last = f"{_counted(left)} more" if left else shown.pop()
    return f"Acknowledged. You own incidents {', '.join(shown)} and {last}."


def all_taken() -> str:
    return "Somebody has taken them already. There is nothing to do."


def already_acknowledged(who: str, ago: timedelta) -> str:
    return f"{name(who)} acknowledged this {since(ago)}."


def passed_on(who: str) -> str:
    return f"Calling {name(who)} now."


def nobody_left() -> str:
    return "There is nobody left to call. I am telling everybody in the channel."


def resolve_again(number: int, keys: Keys = KEYS) -> str:
    return f"Press {_key(keys.resolve)} again to resolve incident {number}."


def resolve_one_by_one(keys: Keys = KEYS) -> str:
    return f"Several incidents are resolved one by one, in Slack. {menu_for_all(keys)}"


def resolved(number: int) -> str:
    return f"Resolved. Incident {number} is closed."


def over(number: int, status: Status) -> str:
    """When a key is pressed for an incident that needs nobody any more."""
    return f"Incident {number} is already {status}. There is nothing to do."


def code_spoken(code: str) -> str:
    """To whoever picks up a phone that is not verified yet."""
    digits = ", ".join(code)
    return f"This is Tocsin. The code for your phone is: {digits}. Once more: {digits}. And again: {digits}."


def code_texted(code: str) -> str:
    return f"Tocsin: the code for your phone is {code}. It is good for ten minutes."


def page_texted(summary: Summary) -> str:
    """Within one message of 160 letters."""
    begins, ends = text_begins(summary), f" Take it: /incident ack {summary.number}"
    most = LONGEST_TEXT - len(begins) - len(ends) - 1
    return f"{begins}{cut(one_line(summary.title), most).rstrip('.')}.{ends}"


def text_begins(summary: Summary) -> str:
    """By which a text about the incident is known again."""
    return f"Tocsin #{summary.number}: "


def test_call() -> str:
    return "This is Tocsin with a test call. A page sounds like this. Nothing is wrong, and there is nothing to do."


def not_allowed() -> str:
    """When somebody who is called lost the role that acts after the phone began to ring."""
    return "You may not do that any more: an admin has changed your role. The others go on being called."


def not_yours() -> str:
    """When somebody's number was changed, or they were removed, while they were on the phone."""
    return "This number is not yours here any more: an admin has changed that. The others go on being called."


def enter_pin() -> str:
    return f"Enter your PIN, then press {_key('#')}."


def wrong_pin() -> str:
    return f"That is not your PIN. {enter_pin()}"


def pin_locked(left: timedelta) -> str:
    minutes = max(1, -int(-left.total_seconds() // 60))
    return f"Too many answers were wrong. Your PIN counts again in {_spell(minutes, 'minute')}."


def no_pin() -> str:
    return "You have no PIN, and that needs one when you call. An admin gives you one."


def taken_meanwhile() -> str:
    """Without the name of who has it: so far the caller's number is all that is known of them."""
    return "Somebody has taken it already."


def unknown_key(keys: Keys = KEYS) -> str:
    return f"I do not know that key. {menu(keys)}"


def unknown_key_for_all(keys: Keys = KEYS) -> str:
    return f"I do not know that key. {menu_for_all(keys)}"


def details(summary: Summary, keys: Keys = KEYS) -> str:
    """What a person wants to know before deciding; then the keys once more."""
    parts = [f"Reported by {name(summary.reported_by.handle)}."]
    described = speakable(summary.description, words=40)
    if described:
        parts.append(f"{described}.")
    if summary.category:
        parts.append(f"Category {speakable(summary.category)}.")
    helped = [_first_step(each.helped) for each in summary.helped[:1] if each.helped]
    parts += [f"What helped last time: {text}." for text in helped if text]
    return " ".join([*parts, menu(keys)])


def _first_step(helped: str) -> str:
    """Nobody can type a command that is read out (`two words` or more); the card has it."""
    steps = "\n".join(read_advice(helped).steps)
    return speakable(_QUOTED.sub(lambda found: " " if " " in found[0] else found[0], steps), words=25)


def hotline_greeting(number: int, *, caller: str | None = None, offered: Sequence[Summary] = ()) -> str:
    """The number comes first of what is new, so that whoever hangs up early has it.

    What the caller was called about is `offered` before it: its key is named first, and all that follows is as ever.
    """
    hello = f"Hello {name(caller)}. " if caller else ""
    return (
        f"{hello}{_offer(offered) if offered else ''}This call is recorded. This is incident {number}. "
        "Press 1 if it is urgent, 2 if it can wait, 3 for information only, now or when you have spoken. "
        "After the tone, say what is happening, or just hang up."
    )


def _offer(offered: Sequence[Summary]) -> str:
    worst = max(offered, key=lambda summary: summary.severity.rank)
    others = f" and {_counted(len(offered) - 1)} more" if len(offered) > 1 else ""
    cause = speakable(worst.title) or "No title was given"
    it = "them" if others else "it"
    return (
        f"You were called about incident {worst.number}, {cause}{others}. Press {_key(CALLED_BACK)} for {it}. "
        "Or report something new. "
    )


def hotline_severity(severity: Severity) -> str:
    return f"Severity {severity.lower()}. After the tone, say what is happening, or just hang up."


def hotline_go_on() -> str:
    return "Go on after the tone."


def hotline_thanks(number: int, severity: Severity, *, called: Iterable[str] = ()) -> str:
    people = " and ".join(name(who) for who in called)
    calling = f" {people} is being called." if people else ""
    return f"Thank you. Incident {number}, severity {severity.lower()}.{calling} {GOODBYE}"


def hotline_silence(number: int) -> str:
    return f"I heard nothing, but incident {number} is open, and somebody will look. {GOODBYE}"


def name(who: str) -> str:
    """A person's name; what is no name, a phone number for instance, is somebody."""
    return speakable(who, words=3) if any(letter.isalpha() for letter in who) else "somebody"


def since(ago: timedelta) -> str:
    """`just now`, `one minute ago`, `two hours ago`."""
    minutes = int(ago.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return _ago(minutes, "minute")
    return _ago(minutes // 60, "hour")


_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _ago(count: int, unit: str) -> str:
    return f"{_spell(count, unit)} ago"


def _spell(count: int, unit: str) -> str:
    return f"{_counted(count)} {unit}{'' if count == 1 else 's'}"


def _counted(count: int) -> str:
    return _COUNTED[count - 1] if count <= len(_COUNTED) else str(count)


def _key(key: str) -> str:
    return _DIGIT.get(key, key)
