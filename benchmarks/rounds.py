"""The sides in turns: A B C, A B C. What drifts in the machine then hits them alike."""

from benchmarks import run_of_jobs
from benchmarks.figures import Findings
from benchmarks.run_of_jobs import Run
from benchmarks.servers import Servers

FIGURES = {
    "cpu": "worker CPU, ms per job",
    "cpu_with_servers": "CPU with Redis and PostgreSQL, ms per job",
    "memory": "worker memory, MB (peak)",
    "connections": "PostgreSQL connections",
}


def take(sides: list, servers: Servers, *, rounds: int, **work) -> dict[str, list[Run]]:
    """Each side's runs, in order of the rounds; `work` as run_of_jobs.measure takes it."""
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            run = run_of_jobs.measure(side, servers, **work)
            print(f"   {side.name:<9} {work}: {run.wall:.2f} s", flush=True)
            runs[side.name].append(run)
    return runs


def tabulate(findings: Findings, runs: dict[str, list[Run]], *, title: str) -> None:
    """Add what every run of jobs has to the table."""
    for side, those in runs.items():
        for name, words in FIGURES.items():
            findings.add(side, f"{title}: {words}", [getattr(run, name) for run in those])
