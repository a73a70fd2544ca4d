"""Copydesk, bare Celery and BullMQ behind the same few methods, so that a measurement is written once.

Each side has `name`, `start(slots=...)`, `load(draft_ids)` (nothing runs yet), `go() -> epoch seconds`,
`workers` (the processes whose cost counts) and `stop()`.
"""
