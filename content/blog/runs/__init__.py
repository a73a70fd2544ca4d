"""Runs: many posts asked for at once, in a batch or day after day. docs/blog.md."""
