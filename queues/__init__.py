"""The job engine: a durable ledger in the database, dispatched exactly, executed by Celery.

Knows no article, no order, no provider. docs/engine.md explains it. Doors in: `services.enqueue`, `kinds.job`.
"""
