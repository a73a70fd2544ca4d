"""What an AI says about an article: asked for, written, checked, and what readers think of it."""
