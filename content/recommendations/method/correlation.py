"""How instruments move together: sample correlations, shrunk towards their mean.

Ledoit and Wolf, "Honey, I Shrunk the Sample Covariance Matrix", Journal of Portfolio Management 30 (2004): the target
is one constant correlation, the intensity is their estimate of the best one, here for standardised returns.
"""

import statistics
from collections.abc import Mapping, Sequence

from content.recommendations.method.history import FEWEST_RETURNS, Week

ASSUMED = 0.5  # for pairs with too little history in common
Matrix = list[list[float]]


def correlations(returns: Sequence[Mapping[Week, float]]) -> Matrix:
    """A correlation for every pair of instruments, from the weeks that all of them have."""
    count = len(returns)
    weeks = sorted(set.intersection(*map(set, returns))) if returns else []
    columns = [_standardised([series[week] for week in weeks]) for series in returns]
    if len(weeks) < FEWEST_RETURNS or not all(columns):
        return [[1.0 if i == j else ASSUMED for j in range(count)] for i in range(count)]
    sample = [[_mean_product(a, b) for b in columns] for a in columns]
    return shrunk(sample, columns)


def shrunk(sample: Matrix, columns: Sequence[Sequence[float]]) -> Matrix:
    """`sample`, drawn towards the mean correlation as far as these standardised returns ask for."""
    pairs = [(i, j) for i in range(len(sample)) for j in range(len(sample)) if i != j]
    if not pairs:
        return [[1.0]] * len(sample)
    mean = statistics.fmean(sample[i][j] for i, j in pairs)
    share = _intensity(sample, columns, pairs, mean)
    return [
        [1.0 if i == j else _bounded(share * mean + (1 - share) * value) for j, value in enumerate(row)]
        for i, row in enumerate(sample)
    ]


def _intensity(sample: Matrix, columns: Sequence[Sequence[float]], pairs: list, mean: float) -> float:
    """The paper's kappa / T, from 0 (the sample) to 1 (the mean): sampling error over distance from the target."""
    squares = [[value * value for value in column] for column in columns]
    cubes = [[value**3 for value in column] for column in columns]
    error = sum(_mean_product(squares[i], squares[j]) - sample[i][j] ** 2 for i, j in pairs)
    shared = mean * sum(_mean_product(cubes[i], columns[j]) - sample[i][j] for i, j in pairs)
    distance = sum((sample[i][j] - mean) ** 2 for i, j in pairs)
    return min(1.0, max(0.0, (error - shared) / distance / len(columns[0]))) if distance > 1e-12 else 0.0


def _standardised(values: Sequence[float]) -> list[float]:
    """Mean 0 and standard deviation 1; empty for values that do not move."""
    if len(values) < 2 or (deviation := statistics.pstdev(values)) < 1e-12:
        return []
    mean = statistics.fmean(values)
    return [(value - mean) / deviation for value in values]


def _mean_product(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(map(float.__mul__, a, b)) / len(a)


def _bounded(value: float) -> float:
    return min(1.0, max(-1.0, value))
