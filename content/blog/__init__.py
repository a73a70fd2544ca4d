"""Blog posts from a film catalogue. Empty until its workflow lands."""
