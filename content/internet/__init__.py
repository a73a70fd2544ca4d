"""Asking machines whose addresses people have given: only public ones, and only for so long. For all apps."""
