"""Numbers of several runs, and what must hold of them."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spread:
    """Minimum, median and maximum of the same figure over the rounds."""

    values: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{min(self.values):.4g} - {self.median:.4g} - {max(self.values):.4g}"


@dataclass(frozen=True)
class Promise:
    """One line of "Must hold": `measured` (None: could not be measured) against `wanted`, at most or at least."""

    line: str
    what: str
    measured: float | None
    wanted: float
    at_most: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        if self.measured is None:
            return False
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        measured = "not measured" if self.measured is None else f"{self.measured:.4g}"
        verdict = "reached" if self.reached else "NOT REACHED"
        return f"{self.line}  {verdict:<11}  {self.what}: {measured} ({sign} {self.wanted:.4g})  {self.note}".rstrip()


@dataclass
class Findings:
    """What one line of the benchmark found: figures for the table, and its promises."""

    rows: list[tuple[str, str, Spread]] = field(default_factory=list)  # side, figure, values
    promises: list[Promise] = field(default_factory=list)

    def add(self, side: str, figure: str, values: list[float]) -> Spread:
        spread = Spread(list(values))
        self.rows.append((side, figure, spread))
        return spread


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    """Round by round: the machine's speed drifts between rounds, less so within one."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]
