"""`python -m app VERB`: the product's command line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.memory_verbs import memory
from app.plainly import local_settings, told_plainly

cli = typer.Typer(
    help="Tocsin answers incidents: it triages, opens what is needed, and pages who is on duty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(memory, name="memory")


@cli.command()
@told_plainly
def up(
    with_parent: Annotated[bool, typer.Option(help="Stop when the process that started this one is gone.")] = False,
) -> int:
    """Start everything on this machine, print the addresses, stop on Ctrl-C."""
    from app.parent import follow_parent
    from app.up import up as start

    if with_parent:
        follow_parent()
    return start(local_settings())


@cli.command()
@told_plainly
def doctor() -> int:
    """Tell of each setting and provider whether it is on, in the sandbox or off, and whether it answers."""
    from app.doctor import doctor as examine

    return examine(local_settings())


@cli.command()
@told_plainly
def prepare() -> int:
    """Bring the database up to this version and plant what must be there before the first report."""
    from app.bootstrap import prepare as make_ready
    from app.local import local_services
    from app.logging import configure_logging

    settings = local_settings()
    configure_logging(settings, part="prepare")
    with local_services(settings) as resolved:
        make_ready(resolved)
    return 0


@cli.command()
@told_plainly
def oncall(
    people: Annotated[
        list[str] | None, typer.Argument(help="Each as NAME,PHONE,SLACK-USER-ID; the person on duty first.")
    ] = None,
) -> int:
    """Show who is on call; with names, put these people on call in this order."""
    from app.local import local_services
    from app.oncall import show_or_put

    with local_services(local_settings()) as resolved:
        for line in show_or_put(resolved, people or []):
            typer.echo(line)
    return 0


@cli.command()
@told_plainly
def backfill(
    file: Annotated[
        Path, typer.Argument(help="Tickets of an earlier time: CSV in UTF-8, its first line names columns.")
    ],
    title: Annotated[str | None, typer.Option(help="The column of the title.")] = None,
    text: Annotated[str | None, typer.Option(help="The column of what was reported.")] = None,
    category: Annotated[str | None, typer.Option(help="The column of the category.")] = None,
    id: Annotated[str | None, typer.Option(help="The column of the ticket's id.")] = None,
    at: Annotated[str | None, typer.Option(help="The column of its time (ISO 8601).")] = None,
    resolution: Annotated[str | None, typer.Option(help="The column of what helped.")] = None,
    map: Annotated[list[str] | None, typer.Option(help="A category by another name: OLD=NEW. May come often.")] = None,  # noqa: A002
    organization: Annotated[str | None, typer.Option(help="Its name or id; the first if left out.")] = None,
) -> int:
    """Teach the memory tickets of an earlier time. Nobody is paged, and no incident is opened."""
    from app.backfill import backfill as take_in
    from app.local import local_services

    asked = {"title": title, "text": text, "category": category, "id": id, "at": at, "resolution": resolution}
    with local_services(local_settings()) as resolved:
        return take_in(resolved, file, asked, renamed=map or [], organization=organization, say=typer.echo)


@cli.command()
@told_plainly
def manifest() -> int:
    """Print the Slack app's manifest for this PUBLIC_URL; with an app token, for Socket Mode."""
    from integrations.slack_manifest import manifest as text

    settings = local_settings()
    sys.stdout.write(text(settings.public_url, socket_mode=settings.slack_app_token is not None))
    return 0


if __name__ == "__main__":
    cli()
