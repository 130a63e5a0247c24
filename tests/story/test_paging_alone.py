"""Paging goes on with Redis, Chroma and the model away: from the start, silent, and refusing."""

import json
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.play import Play, eventually, playing

SOON = 6.0


@contextmanager
def silent_server() -> Iterator[tuple[int, threading.Event]]:
    """A server that accepts and says nothing; once the event is set it is gone, and its port refuses."""
    gone = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)

    def accept() -> None:
        links = []
        while not gone.is_set():
            try:
                links.append(server.accept()[0])
            except TimeoutError:
                continue
        server.close()
        for link in links:
            link.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield server.getsockname()[1], gone
    finally:
        gone.set()
        thread.join()


def page_and_acknowledge(play: Play, ref: str) -> None:
    """A HIGH report calls Bea within seconds, and her key takes the incident."""
    play.report(id=ref, title=f"Checkout is down {ref}", severity="HIGH")
    play.bea.phone.ring(within=SOON)
    play.bea.phone.answer()
    play.bea.phone.press("4")
    eventually(lambda: play.incident(ref)["status"] == "acknowledged", within=SOON, saying="the key did nothing")


def escalate(play: Play, ref: str) -> None:
    """Bea does not answer, and Cy is called when his step is due."""
    play.report(id=ref, title=f"Checkout is down {ref}", severity="HIGH")
    play.bea.phone.ring(within=SOON)
    play.bea.phone.ignore()
    play.forward(121)
    play.cy.phone.ring(within=SOON)
    play.cy.phone.answer()
    play.cy.phone.press("4")
    eventually(lambda: play.incident(ref)["status"] == "acknowledged", within=SOON, saying="the key did nothing")
    eventually(lambda: play.bea.phone.state()["state"] == "idle", within=SOON, saying="Bea's phone rings on")


def declare(play: Play) -> None:
    """A command in Slack is answered before Slack gives up, and its report is paged untriaged."""
    assert play.ana.types("/incident the warehouse has no power")["failure"] is None
    play.forward(31)
    play.bea.phone.ring(within=SOON)
    play.bea.phone.answer()
    play.bea.phone.press("4")


def wrong(play: Play) -> set[str]:
    answer = play.http.get(f"{play.address}/api/health/deep")
    assert answer.status_code == 503
    return {name for name, part in answer.json()["parts"].items() if part["state"] == "failing"}


def test_with_redis_chroma_and_the_model_silent_from_the_start() -> None:
    with silent_server() as (port, gone), tempfile.TemporaryDirectory(prefix="tocsin-alone-") as folder:
        away = {
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "CHROMA_URL": f"http://127.0.0.1:{port}",
            "LLM_MODEL": "openai:silent",
            "LLM_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "OPENAI_API_KEY": "a-key-for-nobody",
        }
        with playing(Path(folder) / "data", **away) as play:
            page_and_acknowledge(play, "silent")
            escalate(play, "silent-escalated")
            declare(play)
            assert {"redis", "memory"} <= wrong(play)
            gone.set()
            page_and_acknowledge(play, "refused")


def test_with_redis_and_chroma_falling_silent_and_coming_back() -> None:
    with tempfile.TemporaryDirectory(prefix="tocsin-alone-") as folder, playing(Path(folder) / "data") as play:
        eventually(lambda: play.http.get(f"{play.address}/api/health").json()["status"] == "ok", within=30)
        pids = [json.loads((play.data_dir / "run" / f"{name}.json").read_text())["pid"] for name in ("redis", "chroma")]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            play.control("/control/fault", {"provider": "model", "method": "*", "kind": "silence", "times": 9})
            page_and_acknowledge(play, "fell-silent")
            declare(play)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
            play.http.delete(f"{play.sandbox}/control/fault")
        play.triaged("fell-silent", within=40)
