"""`python -m app up`: everything on this machine, from an empty folder to a ringing sandbox phone, until Ctrl-C."""

from pydantic import SecretStr

from app.admin_key import admin_key, key_file
from app.console import Console
from app.product import parts_of
from app.services.errors import ServiceError
from app.services.lock import Lock
from app.services.ports import require_free
from app.services.record import end_leftovers
from app.settings import Settings
from app.supervisor import Supervisor


def up(settings: Settings) -> int:
    """The exit code. Raises: ServiceError with one line for the person when it cannot even begin."""
    console = Console()
    data_dir = settings.data_dir.absolute()
    with Lock(data_dir):
        if leftovers := end_leftovers(data_dir):
            console.say("tocsin", f"an earlier run was killed; ended what it left behind: {', '.join(leftovers)}")
        _require_ports(settings)
        settings = settings.model_copy(update={"data_dir": data_dir, "admin_api_key": SecretStr(admin_key(settings))})
        supervisor = Supervisor(parts_of(settings), data_dir=data_dir, console=console)
        return supervisor.run(
            when_ready=lambda: console.block("Tocsin is ready. Ctrl-C stops it.", _addresses(settings))
        )


def _require_ports(settings: Settings) -> None:
    wanted = {settings.port: "PORT"}
    if settings.sandbox:
        for port in range(settings.sandbox_port, settings.sandbox_port + 3):
            if port in wanted:
                raise ServiceError("PORT, SANDBOX_PORT and the two ports after it must be four different ones.")
            wanted[port] = "SANDBOX_PORT"
    for port, setting in wanted.items():
        require_free(port, setting)


def _addresses(settings: Settings) -> list[tuple[str, str]]:
    product = f"http://127.0.0.1:{settings.port}"
    rows = [("product", product), ("API docs", f"{product}/api/docs")]
    if settings.public_url != product:
        rows.append(("from outside", settings.public_url))
    if settings.sandbox:
        rows.append(("sandbox", f"http://127.0.0.1:{settings.sandbox_port}  (nobody is really called)"))
    if settings.admin_api_key:
        rows.append(("admin API key", f"{settings.admin_api_key.get_secret_value()}  (X-API-Key)"))
        rows.append(("", f"kept in {key_file(settings)}"))
    return rows
