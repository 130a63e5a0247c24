"""One module a kind of job, imported when its first job comes, so that the page worker loads no model."""

from importlib import import_module

from incidents.terms import JobKind
from tasks.work import Handler


def handler_of(kind: JobKind) -> Handler:
    """The `handler` of the module that has the kind's name in small letters."""
    handler: Handler = import_module(f"tasks.kinds.{kind.lower()}").handler
    return handler
