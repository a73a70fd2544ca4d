"""The check of a post: its form, and that every year, number and name in it comes from the catalogue."""
