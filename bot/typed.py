"""What a person typed after `/incident`, read as one of the commands; pure."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from integrations.notices import Command

COMMANDS = (
    Command("start", "WHAT IS HAPPENING", "declares an incident at once"),
    Command("start", "list", "shows the open incidents, the worst first"),
    Command("start", "oncall", "shows who is on call, who is next, and whom a page would call"),
    Command("start", "handover", "shows what your shift was like, who takes over, and what goes on"),
    Command("start", "help", "shows this"),
    Command("start", "stats", "shows how many there were, how fast people came, and who decided the categories"),
    Command("during", "status [42]", "shows how it stands, to you alone"),
    Command("during", "ack [42]", "acknowledges: you take it, and paging stops"),
    Command("during", "escalate [42]", "calls the next person now"),
    Command("during", "merge [42] 41", "says that #42 is the same trouble as #41, which goes on"),
    Command("finish", "resolve [42] [WHAT FIXED IT]", "closes the incident and its ticket"),
    Command("finish", "reopen [42] [WHY]", "says that it is not over, or not merged, after all: people are called"),
)
"""What `help` shows. In an incident's channel the number can be left out."""

VERBS = {
    "list": "list",
    "oncall": "oncall",
    "on-call": "oncall",
    "handover": "handover",
    "hand-over": "handover",
    "status": "status",
    "help": "help",
    "stats": "stats",
    "ack": "ack",
    "acknowledge": "ack",
    "escalate": "escalate",
    "page": "escalate",
    "merge": "merge",
    "resolve": "resolve",
    "reopen": "reopen",
}
_ALONE = frozenset({"list", "oncall", "handover", "help", "stats"})
_WITH_WORDS = frozenset({"resolve", "reopen"})
_LONGEST_NAME = 70
_NUMBER = re.compile(r"(?:#|incident-)?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """`verb` is a command, `declare`, or `unsure` when one letter of a command is wrong (`meant`).

    `name` is the incident that was named, None for that of the channel; `text` is a title, what fixed it, why it is not
    over, or the incident to merge into. `meant` is the whole command that was perhaps meant.
    """

    verb: str
    name: str | None = None
    text: str = ""
    meant: str | None = None

    @property
    def is_clear(self) -> bool:
        """Whether it cannot be a title: `ack 42` is clear, `page down` is not."""
        return self.name is None or (not self.text and self.name.lstrip("#").isdigit())


def read(text: str, *, in_incident_channel: bool) -> Typed:
    """Anything that is not clearly a command is a title, so that no report is lost to a word it begins with."""
    words = text.split()
    if not words:
        return Typed("help")
    verb = VERBS.get(words[0].lower())
    if verb is not None:
        return _command(verb, words[1:], in_incident_channel) or Typed("declare", text=text.strip())
    meant = _meant(words)
    return Typed("unsure" if meant else "declare", text=text.strip(), meant=meant)


def _command(verb: str, rest: list[str], in_incident_channel: bool) -> Typed | None:
    """None when what follows the word makes it a title."""
    if not rest:
        return Typed("list" if verb == "status" and not in_incident_channel else verb)
    if verb in _ALONE:
        return None
    if verb == "merge":
        return _merge(rest)
    if verb in _WITH_WORDS and (_names_incident(rest[0]) or in_incident_channel):
        named = _names_incident(rest[0])
        return Typed(verb, name=rest[0] if named else None, text=" ".join(rest[1:] if named else rest))
    return Typed(verb, name=rest[0]) if len(rest) == 1 else None


def _merge(rest: list[str]) -> Typed | None:
    """`merge 41`, `merge 42 41` and `merge 42 into 41`; `merge conflict in the deploy` is a title."""
    named = [word for word in rest if word.lower() != "into"]
    if len(named) not in (1, 2) or not all(map(_NUMBER.fullmatch, named)):
        return None
    return Typed("merge", name=named[0] if len(named) == 2 else None, text=named[-1])


def _names_incident(word: str) -> bool:
    """A number, with or without a sign, or an id with a digit in it: titles rarely go on like that."""
    return len(word) <= _LONGEST_NAME and (word.startswith("#") or any(letter.isdigit() for letter in word))


def _meant(words: list[str]) -> str | None:
    """The command that is one letter away, with the incident that was named."""
    if len(words) > 2 or (len(words) == 2 and not _names_incident(words[1])):
        return None
    first = words[0].lower()
    near = [verb for verb in VERBS if DamerauLevenshtein.distance(first, verb, score_cutoff=1) <= 1]
    return " ".join([near[0], *words[1:]]) if near else None
