"""A reply to the reporter that is true whatever happened, for a person to send: no promise, no word of the report."""

from incidents.words import Sentiment

_BEGINNING = {
    Sentiment.CALM: "Thank you for the report.",
    Sentiment.WORRIED: "Thank you for the report; it is good that you said so at once.",
    Sentiment.ANGRY: "Thank you for the report, and sorry for the trouble it gives you.",
}
_REST = (
    "It is written down, and the people who look after this can see it. If you can, add when it began, "
    "what changed just before, and who else is affected."
)


def reply(sentiment: Sentiment) -> str:
    return f"{_BEGINNING[sentiment]} {_REST}"
