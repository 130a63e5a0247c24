"""`python -m app VERB`: the product's command line."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated

import typer

from app.bootstrap import NotReady
from app.resolve import load
from app.services.errors import ServiceError
from app.settings import Settings, SettingsError
from incidents.errors import IncidentError

cli = typer.Typer(
    help="Tocsin answers incidents: it triages, opens what is needed, and pages who is on duty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def told_plainly(verb: Callable[..., int]) -> Callable[..., None]:
    """What a person can mend goes to standard error, with exit code 1. Anything else is a bug and shows its trace."""

    @wraps(verb)
    def run(*arguments: object, **options: object) -> None:
        try:
            code = verb(*arguments, **options)
        except (SettingsError, ServiceError, NotReady, IncidentError) as error:
            typer.secho(str(error), fg=typer.colors.RED, err=True)
            code = 1
        raise typer.Exit(code)

    return run


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
    return start(_local_settings())


@cli.command()
@told_plainly
def doctor() -> int:
    """Tell of each setting and provider whether it is on, in the sandbox or off, and whether it answers."""
    from app.doctor import doctor as examine

    return examine(_local_settings())


@cli.command()
@told_plainly
def prepare() -> int:
    """Bring the database up to this version and plant what must be there before the first report."""
    from app.bootstrap import prepare as make_ready
    from app.local import local_services
    from app.logging import configure_logging

    settings = _local_settings()
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

    with local_services(_local_settings()) as resolved:
        for line in show_or_put(resolved, people or []):
            typer.echo(line)
    return 0


@cli.command()
@told_plainly
def manifest() -> int:
    """Print the Slack app's manifest for this PUBLIC_URL; with an app token, for Socket Mode."""
    from integrations.slack_manifest import manifest as text

    settings = _local_settings()
    sys.stdout.write(text(settings.public_url, socket_mode=settings.slack_app_token is not None))
    return 0


def _local_settings() -> Settings:
    """By hand on one machine the sandbox stands in, unless `SANDBOX=0` says otherwise."""
    return load(sandbox=True)


if __name__ == "__main__":
    cli()
