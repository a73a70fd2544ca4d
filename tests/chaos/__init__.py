"""Kills for real: a whole running system, a thousand jobs of mixed kinds, and accidents while they run."""
