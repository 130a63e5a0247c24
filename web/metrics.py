"""GET /metrics for Prometheus: what the web processes answered, and what the database says is owed."""

import os
from collections.abc import Iterable, Iterator, Sequence

import structlog
from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from app.half_given import models
from incidents import model_calls, routes, workload
from incidents.store import DATABASE_AWAY
from web import access, audit_metrics, parts
from web.desk import Desk

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

log = structlog.get_logger(__name__)


def measure(application: Flask, desk: Desk) -> None:
    """Measure every request, and answer /metrics, with a registry of this application."""
    latency = Histogram(
        "tocsin_http_request_seconds",
        "Time to answer a request, by the address's pattern.",
        ("method", "route", "status"),
        buckets=BUCKETS,
        registry=None,
    )
    registry = CollectorRegistry()
    registry.register(FromDatabase(desk))
    # Not our setting but the library's, made for all processes of the web part by app/gunicorn.py.
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # noqa: TID251
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(latency)
    page = Blueprint("metrics", __name__)

    @page.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    def observe(response: Response) -> Response:
        method = request.method if request.url_rule is not None else "ANY"
        latency.labels(method, access.route(), str(response.status_code)).observe(access.seconds())
        return response

    application.after_request(observe)
    application.register_blueprint(page)


class FromDatabase(Collector):
    """Read at each scrape, so that all processes tell the same and a restart forgets nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("tocsin_provider_on", "1 when on, with who plays it.", labels=["provider", "state"])
        for provider, state in parts.providers(self._desk.settings).items():
            states.add_metric([provider, state], 0 if state == parts.OFF else 1)
        yield states
        up = GaugeMetricFamily("tocsin_database_up", "1 when the database answers.")
        try:
            with self._desk.database.begin() as session:
                yield from _owed(session)
                yield _accepted(session)
                yield from _triaged(session)
                yield from audit_metrics.read(session)
                yield from _models(session, models(self._desk.settings.llm_model or ""))
            up.add_metric([], 1)
        except DATABASE_AWAY as error:
            log.warning("database_away", reason=str(error).splitlines()[0])
            up.add_metric([], 0)
        yield up


def _owed(session: Session) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("tocsin_jobs_waiting", "Jobs that are not done.", labels=["kind"])
    overdue = GaugeMetricFamily("tocsin_jobs_overdue", "Jobs that are due and not done.", labels=["kind"])
    oldest = GaugeMetricFamily(
        "tocsin_jobs_oldest_overdue_seconds", "How long the oldest overdue job has been due.", labels=["kind"]
    )
    failed = GaugeMetricFamily("tocsin_jobs_failed", "Jobs that were given up and wait for a person.", labels=["kind"])
    for owed in workload.owed(session):
        waiting.add_metric([owed.kind], owed.waiting)
        overdue.add_metric([owed.kind], owed.overdue)
        oldest.add_metric([owed.kind], owed.oldest_seconds)
    for kind, number in workload.failed(session).items():
        failed.add_metric([kind], number)
    yield from (waiting, overdue, oldest, failed)


def _triaged(session: Session) -> Iterator[Metric]:
    number = GaugeMetricFamily("tocsin_triaged", "Verdicts on the last hour's reports.", labels=["route"])
    seconds = GaugeMetricFamily(
        "tocsin_triage_seconds", "From a report to its verdict, over the last hour's.", labels=["route", "quantile"]
    )
    for each in routes.lately(session):
        number.add_metric([each.route], each.count)
        for quantile, value in each.quantiles.items():
            seconds.add_metric([each.route, quantile], value)
    yield from (number, seconds)


def _accepted(session: Session) -> Metric:
    accepted = CounterMetricFamily(
        "tocsin_incidents_accepted", "Incidents, by the door they came in.", labels=["source"]
    )
    for source, number in workload.accepted(session).items():
        accepted.add_metric([source], number)
    return accepted


def _models(session: Session, chain: Sequence[str]) -> Iterator[Metric]:
    """Counted by the workers, and kept in the database."""
    by = ["model", "outcome"]
    calls = CounterMetricFamily("tocsin_model_calls", "Calls of models, by what came of them.", labels=by)
    seconds = CounterMetricFamily("tocsin_model_seconds", "Time that calls of models took.", labels=by)
    tokens = CounterMetricFamily("tocsin_model_tokens", "Tokens, as the providers count them.", labels=["model"])
    for row in model_calls.counted(session):
        calls.add_metric([row.model, row.outcome], row.calls)
        if row.outcome != model_calls.ASKED:
            seconds.add_metric([row.model, row.outcome], row.seconds)
        if row.outcome == model_calls.Outcome.ANSWERED:
            tokens.add_metric([row.model], row.tokens)
    resting = GaugeMetricFamily("tocsin_model_resting", "1 for a model that is left alone.", labels=["model"])
    away = {standing.model for standing in model_calls.failing(session, chain) if standing.resting_until is not None}
    for model in chain:
        resting.add_metric([model], float(model in away))
    yield from (calls, seconds, tokens, resting)
