"""`GET /metrics`: the engine's numbers as Prometheus reads them, asked of the database at each scrape."""

import ipaddress
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from queues import clock, stats
from queues.models import Worker
from queues.room import WORKER_SILENCE

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


class Engine:
    """A collector that keeps nothing between scrapes, so any number of web processes give the same answer."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _queues(stats.all_queues())
        yield from _workers(list(Worker.objects.filter(last_seen__gt=clock.now() - WORKER_SILENCE)))


def _queues(entries: list[stats.QueueStats]) -> list[GaugeMetricFamily]:
    jobs = GaugeMetricFamily(
        "copydesk_jobs", "Jobs by state; completed and cancelled: of the last 24 hours.", labels=["queue", "state"]
    )
    oldest = GaugeMetricFamily(
        "copydesk_oldest_waiting_seconds", "Age of the job that waits longest.", labels=["queue"]
    )
    used = GaugeMetricFamily("copydesk_rate_used", "Starts within the rate limit's window.", labels=["queue"])
    limit = GaugeMetricFamily("copydesk_rate_limit", "Starts allowed within the window.", labels=["queue"])
    paused = GaugeMetricFamily("copydesk_queue_paused", "1 while nothing may start.", labels=["queue"])
    for entry in entries:
        for state, count in entry.counts.items():
            jobs.add_metric([entry.name, state], count)
        oldest.add_metric([entry.name], entry.oldest_waiting or 0)
        paused.add_metric([entry.name], entry.paused)
        if entry.rate:
            used.add_metric([entry.name], entry.rate_used)
            limit.add_metric([entry.name], entry.rate[0])
    return [jobs, oldest, used, limit, paused]


def _workers(workers: list[Worker]) -> list[GaugeMetricFamily]:
    slots = GaugeMetricFamily("copydesk_worker_slots", "Jobs that the worker can run at once.", labels=["worker"])
    busy = GaugeMetricFamily("copydesk_worker_busy_slots", "Jobs that it runs.", labels=["worker"])
    memory = GaugeMetricFamily("copydesk_worker_resident_bytes", "Its resident memory.", labels=["worker"])
    for worker in workers:
        slots.add_metric([worker.name], worker.slots)
        busy.add_metric([worker.name], worker.busy)
        memory.add_metric([worker.name], worker.rss)
    alive = sum(not worker.stopping for worker in workers)
    return [GaugeMetricFamily("copydesk_workers", "Workers that take jobs.", value=alive), slots, busy, memory]


registry = CollectorRegistry()
registry.register(Engine())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, and for whoever brings METRICS_TOKEN as a bearer token."""
    if _is_local(request) or _has_token(request):
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    return HttpResponse("Metrics are for this machine or METRICS_TOKEN.\n", status=403, content_type="text/plain")


def _is_local(request: HttpRequest) -> bool:
    """Whether the asker, and not only a proxy, is on this machine."""
    if settings.SECURE_PROXY_SSL_HEADER or any(request.META.get(header) for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
