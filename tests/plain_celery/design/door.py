"""The stand-in's web process: a report is a row, and then tasks; an acknowledgement is an update."""

from typing import Any

from flask import Flask, request
from kombu.exceptions import OperationalError

from tests.plain_celery.design import tables, work


def create() -> Flask:
    door = Flask("plain")

    @door.get("/api/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @door.post("/api/v1/incidents")
    def report() -> tuple[dict[str, Any], int]:
        """Accepted once it is safe and its tasks are with Redis; when Redis is away, the reporter tries again."""
        body = request.get_json()
        made = tables.add(body["id"], body["title"], body["severity"])
        if made:
            try:
                work.begin(body["id"], body["severity"])
            except OperationalError:
                tables.remove(body["id"])
                return {"detail": "try again"}, 503
        return {"id": body["id"], "duplicate": not made}, 202

    @door.get("/api/v1/incidents/<id>")
    def show(id: str) -> tuple[dict[str, Any], int]:
        incident = tables.get(id)
        if incident is None:
            return {}, 404
        return {"id": id, "number": incident.number, "status": incident.status}, 200

    @door.post("/api/v1/incidents/<id>/ack")
    def acknowledge(id: str) -> dict[str, str]:
        for sid in tables.acknowledge(id):
            work.hang_up.delay(sid)
        return {"status": "acknowledged"}

    @door.post("/status")
    def status() -> tuple[str, int]:
        return "", 204

    return door
