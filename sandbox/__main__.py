"""`python -m sandbox`: start the stand-ins on 127.0.0.1 and stay until told to stop."""

import argparse
import os
import socket
import sys
from pathlib import Path

import httpx
import uvicorn

from sandbox.connection import DroppableProtocol
from sandbox.core import Sandbox
from sandbox.ledger import Ledger
from sandbox.product_door import ProductApi
from sandbox.server import build_app, fail
from sandbox.state import State
from sandbox.stopping import stop_quietly

HOST = "127.0.0.1"
PRODUCT_SECONDS = 30.0


def main() -> int:
    asked = _parser().parse_args()
    try:
        listening = socket.create_server((HOST, asked.port), backlog=512)
    except OSError as error:
        return fail(f"cannot listen on {HOST}:{asked.port}: {os.strerror(error.errno or 0)}")
    sandbox = Sandbox(
        product=asked.product.rstrip("/"),
        port=asked.port,
        http=httpx.AsyncClient(timeout=PRODUCT_SECONDS, trust_env=False),
        ledger=Ledger(asked.ledger),
        state=State(asked.state),
        manifest=asked.manifest,
        socket_mode=asked.socket_mode,
    )
    config = uvicorn.Config(
        build_app(sandbox, ProductApi((asked.product_api or asked.product).rstrip("/"), asked.product_key_file)),
        http=DroppableProtocol,
        loop="asyncio",
        ws="websockets-sansio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    stop_quietly()
    server = uvicorn.Server(config)
    with listening:
        server.run(sockets=[listening])
    return 0 if server.started else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8090, help="its speech service (gRPC) and its mail server (SMTP) get the next two"
    )
    parser.add_argument("--product", default="http://127.0.0.1:8080", help="the product's base address")
    parser.add_argument("--product-api", help="where the page asks the product's REST, when that is another address")
    parser.add_argument("--product-key-file", type=Path, help="a key for that, unless ADMIN_API_KEY is set")
    parser.add_argument("--ledger", type=Path, help="keep the ledger in this file as well (JSON lines)")
    parser.add_argument("--state", type=Path, help="keep the world in this file; without it each start is a new world")
    parser.add_argument("--manifest", type=Path, help="the Slack manifest whose scopes the bot token has")
    parser.add_argument("--socket-mode", action="store_true", help="Slack's Socket Mode is on from the start")
    return parser


if __name__ == "__main__":
    sys.exit(main())
