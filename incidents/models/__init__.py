"""The tables."""

from incidents.models.base import Base
from incidents.models.call import Call, Page, Recording
from incidents.models.incident import Correction, InboxEntry, Incident, TimelineEntry
from incidents.models.job import Attempt, Job
from incidents.models.organization import Organization, Responder

__all__ = [
    "Attempt",
    "Base",
    "Call",
    "Correction",
    "InboxEntry",
    "Incident",
    "Job",
    "Organization",
    "Page",
    "Recording",
    "Responder",
    "TimelineEntry",
]
