"""What every verb of the command line shares: its settings, and errors told without a trace."""

from collections.abc import Callable
from functools import wraps

import typer

from app.bootstrap import NotReady
from app.resolve import load
from app.services.errors import ServiceError
from app.settings import Settings, SettingsError
from incidents.errors import IncidentError, PermanentError, TemporaryError


def told_plainly(verb: Callable[..., int]) -> Callable[..., None]:
    """What a person can mend goes to standard error, with exit code 1. Anything else is a bug and shows its trace."""

    @wraps(verb)
    def run(*arguments: object, **options: object) -> None:
        try:
            code = verb(*arguments, **options)
        except (SettingsError, ServiceError, NotReady, IncidentError, TemporaryError, PermanentError) as error:
            typer.secho(str(error), fg=typer.colors.RED, err=True)
            code = 1
        raise typer.Exit(code)

    return run


def local_settings() -> Settings:
    """By hand on one machine the sandbox stands in, unless `SANDBOX=0` says otherwise."""
    return load(sandbox=True)
