"""Copydesk measured beside bare Celery and BullMQ: same Redis, PostgreSQL and provider, in turns (`make bench`)."""
