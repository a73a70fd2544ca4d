"""What every API endpoint shares: bearer tokens and problem+json errors. Named in settings, imported by no app."""
