"""How much the proposal may swing: an annual volatility for each risk tolerance and time horizon."""

# The bounds of the classes of the European risk indicator SRRI (CESR/10-673: 0.5, 2, 5, 10, 15, 25 %) and the middles
# between them: 1 ends where class 2 does, 10 where class 6 does.
VOLATILITY = {
    1: 0.02,
    2: 0.035,
    3: 0.05,
    4: 0.075,
    5: 0.10,
    6: 0.125,
    7: 0.15,
    8: 0.18,
    9: 0.215,
    10: 0.25,
}
# The house's own: who needs the money sooner has less time to sit out a fall.
SHARES = {"short": 0.5, "medium": 0.75, "long": 1.0}
YEARS = {"short": 1, "medium": 5, "long": 10}  # what a projection looks ahead


def target_volatility(risk_tolerance: int, horizon: str) -> float:
    """A share of 1 a year; never lower for a higher tolerance or a longer horizon."""
    return VOLATILITY[risk_tolerance] * SHARES[horizon]
