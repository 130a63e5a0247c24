"""How urgent a report is and how its reporter sounds, by its words alone."""

from collections.abc import Iterable

from incidents.words import Sentiment, Severity, Urgency
from knowledge.rules import compile_words

_NOW = compile_words(r"""
    asap, a\.s\.a\.p\.?, urgent(ly)?, immediately, at once, right now, emergency, as soon as possible, every minute,
    deadline, before (noon|tonight|the launch|opening), customers are waiting, losing (money|customers|orders)
""")
_LATER = compile_words(r"""
    no rush, not urgent, no hurry, when you (have|find) (the )?time, whenever, at some point, next week, next sprint,
    low priority
""")
_ANGRY = compile_words(r"""
    unacceptable, ridiculous, furious, angry, outrageous, fed up, sick of, disgrace\w{0,3}, incompetent, useless, wtf,
    (second|third|fourth|fifth|\d+th) time (today|this week|this month|already), again and again, how (long|often) do
    (we|i) have to, terrible service, damn
""")
_WORRIED = compile_words(r"""
    worried, worrying, afraid, scared, anxious, nervous, panick?(ing|ed)?, desperate, please help, help us, help me,
    i fear, concerned, alarming, emergency, don't know what to do, do not know what to do
""")


def urgency(text: str, *, severity: Severity) -> Urgency:
    """That of the severity, unless the words say otherwise; what is HIGH does not wait."""
    words = _plain(text)
    if _NOW.search(words) and not _LATER.search(words):
        return Urgency.HIGH
    if _LATER.search(words) and severity is not Severity.HIGH:
        return Urgency.LOW
    return Urgency(severity.value)


def at_least(urgencies: Iterable[Urgency | None]) -> Urgency:
    return max((each for each in urgencies if each is not None), key=lambda each: each.rank, default=Urgency.LOW)


def sentiment(text: str) -> Sentiment:
    words = _plain(text)
    if _ANGRY.search(words) or "!!!" in words:
        return Sentiment.ANGRY
    return Sentiment.WORRIED if _WORRIED.search(words) else Sentiment.CALM


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())
