"""Recommendations from market data. Empty until its workflow lands."""
