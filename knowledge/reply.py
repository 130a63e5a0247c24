"""Which draft of a model's may be kept as a reply: one that thanks, asks and tells nothing that may be untrue.

A draft that is refused costs nothing, because `incidents.drafts` has one that is always true. So this is strict.
"""

import re

from knowledge.plain import one_line, plain

LONGEST = 600
SHORTEST = 20
_MARKUP = re.compile(r"[<>\[\]{}|`*_#~\\^@$=]|\w/\w|[a-z0-9]\.[a-z]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[\s().,:/+-]{0,2}){6,}")
_COPIED = 6
_LEVEL = re.compile(r"\b(?:LOW|MEDIUM|HIGH)\b")
_FOREIGN = re.compile(r"[^\x20-\x7e\u2018\u2019\u201c\u201d\u2013\u2014\u2026]")
_PROMISES = r"""
    promis\w{1,4}, guarante\w{1,3}, assur\w{1,4}, refund\w{0,3}, compensat\w{1,4}, discount\w{0,1}, free of charge,
    (will|shall|'ll|going to)( \w+){0,3}
    (fix|solve|resolve|restore|repair|work|be back|be fixed|be solved|be resolved|be restored)\w{0,3},
    (by|within|in|before) (a|an|the next|\d+|one|two|five|ten|thirty)? ?(minutes?|hours?|days?|tomorrow|tonight|noon),
    (is|are|was|been)( now)? (fixed|solved|resolved|closed|cancell?ed|dismissed|restored|approved|authori[sz]ed),
    (is|are|was|been)( now)? (granted|confirmed), false alarm, only a drill, just a drill, an exercise, stand down,
    no action, not an incident, nothing to do, nobody needs, can be ignored, safe to ignore
"""
_ORDERS = r"""
    call, calls, dial, phone, ring, text, click, visit, download, install, execute, run, paste, send, forward, transfer,
    wire, buy, purchase, restart, reboot, delete, drop, disable, shut down, turn off, log in, sign in, grant, reset,
    open the, ignore, reply with, respond with, run the
"""
_SECRETS = r"""
    passwords?, passcodes?, passphrases?, pins?, otp, credentials?, secrets?, tokens?, (api|access|private|secret)
    keys?, card numbers?, cvv, iban, one-time codes?, verification codes?, gift cards?, bitcoin, wallets?
"""
_BEHIND = r"""
    system prompt, prompts?, instructions?, language model, as an ai, ai model, jailbr\w{1,6}, pwned, hacked, severity,
    low priority, developer mode, category
"""


def _any_of(words: str) -> str:
    return "|".join(" ".join(each.split()) for each in re.split(r",\s", words.strip()))


_NEVER = re.compile(rf"(?<!\w)(?:{_any_of(_PROMISES)}|{_any_of(_SECRETS)}|{_any_of(_BEHIND)})(?!\w)", re.IGNORECASE)
_ORDERED = re.compile(
    rf"(?:^|[.!?:;,]\s|\b(?:please|kindly|must|should|need to|have to|can you|could you|and|then|or)\s)"
    rf"(?:{_any_of(_ORDERS)})(?!\w)",
    re.IGNORECASE,
)


def fit(draft: str | None, *, read: str) -> str | None:
    """The draft on one line, or None when it may not be kept. `read` is what people wrote and the model saw."""
    if draft is None or len(draft) > 4 * LONGEST:
        return None
    text = one_line(draft)
    if not SHORTEST <= len(text) <= LONGEST or plain(text, report="") != text:
        return None
    forbidden = (_FOREIGN, _MARKUP, _NUMBER, _LEVEL, _NEVER, _ORDERED)
    if any(pattern.search(text) for pattern in forbidden) or _copies(text, read):
        return None
    return text


def _copies(text: str, read: str) -> bool:
    """Whether so many words in a row stand in what was read: then somebody else may be speaking."""
    words, known = _words(text), f" {' '.join(_words(read))} "
    return any(f" {' '.join(words[at : at + _COPIED])} " in known for at in range(len(words) - _COPIED + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
