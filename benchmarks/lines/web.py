"""Line c: how many requests a second the web side takes, and how soon an idle system asks the model."""

from statistics import median

from django.contrib.auth import get_user_model

from benchmarks import http_load, idle_system
from benchmarks.figures import Findings, Promise, percentile
from benchmarks.lines import bulk
from benchmarks.servers import Servers
from benchmarks.sides.bare_celery import BareCelery
from benchmarks.sides.bullmq import BullMQ, node
from benchmarks.sides.copydesk import Copydesk, web
from config.models import ApiToken

ROUNDS, SECONDS, ASKS = 3, 5, 100
BARE = "benchmarks.sides.bare_settings"


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings = Findings()
    user, _ = get_user_model().objects.get_or_create(username="bench")
    token = ApiToken.objects.issue(user=user)
    peer = BullMQ(servers)
    with web(servers) as address, node(servers, "web", QUEUE=peer.queue) as fastify, web(servers, BARE) as django:
        addresses = {"Copydesk": address, "Fastify": fastify.greeting, "Django": django}
        _load(findings, addresses, token, rounds=1 if quick else ROUNDS, seconds=1 if quick else SECONDS)
        sides = (Copydesk(servers), peer, BareCelery(servers))
        for side, (name, address) in zip(sides, addresses.items(), strict=True):
            side.start(slots=8)
            try:
                _idle(findings, servers, name, address, token, asks=10 if quick else ASKS)
            finally:
                side.stop()
    bulk.measure(findings, servers, quick=quick)
    return findings


def _load(findings: Findings, addresses: dict[str, str], token: str, *, rounds: int, seconds: int) -> None:
    """Sixteen clients at once, without workers, so that the processors belong to the web side."""
    rates: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name, address in addresses.items():
            for what, target in (("POST", "/api/drafts"), ("GET", http_load.ask(address, token))):
                result = http_load.run(what, address + target, token, seconds=seconds)
                rates.setdefault((name, what), []).append(result)
    for (name, what), results in rates.items():
        findings.add(name, f"{what}: requests per second", [result["rate"] for result in results])
        findings.add(name, f"{what}: p50 ms with 16 clients", [result["p50"] for result in results])
        findings.add(name, f"{what}: p99 ms with 16 clients", [result["p99"] for result in results])
        if errors := sum(result["errors"] for result in results):
            raise RuntimeError(f"{name}: {errors} of the {what} requests failed")
    for what, wanted in (("POST", 1000), ("GET", 2000)):
        rate = median(result["rate"] for result in rates["Copydesk", what])
        findings.promises.append(Promise("c", f"{what} requests per second", rate, wanted))


def _idle(findings: Findings, servers: Servers, name: str, address: str, token: str, *, asks: int) -> None:
    """One client asks now and then; everything else sleeps."""
    answered, called = idle_system.measure(servers, address, token, asks=asks)
    findings.add(name, "idle: ms until 202, p50", [percentile(answered, 0.5)])
    findings.add(name, "idle: ms until the model is asked, p50", [percentile(called, 0.5)])
    findings.add(name, "idle: ms until the model is asked, p99", [percentile(called, 0.99)])
    if name == "Copydesk":
        findings.promises += [
            Promise("c", "idle: ms until 202, p50", percentile(answered, 0.5), 5, at_most=True),
            Promise("c", "idle: ms until the model is asked, p50", percentile(called, 0.5), 30, at_most=True),
        ]
