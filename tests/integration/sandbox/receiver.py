"""A small HTTP server in the product's place: it notes what the sandbox sends and answers as the test wants."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread


@dataclass(frozen=True)
class Received:
    """`path` with its query; the names in `headers` are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    body: bytes = b""
    status: int = 200
    media_type: str = "application/json"
    after_seconds: float = 0.0
    location: str = ""


Rule = Callable[[Received], Answered]


def fine(received: Received) -> Answered:
    return Answered()


class Receiver:
    """`rule` is asked for each answer; `url` is the product's base address."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.rule: Rule = fine
        self.got: list[Received] = []
        self._came = Condition()

    def forget(self) -> None:
        self.got = []
        self.rule = fine

    def take(self, received: Received) -> Answered:
        with self._came:
            self.got.append(received)
            self._came.notify_all()
        answered = self.rule(received)
        time.sleep(answered.after_seconds)
        return answered

    def wait_for(self, wanted: Callable[[Received], bool], seconds: float = 5.0) -> Received:
        """The first request like this, waited for."""
        with self._came:
            assert self._came.wait_for(lambda: any(map(wanted, self.got)), seconds), f"nothing like it in {self.got}"
            return next(filter(wanted, self.got))


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Runs in a thread of its own on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            if len(body) < length:  # Whoever sent it, in a test before this one, was stopped while sending.
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            answered = receiver.take(Received(self.command, self.path, headers, body))
            try:
                self.send_response(answered.status)
                self.send_header("Content-Type", answered.media_type)
                self.send_header("Content-Length", str(len(answered.body)))
                if answered.location:
                    self.send_header("Location", answered.location)
                self.end_headers()
                self.wfile.write(answered.body)
            except ConnectionError:
                self.close_connection = True

        do_GET = do_POST  # noqa: N815 - the library looks for this name.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library names it so.
            """Quiet: the test's own output is what counts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
