"""What every API endpoint does (docs/api.md). Named in settings, imported by no app."""
