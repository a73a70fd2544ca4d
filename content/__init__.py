"""A plain package of four Django apps, one per kind of content. None imports another; none knows orders.

All may use cache and texts.
"""
