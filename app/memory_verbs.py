"""The verbs under `python -m app memory`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app.plainly import local_settings, told_plainly
from app.settings import Settings

memory = typer.Typer(help="What the memory was taught: shown, taken back, made anew, replayed.", no_args_is_help=True)

Organization = Annotated[str | None, typer.Option(help="Its name or id; the first if left out.")]
Since = Annotated[str | None, typer.Option(help="A time like 2026-03-02, in UTC unless it says so.")]


@memory.command()
@told_plainly
def rebuild(organization: Organization = None) -> int:
    """Drop what the memory knows, and teach it everything from SQL."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.rebuild(settings, organization))


@memory.command()
@told_plainly
def log(organization: Organization = None, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50) -> int:
    """Show what was taught, the latest first: when, where it comes from, by whom, and what counts."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.log(settings, organization, limit=limit))


@memory.command()
@told_plainly
def undo(
    source: Annotated[str | None, typer.Argument(help="As `memory log` shows it.")] = None,
    by: Annotated[str | None, typer.Option(help="All that this person taught; with --since from then on.")] = None,
    since: Since = None,
    organization: Organization = None,
) -> int:
    """Take lessons back for good."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.undo(settings, organization, source=source, by=by, since=since))


@memory.command()
@told_plainly
def restore(source: str, organization: Organization = None) -> int:
    """Let a lesson count again that was taken back."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.restore(settings, organization, source))


@memory.command()
@told_plainly
def runbooks(folder: Path, organization: Organization = None) -> int:
    """Teach the Markdown files of a folder; what is no longer in them is forgotten."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.follow_runbooks(settings, organization, folder))


@memory.command()
@told_plainly
def replay(since: Since = None, organization: Organization = None) -> int:
    """Ask about each past incident once more, without and with what people corrected, and compare."""
    from app import memory as verbs

    return _shown(lambda settings: verbs.replayed(settings, organization, since=since))


def _shown(doing: Callable[[Settings], list[str]]) -> int:
    from app.local import local_services

    with local_services(local_settings()) as resolved:
        for line in doing(resolved):
            typer.echo(line)
    return 0
