"""A server on localhost that speaks OpenAI's chat completions, as far as a test tells it to."""

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self


class OpenAIServer:
    """Answers each request with the next of what `then` was told, and the last one for ever after."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers: deque[tuple[int, str, dict[str, str]]] = deque()
        self._by: Callable[[dict[str, Any]], object] | None = None
        self._released = Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                status, body, headers = server._next(server.requests[-1])
                if status == 0:
                    server._released.wait(60)
                    return
                if status == -1:
                    self._drip()
                    return
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def _drip(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                with suppress(OSError):
                    while not server._released.wait(0.05):
                        self.wfile.write(b" ")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name, too.
                """A test's output stays free of access logs."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def then(self, answer: object, *, status: int = 200, **headers: str) -> Self:
        """`answer` is what the model writes (JSON, when it is no text); with another status, the body."""
        content = answer if isinstance(answer, str) else json.dumps(answer)
        body = _completion(content) if status == 200 else content
        self._answers.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))
        return self

    def then_raw(self, body: str, *, status: int = 200) -> Self:
        self._answers.append((status, body, {}))
        return self

    def then_silence(self) -> Self:
        self._answers.append((0, "", {}))
        return self

    def then_drip(self) -> Self:
        self._answers.append((-1, "", {}))
        return self

    def then_by(self, answer: Callable[[dict[str, Any]], object]) -> Self:
        """From here on `answer` is asked what the model writes, with the request."""
        self._by = answer
        return self

    def _next(self, request: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
        if self._by is not None:
            return 200, _completion(json.dumps(self._by(request))), {}
        return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def _completion(content: str) -> str:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "test",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}},
            ],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )
