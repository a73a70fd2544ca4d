"""Articles and their versions: planning, writing, repairing and checking text.

Knows aiproviders (to write) and the shape of a running job (to report progress). Knows no order.
"""
