"""As whom PostgreSQL runs: as ourselves, but never as root, which it refuses; root lends the folder to `nobody`."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.services.errors import ServiceError

CAPABILITIES = (None, "dac_read_search", "dac_override")
"""What the user may need to reach a checkout under a closed folder such as `/root`; the least that works is taken."""


@dataclass(frozen=True)
class ServerUser:
    """`owner` is user and group, or None for ourselves."""

    owner: tuple[int, int] | None

    def prefix(self, program: Path, folder: Path) -> list[str]:
        """What to put before a command. Raises: ServiceError when that user cannot reach program and folder."""
        if self.owner is None:
            return []
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise ServiceError(
                "PostgreSQL does not run as root, and setpriv (util-linux) is missing: "
                "run as an ordinary user, or set DATABASE_URL."
            )
        words = ""
        for capability in CAPABILITIES:
            prefix = [setpriv, *_become(*self.owner), *_keep(capability)]
            probe = [*prefix, str(program), "--version"], [*prefix, "test", "-w", str(folder)]
            told = [subprocess.run(one, cwd="/", capture_output=True, text=True, check=False) for one in probe]
            if all(one.returncode == 0 and "denied" not in one.stderr for one in told):
                return prefix
            words = " ".join(one.stderr.strip() for one in told).strip() or words
        raise ServiceError(
            f"PostgreSQL does not run as root, and {pwd.getpwuid(self.owner[0]).pw_name} cannot reach {program} "
            f"or {folder} ({words}): run as an ordinary user, move the checkout, or set DATABASE_URL."
        )


def server_user(folder: Path) -> ServerUser:
    """For root: whoever owns the data folder already, else `nobody`."""
    if os.getuid() != 0:
        return ServerUser(None)
    if folder.exists() and folder.stat().st_uid != 0:
        return ServerUser((folder.stat().st_uid, folder.stat().st_gid))
    nobody = pwd.getpwnam("nobody")
    return ServerUser((nobody.pw_uid, nobody.pw_gid))


def _become(user: int, group: int) -> list[str]:
    ids = [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"]
    return [*ids, "--pdeathsig=INT"]


def _keep(capability: str | None) -> list[str]:
    """`no_setuid_fixup`: without it `access(2)`, by which PostgreSQL looks at its programs, ignores capabilities."""
    if capability is None:
        return ["--bounding-set=-all", "--inh-caps=-all"]
    only = f"-all,+{capability}"
    return [f"--bounding-set={only}", f"--inh-caps={only}", f"--ambient-caps={only}", "--securebits=+no_setuid_fixup"]
