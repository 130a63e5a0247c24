"""Starts the three servers in the folder given, says their addresses, and stops them when its input ends."""

import sys
from pathlib import Path

from app.services.chroma import Chroma
from app.services.postgres import Postgres
from app.services.redis import Redis
from app.services.service import Service, running

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    all_three: list[Service] = [Postgres(folder), Redis(folder), Chroma(folder)]
    services = all_three[: int(sys.argv[2])]
    with running(services, data_dir=folder):
        for service in services:
            sys.stdout.write(f"{service.url}\n")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
