"""The tables."""

from incidents.models.audit import AdminNotice, AuditState, Heartbeat, Lateness
from incidents.models.base import Base
from incidents.models.call import Call, Page, Recording, ReturnCall
from incidents.models.incident import Correction, InboxEntry, Incident, TimelineEntry
from incidents.models.job import Attempt, Job
from incidents.models.key import ApiKey
from incidents.models.lesson import LessonRow
from incidents.models.model import ModelCalls, ModelState
from incidents.models.organization import Code, Member, Organization, Pin
from incidents.models.project import ProjectRow
from incidents.models.schedule import OverrideRow, ScheduleRow, ShiftChange
from incidents.models.silence import SilenceRow

__all__ = [
    "AdminNotice",
    "ApiKey",
    "Attempt",
    "AuditState",
    "Base",
    "Call",
    "Code",
    "Correction",
    "Heartbeat",
    "InboxEntry",
    "Incident",
    "Job",
    "Lateness",
    "LessonRow",
    "Member",
    "ModelCalls",
    "ModelState",
    "Organization",
    "OverrideRow",
    "Page",
    "Pin",
    "ProjectRow",
    "Recording",
    "ReturnCall",
    "ScheduleRow",
    "ShiftChange",
    "SilenceRow",
    "TimelineEntry",
]
