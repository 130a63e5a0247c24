"""What Jira Cloud refuses."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from jira import JIRA, JIRAError

from tests.integration.sandbox.refusals.case import Case, Send, World

REST = "https://developer.atlassian.com/cloud/jira/platform/rest/v3"
ISSUES = f"{REST}/api-group-issues/#api-rest-api-3-issue-post"
SEARCH = f"{REST}/api-group-issue-search"
MOVE = f"{REST}/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-post"
ADF = "https://developer.atlassian.com/cloud/jira/platform/apis/document/structure"
GONE = "https://developer.atlassian.com/changelog/#CHANGE-2046"
FIELDS: dict[str, Any] = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "#42 Checkout"}
USER, TOKEN = "sandbox@example.com", "sandbox-token"


def told(status: int | None, text: str) -> str:
    """The status, the fields that are wrong, or else the first message."""
    said = json.loads(text)
    return f"{status} {' '.join(said['errors']) or said['errorMessages'][0]}"


def sdk(send: Callable[[JIRA], object], *, token: str = TOKEN, version: str = "2") -> Send:
    def ask(world: World) -> str:
        options: dict[str, Any] = {"server": f"{world.sandbox.address}/jira", "rest_api_version": version}
        try:
            send(JIRA(options=options, basic_auth=(USER, token), max_retries=0))
        except JIRAError as error:
            return told(error.status_code, error.response.text if error.response is not None else "")
        return "ok"

    return ask


def raw(verb: str, path: str, body: bytes = b"", **headers: str) -> Send:
    def ask(world: World) -> str:
        url = f"{world.sandbox.address}/jira/rest/api/{path}"
        answer = httpx.request(verb, url, content=body, headers=headers, auth=(USER, TOKEN), trust_env=False)
        return told(answer.status_code, answer.text)

    return ask


def create(version: str = "2", **changed: Any) -> Send:
    """An issue that would be fine but for what is changed; None leaves it out."""
    fields = {name: value for name, value in (FIELDS | changed).items() if value is not None}
    return sdk(lambda jira: jira.create_issue(fields=fields, prefetch=False), version=version)


def search(jql: str) -> Send:
    return sdk(lambda jira: jira.enhanced_search_issues(jql, maxResults=1, json_result=True))


def move(number: str, **fields: Any) -> Send:
    def send(jira: JIRA) -> None:
        issue = jira.create_issue(fields=FIELDS, prefetch=False)
        body = {"transition": {"id": number}, "fields": fields}
        jira._session.post(jira._get_url(f"issue/{issue.key}/transitions"), data=json.dumps(body))

    return sdk(send)


CASES = [
    Case("wrong credentials", "a token that is not", sdk(lambda j: j.myself(), token="other"),
         "401 Client must be authenticated to access this resource.",
         "https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis"),
    Case("cannot be read", "a body that is no JSON", raw("POST", "3/issue", b"{"),
         "400 Invalid request payload. Refer to the REST API documentation.", ISSUES),
    Case("removed", "GET /rest/api/2/search", raw("GET", "2/search?jql=project=OPS"),
         "410 The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration"
         " guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046", GONE),
    Case("removed", "POST /rest/api/3/search", raw("POST", "3/search", b'{"jql": "project=OPS"}'),
         "410 The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration"
         " guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046", GONE),
    Case("issue without", "a summary", create(summary=None), "400 summary", ISSUES),
    Case("issue without", "a project that is there", create(project={"key": "NONE"}), "400 project", ISSUES),
    Case("issue without", "a type that is there", create(issuetype={"name": "Wish"}), "400 issuetype", ISSUES),
    Case("summary", "of 256 letters", create(summary="a" * 256), "400 summary",
         "https://support.atlassian.com/jira/kb/character-limit-for-summary-and-text-fields-in-jira"),
    Case("summary", "of two lines", create(summary="two\nlines"), "400 summary",
         "https://community.developer.atlassian.com/t/the-summary-is-invalid-because-it-contains-newline-characters/38684"),
    Case("label", "of two words", create(labels=["two words"]), "400 labels",
         "https://support.atlassian.com/jira-software-cloud/docs/add-labels-to-a-work-item"),
    Case("label", "that is no list", create(labels="one"), "400 labels", ISSUES),
    Case("label", "of 256 letters", create(labels=["l" * 256]), "400 labels",
         "https://support.atlassian.com/jira-software-cloud/docs/add-labels-to-a-work-item"),
    Case("field", "a priority that is not", create(priority={"name": "Urgent"}), "400 priority", ISSUES),
    Case("field", "one that the project has not", create(customfield_1="x"), "400 customfield_1", ISSUES),
    Case("nobody of that name", "an assignee who is not", create(assignee={"accountId": "nobody"}), "400 assignee",
         ISSUES),
    Case("description", "of 32,768 letters", create(description="a" * 32768), "400 description",
         "https://support.atlassian.com/jira/kb/character-limit-for-summary-and-text-fields-in-jira"),
    Case("description", "plain text in version 3", create("3", description="It fails."), "400 description", ADF),
    Case("description", "a document of another form", create("3", description={"type": "doc", "version": 2}),
         "400 INVALID_INPUT", ADF),
    Case("transition", "that nobody knows", move("99"), "400 Transition id '99' is not valid for this issue.", MOVE),
    Case("transition", "that leads nowhere from here", move("11"),
         "400 It seems that you have tried to perform an illegal workflow operation: To Do is no way on from To Do.",
         MOVE),
    Case("transition", "with a field that has no screen", move("31", resolution={"name": "Done"}), "400 resolution",
         MOVE),
    Case("query", "without any restriction", search("order by created"),
         "400 Unbounded JQL queries are not allowed here. Please add a search restriction to your query.", SEARCH),
    Case("query", "for a field that is not", search("colour = red"),
         "400 Field 'colour' does not exist or you do not have permission to view it.", SEARCH),
    Case("query", "for a project that is not", search("project = NONE"),
         "400 The value 'none' does not exist for the field 'project'.", SEARCH),
    Case("no such id", "an issue", sdk(lambda j: j.issue("OPS-999")),
         "404 Issue does not exist or you do not have permission to see it.",
         f"{REST}/api-group-issues/#api-rest-api-3-issue-issueidorkey-get"),
]  # fmt: skip
