"""The resources of Jira Cloud's REST API that we use, from https://developer.atlassian.com/cloud/jira/platform/rest/v2."""

from typing import Any

from tests.integration.integrations.descriptions.described import Rule, each, flag, method, number, others, text

_DOCS = "https://developer.atlassian.com/cloud/jira/platform/rest/v2"
_API = "/jira/rest/api/2"
_LABEL = text(255, r"\S+")
_LIMITS: dict[str, Rule] = {
    "project": lambda value: set(value) == {"key"},
    "issuetype": lambda value: set(value) == {"name"},
    "priority": lambda value: set(value) == {"name"},
    "summary": text(255, r"[^\r\n]+"),
    "description": text(32_767),
    "labels": lambda value: isinstance(value, list) and all(map(_LABEL, value)),
}


def _fields(value: Any) -> bool:
    return isinstance(value, dict) and all(name in _LIMITS and _LIMITS[name](one) for name, one in value.items())


def _update(value: Any) -> bool:
    """Only labels, added and removed one by one."""
    verbs = [(verb, label) for operation in value.get("labels", []) for verb, label in operation.items()]
    return set(value) <= {"labels"} and all(verb in ("add", "remove") and _LABEL(label) for verb, label in verbs)


JIRA = {
    f"GET {_API}/serverInfo": method(
        f"{_DOCS}/api-group-server-info",
        {},
        "baseUrl version versionNumbers deploymentType buildNumber buildDate serverTime scmInfo serverTitle",
    ),
    f"GET {_API}/myself": method(
        f"{_DOCS}/api-group-myself", others("expand"), "self accountId displayName emailAddress active timeZone"
    ),
    f"GET {_API}/project/{{key}}": method(
        f"{_DOCS}/api-group-projects", others("expand properties"), "self id key name issueTypes"
    ),
    f"POST {_API}/issue": method(
        f"{_DOCS}/api-group-issues/#api-rest-api-2-issue-post",
        {"fields": _fields, "updateHistory": flag, **others("update transition properties historyMetadata")},
        "id key self transition",
        "fields",
    ),
    f"GET {_API}/issue/{{key}}": method(
        f"{_DOCS}/api-group-issues/#api-rest-api-2-issue-issueidorkey-get",
        {"fields": each(text()), **others("fieldsByKeys expand properties updateHistory failFast")},
        "id key self expand fields",
    ),
    f"PUT {_API}/issue/{{key}}": method(
        f"{_DOCS}/api-group-issues/#api-rest-api-2-issue-issueidorkey-put",
        {
            "fields": _fields,
            "update": _update,
            "notifyUsers": flag,
            **others("overrideScreenSecurity overrideEditableFlag returnIssue expand properties"),
        },
        "",
    ),
    f"GET {_API}/issue/{{key}}/transitions": method(
        f"{_DOCS}/api-group-issues/#api-rest-api-2-issue-issueidorkey-transitions-get",
        others("expand transitionId skipRemoteOnlyCondition includeUnavailableTransitions sortByOpsBarAndStatus"),
        "expand transitions.id transitions.name transitions.to.id transitions.to.name transitions.to.statusCategory",
    ),
    f"POST {_API}/issue/{{key}}/transitions": method(
        f"{_DOCS}/api-group-issues/#api-rest-api-2-issue-issueidorkey-transitions-post",
        {
            "transition": lambda value: set(value) == {"id"} and isinstance(value["id"], str),
            "fields": lambda value: value == {},
            **others("update historyMetadata properties"),
        },
        "",
        "transition",
    ),
    f"GET {_API}/search/jql": method(
        f"{_DOCS}/api-group-issue-search/#api-rest-api-2-search-jql-get",
        {
            "jql": text(),
            "maxResults": number(1, 5000),
            "fields": each(text()),
            **others("nextPageToken expand properties fieldsByKeys failFast reconcileIssues"),
        },
        "issues.id issues.key issues.self issues.fields isLast nextPageToken",
        "jql",
    ),
}
