"""The queue monitor in the admin: its numbers, its pictures of the last 24 hours, and what keeps them fresh."""
