"""From prices to weights and ranges. Pure functions on plain numbers; formulas and sources: docs/recommendations.md."""
