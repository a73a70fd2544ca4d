"""The only door to language models: providers, keys, prices, the call ledger.

Knows no job, article or order; callers pass ids.
"""
