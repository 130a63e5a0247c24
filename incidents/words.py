"""The fixed words of the product: one word an idea, the same in code, database, REST and speech."""

from enum import StrEnum

CATEGORIES = (
    "database",
    "network",
    "application",
    "infrastructure",
    "storage",
    "security",
    "access",
    "third-party",
    "other",
)
"""The default list of categories; an organization may have its own."""


class Severity(StrEnum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    @classmethod
    def highest(cls, *severities: "Severity | None") -> "Severity | None":
        """The worst of those that are known; None when none is."""
        known = [severity for severity in severities if severity is not None]
        return max(known, key=lambda severity: severity.rank, default=None)


class Urgency(StrEnum):
    """How soon something must be done about it; the severity says how bad it is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


class Sentiment(StrEnum):
    """How the reporter sounds."""

    CALM = "calm"
    WORRIED = "worried"
    ANGRY = "angry"


class Status(StrEnum):
    """The life of an incident, moved by people."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    MERGED = "merged"

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self in (Status.RESOLVED, Status.MERGED)


class Triage(StrEnum):
    """The life of its classification, moved by workers. `failed` means that a person must look."""

    SUBMITTED = "submitted"
    PROCESSING = "processing"
    TRIAGED = "triaged"
    FAILED = "failed"


class Route(StrEnum):
    """Who decided the category."""

    MEMORY = "memory"
    LLM = "llm"
    RULES = "rules"
    HUMAN = "human"


class Source(StrEnum):
    """The door by which a report came in."""

    API = "api"
    SLASH = "slash"
    MENTION = "mention"
    PHONE = "phone"


class Origin(StrEnum):
    """Where a lesson of the memory comes from."""

    SEED = "seed"
    RUNBOOK = "runbook"
    CORRECTION = "correction"
    RESOLUTION = "resolution"
    IMPORT = "import"

    @property
    def is_somebodys(self) -> bool:
        """Whether a person of the organization stands for its category."""
        return self in (Origin.CORRECTION, Origin.RESOLUTION, Origin.IMPORT)
