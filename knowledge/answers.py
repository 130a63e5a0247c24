"""Makes an opinion of what a model filled in: nothing it says is taken that was not asked for or is not true."""

from collections.abc import Mapping, Sequence
from typing import Any

from incidents.ports import Remedy
from incidents.remedies import MOST
from incidents.words import Sentiment, Severity, Urgency
from knowledge import reply
from knowledge.opinion import Enquiry, Opinion
from knowledge.plain import one_line, plain

TOO_SURE = 0.5
"""The most that an answer without a true quote is believed."""
_LONGEST_WHY, _LONGEST_QUOTE, _QUOTES = 300, 120, 3
_READ = 2_000
"""Characters of a text of the model's that are looked at."""


def opinion_of(
    answer: Mapping[str, Any], enquiry: Enquiry, *, mark: str, remedies: Sequence[Remedy], tokens: int
) -> Opinion:
    """`answer` fits the form; `remedies` are those that it chose from by their numbers."""
    evidence = _true_quotes(answer["evidence"], enquiry.report)
    severity = Severity.highest(Severity(answer["severity"]), enquiry.floor)
    why = plain(answer["why"][:_READ].replace(mark, ""), report=enquiry.report)
    read = "\n".join([enquiry.report, *(entry.title for entry in enquiry.examples), *(each.text for each in remedies)])
    urgency, sentiment = answer.get("urgency"), answer.get("sentiment")
    return Opinion(
        category=answer["category"],
        severity=severity or Severity.MEDIUM,
        confidence=answer["confidence"] if evidence else min(answer["confidence"], TOO_SURE),
        why=why[:_LONGEST_WHY],
        evidence=evidence,
        urgency=Urgency(urgency) if urgency else None,
        sentiment=Sentiment(sentiment) if sentiment else None,
        reply=reply.fit(answer.get("reply"), read=read),
        remedies=_chosen(answer.get("steps") or (), remedies),
        tokens=tokens,
    )


def _true_quotes(quotes: Sequence[str], report: str) -> list[str]:
    spoken = one_line(report).lower()
    lines = (one_line(quote[:_READ]) for quote in quotes[:100])
    return [quote[:_LONGEST_QUOTE] for quote in lines if quote and quote.lower() in spoken][:_QUOTES]


def _chosen(numbers: Sequence[int], remedies: Sequence[Remedy]) -> list[Remedy]:
    """Each once; numbers of none are passed over."""
    known = dict(enumerate(remedies, start=1))
    return [known[number] for number in dict.fromkeys(numbers[:100]) if number in known][:MOST]
