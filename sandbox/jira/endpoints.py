"""Which path is answered by which function."""

from sandbox.core import Sandbox
from sandbox.jira.adding import Adding
from sandbox.jira.editing import Editing
from sandbox.jira.looking import Looking
from sandbox.jira.moving import Moving
from sandbox.jira.rest import Endpoint
from sandbox.jira.tracker import Tracker


def endpoints(tracker: Tracker, sandbox: Sandbox) -> list[Endpoint]:
    editing, adding, looking = Editing(tracker, sandbox), Adding(tracker), Looking(tracker)
    moving = Moving(tracker, editing)
    issue, comment = "issue/{key}", "issue/{key}/comment/{id}"
    return [
        Endpoint("GET", "serverInfo", looking.server),
        Endpoint("GET", "myself", looking.myself),
        Endpoint("GET", "search", looking.search),
        Endpoint("POST", "search", looking.search),
        Endpoint("GET", "search/jql", looking.search_jql),
        Endpoint("POST", "search/jql", looking.search_jql),
        Endpoint("POST", "search/approximate-count", looking.count),
        Endpoint("GET", "project", looking.projects),
        Endpoint("GET", "project/{key}", looking.project),
        Endpoint("GET", "project/{key}/statuses", looking.statuses),
        Endpoint("GET", "status", looking.all_statuses),
        Endpoint("GET", "issuetype", looking.issue_types),
        Endpoint("GET", "field", looking.fields),
        Endpoint("GET", "priority", looking.priorities),
        Endpoint("GET", "label", looking.labels),
        Endpoint("GET", "issueLinkType", looking.link_types),
        Endpoint("GET", "user/search", looking.users),
        Endpoint("GET", "user/assignable/search", looking.users),
        Endpoint("GET", "issue/createmeta", looking.create_meta),
        Endpoint("GET", "issue/createmeta/{key}/issuetypes", looking.create_meta_types),
        Endpoint("GET", "issue/createmeta/{key}/issuetypes/{id}", looking.create_meta_fields),
        Endpoint("POST", "issue", editing.create),
        Endpoint("GET", issue, editing.read),
        Endpoint("PUT", issue, editing.edit),
        Endpoint("DELETE", issue, editing.delete),
        Endpoint("PUT", f"{issue}/assignee", editing.assign),
        Endpoint("GET", f"{issue}/transitions", moving.show),
        Endpoint("POST", f"{issue}/transitions", moving.make),
        Endpoint("GET", f"{issue}/comment", adding.comments),
        Endpoint("POST", f"{issue}/comment", adding.comment),
        Endpoint("GET", comment, adding.read_comment),
        Endpoint("PUT", comment, adding.edit_comment),
        Endpoint("DELETE", comment, adding.delete_comment),
        Endpoint("GET", f"{issue}/remotelink", adding.remote_links),
        Endpoint("POST", f"{issue}/remotelink", adding.remote_link),
        Endpoint("GET", f"{issue}/properties/{{propertyKey}}", adding.read_property),
        Endpoint("PUT", f"{issue}/properties/{{propertyKey}}", adding.write_property),
        Endpoint("POST", "issueLink", adding.link),
    ]
