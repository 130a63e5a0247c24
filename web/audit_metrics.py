"""Metrics of the audit, the parts' heartbeats, the dead man's pings, and how late jobs and calls are."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from sqlalchemy.orm import Session

from incidents import admin_notices, audit, heartbeats, lateness
from incidents.findings import Kind


def read(session: Session) -> Iterator[Metric]:
    yield from _audit(session)
    yield from _lateness(session)


def _audit(session: Session) -> Iterator[Metric]:
    last = audit.last(session)
    good = GaugeMetricFamily("tocsin_audit_good", "1 when the last audit is fresh and found nothing bad.")
    good.add_metric([], float(last is not None and last.ok))
    yield good
    age = GaugeMetricFamily("tocsin_audit_age_seconds", "How long ago the last audit was.")
    if last is not None:
        age.add_metric([], last.age.total_seconds())
    yield age
    standing = {finding.kind: finding for finding in last.findings} if last else {}
    found = GaugeMetricFamily("tocsin_audit_findings", "What the last audit found.", labels=["finding"])
    bad = GaugeMetricFamily("tocsin_audit_bad", "1 for each finding that counts as trouble.", labels=["finding"])
    for kind in Kind:
        finding = standing.get(kind)
        found.add_metric([kind.value], finding.count if finding else 0)
        bad.add_metric([kind.value], float(finding is not None and finding.counts))
    yield from (found, bad)
    beats = GaugeMetricFamily("tocsin_heartbeat_age_seconds", "Since a part said that it works.", labels=["part"])
    for part, seconds in heartbeats.ages(session).items():
        beats.add_metric([part], seconds)
    yield beats
    pings = CounterMetricFamily("tocsin_deadman_pings", "Pings to the dead man's address.", labels=["result"])
    for result, number in audit.pings(session).items():
        pings.add_metric([result], number)
    yield pings
    refused = GaugeMetricFamily("tocsin_admin_notices_failed", "Messages to the admins that Slack refused.")
    refused.add_metric([], admin_notices.failed(session))
    yield refused


def _lateness(session: Session) -> Iterator[Metric]:
    late = HistogramMetricFamily(
        "tocsin_job_late_seconds", "From due to begun, and from due to done.", labels=["kind", "stage"]
    )
    bounds = [*map(str, lateness.BUCKETS), "+Inf"]
    for series in lateness.read(session):
        total, buckets = 0, []
        for bound, count in zip(bounds, series.cells, strict=True):
            total += count
            buckets.append((bound, float(total)))
        late.add_metric([series.kind, series.stage], buckets=buckets, sum_value=series.seconds)
    yield late
    call = GaugeMetricFamily(
        "tocsin_report_to_call_seconds",
        "From a HIGH report to its first call, over the last hour's reports.",
        labels=["quantile"],
    )
    for quantile, seconds in lateness.report_to_call(session).items():
        call.add_metric([quantile], seconds)
    yield call
