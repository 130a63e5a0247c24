"""Reads TwiML and refuses what is not: unknown verbs and attributes, wrong nesting, broken XML.

Twilio calls much of it a warning (https://www.twilio.com/docs/api/errors/12200); here it ends the call, so that nobody
can come to rely on what Twilio makes of it.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

from sandbox.twilio.grammar import ATTRIBUTES, CHILDREN, NOT_HERE, PROSE
from sandbox.twilio.refusal import CallError

LONGEST_DOCUMENT = 64 * 1024


@dataclass(frozen=True)
class Verb:
    name: str
    attributes: dict[str, str]
    text: str
    inside: tuple["Verb", ...]

    def get(self, name: str, default: str) -> str:
        return self.attributes.get(name, default)

    def seconds(self, name: str, default: float) -> float:
        asked = self.attributes.get(name)
        if asked is None:
            return default
        if not asked.isdigit():
            raise CallError(12200, f"Schema validation: {name}={asked!r} of <{self.name}> is no whole number")
        return float(asked)

    def flag(self, name: str, default: bool) -> bool:
        return self.attributes.get(name, str(default)).lower() == "true"


def read(document: str, kind: str = "Response") -> list[Verb]:
    """The verbs of a document. Raises: CallError 11750 (too long), 12100 (no XML), 12102 (no TwiML), 12200 (unknown
    parts)."""
    if len(document.encode()) > LONGEST_DOCUMENT:
        raise CallError(11750, "TwiML response body too large: at most 64 KB")
    if "<!" in document.replace("<!--", ""):
        raise CallError(12100, "Document parse failure: TwiML has no document type declaration")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - without a DOCTYPE there are no entities
    except ElementTree.ParseError as error:
        raise CallError(12100, f"Document parse failure: {error}") from error
    if root.tag != "Response":
        raise CallError(12102, f"The root element must be Response, not {root.tag}")
    return [_verb(child, kind) for child in root]


def _verb(element: ElementTree.Element, parent: str) -> Verb:
    name = element.tag
    if name in NOT_HERE:
        raise CallError(12200, f"The sandbox's exchange does not run <{name}>")
    if name not in CHILDREN[parent]:
        raise CallError(12200, f"Schema validation: <{name}> is not allowed inside <{parent}>")
    for attribute in element.attrib:
        if attribute not in ATTRIBUTES[name]:
            raise CallError(12200, f"Schema validation: <{name}> has no attribute {attribute!r}")
    if name in PROSE:
        return Verb(name, dict(element.attrib), " ".join("".join(element.itertext()).split()), ())
    inside = tuple(_verb(child, name) for child in element)
    return Verb(name, dict(element.attrib), (element.text or "").strip(), inside)
