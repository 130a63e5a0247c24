"""The part of JQL that programs use: fields compared with values, joined by AND and OR, with an order."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.jira.catalogue import PRIORITIES, PROJECT_ID, TYPES
from sandbox.jira.document import to_text
from sandbox.jira.issue import Issue, now
from sandbox.jira.refusal import JiraRefusal
from sandbox.world import JIRA_PROJECT

_CLAUSE = re.compile(
    r"""\s*(?P<field>"[^"]+"|[\w.\[\]]+)\s*
    (?P<op>!=|=|!~|~|>=|<=|>|<|not\s+in\b|in\b|is\s+not\b|is\b)\s*
    (?P<value>\([^)]*\)|"[^"]*"|'[^']*'|[^\s()]+)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CATEGORY = {"new": "to do", "indeterminate": "in progress", "done": "done"}
_FIELDS: dict[str, Callable[[Issue], list[str]]] = {
    "project": lambda issue: [JIRA_PROJECT, PROJECT_ID],
    "key": lambda issue: [issue.key],
    "issuekey": lambda issue: [issue.key],
    "id": lambda issue: [issue.id, issue.key],
    "labels": lambda issue: issue.labels,
    "status": lambda issue: [issue.status.name, issue.status.id],
    "statuscategory": lambda issue: [_CATEGORY[issue.status.category], issue.status.category],
    "priority": lambda issue: [PRIORITIES[issue.priority], issue.priority],
    "issuetype": lambda issue: [TYPES[issue.type], issue.type],
    "type": lambda issue: [TYPES[issue.type], issue.type],
    "summary": lambda issue: [issue.summary],
    "description": lambda issue: [to_text(issue.description or {})],
    "text": lambda issue: [issue.summary, to_text(issue.description or {})],
    "assignee": lambda issue: [issue.assignee.account, issue.assignee.name] if issue.assignee else [],
    "reporter": lambda issue: [issue.reporter.account, issue.reporter.name] if issue.reporter else [],
    "resolution": lambda issue: ["Done"] if issue.resolved else [],
}
_TIMES: dict[str, Callable[[Issue], datetime]] = {
    "created": lambda issue: issue.created,
    "updated": lambda issue: issue.updated,
}
Test = Callable[[Issue], bool]


def search(jql: str, issues: list[Issue]) -> list[Issue]:
    """Raises: JiraRefusal 400, also for a query without any restriction."""
    where, _, order = re.sub(r"\s+", " ", jql).strip().partition("ORDER BY")
    if not order:
        where, _, order = where.partition("order by")
    if not where.strip():
        text = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        raise JiraRefusal(400, text)
    either = [
        [_test(clause) for clause in re.split(r"\s+and\s+", part, flags=re.IGNORECASE)]
        for part in re.split(r"\s+or\s+", where, flags=re.IGNORECASE)
    ]
    found = [issue for issue in issues if any(all(test(issue) for test in part) for part in either)]
    return list(reversed(found)) if re.search(r"(created|key)\s+asc", order, re.IGNORECASE) else found


def _test(clause: str) -> Test:
    read = _CLAUSE.fullmatch(clause)
    if read is None:
        raise JiraRefusal(400, f"Error in the JQL Query: the sandbox cannot read '{clause.strip()}'.")
    field = read["field"].strip('"').lower()
    op = re.sub(r"\s+", " ", read["op"].lower())
    values = _values(read["value"])
    if field in _TIMES:
        return _time_test(_TIMES[field], op, values[0])
    if field not in _FIELDS:
        text = f"Field '{read['field']}' does not exist or you do not have permission to view it."
        raise JiraRefusal(400, text)
    if field == "project":
        for value in values:
            if value not in (JIRA_PROJECT.lower(), PROJECT_ID):
                raise JiraRefusal(400, f"The value '{value}' does not exist for the field 'project'.")
    return _value_test(_FIELDS[field], op, values)


def _value_test(of: Callable[[Issue], list[str]], op: str, values: list[str]) -> Test:
    def has(issue: Issue) -> bool:
        found = [value.lower() for value in of(issue)]
        if op in ("~", "!~"):
            words = values[0].split()
            return all(any(word in value for value in found) for word in words)
        if values == ["empty"] or values == ["null"]:
            return not found
        return any(value in found for value in values)

    if op not in ("=", "!=", "~", "!~", "in", "not in", "is", "is not"):
        raise JiraRefusal(400, f"The operator '{op}' is not supported for this field.")
    negative = op in ("!=", "!~", "not in", "is not")
    return lambda issue: has(issue) is not negative


def _time_test(of: Callable[[Issue], datetime], op: str, value: str) -> Test:
    border = _moment(value)
    tests: dict[str, Test] = {
        ">=": lambda issue: of(issue) >= border,
        ">": lambda issue: of(issue) > border,
        "<=": lambda issue: of(issue) <= border,
        "<": lambda issue: of(issue) < border,
    }
    if op not in tests:
        raise JiraRefusal(400, f"The operator '{op}' is not supported for this field.")
    return tests[op]


def _moment(value: str) -> datetime:
    relative = re.fullmatch(r"-(\d+)([mhdw])", value)
    if relative:
        return now() - timedelta(**{_UNITS[relative[2]]: int(relative[1])})
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(value, form).replace(tzinfo=now().tzinfo)
        except ValueError:
            continue
    raise JiraRefusal(400, f"Date value '{value}' is invalid. Valid formats include 'yyyy-MM-dd HH:mm', '-5d'.")


def _values(written: str) -> list[str]:
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^,()\s]+", written) if written.startswith("(") else [written]
    return [part.strip().strip("\"'").lower() for part in parts]
