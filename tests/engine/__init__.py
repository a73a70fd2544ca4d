"""Job kinds for tests, and a table of effects that has no unique constraint to hide behind."""
