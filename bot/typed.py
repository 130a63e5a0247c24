"""What a person typed after `/incident`, read as one of the commands; pure."""

from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from integrations.notices import Command

COMMANDS = (
    Command("start", "WHAT IS HAPPENING", "declares an incident at once"),
    Command("start", "list", "shows the open incidents, the worst first"),
    Command("start", "help", "shows this"),
    Command("during", "ack [42]", "acknowledges: you take it, and paging stops"),
    Command("during", "escalate [42]", "calls the next person now"),
    Command("finish", "resolve [42] [WHAT FIXED IT]", "closes the incident and its ticket"),
)
"""What `help` shows. In an incident's channel the number can be left out."""

VERBS = {
    "list": "list",
    "status": "list",
    "help": "help",
    "ack": "ack",
    "escalate": "escalate",
    "page": "escalate",
    "resolve": "resolve",
}
_ALONE = frozenset({"list", "help"})


@dataclass(frozen=True, slots=True)
class Typed:
    """`verb` is a command, `declare`, or `unsure` when one letter of a command is wrong (`meant`).

    `name` is the incident that was named, None for that of the channel; `text` is a title, or what fixed it.
    """

    verb: str
    name: str | None = None
    text: str = ""
    meant: str | None = None


def read(text: str, *, in_incident_channel: bool) -> Typed:
    """Anything that is not clearly a command is a title, so that no report is lost to a word it begins with."""
    words = text.split()
    if not words:
        return Typed("help")
    first = words[0].lower()
    verb = VERBS.get(first)
    if verb is None:
        meant = _meant(first) if len(words) == 1 or (len(words) == 2 and _names_incident(words[1])) else None
        return Typed("unsure", text=text.strip(), meant=meant) if meant else Typed("declare", text=text.strip())
    rest = words[1:]
    if verb in _ALONE:
        return Typed(verb) if not rest else Typed("declare", text=text.strip())
    if rest and _names_incident(rest[0]) and (verb == "resolve" or len(rest) == 1):
        return Typed(verb, name=rest[0], text=" ".join(rest[1:]))
    if not rest or (verb == "resolve" and in_incident_channel):
        return Typed(verb, text=" ".join(rest))
    if len(rest) == 1:
        return Typed(verb, name=rest[0])
    return Typed("declare", text=text.strip())


def _names_incident(word: str) -> bool:
    """A number, with or without a sign, or an id with a digit in it: titles rarely go on like that."""
    return word.startswith("#") or any(letter.isdigit() for letter in word)


def _meant(word: str) -> str | None:
    near = [verb for verb in VERBS if DamerauLevenshtein.distance(word, verb, score_cutoff=1) <= 1]
    return near[0] if near and len(word) > 2 else None
