"""Jira through its SDK: issues, the workflow, an index that lags, signed webhooks, and what is refused."""

import hmac
import json
from hashlib import sha256
from typing import Any
from urllib.request import urlopen

import pytest
from jira import JIRA, JIRAError

from tests.integration.sandbox.phones import eventually
from tests.integration.sandbox.receiver import Answered, Received, Receiver
from tests.integration.sandbox.running import RunningSandbox

FIELDS: dict[str, Any] = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "#42 Checkout"}


def connect(sandbox: RunningSandbox, *, version: str = "2", token: str = "sandbox-token") -> JIRA:
    options: dict[str, Any] = {"server": f"{sandbox.address}/jira", "rest_api_version": version}
    return JIRA(options=options, basic_auth=("sandbox@example.com", token), max_retries=0)


@pytest.fixture
def jira(sandbox: RunningSandbox) -> JIRA:
    return connect(sandbox)


def test_an_issue_is_created_with_all_its_fields(sandbox: RunningSandbox, jira: JIRA) -> None:
    text = "First line\nsecond line\n\nSecond paragraph"
    issue = jira.create_issue(
        fields=FIELDS | {"description": text, "priority": {"name": "Highest"}, "labels": ["tocsin", "tocsin-1"]}
    )
    assert (issue.key, str(issue.fields.status), str(issue.fields.priority)) == ("OPS-1", "To Do", "Highest")
    assert (issue.fields.description, issue.fields.labels) == (text, ["tocsin", "tocsin-1"])
    (entry,) = sandbox.ledger("jira", "POST /rest/api/2/issue")
    assert entry["effect"] == {"issue": "OPS-1", "summary": "#42 Checkout"}


def test_version_3_speaks_the_document_format(sandbox: RunningSandbox) -> None:
    words = {"type": "text", "text": "Checkout fails"}
    document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [words]}]}
    connect(sandbox, version="3").create_issue(fields=FIELDS | {"description": document})
    assert connect(sandbox).issue("OPS-1").fields.description == "Checkout fails"
    assert connect(sandbox, version="3").issue("OPS-1").raw["fields"]["description"] == document


def test_an_issue_goes_from_to_do_to_done_and_back(jira: JIRA) -> None:
    issue = jira.create_issue(fields=FIELDS)
    seen = []
    for name in ("In Progress", "Done", "To Do"):
        jira.transition_issue(issue, name)
        status = jira.issue(issue.key).fields.status
        seen.append((status.name, status.statusCategory.key))
    assert seen == [("In Progress", "indeterminate"), ("Done", "done"), ("To Do", "new")]
    jira.transition_issue(issue, "Done")
    assert [way["to"]["statusCategory"]["key"] for way in jira.transitions(issue)] == ["new"]


def test_search_learns_of_an_issue_only_after_a_while(jira: JIRA) -> None:
    issue = jira.create_issue(fields=FIELDS | {"labels": ["tocsin-77"]})
    jql = 'project = OPS AND labels = "tocsin-77" ORDER BY created DESC'
    assert list(jira.search_issues(jql, fields="summary")) == []
    found = eventually(
        lambda: {"found": list(jira.search_issues(jql, fields="summary"))}, lambda seen: bool(seen["found"])
    )["found"]
    assert [(one.key, one.fields.summary) for one in found] == [(issue.key, "#42 Checkout")]
    assert list(jira.search_issues("project = OPS AND statusCategory = Done", fields="summary")) == []


def test_an_issue_is_edited_commented_assigned_linked_and_deleted(jira: JIRA) -> None:
    issue = jira.create_issue(fields=FIELDS)
    issue.update(fields={"priority": {"name": "Low"}}, update={"labels": [{"add": "severity-low"}]})
    jira.add_comment(issue, "Bea acknowledged")
    jira.assign_issue(issue, "Bea")
    for title in ("Incident 42", "Incident 42 again"):
        with pytest.warns(Warning, match="Unable to gather applicationlinks"):
            jira.add_remote_link(issue.key, {"url": "http://127.0.0.1/42", "title": title}, globalId="tocsin-42")
    shown = jira.issue(issue.key)
    assert (str(shown.fields.priority), shown.fields.labels) == ("Low", ["severity-low"])
    assert [one.body for one in jira.comments(issue)] == ["Bea acknowledged"]
    assert str(shown.fields.assignee) == "Bea"
    assert [link.object.title for link in jira.remote_links(issue)] == ["Incident 42 again"]
    issue.delete()  # type: ignore[no-untyped-call]  # The SDK has types only in part.
    with pytest.raises(JIRAError) as refused:
        jira.issue(issue.key)
    assert refused.value.status_code == 404


def test_what_a_program_looks_up_is_there(jira: JIRA) -> None:
    assert jira.myself()["emailAddress"] == "sandbox@example.com"
    assert jira.project("OPS").key == "OPS"
    assert [one.name for one in jira.priorities()] == ["Highest", "High", "Medium", "Low", "Lowest"]
    assert jira.createmeta(projectKeys="OPS")["projects"][0]["key"] == "OPS"
    assert jira.server_info()["deploymentType"] == "Cloud"


def test_a_refused_issue_is_not_made(sandbox: RunningSandbox, jira: JIRA) -> None:
    """The refusals themselves stand in `refusals/`; here several at once."""
    with pytest.raises(JIRAError) as refused:
        jira.create_issue(fields=FIELDS | {"summary": "", "labels": "one", "priority": {"name": "Urgent"}})
    assert refused.value.response is not None
    assert set(refused.value.response.json()["errors"]) == {"summary", "labels", "priority"}
    assert sandbox.get("/control/jira/state") == {"issues": []}


@pytest.mark.parametrize("jql", ["", "labels !!"])
def test_queries_that_jira_refuses(jira: JIRA, jql: str) -> None:
    with pytest.raises(JIRAError) as refused:
        jira.search_issues(jql)
    assert refused.value.status_code == 400


def test_a_person_moves_the_card_and_the_product_is_told(
    sandbox: RunningSandbox, product: Receiver, jira: JIRA
) -> None:
    jira.create_issue(fields=FIELDS)
    sandbox.post("/control/jira/transition", key="OPS-1", name="Done")
    got = product.wait_for(lambda one: one.path == "/jira/webhook")
    signed = hmac.new(b"sandbox-jira-secret", got.body, sha256).hexdigest()
    assert got.headers["x-hub-signature"] == f"sha256={signed}"
    event = json.loads(got.body)
    assert (event["webhookEvent"], event["issue"]["key"], event["user"]["displayName"]) == (
        "jira:issue_updated",
        "OPS-1",
        "Bea",
    )
    (change,) = event["changelog"]["items"]
    assert (change["field"], change["fromString"], change["toString"]) == ("status", "To Do", "Done")


def test_a_webhook_that_is_not_taken_comes_again(sandbox: RunningSandbox, product: Receiver, jira: JIRA) -> None:
    def first_fails(received: Received) -> Answered:
        return Answered(status=503 if len(product.got) == 1 else 200)

    product.rule = first_fails
    jira.create_issue(fields=FIELDS)
    sandbox.post("/control/jira/transition", key="OPS-1", name="In Progress")
    again = product.wait_for(lambda one: "x-atlassian-webhook-retry" in one.headers)
    names = {one.headers["x-atlassian-webhook-identifier"] for one in product.got}
    assert (again.headers["x-atlassian-webhook-retry"], len(names)) == ("1", 1)


def test_a_card_cannot_jump_over_the_workflow(sandbox: RunningSandbox, jira: JIRA) -> None:
    jira.create_issue(fields=FIELDS)
    assert sandbox.ask("POST", "/control/jira/transition", {"key": "OPS-1", "name": "To Do"}).status == 409
    assert sandbox.ask("POST", "/control/jira/transition", {"key": "OPS-9", "name": "Done"}).status == 404


def test_a_ticket_has_a_page_for_people(sandbox: RunningSandbox, jira: JIRA) -> None:
    jira.create_issue(fields=FIELDS | {"description": "<b>502</b>"})
    with urlopen(f"{sandbox.address}/jira/browse/OPS-1") as answer:
        page = answer.read().decode()
    assert "OPS-1 #42 Checkout" in page
    assert "&lt;b&gt;502" in page
