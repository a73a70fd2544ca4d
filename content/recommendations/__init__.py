"""Recommendations from market data: computed by code, explained by a model that is checked. docs/recommendations.md."""
