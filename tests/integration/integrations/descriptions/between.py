"""Stands between an adapter and the sandbox: checks requests, and lets only documented fields of the answers back."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.integration.integrations.descriptions.described import Described, pruned

Table = Mapping[str, Described]
HOP = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "content-encoding"})
JSON = "application/json"


class Between:
    """`used` are the described methods that were asked; `faults` is what does not fit the description."""

    def __init__(self, target: str, table: Table) -> None:
        self.url = ""
        self.used: set[str] = set()
        self.faults: list[str] = []
        self._target = target
        self._table = table

    def pass_on(self, verb: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[httpx.Response, bytes]:
        name = self._name(verb, urlsplit(path).path)
        given = _given(path, headers.get("content-type", ""), body)
        if name is None:
            self.faults.append(f"{verb} {path} is not described")
        else:
            self.used.add(name)
            self.faults += [f"{name}: {fault}" for fault in self._table[name].faults(given)]
        kept = {key: value for key, value in headers.items() if key not in HOP}
        answer = httpx.request(verb, self._target + path, headers=kept, content=body, trust_env=False)
        return answer, self._documented(name, answer)

    def _name(self, verb: str, path: str) -> str | None:
        for name in self._table:
            known, _, pattern = name.partition(" ")
            if known == verb and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                return name
        return None

    def _documented(self, name: str | None, answer: httpx.Response) -> bytes:
        """Errors have forms of their own, and pass."""
        if name is None or not answer.headers.get("content-type", "").startswith(JSON) or not answer.content:
            return answer.content
        said = answer.json()
        if answer.is_success and said.get("ok") is not False:
            said = pruned(said, self._table[name].answered)
        return json.dumps(said).replace(self._target, self.url).encode()


@contextmanager
def between(target: str, table: Table) -> Iterator[Between]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer, said = middle.pass_on(self.command, self.path, headers, body)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in (*HOP, "date", "server"):
                    self.send_header(name.upper(), value)
            self.send_header("CONTENT-LENGTH", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_PUT = do_GET  # noqa: N815 - the library looks for these names.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library names it so.
            """Quiet: the test's own output is what counts."""

    middle = Between(target, table)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    middle.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield middle
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _given(path: str, kind: str, body: bytes) -> dict[str, Any]:
    """Parameters from wherever they stand; several of one name are a list."""
    found: dict[str, Any] = dict(parse_qs(urlsplit(path).query, keep_blank_values=True))
    if kind.startswith("application/x-www-form-urlencoded"):
        found |= parse_qs(body.decode(), keep_blank_values=True)
    found = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    return found | (json.loads(body) if kind.startswith(JSON) and body else {})
