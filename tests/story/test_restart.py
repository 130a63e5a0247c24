"""`make run` again on the same data: what was is there, inside and outside, and goes on."""

import json
import tempfile
from pathlib import Path

from tests.play import Play, eventually, free_ports, start, stop


def test_the_data_stays_and_an_old_incident_goes_on() -> None:
    port, sandbox_port = free_ports()
    with tempfile.TemporaryDirectory(prefix="tocsin-restart-") as folder:
        data = Path(folder) / "data"
        process = start(data, port, sandbox_port)
        play = Play(port, sandbox_port, data)
        try:
            number = play.report(description="checkout returns 502 in europe", severity="HIGH")["number"]
            before = play.triaged(number)
            channel = play.channel(f"incident-{number}") or {}
            stop(process)

            process = start(data, port, sandbox_port)
            incident = play.incident(number)
            assert (incident["title"], incident["ticket"]) == (before["title"], before["ticket"])
            assert (play.channel(f"incident-{number}") or {})["id"] == channel["id"]

            assert "open, not acknowledged" in json.dumps(play.card(number))
            acknowledged = play.api("POST", f"/api/v1/incidents/{number}/ack", {"actor": "bea"})
            assert acknowledged.status_code < 300, acknowledged.text
            eventually(lambda: "acknowledged by" in json.dumps(play.card(number)), saying="the card does not say so")
            assert "not acknowledged" not in json.dumps(play.card(number))
            failed = [job for job in play.jobs(number) if job["error"]]
            assert failed == []

            following = play.triaged(play.report(description="the login page is slow", severity="HIGH")["number"])
            assert following["number"] == number + 1
            assert _ticket(following["ticket"]) == _ticket(before["ticket"]) + 1
        finally:
            play.http.close()
            stop(process)


def _ticket(ticket: object) -> int:
    """The number in its key."""
    return int(str(ticket).rpartition("-")[2])
