"""The tables."""

from incidents.models.audit import AdminNotice, AuditState, Heartbeat, Lateness
from incidents.models.base import Base
from incidents.models.call import Call, Page, Recording
from incidents.models.incident import Correction, InboxEntry, Incident, TimelineEntry
from incidents.models.job import Attempt, Job
from incidents.models.key import ApiKey
from incidents.models.model import ModelCalls, ModelState
from incidents.models.organization import Member, Organization, PhoneCode
from incidents.models.schedule import OverrideRow, ScheduleRow
from incidents.models.silence import SilenceRow

__all__ = [
    "AdminNotice",
    "ApiKey",
    "Attempt",
    "AuditState",
    "Base",
    "Call",
    "Correction",
    "Heartbeat",
    "InboxEntry",
    "Incident",
    "Job",
    "Lateness",
    "Member",
    "ModelCalls",
    "ModelState",
    "Organization",
    "OverrideRow",
    "Page",
    "PhoneCode",
    "Recording",
    "ScheduleRow",
    "SilenceRow",
    "TimelineEntry",
]
